"""Numbers (DIDs) of a VoiceLink account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from vocobase._base.values import OMIT, Omit, given
from vocobase._policy.pages import Page
from vocobase._resources.aio.resource import AsyncResource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import VoiceLinkCallReady, VoiceLinkDid


class AsyncVoiceLinkDids(AsyncResource):
    """Numbers (DIDs) of a VoiceLink account."""

    async def list_purchased(
        self,
        *,
        connection_id: str | Omit = OMIT,
        status: str | Omit = OMIT,
        did_type: int | Omit = OMIT,
        client_id: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        page: int | Omit = OMIT,
    ) -> Page[VoiceLinkDid]:
        """Return the numbers that the reseller account bought or was assigned.

        Args:
            connection_id: Required when more than one VoiceLink connection is active.
            status: Only numbers in this status; a string here, an integer for clients.
            did_type: Only numbers of this type.
            client_id: Only numbers of this VoiceLink client.
            per_page: Page size (at least 1).
            page: Page number (at least 1).

        Returns:
            A page of ``VoiceLinkDid``.

        Retries: automatic.
        Documentation: VoiceLink Management, List purchased VoiceLink DIDs.
        """
        return await self._core.page(
            api.voicelink_dids.list_purchased.build(
                connection_id=connection_id,
                status=status,
                did_type=did_type,
                client_id=client_id,
                per_page=per_page,
                page=page,
            ),
            "data",
            models.VoiceLinkDid.from_dict,
        )

    async def list_available(self, *, connection_id: str | Omit = OMIT) -> Page[Mapping[str, Any]]:
        """Return the numbers that are available.

        Args:
            connection_id: Required when more than one VoiceLink connection is active.

        Returns:
            A page of mappings, unchanged from VoiceLink.

        Retries: automatic.
        Documentation: VoiceLink Management, List available VoiceLink DIDs.
        """
        return await self._core.page(
            api.voicelink_dids.list_available.build(connection_id=connection_id), "data", dict
        )

    async def map(
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
        """Assign a VoiceLink number to a VoiceLink client.

        Args:
            client_id: VoiceLink client.
            did_id: VoiceLink number.
            call_recording: 1 records calls, 0 does not (one of 0, 1).
            connection_id: Required when more than one VoiceLink connection is active.
            user_status: 2 assigned or active, 4 inactive; VoiceLink rejects other values (one of 2, 4).
            user_expiry_date: Last day of the assignment.
            description: Free text.
            client_auto_renew: 1 renews automatically, 0 does not (one of 0, 1).

        Returns:
            The data of the response; its members are not documented.

        Raises:
            OutcomeUnknownError: no response; check with ``voicelink.dids.list_purchased`` before you retry.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Map a VoiceLink DID to a client.
        """
        return await self._core.call(
            api.voicelink_dids.map_.build(
                body=models.VoicelinkDidsMapRequest(
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
            api.voicelink_dids.map_.parse,
        )

    async def make_call_ready(
        self,
        *,
        did_id: int | Omit = OMIT,
        did_number: str | Omit = OMIT,
        connection_id: str | Omit = OMIT,
        client_id: int | Omit = OMIT,
        agent_id: str | Omit = OMIT,
        bot_name: str | Omit = OMIT,
    ) -> VoiceLinkCallReady:
        """Prepare a purchased number for outbound calls in one request.

        The number is imported, mapped to a client if you name one, and gets a bot and outbound routing.

        Args:
            did_id: Id of the number, from ``list_purchased``; either did_id or did_number is required.
            did_number: The number itself; either did_id or did_number is required.
            connection_id: Required when more than one VoiceLink connection is active.
            client_id: VoiceLink client to which the number is mapped if it is not mapped yet; such a mapping
                has call_recording 0 (at least 1).
            agent_id: Agent for the imported local number; it must be owned by your account.
            bot_name: Name of the bot if one must be created.

        Returns:
            The ``VoiceLinkCallReady``.

        Raises:
            ValidationFailedError: neither did_id nor did_number, or a malformed value.
            OutcomeUnknownError: no response; retry. Each step ensures a state, but is not documented as
                idempotent.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Make a VoiceLink DID call-ready.
        """
        return await self._core.call(
            api.voicelink_dids.make_call_ready.build(
                body=models.VoicelinkDidsMakeCallReadyRequest(
                    did_id=did_id,
                    did_number=did_number,
                    connection_id=connection_id,
                    client_id=client_id,
                    agent_id=agent_id,
                    bot_name=bot_name,
                )
            ),
            api.voicelink_dids.make_call_ready.parse,
        )
