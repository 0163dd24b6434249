"""Budgets in a ledger, shared by all workers on it."""

from __future__ import annotations

from uuid import uuid4

from vocobase._ledger.base import Ledger
from vocobase._policy.budgets import MIN_PAUSE_SECONDS, Budgets
from vocobase._policy.operations import WINDOW_SECONDS


class LedgerBudgets(Budgets):
    """Keep the budgets in a ledger: a permit is an entry that is waiting for a minute after its use.

    Args:
        ledger: The ledger, whose clock counts.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._owner = uuid4().hex
        self._filled: set[str] = set()

    def _about(self) -> str:
        return repr(self._ledger)

    def _acquire(self, name: str, permits: int) -> float:
        scope = f"pace:{name}"
        if scope not in self._filled:
            self._ledger.enter(scope, ((str(number), {}) for number in range(permits)))
            self._filled.add(scope)
        # A worker that died between claiming a permit and using it did so at least a minute ago.
        claimed = self._ledger.claim(scope, self._owner, 1, lease=WINDOW_SECONDS) or self._ledger.take_over(
            scope, self._owner, 1, lease=WINDOW_SECONDS
        )
        if not claimed:
            self._repair(scope)
            return max(MIN_PAUSE_SECONDS, self._ledger.next_due(scope) or 1.0)
        free_at = self._ledger.now() + WINDOW_SECONDS
        self._ledger.settle(scope, [claimed[0].key], "waiting", owner=self._owner, not_before=free_at)
        return 0.0

    def _repair(self, scope: str) -> None:
        """Let no permit wait for more than a minute, as it would if the clock was set back."""
        latest = self._ledger.now() + WINDOW_SECONDS
        late = [entry.key for entry in self._ledger.entries(scope, "waiting") if entry.not_before > latest]
        if late:
            self._ledger.revise(scope, late, "waiting", was="waiting", not_before=latest)
