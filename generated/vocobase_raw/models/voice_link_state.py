from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..models.voice_link_readiness import VoiceLinkReadiness
from ..models.voice_link_remote_did import VoiceLinkRemoteDid
from ..types import Load, Model, Unset, load_list, load_model


@define(kw_only=True, repr=False)
class VoiceLinkState(Model):
    """Payload of voicelink.state.sync.

    Attributes:
        clients (list[JsonObject]): Clients of VoiceLink.
        dids (list[VoiceLinkRemoteDid]): Purchased numbers.
        available_dids (list[JsonObject]): Numbers that are available.
        bots (list[JsonObject]): Bots of VoiceLink.
        routing (list[JsonObject]): Routing record or records.
        local_phone_numbers (list[JsonObject]): Numbers imported into Vocobase.
        readiness (list[VoiceLinkReadiness]): Readiness of each number.
        drift (list[JsonObject]): Items not documented publicly.
    """

    clients: list[JsonObject]
    dids: list[VoiceLinkRemoteDid]
    available_dids: list[JsonObject]
    bots: list[JsonObject]
    routing: list[JsonObject]
    local_phone_numbers: list[JsonObject]
    readiness: list[VoiceLinkReadiness]
    drift: list[JsonObject]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("clients", "clients", None, None),
        ("dids", "dids", load_list(load_model(VoiceLinkRemoteDid)), None),
        ("available_dids", "available_dids", None, None),
        ("bots", "bots", None, None),
        ("routing", "routing", None, None),
        ("local_phone_numbers", "local_phone_numbers", None, None),
        ("readiness", "readiness", load_list(load_model(VoiceLinkReadiness)), None),
        ("drift", "drift", None, None),
    )
