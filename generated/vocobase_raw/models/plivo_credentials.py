from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class PlivoCredentials(Model):
    """Payload of config.telephony.set_plivo.

    Attributes:
        auth_id (str): Masked: first four characters, asterisks, last four characters.
        from_number (str): Calling number.
        message (str): Confirmation text.
    """

    auth_id: str
    from_number: str
    message: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("auth_id", "auth_id", None, None),
        ("from_number", "from_number", None, None),
        ("message", "message", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
