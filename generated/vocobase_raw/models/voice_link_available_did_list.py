from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.json_object import JsonObject
from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkAvailableDidList(Model):
    """Payload of voicelink.dids.list_available.

    Attributes:
        data (list[JsonObject]): Upstream list, one level inside data; data is the upstream VoiceLink
            body, passed through as it is; its shape may vary.
    """

    data: list[JsonObject]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("data", "data", None, None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
