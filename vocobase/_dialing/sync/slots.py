# Derived from vocobase/_dialing/aio/slots.py by scripts/derive_sync.py; edit that instead.
"""The concurrency slots and permits that a dialer needs before each start."""

from __future__ import annotations

from vocobase._base.arguments import is_id
from vocobase._base.errors import NotFoundError
from vocobase._base.runtime import Sleep
from vocobase._core.sync.core import Core
from vocobase._dialing.rules import Slots, is_over, tolerating
from vocobase._dialing.scopes import DIALLED
from vocobase._ledger import Ledger
from vocobase._ledger.ledger_budgets import LedgerBudgets
from vocobase._policy.cadence import CONCURRENCY_REFRESH_SECONDS
from vocobase._policy.operations import Budget
from vocobase_raw.api.calls import concurrency as calls_concurrency
from vocobase_raw.api.calls import get as calls_get
from vocobase_raw.api.calls import list_ as calls_list
from vocobase_raw.models.call import Call


class SlotKeeper:
    """Count the live calls, and acquire permits, together with every worker on the ledger.

    Args:
        core: Sends the requests.
        ledger: Shared with the other workers.
        scope: Where the ledger keeps the list.
        cap: Limit on live calls, None for that of the account.
        sleep: Passes the time until a permit is free, or raises to give up.

    Attributes:
        waiting: How many jobs were waiting when they were last counted, None if never.
    """

    def __init__(self, core: Core, ledger: Ledger, scope: str, cap: int | None, sleep: Sleep) -> None:
        self._budgets = core.paced(), core.view(pacer=LedgerBudgets(ledger))
        # Every request acquires its permit first, so the client itself must not retry.
        self._core = core.view(pacer=None, max_retries=0)
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._scope = scope
        self._sleep = sleep
        self._slots = Slots(cap)
        self._refreshed_at: float | None = None
        self.waiting: int | None = None

    def acquire(self, budget: Budget) -> None:
        """Wait for a permit of this process, and one of all workers on the ledger."""
        for core in self._budgets:
            core.acquire(budget, self._sleep)

    def forget(self) -> None:
        """Read the concurrency of the account before the next call."""
        self._refreshed_at = None

    def fit(self) -> bool:
        """Return whether there is a slot for every call that is live or being started."""
        return self._slots.fit(self.count())

    def has_free_slot(self) -> bool:
        """Return whether one more call may be live, with as few requests as possible."""
        ours = self.count()
        if self._refreshed_at is None:
            ours = self._read_ends()
            self._refresh(ours)
        if self._slots.fit(ours + 1):
            return True
        ours = self._read_ends()
        if not self._slots.fit(ours + 1) and self._is_outdated():
            self._refresh(ours)
        return self._slots.fit(ours + 1)

    def count(self) -> int:
        """Return how many calls of this ledger may be live, including those that are being started."""

        def count() -> int:
            # In this order, because a job is recorded as a call before it stops being a claim.
            counts = self._ledger.counts(self._scope)
            self.waiting = counts["waiting"]
            return counts["claimed"] + self._ledger.counts(DIALLED)["waiting"]

        return self._run(count)

    def _is_outdated(self) -> bool:
        return self._runtime.monotonic() - (self._refreshed_at or 0.0) > CONCURRENCY_REFRESH_SECONDS

    def _refresh(self, ours: int) -> None:
        self.acquire(Budget.CALLS)
        self._refreshed_at = self._runtime.monotonic()
        with tolerating():
            found = self._core.call(calls_concurrency.build(), calls_concurrency.parse)
            self._slots.learn(found.limit, found.active, ours)

    def _read_ends(self) -> int:
        """Record which calls are over, and return how many are live; one page shows most of them."""
        ages = self._run(self._ages)
        if ages:
            with tolerating():
                self.acquire(Budget.GENERAL)
                page = self._core.page(calls_list.build(limit=100), "calls", Call.from_dict)
                rows = {call.call_id: str(call.status) for call in page if is_id(call.call_id)}
                over = [call_id for call_id, age in ages.items() if is_over(rows.get(call_id), age)]
                missing = [call_id for call_id in ages if call_id not in rows and call_id not in over]
                # One more request at most, for a random call: the same one may be live for long.
                if missing:
                    call_id = missing[int(self._runtime.random() * len(missing))]
                    over += [call_id] if self._has_ended(call_id) else []
                self._run(self._ledger.revise, DIALLED, over, "done", was="waiting")
        return self.count()

    def _ages(self) -> dict[str, float]:
        """Return the seconds since the dial of each call that may be live."""
        now = self._ledger.now()
        return {call.key: now - call.payload["at"] for call in self._ledger.entries(DIALLED, "waiting")}

    def _has_ended(self, call_id: str) -> bool:
        self.acquire(Budget.CALLS)
        try:
            call = self._core.call(calls_get.build(call_id), calls_get.parse)
        except NotFoundError:
            return True
        return is_over(str(call.status), 0.0)
