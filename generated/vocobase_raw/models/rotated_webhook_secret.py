from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class RotatedWebhookSecret(Model):
    """Payload of config.webhooks.rotate_secret.

    Attributes:
        id (str): Opaque identifier.
        label (str): Label of the record.
        secret (str): New secret, begins with whsec_.
        message (str): Advice to save the secret.
    """

    id: str
    label: str
    secret: str
    message: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("label", "label", None, None),
        ("secret", "secret", None, None),
        ("message", "message", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
