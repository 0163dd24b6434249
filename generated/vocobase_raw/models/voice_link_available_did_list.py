from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..types import Load, Model, Unset


@define(kw_only=True, repr=False)
class VoiceLinkAvailableDidList(Model):
    """Payload of voicelink.dids.list_available.

    Attributes:
        data (list[JsonObject]): Upstream list, one level inside data; data is the upstream VoiceLink
            body, passed through unchanged; its shape may vary.
    """

    data: list[JsonObject]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("data", "data", None, None),
    )
