# Derived from tests/dialing/aio/world.py by scripts/derive_sync.py; edit that instead.
"""The world of a dialer whose client is under test."""

from __future__ import annotations

from typing import Any

from tests.dialing.world import BaseWorld
from vocobase import DialReport, Vocobase


class World(BaseWorld):
    """Run lists in the world."""

    def caller(self) -> Vocobase:
        """Return the client under test."""
        transport = self.sandbox.transport()
        return Vocobase(self.sandbox.api_key, **self.settings(transport))

    def dial(self, jobs: Any = (), **options: Any) -> DialReport:
        """Dial a list, by default that of the ledger of the world."""
        with self.caller() as vb:
            return vb.calls.start_many(jobs, **{"ledger": self.ledger, **options})
