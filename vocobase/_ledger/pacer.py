"""Budgets in a ledger."""

from __future__ import annotations

import uuid

from vocobase._ledger.base import Ledger
from vocobase._policy.budgets import MIN_PAUSE_SECONDS
from vocobase._policy.operations import PER_MINUTE, WINDOW_SECONDS, Budget


class LedgerPacer:
    """Keep the budgets of all that share a ledger: a place is an entry that waits a minute after its use."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._owner = uuid.uuid4().hex
        self._filled: set[str] = set()

    def reserve(self, budget: Budget, account: str) -> float:
        """Take one place of a budget, or tell in how many seconds to ask again."""
        scope = f"pace:{account}:{budget.value}"
        if scope not in self._filled:
            self._ledger.enter(scope, ((str(number), {}) for number in range(PER_MINUTE[budget])))
            self._filled.add(scope)
        # A worker that died between taking a place and noting it has used it a minute ago at the latest.
        taken = self._ledger.claim(scope, self._owner, 1, lease=WINDOW_SECONDS) or self._ledger.take_over(
            scope, self._owner, 1, lease=WINDOW_SECONDS
        )
        if not taken:
            self._mend(scope)
            return max(MIN_PAUSE_SECONDS, self._ledger.next_due(scope) or 1.0)
        free_at = self._ledger.now() + WINDOW_SECONDS
        self._ledger.settle(scope, [taken[0].key], "waiting", owner=self._owner, not_before=free_at)
        return 0.0

    def _mend(self, scope: str) -> None:
        """Let no place wait for more than a minute, as they do when the clock was set back."""
        latest = self._ledger.now() + WINDOW_SECONDS
        late = [entry.key for entry in self._ledger.entries(scope, "waiting") if entry.not_before > latest]
        if late:
            self._ledger.revise(scope, late, "waiting", was="waiting", not_before=latest)
