from __future__ import annotations

from typing import ClassVar

from attrs import define

from ..types import UNSET, Load, Model, Unset


@define(kw_only=True, repr=False)
class VoicelinkCallRoutingUpdateRequest(Model):
    """Request body of voicelink.call_routing.update.

    Attributes:
        for_inbound_call (int): 1 mobile, 2 SIP, 3 WebSocket bot; send the current value to keep it.
            (minimum 0)
        for_outbound_call (int): 2 SIP, 3 WebSocket bot, 4 only-answer. (minimum 0)
        status (int): Current state.
        connection_id (str | Unset): Required when more than one VoiceLink connection is active;
            connectionId is accepted too for compatibility.
        inbound_websocket_bot_id (int | Unset): Needed when for_inbound_call is 3. (minimum 1)
        inbound_sip_trunk_id (int | Unset): Needed when for_inbound_call is 2. (minimum 1)
        outbound_websocket_bot_id (int | Unset): Needed when for_outbound_call is 3. (minimum 1)
        outbound_sip_trunk_id (int | Unset): Needed when for_outbound_call is 2. (minimum 1)
    """

    for_inbound_call: int
    for_outbound_call: int
    status: int
    connection_id: str | Unset = UNSET
    inbound_websocket_bot_id: int | Unset = UNSET
    inbound_sip_trunk_id: int | Unset = UNSET
    outbound_websocket_bot_id: int | Unset = UNSET
    outbound_sip_trunk_id: int | Unset = UNSET
    _members: ClassVar[tuple[tuple[str, str, Load | None, Unset | None], ...]] = (
        ("for_inbound_call", "for_inbound_call", None, None),
        ("for_outbound_call", "for_outbound_call", None, None),
        ("status", "status", None, None),
        ("connection_id", "connection_id", None, UNSET),
        ("inbound_websocket_bot_id", "inbound_websocket_bot_id", None, UNSET),
        ("inbound_sip_trunk_id", "inbound_sip_trunk_id", None, UNSET),
        ("outbound_websocket_bot_id", "outbound_websocket_bot_id", None, UNSET),
        ("outbound_sip_trunk_id", "outbound_sip_trunk_id", None, UNSET),
    )
