from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..models.json_object import JsonObject
from ..models.voice_link_action_item import VoiceLinkActionItem
from ..models.voice_link_readiness_state import VoiceLinkReadinessState
from ..models.voice_link_remote_did import VoiceLinkRemoteDid
from ..types import Load, Model, Unset, load_enum, load_list, load_model


@define(kw_only=True, repr=False)
class VoiceLinkReadiness(Model):
    """Readiness item as in voicelink.state.sync.

    Attributes:
        key (str): Digits of the number.
        phone_number (str): Number in E.164.
        state (VoiceLinkReadinessState):
        issues (list[str]): Codes: NO_BOT, ROUTING_MISSING, NO_VOCOBASE_AGENT; more may exist.
        remote_did (VoiceLinkRemoteDid): The number as VoiceLink has it.
        local_phone_number (JsonObject | None): Imported number, when there is one.
        routing (JsonObject | None): Routing record or records.
        bot (JsonObject | None): Bot record, when there is one.
        actions (list[str]): Advice for people.
        action_items (list[VoiceLinkActionItem]): Advice with codes.
    """

    key: str
    phone_number: str
    state: VoiceLinkReadinessState
    issues: list[str]
    remote_did: VoiceLinkRemoteDid
    local_phone_number: JsonObject | None
    routing: JsonObject | None
    bot: JsonObject | None
    actions: list[str]
    action_items: list[VoiceLinkActionItem]
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("key", "key", None, None),
        ("phone_number", "phone_number", None, None),
        ("state", "state", load_enum(VoiceLinkReadinessState), None),
        ("issues", "issues", None, None),
        ("remote_did", "remote_did", load_model(VoiceLinkRemoteDid), None),
        ("local_phone_number", "local_phone_number", None, None),
        ("routing", "routing", None, None),
        ("bot", "bot", None, None),
        ("actions", "actions", None, None),
        ("action_items", "action_items", load_list(load_model(VoiceLinkActionItem)), None),
    )
