from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.voice_link_client import VoiceLinkClient
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class VoiceLinkClientList(Model):
    """Payload of voicelink.clients.list.

    Attributes:
        data (list[VoiceLinkClient]): Upstream list, one level inside data; data is the upstream VoiceLink
            body, passed through unchanged; its shape may vary.
    """

    data: list[VoiceLinkClient]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("data", "data", load_list(load_model(VoiceLinkClient)), None),
    )
