"""Pass-through management of VoiceLink."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vocobase._base.values import OMIT, Omit
from vocobase._resources.aio.resource import AsyncResource
from vocobase._resources.aio.voicelink_bots import AsyncVoiceLinkBots
from vocobase._resources.aio.voicelink_clients import AsyncVoiceLinkClients
from vocobase._resources.aio.voicelink_dids import AsyncVoiceLinkDids
from vocobase._resources.aio.voicelink_routing import AsyncVoiceLinkCallRouting
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import VoiceLinkState


class AsyncVoiceLinkStates(AsyncResource):
    """The state of VoiceLink, compared with the local phone numbers."""

    async def sync(
        self, *, connection_id: str | Omit = OMIT, import_dids: bool | Omit = OMIT
    ) -> VoiceLinkState:
        """Compare VoiceLink with the local phone numbers, and report readiness and drift.

        Clients, numbers, bots and routing are compared. The numbers are imported unless ``import_dids`` is
        False.

        Args:
            connection_id: Required when more than one VoiceLink connection is active.
            import_dids: False makes it a read-only readiness check (default true).

        Returns:
            The ``VoiceLinkState``.

        Raises:
            OutcomeUnknownError: no response; retry. With ``import_dids=False`` nothing changes.

        Retries: only if the API certainly did not process the request.
        Documentation: VoiceLink Management, Sync VoiceLink state and readiness.
        """
        return await self._core.call(
            api.voicelink_state.sync.build(
                body=models.VoicelinkStateSyncRequest(connection_id=connection_id, import_dids=import_dids)
            ),
            api.voicelink_state.sync.parse,
        )


class AsyncVoiceLink(AsyncResource):
    """Pass-through management of VoiceLink."""

    @cached_property
    def clients(self) -> AsyncVoiceLinkClients:
        """Clients of a VoiceLink account."""
        return AsyncVoiceLinkClients(self._core)

    @cached_property
    def dids(self) -> AsyncVoiceLinkDids:
        """Numbers of a VoiceLink account."""
        return AsyncVoiceLinkDids(self._core)

    @cached_property
    def bots(self) -> AsyncVoiceLinkBots:
        """WebSocket bots of a VoiceLink account."""
        return AsyncVoiceLinkBots(self._core)

    @cached_property
    def call_routing(self) -> AsyncVoiceLinkCallRouting:
        """Routing records of VoiceLink numbers."""
        return AsyncVoiceLinkCallRouting(self._core)

    @cached_property
    def state(self) -> AsyncVoiceLinkStates:
        """The state of VoiceLink, compared with the local phone numbers."""
        return AsyncVoiceLinkStates(self._core)
