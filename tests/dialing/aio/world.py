"""The world of a dialer whose client is under test."""

from __future__ import annotations

from typing import Any

from tests.dialing.world import BaseWorld
from vocobase import AsyncVocobase, DialReport


class AsyncWorld(BaseWorld):
    """Run lists in the world."""

    def caller(self) -> AsyncVocobase:
        """Return the client under test."""
        transport = self.sandbox.async_transport()
        return AsyncVocobase(self.sandbox.api_key, **self.settings(transport))

    async def dial(self, jobs: Any = (), **options: Any) -> DialReport:
        """Dial a list, by default that of the ledger of the world."""
        async with self.caller() as vb:
            return await vb.calls.start_many(jobs, **{"ledger": self.ledger, **options})
