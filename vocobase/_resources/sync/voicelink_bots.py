# Derived from vocobase/_resources/aio/voicelink_bots.py by scripts/derive_sync.py; edit that instead.
"""WebSocket bots of a VoiceLink account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vocobase._base.values import OMIT, Omit
from vocobase._policy.pages import Page
from vocobase._resources.sync.resource import Resource
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import VoiceLinkBot


class VoiceLinkBots(Resource):
    """WebSocket bots of a VoiceLink account."""

    def list(
        self,
        *,
        connection_id: str | Omit = OMIT,
        status: int | Omit = OMIT,
        reseller_id: int | Omit = OMIT,
        client_id: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        page: int | Omit = OMIT,
    ) -> Page[VoiceLinkBot]:
        """Return the WebSocket bots of a VoiceLink connection.

        Args:
            connection_id: Required when more than one VoiceLink connection is active.
            status: Only bots in this status: 1 active, 0 inactive (one of 0, 1).
            reseller_id: Only bots of this VoiceLink reseller (at least 1).
            client_id: Only bots of this VoiceLink client (at least 1).
            per_page: Page size (1 to 1,000).
            page: Page number (at least 1).

        Returns:
            A page of ``VoiceLinkBot``.

        Raises:
            ValidationFailedError: a numeric filter is zero, negative, fractional or not finite; the message
                names it.

        Retries: automatic.
        Documentation: VoiceLink Management, List VoiceLink WebSocket bots.
        """
        return self._core.page(
            api.voicelink_bots.list_.build(
                connection_id=connection_id,
                status=status,
                reseller_id=reseller_id,
                client_id=client_id,
                per_page=per_page,
                page=page,
            ),
            "data",
            models.VoiceLinkBot.from_dict,
        )

    def create(
        self,
        bot_name: str,
        client_id: int,
        *,
        connection_id: str | Omit = OMIT,
        websocket_url: str | Omit = OMIT,
        webhook_url: str | Omit = OMIT,
        status: int | Omit = OMIT,
    ) -> Any:
        """Create a WebSocket bot in VoiceLink for a mapped client.

        Args:
            bot_name: Display name.
            client_id: VoiceLink client that owns the bot (at least 1).
            connection_id: Required when more than one VoiceLink connection is active; the API also accepts
                connectionId for compatibility.
            websocket_url: Address of the bot; by default Vocobase's Pipecat Cloud endpoint.
            webhook_url: Address to which VoiceLink sends call events.
            status: 1 active, 0 inactive (one of 0, 1; default 1).

        Returns:
            The data of the response; its members are not documented.

        Raises:
            ValidationFailedError: a numeric field is zero, negative, fractional or not finite; the message
                names it.
            OutcomeUnknownError: no response; check with ``voicelink.bots.list`` before you create it again.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Create a VoiceLink WebSocket bot.
        """
        return self._core.call(
            api.voicelink_bots.create.build(
                body=models.VoicelinkBotsCreateRequest(
                    bot_name=bot_name,
                    client_id=client_id,
                    connection_id=connection_id,
                    websocket_url=websocket_url,
                    webhook_url=webhook_url,
                    status=status,
                )
            ),
            api.voicelink_bots.create.parse,
        )

    def update(
        self,
        bot_id: int,
        bot_name: str,
        *,
        websocket_url: str,
        status: int,
        connection_id: str | Omit = OMIT,
        webhook_url: str | Omit = OMIT,
    ) -> Any:
        """Replace a bot record in VoiceLink.

        Args:
            bot_id: VoiceLink bot (at least 1).
            bot_name: Display name.
            websocket_url: Address of the bot; required here, because the whole record is replaced.
            status: 1 active, 0 inactive (one of 0, 1).
            connection_id: Required when more than one VoiceLink connection is active; the API also accepts
                connectionId for compatibility.
            webhook_url: Address to which VoiceLink sends call events.

        Returns:
            The data of the response; its members are not documented.

        Raises:
            OutcomeUnknownError: no response; check with ``voicelink.bots.list`` before you retry.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Update a VoiceLink WebSocket bot.
        """
        return self._core.call(
            api.voicelink_bots.update.build(
                bot_id,
                body=models.VoicelinkBotsUpdateRequest(
                    bot_name=bot_name,
                    websocket_url=websocket_url,
                    status=status,
                    connection_id=connection_id,
                    webhook_url=webhook_url,
                ),
            ),
            api.voicelink_bots.update.parse,
        )
