# Derived from vocobase/_resources/aio/voicelink_routing.py by scripts/derive_sync.py; edit that instead.
"""Routing records of VoiceLink numbers."""

from __future__ import annotations

from typing import Any

from vocobase._base.values import OMIT, Omit
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models


class VoiceLinkCallRouting(Resource):
    """Routing records of VoiceLink numbers."""

    def create(
        self,
        for_inbound_call: int,
        for_outbound_call: int,
        *,
        did_id: int | Omit = OMIT,
        did_number: str | Omit = OMIT,
        connection_id: str | Omit = OMIT,
        inbound_websocket_bot_id: int | Omit = OMIT,
        inbound_sip_trunk_id: int | Omit = OMIT,
        outbound_websocket_bot_id: int | Omit = OMIT,
        outbound_sip_trunk_id: int | Omit = OMIT,
        status: int | Omit = OMIT,
    ) -> Any:
        """Create the routing record of a number, which has only one.

        Args:
            for_inbound_call: Target of inbound calls: 1 mobile, 2 SIP, 3 WebSocket bot (at least 0).
            for_outbound_call: Target of outbound calls: 2 SIP, 3 WebSocket bot, 4 only-answer (at least 0).
            did_id: Id of the number; either did_id or did_number is required (at least 1).
            did_number: The number itself; either did_id or did_number is required.
            connection_id: Required when more than one VoiceLink connection is active; the API also accepts
                connectionId for compatibility.
            inbound_websocket_bot_id: Required when for_inbound_call is 3 (at least 1).
            inbound_sip_trunk_id: Required when for_inbound_call is 2 (at least 1).
            outbound_websocket_bot_id: Required when for_outbound_call is 3 (at least 1).
            outbound_sip_trunk_id: Required when for_outbound_call is 2 (at least 1).
            status: Status of the record (one of 0, 1; default 1).

        Returns:
            The data of the response; its members are not documented.

        Raises:
            ValidationFailedError: a numeric field is zero, negative, fractional or not finite; the message
                names it.
            OutcomeUnknownError: no response; check with ``voicelink.state.sync``, because a number has only
                one record.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Create VoiceLink call routing.
        """
        return self._core.call(
            api.voicelink_call_routing.create.build(
                body=models.VoicelinkCallRoutingCreateRequest(
                    for_inbound_call=for_inbound_call,
                    for_outbound_call=for_outbound_call,
                    did_id=did_id,
                    did_number=did_number,
                    connection_id=connection_id,
                    inbound_websocket_bot_id=inbound_websocket_bot_id,
                    inbound_sip_trunk_id=inbound_sip_trunk_id,
                    outbound_websocket_bot_id=outbound_websocket_bot_id,
                    outbound_sip_trunk_id=outbound_sip_trunk_id,
                    status=status,
                )
            ),
            api.voicelink_call_routing.create.parse,
        )

    def update(
        self,
        routing_id: int,
        for_inbound_call: int,
        *,
        for_outbound_call: int,
        status: int,
        connection_id: str | Omit = OMIT,
        inbound_websocket_bot_id: int | Omit = OMIT,
        inbound_sip_trunk_id: int | Omit = OMIT,
        outbound_websocket_bot_id: int | Omit = OMIT,
        outbound_sip_trunk_id: int | Omit = OMIT,
    ) -> Any:
        """Replace the routing record of a number.

        Args:
            routing_id: VoiceLink routing record (at least 1).
            for_inbound_call: Target of inbound calls: 1 mobile, 2 SIP, 3 WebSocket bot; pass the current
                value to keep it (at least 0).
            for_outbound_call: Target of outbound calls: 2 SIP, 3 WebSocket bot, 4 only-answer (at least 0).
            status: Status of the record (one of 0, 1).
            connection_id: Required when more than one VoiceLink connection is active; the API also accepts
                connectionId for compatibility.
            inbound_websocket_bot_id: Required when for_inbound_call is 3 (at least 1).
            inbound_sip_trunk_id: Required when for_inbound_call is 2 (at least 1).
            outbound_websocket_bot_id: Required when for_outbound_call is 3 (at least 1).
            outbound_sip_trunk_id: Required when for_outbound_call is 2 (at least 1).

        Returns:
            The data of the response; its members are not documented.

        Raises:
            OutcomeUnknownError: no response; check with ``voicelink.state.sync`` before you retry.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Update VoiceLink call routing.
        """
        return self._core.call(
            api.voicelink_call_routing.update.build(
                routing_id,
                body=models.VoicelinkCallRoutingUpdateRequest(
                    for_inbound_call=for_inbound_call,
                    for_outbound_call=for_outbound_call,
                    status=status,
                    connection_id=connection_id,
                    inbound_websocket_bot_id=inbound_websocket_bot_id,
                    inbound_sip_trunk_id=inbound_sip_trunk_id,
                    outbound_websocket_bot_id=outbound_websocket_bot_id,
                    outbound_sip_trunk_id=outbound_sip_trunk_id,
                ),
            ),
            api.voicelink_call_routing.update.parse,
        )
