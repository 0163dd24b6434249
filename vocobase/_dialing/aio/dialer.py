"""Dial a list of jobs, each once: a job is claimed durably in the ledger before its start is sent."""

from __future__ import annotations

import math
import os
import socket
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from vocobase._base.arguments import check_aware, check_callback, check_flag
from vocobase._base.clock import Deadline
from vocobase._base.errors import APIError, LedgerLostError, VariablesWarning, VocobaseError
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.aio.gate import AsyncGate
from vocobase._dialing.aio.outcomes import AsyncOutcomes
from vocobase._dialing.aio.results import AsyncResults
from vocobase._dialing.aio.slots import AsyncSlotKeeper
from vocobase._dialing.decisions import Decision, Refuse, first
from vocobase._dialing.gate import NO_RULES, ConsentSource, DoNotCallSources, GateRules, rules_of
from vocobase._dialing.gate_log import log_decision
from vocobase._dialing.guards import Halt, Hold, ListHalted
from vocobase._dialing.jobs import CallJob, JobUpdate, items_of, start_of
from vocobase._dialing.list_settings import ListSettings, agree
from vocobase._dialing.person_caps import release, reserve
from vocobase._dialing.report import DONE, HOURS, UNTIL, DialReport, RunTally, lost_list, report_of
from vocobase._dialing.rules import (
    CHECKS,
    OUTSIDE_HOURS,
    Verdict,
    check_concurrency,
    moment,
    pause_for,
    postpone,
    verdict_of,
)
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.spending import ListGuards
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Entry, Ledger, closing_own, open_ledger
from vocobase._policy.budgets import MIN_PAUSE_SECONDS
from vocobase._policy.cadence import (
    FIRST_OFFLINE_PAUSE_SECONDS,
    LEASE_MARGIN_SECONDS,
    LEDGER_INTERVAL_SECONDS,
    MAX_OFFLINE_FAILURES,
    MAX_OFFLINE_PAUSE_SECONDS,
    PERMIT_SECONDS,
    RATE_PAUSE_SECONDS,
)
from vocobase._policy.operations import Budget
from vocobase._policy.options import resolve_timeout
from vocobase._policy.pacers import warn_about_long_wait
from vocobase._policy.retry import backoff, requested_wait
from vocobase_raw.api.calls import start as calls_start


async def start_many(
    core: AsyncCore,
    jobs: Iterable[CallJob],
    *,
    ledger: str | os.PathLike[str] | Ledger,
    name: str,
    concurrency: object,
    window: CallWindow | None,
    settings: ListSettings,
    wait_for_windows: bool,
    wait_for_outcomes: bool,
    until: datetime | None,
    on_update: Callable[[JobUpdate], None] | None,
    do_not_call: DoNotCallSources = (),
    consent: ConsentSource | None = None,
) -> DialReport:
    """Dial a list of jobs; see ``calls.start_many``."""
    cap = check_concurrency(concurrency, AsyncDialer.what)
    scope_of(name, AsyncDialer.what)
    if until is not None:
        check_aware(until, "calls.start_many: until")
    check_flag(wait_for_windows, "calls.start_many: wait_for_windows")
    check_flag(wait_for_outcomes, "calls.start_many: wait_for_outcomes")
    check_callback(on_update, "calls.start_many: on_update")
    rules = rules_of(do_not_call, consent, "calls.start_many", awaited=core.runtime.awaits)
    opened = await core.runtime.run_shielded(open_ledger, ledger)
    with closing_own(opened, ledger):
        dialer = AsyncDialer(
            core,
            opened,
            name,
            cap=cap,
            settings=settings,
            wait_for_windows=wait_for_windows,
            wait_for_outcomes=wait_for_outcomes,
            until=until,
            on_update=on_update,
            rules=rules,
        )
        return await dialer.run(jobs, window)


class AsyncDialer:
    """One worker on one list; see ``calls.start_many``."""

    # Name of the method, for messages.
    what: ClassVar[str] = "calls.start_many"

    def __init__(
        self,
        core: AsyncCore,
        ledger: Ledger,
        name: str,
        *,
        cap: int | None,
        settings: ListSettings,
        wait_for_windows: bool,
        wait_for_outcomes: bool = False,
        until: datetime | None,
        on_update: Callable[[JobUpdate], None] | None,
        rules: GateRules = NO_RULES,
    ) -> None:
        # Every attempt acquires its permit first, so the client itself must not retry.
        self._core = core.view(pacer=None, max_retries=0)
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._name = name
        self._scope = scope_of(name)
        # Claims of two kinds: jobs to dial, and jobs that another worker may have dialled.
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self._takeover_owner = f"{self._owner}:takeover"
        self._limit = (core.options.timeout or resolve_timeout(30.0)).total
        self._lease = self._limit + LEASE_MARGIN_SECONDS
        self._settings = settings
        self._gate = AsyncGate(core.runtime, rules, ledger, self.what)
        self._slots = AsyncSlotKeeper(core, ledger, self._scope, cap, self._sleep)
        self._tally = RunTally(on_update)
        self._guards = ListGuards(ledger, name)
        self._halt: Halt | None = None
        self._stopped = DONE
        self._outcomes = AsyncOutcomes(core.paced(), ledger, name, self._lease, self._tally)
        self._results = AsyncResults(
            self._core, self._slots, ledger, name, self._owner, self._lease, self._tally
        )
        # By the monotonic clock: when an unused permit was acquired, and until when no job is begun.
        self._permit_at = -math.inf
        self._resting_until = -math.inf
        self._sent: str | None = None
        self._offline_failures = 0
        self._wait_for_windows = wait_for_windows
        self._wait_for_outcomes = wait_for_outcomes
        self._until = until
        # The one job that this worker dials, None for all of the list.
        self._only: str | None = None

    async def run(self, jobs: Iterable[CallJob], window: CallWindow | None) -> DialReport:
        """Enter the jobs, and dial until there is nothing left to do."""
        try:
            self._settings = await self._run(agree, self._ledger, self._name, self._settings, self.what)
            await self._run(self._ledger.enter, self._scope, items_of(jobs, window))
            await self._run(postpone, self._ledger, self._scope)
            await self._slots.count()
            self._wait_for_outcomes |= await self._run(self._results.has_redial)
            await self._work()
            return await self._report()
        except LedgerLostError as error:
            raise lost_list(error, self.what, self._name, self._slots.waiting) from error

    async def _work(self) -> None:
        try:
            while (pause := await self._pause()) is not None:
                if pause:
                    await self._runtime.sleep(pause)
                    continue
                with suppress(ListHalted):
                    await self._step()
        except BaseException:
            with suppress(VocobaseError):
                await self._run(self._leave)
            raise

    async def _report(self) -> DialReport:
        run = self._tally.report()
        return await self._run(report_of, self._ledger, self._name, stopped=self._stopped, run=run)

    async def _pause(self) -> float | None:
        """Return the seconds until there is something to do, None if there is nothing left."""
        left = await self._left()
        if not left:
            self._stopped = UNTIL
            return None
        waits = await self._run(self._ledger.next_due, self._scope) is not None
        if not await self._may_begin(1 if waits else None) and self._halt is not None:
            self._stopped = self._halt.code
            return None
        taken_over = await self._run(
            self._ledger.take_over, self._scope, self._takeover_owner, 1, lease=self._lease, key=self._only
        )
        for entry in taken_over:
            self._wait_for_outcomes |= "redial" in entry.payload
            await self._outcomes.verify(entry)
        # Asked twice: a job that another worker dials meanwhile has its outcome only after the first time.
        before = await self._run(self._outlook) if self._needs_outcomes() else (None, 0)
        outcome_due = await self._read_outcomes()
        due, claimed = await self._run(self._outlook)
        if due == 0:
            resting = max(0.0, self._resting_until - self._runtime.monotonic())
            return min(left, LEDGER_INTERVAL_SECONDS, resting)
        if outcome_due is None and self._is_idle(*before) and self._is_idle(due, claimed):
            self._stopped = DONE if due is None else HOURS
            return None
        pause = pause_for(due, claimed)
        return min(left, pause if outcome_due is None else min(pause, max(outcome_due, MIN_PAUSE_SECONDS)))

    def _is_idle(self, due: float | None, claimed: int) -> bool:
        """Return whether no job is dialled, and none that this run waits for will be."""
        return not claimed and (due is None or (due > 0 and not self._wait_for_windows))

    def _needs_outcomes(self) -> bool:
        return self._settings.needs_outcomes or self._wait_for_outcomes

    async def _read_outcomes(self) -> float | None:
        """Read outcomes that are due, if they matter; return the seconds until others are, None for never."""
        if not self._needs_outcomes():
            return None
        with suppress(ListHalted):
            return await self._results.read(self._settings)
        return 0.0

    async def _left(self) -> float:
        """Return the seconds until the run ends, 0 if it is over."""
        if self._until is None:
            return math.inf
        return max(0.0, self._until.timestamp() - await self._run(self._ledger.now))

    async def _sleep(self, seconds: float) -> None:
        """Pass the time until a permit is free, the list is paused, or the run ends."""
        await self._runtime.sleep(min(seconds, LEDGER_INTERVAL_SECONDS, await self._left()))
        if not await self._left() or not await self._may_begin(None):
            raise ListHalted

    async def _may_begin(self, calls: int | None) -> bool:
        """Return whether the guards let so many more calls begin; if calls that are pending decide, rest."""
        decision = await self._run(self._guards.ask, calls)
        self._settings = self._guards.settings
        self._halt = decision if isinstance(decision, Halt) else None
        if isinstance(decision, Hold):
            self._rest(LEDGER_INTERVAL_SECONDS)
        return decision is None

    def _outlook(self) -> tuple[float | None, int]:
        """Return the seconds until the next job may be dialled, None if none waits; and the claimed jobs."""
        # Counted at once: between two questions, a job may pass from one state to the other.
        counts = self._ledger.counts(self._scope)
        due = self._ledger.next_due(self._scope)
        return 0.0 if due is None and counts["waiting"] else due, counts["claimed"]

    def _rest(self, seconds: float) -> None:
        """Begin no job for a while; the end of the run and the claims of others are still checked."""
        self._resting_until = self._runtime.monotonic() + seconds

    async def _step(self) -> None:
        """Dial one job, if there is a slot for it."""
        if not await self._slots.has_free_slot():
            self._rest(LEDGER_INTERVAL_SECONDS)
            return
        # An unused permit is valid for the next job, but not for long.
        if self._runtime.monotonic() - self._permit_at > PERMIT_SECONDS:
            await self._slots.acquire(Budget.CALLS)
            self._permit_at = self._runtime.monotonic()
        self._sent = None
        claimed = await self._run(
            self._ledger.claim, self._scope, self._owner, 1, lease=self._lease, key=self._only
        )
        for entry in claimed:
            # The last check, as a machine that slept must not dial a job that others have taken over. Only
            # the ledger knows: the clock of this process may have stood still meanwhile.
            if not await self._may_dial(entry):
                continue
            # Fixed before the lease is renewed: this process may be stopped at any point from here on.
            not_after = Deadline(self._runtime.clock, self._limit)
            if not await self._outcomes.lost(entry):
                await self._dial(entry, not_after)

    async def _may_dial(self, entry: Entry) -> bool:
        """Return whether a job may be dialled now; if not, settle or requeue it."""
        now = moment(await self._run(self._ledger.now))
        if await self._turned_down(entry, await self._run(first, CHECKS, entry, now), now):
            return False
        if not await self._fits(entry, now):
            await self._requeue(entry)
            self._rest(self._runtime.random())
            return False
        cap = self._settings.person_cap
        reserved = await self._run(reserve, self._ledger, entry, self._name, cap, now)
        if await self._turned_down(entry, reserved, now):
            return False
        # The last question of all, so that a number that is suppressed meanwhile is not dialled.
        if not await self._turned_down(entry, await self._gate.decide(entry, now), now):
            return True
        await self._run(release, self._ledger, entry, self._name)
        return False

    async def _fits(self, entry: Entry, now: datetime) -> bool:
        """Return whether one more call may begin."""
        # The time of the claim identifies the call that was started, so it must be recent.
        slept = now.timestamp() - (entry.claimed_at or 0.0) > self._lease / 2
        # Two workers that claimed at once have each seen one free slot: count again, with all claims.
        return not slept and await self._slots.fit() and await self._may_begin(0)

    async def _turned_down(self, entry: Entry, decision: Decision, now: datetime) -> bool:
        """Settle or requeue a job that must not be dialled now; return whether there was such a decision."""
        if decision is None:
            return False
        await self._run(log_decision, self._ledger, self._name, entry, decision, now.timestamp())
        if isinstance(decision, Refuse):
            await self._outcomes.refuse(entry, decision.code, decision.reason)
            return True
        await self._requeue(entry, not_before=decision.until.timestamp())
        if decision.code == OUTSIDE_HOURS:
            # So may be the jobs of many others.
            await self._run(postpone, self._ledger, self._scope)
        return True

    async def _dial(self, entry: Entry, not_after: Deadline) -> None:
        job = entry.payload
        self._wait_for_outcomes |= "redial" in job
        core = self._core.view(not_after=not_after)
        self._sent, self._permit_at = entry.key, -math.inf
        try:
            core.declared.check("calls.start", job["agent_id"], job.get("variables"))
            call = await core.call(start_of(job), calls_start.parse)
        except VariablesWarning:
            # An error by the user's choice, raised before anything is sent.
            self._sent = None
            await self._run(release, self._ledger, entry, self._name)
            raise
        except VocobaseError as error:
            await self._failed(entry, error)
            return
        self._offline_failures = 0
        await self._outcomes.started(entry, call.call_id)

    async def _failed(self, entry: Entry, error: VocobaseError) -> None:
        verdict = verdict_of(error)
        if verdict is Verdict.UNKNOWN_OUTCOME:
            await self._outcomes.verify(entry)
            return
        self._sent = None
        await self._run(release, self._ledger, entry, self._name)
        if verdict is Verdict.REFUSED:
            code = error.code if isinstance(error, APIError) else ""
            await self._outcomes.refuse(entry, code, error.message)
            return
        await self._requeue(entry)
        self._offline_failures = self._offline_failures + 1 if verdict is Verdict.UNREACHABLE else 0
        if verdict is Verdict.ABORT or self._offline_failures >= MAX_OFFLINE_FAILURES:
            raise error
        if verdict is Verdict.NO_SLOT:
            self._slots.forget()
        self._rest(self._rest_after(verdict, error))

    def _rest_after(self, verdict: Verdict, error: VocobaseError) -> float:
        """Return the seconds to rest after a start that was certainly not processed."""
        if verdict is Verdict.RATE_LIMITED:
            warn_about_long_wait(error)
            return requested_wait(error) or RATE_PAUSE_SECONDS * (1 + self._runtime.random())
        if verdict is Verdict.NO_SLOT:
            return LEDGER_INTERVAL_SECONDS
        return backoff(
            self._offline_failures,
            self._runtime.random(),
            first=FIRST_OFFLINE_PAUSE_SECONDS,
            longest=MAX_OFFLINE_PAUSE_SECONDS,
        )

    async def _requeue(self, entry: Entry, *, not_before: float = 0.0) -> None:
        """Let a job that was certainly not dialled wait again; its attempts so far stay with it."""
        settle = self._ledger.settle
        await self._run(
            settle,
            self._scope,
            [entry.key],
            "waiting",
            owner=self._owner,
            result=entry.result,
            not_before=not_before,
        )

    def _leave(self) -> None:
        """Requeue the jobs that were certainly not sent; let others verify the rest at once."""
        for entry in list(self._ledger.entries(self._scope, "claimed")):
            if entry.owner == self._owner and entry.key != self._sent:
                release(self._ledger, entry, self._name)
                self._ledger.settle(
                    self._scope, [entry.key], "waiting", owner=self._owner, result=entry.result
                )
            elif entry.owner in (self._owner, self._takeover_owner):
                self._ledger.renew(self._scope, [entry.key], owner=entry.owner, lease=0)
        self._results.leave()
