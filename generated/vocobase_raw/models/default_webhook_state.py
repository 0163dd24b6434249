from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class DefaultWebhookState(Model):
    """State of the legacy single webhook.

    Attributes:
        configured (bool): Whether it is set up.
        url (None | str): Address.
        secret (None | str): Null when none is set, otherwise masked.
    """

    configured: bool
    url: None | str
    secret: None | str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("configured", "configured", None, None),
        ("url", "url", None, None),
        ("secret", "secret", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
