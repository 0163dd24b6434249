from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field

from ..models.voice_link_did import VoiceLinkDid
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class VoiceLinkDidList(Model):
    """Payload of voicelink.dids.list_purchased.

    Attributes:
        data (list[VoiceLinkDid]): Upstream list, one level inside data; data is the upstream VoiceLink
            body, passed through as it is; its shape may vary.
    """

    data: list[VoiceLinkDid]
    additional_properties: dict[str, Any] = field(factory=dict)
    absent: frozenset[str] = field(default=frozenset(), eq=False)

    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("data", "data", load_list(load_model(VoiceLinkDid)), None),
    )

    def __getitem__(self, key: str) -> Any:
        """Return an undocumented member."""
        return self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
