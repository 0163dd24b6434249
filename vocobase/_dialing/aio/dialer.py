"""Dial a list of jobs, each once: what may ring a person is written to the ledger before it is sent."""

from __future__ import annotations

import math
import os
import socket
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from vocobase._base.arguments import check_aware, check_callback, check_flag
from vocobase._base.errors import APIError, LedgerLostError, VariablesWarning, VocobaseError
from vocobase._base.runtime import Deadline
from vocobase._base.values import OMIT
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.aio.outcomes import AsyncOutcomes
from vocobase._dialing.aio.slots import AsyncSlotKeeper
from vocobase._dialing.jobs import CallJob, DialReport, JobUpdate, items_of, lost_list, report_of, scope_of
from vocobase._dialing.rules import Verdict, check_concurrency, moment, opening_of, put_off, verdict_of
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Entry, Ledger, closing_own, open_ledger
from vocobase._policy.budgets import warn_about_long_wait
from vocobase._policy.cadence import (
    LEASE_MARGIN_SECONDS,
    LEDGER_INTERVAL_SECONDS,
    MAX_OFFLINE_FAILURES,
    PERMIT_SECONDS,
    RATE_PAUSE_SECONDS,
)
from vocobase._policy.operations import Budget
from vocobase._policy.options import resolve_timeout
from vocobase._policy.retry import requested_wait
from vocobase._resources.aio.calls import AsyncCalls


async def start_many(
    core: AsyncCore,
    jobs: Iterable[CallJob],
    *,
    ledger: str | os.PathLike[str] | Ledger,
    name: str,
    concurrency: object,
    window: CallWindow | None,
    wait_for_windows: bool,
    until: datetime | None,
    on_update: Callable[[JobUpdate], None] | None,
) -> DialReport:
    """Dial a list of jobs; see ``calls.start_many``."""
    cap = check_concurrency(concurrency)
    if until is not None:
        check_aware(until, "calls.start_many: until")
    check_flag(wait_for_windows, "calls.start_many: wait_for_windows")
    check_callback(on_update, "calls.start_many: on_update")
    book = await core.runtime.run_shielded(open_ledger, ledger)
    with closing_own(book, ledger):
        dialer = AsyncDialer(
            core,
            book,
            name,
            cap=cap,
            wait_for_windows=wait_for_windows,
            until=until,
            on_update=on_update,
        )
        return await dialer.run(jobs, window)


class AsyncDialer:
    """One worker on one list; see ``calls.start_many``."""

    def __init__(
        self,
        core: AsyncCore,
        ledger: Ledger,
        name: str,
        *,
        cap: int | None,
        wait_for_windows: bool,
        until: datetime | None,
        on_update: Callable[[JobUpdate], None] | None,
    ) -> None:
        # Every attempt takes its place in the budgets, so the client must not repeat by itself.
        self._core = core.view(pacer=None, max_retries=0)
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._name = name
        self._scope = scope_of(name)
        # Claims of two kinds: what was claimed to be dialled, and what another worker may have dialled.
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self._heir = f"{self._owner}:heir"
        self._limit = (core.options.timeout or resolve_timeout(30.0)).total
        self._lease = self._limit + LEASE_MARGIN_SECONDS
        self._slots = AsyncSlotKeeper(core, ledger, self._scope, cap)
        self._outcomes = AsyncOutcomes(core.paced(), ledger, self._scope, self._lease, on_update)
        self._placed = -math.inf
        self._rested = -math.inf
        self._sent: str | None = None
        self._offline = 0
        self._wait_for_windows = wait_for_windows
        self._until = until

    async def run(self, jobs: Iterable[CallJob], window: CallWindow | None) -> DialReport:
        """Enter the jobs, and dial until there is nothing left to do."""
        try:
            await self._run(self._ledger.enter, self._scope, items_of(jobs, window))
            await self._run(put_off, self._ledger, self._scope)
            await self._slots.count()
            return await self._work()
        except LedgerLostError as error:
            raise lost_list(error, self._name, self._slots.waiting) from error

    async def _work(self) -> DialReport:
        """Dial until there is nothing left to do."""
        try:
            while (pause := await self._pause()) is not None:
                if pause:
                    await self._runtime.sleep(pause)
                else:
                    await self._step()
        except BaseException:
            with suppress(VocobaseError):
                await self._leave()
            raise
        return await self._run(report_of, self._ledger, self._name)

    async def _pause(self) -> float | None:
        """Return the seconds until there is something to do, None when there is nothing left."""
        if self._until is not None:
            left = self._until.timestamp() - await self._run(self._ledger.now)
            if left <= 0:
                return None
        for entry in await self._run(self._ledger.take_over, self._scope, self._heir, 1, lease=self._lease):
            await self._outcomes.look_up(entry)
        due = await self._run(self._ledger.next_due, self._scope)
        if due == 0:
            return min(LEDGER_INTERVAL_SECONDS, max(0.0, self._rested - self._runtime.monotonic()))
        busy = (await self._run(self._ledger.counts, self._scope))["claimed"]
        if not busy and (due is None or not self._wait_for_windows):
            return None
        return min(LEDGER_INTERVAL_SECONDS, due or LEDGER_INTERVAL_SECONDS)

    def _rest(self, seconds: float) -> None:
        """Begin no job for a while; in between the end of the run and the claims of others are looked at."""
        self._rested = self._runtime.monotonic() + seconds

    async def _step(self) -> None:
        """Dial one job, if there is a slot for it."""
        if not await self._slots.has_room():
            self._rest(LEDGER_INTERVAL_SECONDS)
            return
        # A place that was not used is good for the next job, but not for long.
        if self._runtime.monotonic() - self._placed > PERMIT_SECONDS:
            await self._slots.place(Budget.CALLS)
            self._placed = self._runtime.monotonic()
        self._sent = None
        for entry in await self._run(self._ledger.claim, self._scope, self._owner, 1, lease=self._lease):
            # Asked last, as a machine that slept must not dial what others have taken over. Only the ledger
            # can tell: the clock of this process may have stood still meanwhile.
            if not await self._may_dial(entry):
                continue
            # Fixed before the lease is renewed: this process may be stopped at any point from here on.
            not_after = Deadline(self._runtime.clock, self._limit)
            if not await self._outcomes.lost(entry):
                await self._dial(entry, not_after)

    async def _may_dial(self, entry: Entry) -> bool:
        """Tell whether a job may be dialled now; if not, it is settled."""
        now = moment(await self._run(self._ledger.now))
        try:
            opening = opening_of(entry.payload, now)
        except LookupError as error:
            await self._outcomes.settle(entry, "refused", {"reason": str(error)})
            return False
        if opening > now:
            await self._give_back(entry)
            # Its hours are over, and so may be those of many others.
            await self._run(put_off, self._ledger, self._scope)
            return False
        # The time of the claim tells which call is the one that was started, so it must not be long ago.
        slept = now.timestamp() - (entry.claimed_at or 0.0) > self._lease / 2
        # Two that claimed at once have each seen one free slot: counted again, with all claims.
        if not slept and await self._slots.fit():
            return True
        await self._give_back(entry)
        self._rest(self._runtime.random())
        return False

    async def _dial(self, entry: Entry, not_after: Deadline) -> None:
        job = entry.payload
        calls = AsyncCalls(self._core.view(not_after=not_after))
        self._sent, self._placed = entry.key, -math.inf
        try:
            call = await calls.start(
                job["agent_id"],
                job["to_number"],
                provider=job.get("provider", OMIT),
                variables=job.get("variables", OMIT),
                connection_id=job.get("connection_id", OMIT),
            )
        except VariablesWarning:
            # An error by the user's choice, raised before anything is sent.
            self._sent = None
            raise
        except VocobaseError as error:
            await self._failed(entry, error, verdict_of(error))
            return
        self._offline = 0
        await self._outcomes.started(entry, call.call_id)

    async def _failed(self, entry: Entry, error: VocobaseError, verdict: Verdict) -> None:
        if verdict is Verdict.LOOK:
            await self._outcomes.look_up(entry)
            return
        self._sent = None
        if verdict is Verdict.REFUSE:
            code = error.code if isinstance(error, APIError) else ""
            await self._outcomes.settle(entry, "refused", {"code": code, "reason": error.message})
            return
        await self._give_back(entry)
        self._offline = self._offline + 1 if verdict is Verdict.MAX_OFFLINE_FAILURES else 0
        if verdict is Verdict.STOP or self._offline >= MAX_OFFLINE_FAILURES:
            raise error
        if verdict is Verdict.SLOT:
            self._slots.forget()
            self._rest(LEDGER_INTERVAL_SECONDS)
        elif verdict is Verdict.RATE:
            warn_about_long_wait(error)
            self._rest(requested_wait(error) or RATE_PAUSE_SECONDS * (1 + self._runtime.random()))
        else:
            self._rest(2.0**self._offline)

    async def _give_back(self, entry: Entry) -> None:
        """Let a job that was certainly not dialled wait again."""
        await self._run(self._ledger.settle, self._scope, [entry.key], "waiting", owner=self._owner)

    async def _leave(self) -> None:
        """Give back what was certainly not sent; let others look up at once what may have been."""

        def leave() -> None:
            for entry in list(self._ledger.entries(self._scope, "claimed")):
                if entry.owner == self._owner and entry.key != self._sent:
                    self._ledger.settle(self._scope, [entry.key], "waiting", owner=self._owner)
                elif entry.owner in (self._owner, self._heir):
                    self._ledger.renew(self._scope, [entry.key], owner=entry.owner, lease=0)

        await self._run(leave)
