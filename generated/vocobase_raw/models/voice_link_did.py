from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkDid(Model):
    """Found at VoiceLinkDidList.data[].

    Attributes:
        id (int): Opaque identifier.
        did_id (int): VoiceLink number.
        did_number (str): Digits without plus sign.
        client_id (int): VoiceLink client.
        status (str): Current state.
    """

    id: int
    did_id: int
    did_number: str
    client_id: int
    status: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("id", "id", None, None),
        ("did_id", "did_id", None, None),
        ("did_number", "did_number", None, None),
        ("client_id", "client_id", None, None),
        ("status", "status", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
