"""Decide whether a worker may start calls: by the guards of its list, and while it rests."""

from __future__ import annotations

import math

from vocobase._base.runtime import AsyncRuntime
from vocobase._dialing.guards import Halt, Hold
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.spending import ListGuards
from vocobase._ledger import Ledger
from vocobase._policy.cadence import LEDGER_INTERVAL_SECONDS


class AsyncGuardKeeper:
    """Check the guards of a list, and remember their last decision.

    Args:
        runtime: Passes the time.
        ledger: Where the list is.
        name: The list.
        settings: Those of the list until the first check of the guards.

    Attributes:
        settings: The settings of the list at the last check of the guards.
        halt: Why no call of the list may start, None if calls may.
    """

    def __init__(self, runtime: AsyncRuntime, ledger: Ledger, name: str, settings: ListSettings) -> None:
        self._runtime = runtime
        self._guards = ListGuards(ledger, name)
        self.settings = settings
        self.halt: Halt | None = None
        # By the monotonic clock.
        self._resting_until = -math.inf

    async def ask(self, calls: int | None) -> bool:
        """Return whether the guards allow this many more calls; if that depends on pending calls, rest."""
        decision = await self._runtime.run_shielded(self._guards.ask, calls)
        self.settings = self._guards.settings
        self.halt = decision if isinstance(decision, Halt) else None
        if isinstance(decision, Hold):
            self.rest(LEDGER_INTERVAL_SECONDS)
        return decision is None

    def rest(self, seconds: float) -> None:
        """Start no job for a while; the end of the run and the claims of others are still checked."""
        self._resting_until = self._runtime.monotonic() + seconds

    def rest_left(self) -> float:
        """Return the seconds until the next job may start."""
        return max(0.0, self._resting_until - self._runtime.monotonic())
