# Derived from vocobase/_dialing/aio/dialer.py by scripts/derive_sync.py; edit that instead.
"""Run a list of jobs as one worker: wait for what is due, start it (`starter.py`), read outcomes, report."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from vocobase._base.arguments import check_aware, check_callback, check_flag
from vocobase._base.errors import LedgerLostError, VocobaseError
from vocobase._core.sync.core import Core
from vocobase._dialing.gate import NO_RULES, ConsentSource, DoNotCallSources, GateRules, rules_of
from vocobase._dialing.guards import ListHalted
from vocobase._dialing.job_claims import Claims
from vocobase._dialing.jobs import CallJob, JobUpdate, items_of
from vocobase._dialing.list_settings import ListSettings, agree
from vocobase._dialing.person_caps import release
from vocobase._dialing.report import DONE, HOURS, UNTIL, DialReport, RunTally, lost_list, report_of
from vocobase._dialing.rules import check_concurrency, pause_for, postpone
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.sync.gate import Gate
from vocobase._dialing.sync.list_guards import GuardKeeper
from vocobase._dialing.sync.outcomes import Outcomes
from vocobase._dialing.sync.results import Results
from vocobase._dialing.sync.slots import SlotKeeper
from vocobase._dialing.sync.starter import Starter
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Ledger, closing_own, open_ledger
from vocobase._policy.budgets import MIN_PAUSE_SECONDS
from vocobase._policy.cadence import LEDGER_INTERVAL_SECONDS
from vocobase._policy.options import resolve_timeout


def start_many(
    core: Core,
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
    cap = check_concurrency(concurrency, Dialer.what)
    scope_of(name, Dialer.what)
    if until is not None:
        check_aware(until, "calls.start_many: until")
    check_flag(wait_for_windows, "calls.start_many: wait_for_windows")
    check_flag(wait_for_outcomes, "calls.start_many: wait_for_outcomes")
    check_callback(on_update, "calls.start_many: on_update")
    rules = rules_of(do_not_call, consent, "calls.start_many", awaited=core.runtime.awaits)
    opened = core.runtime.run_shielded(open_ledger, ledger)
    with closing_own(opened, ledger):
        dialer = Dialer(
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
        return dialer.run(jobs, window)


class Dialer:
    """One worker on one list; see ``calls.start_many``."""

    # Name of the method, for messages.
    what: ClassVar[str] = "calls.start_many"

    def __init__(
        self,
        core: Core,
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
        only: str | None = None,
    ) -> None:
        # Every attempt acquires its permit first, so the client itself must not retry.
        unpaced = core.view(pacer=None, max_retries=0)
        self._runtime = core.runtime
        self._run = core.runtime.run_shielded
        self._ledger = ledger
        self._name = name
        self._scope = scope_of(name)
        self._claims = Claims.of_new_worker((core.options.timeout or resolve_timeout(30.0)).total, only)
        self._tally = RunTally(on_update)
        self._guards = GuardKeeper(core.runtime, ledger, name, settings)
        self._slots = SlotKeeper(core, ledger, self._scope, cap, self._sleep)
        self._outcomes = Outcomes(core.paced(), ledger, name, self._claims.lease, self._tally)
        self._results = Results(
            unpaced, self._slots, ledger, name, self._claims.owner, self._claims.lease, self._tally
        )
        self._starter = Starter(
            unpaced,
            ledger,
            name,
            claims=self._claims,
            slots=self._slots,
            gate=Gate(core.runtime, rules, ledger, self.what),
            outcomes=self._outcomes,
            guards=self._guards,
        )
        self._stopped = DONE
        self._wait_for_windows = wait_for_windows
        self._wait_for_outcomes = wait_for_outcomes
        self._until = until

    def run(self, jobs: Iterable[CallJob], window: CallWindow | None) -> DialReport:
        """Add the jobs, and dial until there is nothing left to do."""
        try:
            self._guards.settings = self._run(
                agree, self._ledger, self._name, self._guards.settings, self.what
            )
            self._run(self._ledger.enter, self._scope, items_of(jobs, window))
            self._run(postpone, self._ledger, self._scope)
            self._slots.count()
            self._wait_for_outcomes |= self._run(self._results.has_redial)
            self._work()
            return self._report()
        except LedgerLostError as error:
            raise lost_list(error, self.what, self._name, self._slots.waiting) from error

    def _work(self) -> None:
        try:
            while (pause := self._pause()) is not None:
                if pause:
                    self._runtime.sleep(pause)
                    continue
                with suppress(ListHalted):
                    self._starter.start_next()
        except BaseException:
            with suppress(VocobaseError):
                self._run(self._leave)
            raise

    def _report(self) -> DialReport:
        run = self._tally.report()
        return self._run(report_of, self._ledger, self._name, stopped=self._stopped, run=run)

    def _pause(self) -> float | None:
        """Return the seconds until there is something to do, None if there is nothing left."""
        left = self._left()
        if not left:
            self._stopped = UNTIL
            return None
        waits = self._run(self._ledger.next_due, self._scope) is not None
        if not self._guards.ask(1 if waits else None) and self._guards.halt is not None:
            self._stopped = self._guards.halt.code
            return None
        taken_over = self._run(
            self._ledger.take_over,
            self._scope,
            self._claims.takeover_owner,
            1,
            lease=self._claims.lease,
            key=self._claims.only,
        )
        for entry in taken_over:
            self._wait_for_outcomes |= "redial" in entry.payload
            self._outcomes.verify(entry)
        # Checked twice: a job that another worker is dialling may have its outcome only after the first
        # check.
        before = self._run(self._outlook) if self._needs_outcomes() else (None, 0)
        outcome_due = self._read_outcomes()
        due, claimed = self._run(self._outlook)
        if due == 0:
            return min(left, LEDGER_INTERVAL_SECONDS, self._guards.rest_left())
        if outcome_due is None and self._is_idle(*before) and self._is_idle(due, claimed):
            self._stopped = DONE if due is None else HOURS
            return None
        pause = pause_for(due, claimed)
        return min(left, pause if outcome_due is None else min(pause, max(outcome_due, MIN_PAUSE_SECONDS)))

    def _is_idle(self, due: float | None, claimed: int) -> bool:
        """Return whether no job is being dialled, and none that this run waits for will be."""
        return not claimed and (due is None or (due > 0 and not self._wait_for_windows))

    def _needs_outcomes(self) -> bool:
        return self._guards.settings.needs_outcomes or self._wait_for_outcomes or self._starter.has_redial

    def _read_outcomes(self) -> float | None:
        """Read outcomes that are due, if they matter; return the seconds until others are, None for never."""
        if not self._needs_outcomes():
            return None
        with suppress(ListHalted):
            return self._results.read(self._guards.settings)
        return 0.0

    def _left(self) -> float:
        """Return the seconds until the run ends, 0 if it is over."""
        if self._until is None:
            return math.inf
        return max(0.0, self._until.timestamp() - self._run(self._ledger.now))

    def _sleep(self, seconds: float) -> None:
        """Pass the time until a permit is free, the list is paused, or the run ends."""
        self._runtime.sleep(min(seconds, LEDGER_INTERVAL_SECONDS, self._left()))
        if not self._left() or not self._guards.ask(None):
            raise ListHalted

    def _outlook(self) -> tuple[float | None, int]:
        """Return the seconds until the next job may be dialled, None if none waits; and the claimed jobs."""
        # Counted in one query: between two, a job may move from one state to the other.
        counts = self._ledger.counts(self._scope)
        due = self._ledger.next_due(self._scope)
        return 0.0 if due is None and counts["waiting"] else due, counts["claimed"]

    def _leave(self) -> None:
        """Requeue the jobs that were certainly not sent; let others verify the rest immediately."""
        for entry in list(self._ledger.entries(self._scope, "claimed")):
            if entry.owner == self._claims.owner and entry.key != self._starter.sent:
                release(self._ledger, entry, self._name)
                self._ledger.settle(
                    self._scope, [entry.key], "waiting", owner=self._claims.owner, result=entry.result
                )
            elif entry.owner in (self._claims.owner, self._claims.takeover_owner):
                self._ledger.renew(self._scope, [entry.key], owner=entry.owner, lease=0)
        self._results.leave()
