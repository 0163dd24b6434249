from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class DefaultWebhook(Model):
    """Payload of config.webhooks.set_default.

    Attributes:
        webhook_url (str): Address that receives events.
        webhook_secret (str): Named webhook_secret, not secret; begins with whsec_; shown once.
        message (str): Reminder to save the secret.
    """

    webhook_url: str
    webhook_secret: str
    message: str
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("webhook_url", "webhook_url", None, None),
        ("webhook_secret", "webhook_secret", None, None),
        ("message", "message", None, None),
    )
