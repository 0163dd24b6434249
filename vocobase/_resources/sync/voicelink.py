# Derived from vocobase/_resources/aio/voicelink.py by scripts/derive_sync.py; edit that instead.
"""Pass-through management of VoiceLink."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vocobase._base.values import OMIT, Omit
from vocobase._resources.sync.resource import Resource
from vocobase._resources.sync.voicelink_bots import VoiceLinkBots
from vocobase._resources.sync.voicelink_clients import VoiceLinkClients
from vocobase._resources.sync.voicelink_dids import VoiceLinkDids
from vocobase._resources.sync.voicelink_routing import VoiceLinkCallRouting
from vocobase_raw import api, models

if TYPE_CHECKING:
    from vocobase_raw.models import VoiceLinkState


class VoiceLinkStates(Resource):
    """The state of VoiceLink, compared with the local phone numbers."""

    def sync(self, *, connection_id: str | Omit = OMIT, import_dids: bool | Omit = OMIT) -> VoiceLinkState:
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
        return self._core.call(
            api.voicelink_state.sync.build(
                body=models.VoicelinkStateSyncRequest(connection_id=connection_id, import_dids=import_dids)
            ),
            api.voicelink_state.sync.parse,
        )


class VoiceLink(Resource):
    """Pass-through management of VoiceLink."""

    @cached_property
    def clients(self) -> VoiceLinkClients:
        """Clients of a VoiceLink account."""
        return VoiceLinkClients(self._core)

    @cached_property
    def dids(self) -> VoiceLinkDids:
        """Numbers of a VoiceLink account."""
        return VoiceLinkDids(self._core)

    @cached_property
    def bots(self) -> VoiceLinkBots:
        """WebSocket bots of a VoiceLink account."""
        return VoiceLinkBots(self._core)

    @cached_property
    def call_routing(self) -> VoiceLinkCallRouting:
        """Routing records of VoiceLink numbers."""
        return VoiceLinkCallRouting(self._core)

    @cached_property
    def state(self) -> VoiceLinkStates:
        """The state of VoiceLink, compared with the local phone numbers."""
        return VoiceLinkStates(self._core)
