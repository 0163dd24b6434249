# Derived from vocobase/_dialing/aio/slots.py by scripts/derive_sync.py; edit that instead.
"""Slots and places in the budgets, for a dialer."""

from __future__ import annotations

from vocobase._base.arguments import is_id
from vocobase._base.errors import NotFoundError
from vocobase._core.sync.core import Core
from vocobase._dialing.rules import DIALLED, Slots, is_over, what_passes
from vocobase._ledger import Ledger
from vocobase._ledger.pacer import LedgerPacer
from vocobase._policy.cadence import CONCURRENCY_REFRESH_SECONDS
from vocobase._policy.operations import Budget
from vocobase._resources.sync.calls import Calls


class SlotKeeper:
    """Count the calls that are live, and keep the budgets, with all that share the ledger."""

    def __init__(self, core: Core, ledger: Ledger, scope: str, cap: int | None) -> None:
        self._cores = core.paced(), core.view(pacer=LedgerPacer(ledger))
        # Every request takes its place in the budgets before, so the client must not repeat by itself.
        self._calls = Calls(core.view(pacer=None, max_retries=0))
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._scope = scope
        self._slots = Slots(cap)
        self._asked: float | None = None
        # Jobs that waited when they were last counted.
        self.waiting: int | None = None

    def place(self, budget: Budget) -> None:
        """Wait for a place in the budgets of this process and of all that share the ledger."""
        for core in self._cores:
            while seconds := core.reserve(budget):
                self._runtime.sleep(seconds)

    def forget(self) -> None:
        """Ask for the account's concurrency before the next call."""
        self._asked = None

    def fit(self) -> bool:
        """Tell whether there is a slot for all calls that are live or being started."""
        return self._slots.fit(self.count())

    def has_room(self) -> bool:
        """Tell whether one more call may be live, asking the API as rarely as possible."""
        ours = self.count()
        if self._asked is None:
            ours = self._read_ends()
            self._ask(ours)
        if self._slots.fit(ours + 1):
            return True
        ours = self._read_ends()
        if (
            not self._slots.fit(ours + 1)
            and self._runtime.monotonic() - (self._asked or 0.0) > CONCURRENCY_REFRESH_SECONDS
        ):
            self._ask(ours)
        return self._slots.fit(ours + 1)

    def count(self) -> int:
        """Count the calls of this ledger that may be live, those that are being started included."""

        def count() -> int:
            # In this order, as a job is noted as a call before it stops being a claim.
            counts = self._ledger.counts(self._scope)
            self.waiting = counts["waiting"]
            return counts["claimed"] + self._ledger.counts(DIALLED)["waiting"]

        return self._run(count)

    def _ask(self, ours: int) -> None:
        self.place(Budget.CALLS)
        self._asked = self._runtime.monotonic()
        with what_passes():
            told = self._calls.concurrency()
            self._slots.learn(told.limit, told.active, ours)

    def _read_ends(self) -> int:
        """Note which calls are over; one page tells most of them."""

        def live() -> dict[str, float]:
            now = self._ledger.now()
            return {call.key: now - call.payload["at"] for call in self._ledger.entries(DIALLED, "waiting")}

        ages = self._run(live)
        if ages:
            with what_passes():
                self.place(Budget.GENERAL)
                page = self._calls.list(limit=100)
                rows = {call.call_id: str(call.status) for call in page if is_id(call.call_id)}
                over = [call_id for call_id, age in ages.items() if is_over(rows.get(call_id), age)]
                missing = [call_id for call_id in ages if call_id not in rows and call_id not in over]
                # One request is all that a look may cost; any of them, as the same one may be live for long.
                if missing and self._has_ended(asked := missing[int(self._runtime.random() * len(missing))]):
                    over.append(asked)
                self._run(self._ledger.revise, DIALLED, over, "done", was="waiting")
        return self.count()

    def _has_ended(self, call_id: str) -> bool:
        self.place(Budget.CALLS)
        try:
            return is_over(str((self._calls.get(call_id)).status), 0.0)
        except NotFoundError:
            return True
