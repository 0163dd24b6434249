from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class RotatedWebhookSecret(Model):
    """Payload of config.webhooks.rotate_secret.

    Attributes:
        id (str): Opaque identifier.
        label (str): Label of the record.
        secret (str): New secret, begins with whsec_.
        message (str): Reminder to save the secret.
    """

    id: str
    label: str
    secret: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("label", "label", None, None),
        ("secret", "secret", None, None),
        ("message", "message", None, None),
    )
