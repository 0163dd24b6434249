from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.voice_link_action_code import VoiceLinkActionCode
from ..types import Load, Model, Unset, load_enum


@define(kw_only=True, repr=False)
class VoiceLinkActionItem(Model):
    """Found at VoiceLinkReadiness.action_items[].

    Attributes:
        code (VoiceLinkActionCode):
        label (str): Label of the record.
    """

    code: VoiceLinkActionCode
    label: str
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("code", "code", load_enum(VoiceLinkActionCode), None),
        ("label", "label", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
