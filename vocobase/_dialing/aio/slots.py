"""Slots and places in the budgets, for a dialer."""

from __future__ import annotations

from vocobase._base.arguments import is_id
from vocobase._base.errors import NotFoundError
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.rules import DIALLED, Slots, is_over, what_passes
from vocobase._ledger import Ledger
from vocobase._ledger.pacer import LedgerPacer
from vocobase._policy.cadence import CONCURRENCY_REFRESH_SECONDS
from vocobase._policy.operations import Budget
from vocobase._resources.aio.calls import AsyncCalls


class AsyncSlotKeeper:
    """Count the calls that are live, and keep the budgets, with all that share the ledger."""

    def __init__(self, core: AsyncCore, ledger: Ledger, scope: str, cap: int | None) -> None:
        self._cores = core.paced(), core.view(pacer=LedgerPacer(ledger))
        # Every request takes its place in the budgets before, so the client must not repeat by itself.
        self._calls = AsyncCalls(core.view(pacer=None, max_retries=0))
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._scope = scope
        self._slots = Slots(cap)
        self._asked: float | None = None
        # Jobs that waited when they were last counted.
        self.waiting: int | None = None

    async def place(self, budget: Budget) -> None:
        """Wait for a place in the budgets of this process and of all that share the ledger."""
        for core in self._cores:
            while seconds := await core.reserve(budget):
                await self._runtime.sleep(seconds)

    def forget(self) -> None:
        """Ask for the account's concurrency before the next call."""
        self._asked = None

    async def fit(self) -> bool:
        """Tell whether there is a slot for all calls that are live or being started."""
        return self._slots.fit(await self.count())

    async def has_room(self) -> bool:
        """Tell whether one more call may be live, asking the API as rarely as possible."""
        ours = await self.count()
        if self._asked is None:
            ours = await self._read_ends()
            await self._ask(ours)
        if self._slots.fit(ours + 1):
            return True
        ours = await self._read_ends()
        if (
            not self._slots.fit(ours + 1)
            and self._runtime.monotonic() - (self._asked or 0.0) > CONCURRENCY_REFRESH_SECONDS
        ):
            await self._ask(ours)
        return self._slots.fit(ours + 1)

    async def count(self) -> int:
        """Count the calls of this ledger that may be live, those that are being started included."""

        def count() -> int:
            # In this order, as a job is noted as a call before it stops being a claim.
            counts = self._ledger.counts(self._scope)
            self.waiting = counts["waiting"]
            return counts["claimed"] + self._ledger.counts(DIALLED)["waiting"]

        return await self._run(count)

    async def _ask(self, ours: int) -> None:
        await self.place(Budget.CALLS)
        self._asked = self._runtime.monotonic()
        with what_passes():
            told = await self._calls.concurrency()
            self._slots.learn(told.limit, told.active, ours)

    async def _read_ends(self) -> int:
        """Note which calls are over; one page tells most of them."""

        def live() -> dict[str, float]:
            now = self._ledger.now()
            return {call.key: now - call.payload["at"] for call in self._ledger.entries(DIALLED, "waiting")}

        ages = await self._run(live)
        if ages:
            with what_passes():
                await self.place(Budget.GENERAL)
                page = await self._calls.list(limit=100)
                rows = {call.call_id: str(call.status) for call in page if is_id(call.call_id)}
                over = [call_id for call_id, age in ages.items() if is_over(rows.get(call_id), age)]
                missing = [call_id for call_id in ages if call_id not in rows and call_id not in over]
                # One request is all that a look may cost; any of them, as the same one may be live for long.
                if missing and await self._has_ended(
                    asked := missing[int(self._runtime.random() * len(missing))]
                ):
                    over.append(asked)
                await self._run(self._ledger.revise, DIALLED, over, "done", was="waiting")
        return await self.count()

    async def _has_ended(self, call_id: str) -> bool:
        await self.place(Budget.CALLS)
        try:
            return is_over(str((await self._calls.get(call_id)).status), 0.0)
        except NotFoundError:
            return True
