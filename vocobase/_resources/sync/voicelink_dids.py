# Derived from vocobase/_resources/aio/voicelink_dids.py by scripts/derive_sync.py; edit that instead.
"""Numbers of a VoiceLink account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from vocobase._base.values import OMIT, Omit, given
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase_raw.api.voicelink_dids import list_available as voicelink_dids_list_available
from vocobase_raw.api.voicelink_dids import list_purchased as voicelink_dids_list_purchased
from vocobase_raw.api.voicelink_dids import make_call_ready as voicelink_dids_make_call_ready
from vocobase_raw.api.voicelink_dids import map_ as voicelink_dids_map
from vocobase_raw.models.voice_link_call_ready import VoiceLinkCallReady
from vocobase_raw.models.voice_link_did import VoiceLinkDid
from vocobase_raw.models.voicelink_dids_make_call_ready_request import VoicelinkDidsMakeCallReadyRequest
from vocobase_raw.models.voicelink_dids_map_request import VoicelinkDidsMapRequest


class VoiceLinkDids(Resource):
    """Numbers of a VoiceLink account."""

    def list_purchased(
        self,
        *,
        connection_id: str | Omit = OMIT,
        status: str | Omit = OMIT,
        did_type: int | Omit = OMIT,
        client_id: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        page: int | Omit = OMIT,
    ) -> Page[VoiceLinkDid]:
        """Pass through the numbers bought by or assigned to the reseller account.

        Args:
            connection_id: Required when more than one VoiceLink connection is active.
            status: Number status filter; a string here, an integer with clients.
            did_type: Kind of number.
            client_id: VoiceLink client.
            per_page: Page size (at least 1).
            page: Page number (at least 1).

        Returns:
            A page of :class:`VoiceLinkDid`.

        Retries: automatic.
        Documentation: VoiceLink Management, List purchased VoiceLink DIDs.
        """
        return self._core.page(
            voicelink_dids_list_purchased.build(
                connection_id=connection_id,
                status=status,
                did_type=did_type,
                client_id=client_id,
                per_page=per_page,
                page=page,
            ),
            "data",
            VoiceLinkDid.from_dict,
        )

    def list_available(self, *, connection_id: str | Omit = OMIT) -> Page[Mapping[str, Any]]:
        """List numbers that could be taken.

        Args:
            connection_id: Required when more than one VoiceLink connection is active.

        Returns:
            A page of records as VoiceLink sends them.

        Retries: automatic.
        Documentation: VoiceLink Management, List available VoiceLink DIDs.
        """
        return self._core.page(voicelink_dids_list_available.build(connection_id=connection_id), "data", dict)

    def map(
        self,
        client_id: int,
        did_id: int,
        *,
        call_recording: int,
        connection_id: str | Omit = OMIT,
        user_status: int | Omit = OMIT,
        user_expiry_date: date | str | Omit = OMIT,
        description: str | Omit = OMIT,
        client_auto_renew: int | Omit = OMIT,
    ) -> Any:
        """Assign a remote number to a VoiceLink client.

        Args:
            client_id: VoiceLink client.
            did_id: VoiceLink number.
            call_recording: 1 records calls, 0 does not (one of 0, 1).
            connection_id: Required when more than one VoiceLink connection is active.
            user_status: 2 assigned or active, 4 inactive; VoiceLink refuses anything else (one of 2, 4).
            user_expiry_date: Last day of the assignment.
            description: Free text.
            client_auto_renew: 1 renews by itself, 0 does not (one of 0, 1).

        Returns:
            Whatever the server sends; its members are not documented.

        Raises:
            ValidationFailedError: required value missing or value out of range; the message names it.
            OutcomeUnknownError: no response; check with voicelink.dids.list_purchased before repeating.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Map a VoiceLink DID to a client.
        """
        return self._core.call(
            voicelink_dids_map.build(
                body=VoicelinkDidsMapRequest(
                    client_id=client_id,
                    did_id=did_id,
                    call_recording=call_recording,
                    connection_id=connection_id,
                    user_status=user_status,
                    user_expiry_date=given(user_expiry_date),
                    description=description,
                    client_auto_renew=client_auto_renew,
                )
            ),
            voicelink_dids_map.parse,
        )

    def make_call_ready(
        self,
        *,
        did_id: int | Omit = OMIT,
        did_number: str | Omit = OMIT,
        connection_id: str | Omit = OMIT,
        client_id: int | Omit = OMIT,
        agent_id: str | Omit = OMIT,
        bot_name: str | Omit = OMIT,
    ) -> VoiceLinkCallReady:
        """Bring one purchased number to outbound-ready in one go.

        Import, optional mapping, bot, outbound routing.

        Args:
            did_id: One of did_id and did_number is required; id from list_purchased.
            did_number: One of did_id and did_number is required.
            connection_id: Required when more than one VoiceLink connection is active.
            client_id: Maps the number to this client, but only while it is unmapped; such a mapping is made
                with call_recording 0 (at least 1).
            agent_id: Agent for the imported local number; ownership is checked.
            bot_name: Name for a bot if one has to be made.

        Returns:
            The :class:`VoiceLinkCallReady`.

        Raises:
            ValidationFailedError: neither did_id nor did_number, or a malformed value.
            OutcomeUnknownError: no response; repeat; each step ensures a state, though that is not
                documented as idempotent.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Make a VoiceLink DID call-ready.
        """
        return self._core.call(
            voicelink_dids_make_call_ready.build(
                body=VoicelinkDidsMakeCallReadyRequest(
                    did_id=did_id,
                    did_number=did_number,
                    connection_id=connection_id,
                    client_id=client_id,
                    agent_id=agent_id,
                    bot_name=bot_name,
                )
            ),
            voicelink_dids_make_call_ready.parse,
        )
