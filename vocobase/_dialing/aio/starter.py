"""Start one job: claim it durably, check it for the last time, send the start, record its outcome."""

from __future__ import annotations

import math
from datetime import datetime

from vocobase._base.clock import Deadline
from vocobase._base.errors import APIError, VariablesWarning, VocobaseError
from vocobase._core.aio.core import AsyncCore
from vocobase._dialing.aio.gate import AsyncGate
from vocobase._dialing.aio.list_guards import AsyncGuardKeeper
from vocobase._dialing.aio.outcomes import AsyncOutcomes
from vocobase._dialing.aio.slots import AsyncSlotKeeper
from vocobase._dialing.decisions import Decision, Refuse, first
from vocobase._dialing.gate_log import log_decision
from vocobase._dialing.job_claims import Claims
from vocobase._dialing.jobs import start_of
from vocobase._dialing.person_caps import release, reserve
from vocobase._dialing.rules import CHECKS, OUTSIDE_HOURS, Verdict, moment, postpone, verdict_of
from vocobase._dialing.scopes import scope_of
from vocobase._ledger import Entry, Ledger
from vocobase._policy.cadence import (
    FIRST_OFFLINE_PAUSE_SECONDS,
    LEDGER_INTERVAL_SECONDS,
    MAX_OFFLINE_FAILURES,
    MAX_OFFLINE_PAUSE_SECONDS,
    PERMIT_SECONDS,
    RATE_PAUSE_SECONDS,
)
from vocobase._policy.operations import Budget
from vocobase._policy.pacers import warn_about_long_wait
from vocobase._policy.retry import backoff, requested_wait
from vocobase._transport.exchange import raise_if_interrupted
from vocobase_raw.api.calls import start as calls_start


class AsyncStarter:
    """Start the jobs of one list, one after the other, for one worker.

    Args:
        core: Sends the starts. It must not retry, because a permit is acquired before each attempt.
        ledger: Where the list is.
        name: The list.
        claims: Those of the worker.
        slots: Counts the live calls, and acquires permits.
        gate: Checks whether the number may be called.
        outcomes: Settles the jobs.
        guards: Decide whether a call may start.

    Attributes:
        sent: Key of the job whose start was sent and may have been processed, None if there is none.
        has_redial: Whether a job that was dialled has rules for further attempts.
    """

    def __init__(
        self,
        core: AsyncCore,
        ledger: Ledger,
        name: str,
        *,
        claims: Claims,
        slots: AsyncSlotKeeper,
        gate: AsyncGate,
        outcomes: AsyncOutcomes,
        guards: AsyncGuardKeeper,
    ) -> None:
        self._core = core
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._name = name
        self._scope = scope_of(name)
        self._claims = claims
        self._slots = slots
        self._gate = gate
        self._outcomes = outcomes
        self._guards = guards
        # By the monotonic clock: when a permit was acquired that is not used yet.
        self._permit_at = -math.inf
        self._offline_failures = 0
        self.sent: str | None = None
        self.has_redial = False

    async def start_next(self) -> None:
        """Dial one job, if there is a slot for it."""
        if not await self._slots.has_free_slot():
            self._guards.rest(LEDGER_INTERVAL_SECONDS)
            return
        # An unused permit is valid for the next job, but not for long.
        if self._runtime.monotonic() - self._permit_at > PERMIT_SECONDS:
            await self._slots.acquire(Budget.CALLS)
            self._permit_at = self._runtime.monotonic()
        self.sent = None
        claimed = await self._run(
            self._ledger.claim,
            self._scope,
            self._claims.owner,
            1,
            lease=self._claims.lease,
            key=self._claims.only,
        )
        for entry in claimed:
            # The last check, as a machine that slept must not dial a job that others have taken over. Only
            # the ledger knows: the clock of this process may have stood still meanwhile.
            if not await self._may_dial(entry):
                continue
            # Fixed before the lease is renewed: this process may be stopped at any point from here on.
            not_after = Deadline(self._runtime.clock, self._claims.limit)
            if not await self._outcomes.lost(entry):
                await self._dial(entry, not_after)

    async def _may_dial(self, entry: Entry) -> bool:
        """Return whether a job may be dialled now; if not, settle or requeue it."""
        now = moment(await self._run(self._ledger.now))
        if await self._turned_down(entry, await self._run(first, CHECKS, entry, now), now):
            return False
        if not await self._fits(entry, now):
            await self._requeue(entry)
            self._guards.rest(self._runtime.random())
            return False
        cap = self._guards.settings.person_cap
        reserved = await self._run(reserve, self._ledger, entry, self._name, cap, now)
        if await self._turned_down(entry, reserved, now):
            return False
        # The last check of all, so that a number that has been suppressed meanwhile is not dialled.
        if not await self._turned_down(entry, await self._gate.decide(entry, now), now):
            return True
        await self._run(release, self._ledger, entry, self._name)
        return False

    async def _fits(self, entry: Entry, now: datetime) -> bool:
        """Return whether one more call may start."""
        # The time of the claim identifies the call that was started, so it must be recent.
        slept = now.timestamp() - (entry.claimed_at or 0.0) > self._claims.lease / 2
        # Two workers that claimed at once have each seen one free slot: count again, with all claims.
        return not slept and await self._slots.fit() and await self._guards.ask(0)

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
            # The jobs of many others may be, too.
            await self._run(postpone, self._ledger, self._scope)
        return True

    async def _dial(self, entry: Entry, not_after: Deadline) -> None:
        job = entry.payload
        self.has_redial |= "redial" in job
        core = self._core.view(not_after=not_after)
        self.sent, self._permit_at = entry.key, -math.inf
        try:
            core.declared.check("calls.start", job["agent_id"], job.get("variables"))
            call = await core.call(start_of(job), calls_start.parse)
        except VariablesWarning:
            # An error that the user has chosen, raised before anything is sent.
            self.sent = None
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
            raise_if_interrupted(error)
            await self._outcomes.verify(entry)
            return
        self.sent = None
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
        self._guards.rest(self._rest_after(verdict, error))

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
        """Requeue a job that was certainly not dialled, with its attempts so far."""
        settle = self._ledger.settle
        await self._run(
            settle,
            self._scope,
            [entry.key],
            "waiting",
            owner=self._claims.owner,
            result=entry.result,
            not_before=not_before,
        )
