# Derived from vocobase/_dialing/aio/working.py by scripts/derive_sync.py; edit that instead.
"""A worker that stays: it dials jobs that others add, until it is stopped."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from vocobase._base.arguments import check_callback
from vocobase._base.errors import InsufficientBalanceError
from vocobase._base.runtime import Runtime
from vocobase._core.sync.core import Core
from vocobase._dialing.gate import ConsentSource, DoNotCallSources, rules_of
from vocobase._dialing.guards import BALANCE
from vocobase._dialing.jobs import JobUpdate
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.marks import pause_list
from vocobase._dialing.report import STOP, DialReport
from vocobase._dialing.rules import check_concurrency
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.stopping import Stopped, check_stop, noting_signals
from vocobase._dialing.sync.dialer import Dialer
from vocobase._ledger import Ledger, closing_own, open_ledger
from vocobase._policy.cadence import LEDGER_INTERVAL_SECONDS, STOP_INTERVAL_SECONDS

P = ParamSpec("P")
T = TypeVar("T")


def work(
    core: Core,
    *,
    ledger: str | os.PathLike[str] | Ledger,
    name: str,
    concurrency: object,
    settings: ListSettings,
    do_not_call: DoNotCallSources,
    consent: ConsentSource | None,
    stop: object,
    on_update: Callable[[JobUpdate], None] | None,
) -> DialReport:
    """Dial the jobs of a list until the worker is stopped; see ``calls.work``."""
    cap = check_concurrency(concurrency, "calls.work")
    scope_of(name, "calls.work")
    asks = check_stop(stop)
    check_callback(on_update, "calls.work: on_update")
    rules = rules_of(do_not_call, consent, "calls.work", awaited=core.runtime.awaits)
    opened = core.runtime.run_shielded(open_ledger, ledger)
    with closing_own(opened, ledger), noting_signals() as has_signal:
        waiting = StoppableRuntime(core.runtime, lambda: has_signal() or bool(asks()))
        worker = Worker(
            core.on(waiting),
            opened,
            name,
            cap=cap,
            settings=settings,
            wait_for_windows=True,
            # Others may add jobs with rules of their own for further attempts.
            wait_for_outcomes=True,
            until=None,
            on_update=on_update,
            rules=rules,
        )
        return worker.run((), None)


class StoppableRuntime(Runtime):
    """Sleep in short steps, and end the worker between them.

    Every wait of a worker is such a sleep: for jobs, slots, permits, or the API. A request that was sent is
    never interrupted, so its outcome is known.

    Args:
        runtime: Passes the time.
        is_over: Returns whether the worker must end.
    """

    def __init__(self, runtime: Runtime, is_over: Callable[[], bool]) -> None:
        super().__init__(runtime.clock)
        self._runtime = runtime
        self._is_over = is_over

    def sleep(self, seconds: float) -> None:
        """Pause the calling task.

        Raises:
            Stopped: the worker must end.
        """
        left = seconds
        while not self._is_over():
            if left <= 0:
                return
            self._runtime.sleep(min(left, STOP_INTERVAL_SECONDS))
            left -= STOP_INTERVAL_SECONDS
        raise Stopped

    def run_blocking(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that blocks, as the runtime that passes the time does."""
        return self._runtime.run_blocking(work, *args, **kwargs)

    def run_shielded(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that must not be abandoned, as the runtime that passes the time does."""
        return self._runtime.run_shielded(work, *args, **kwargs)


class Worker(Dialer):
    """A dialer that stays when there is nothing to dial; its runtime raises `Stopped`."""

    what = "calls.work"

    def _work(self) -> None:
        while self._stopped != STOP:
            try:
                super()._work()
            except Stopped:
                self._stopped = STOP
            except InsufficientBalanceError as error:
                # Until a person resumes the list: other workers would be refused as well.
                self._run(pause_list, self._ledger, self._name, error.message, BALANCE)

    def _pause(self) -> float:
        # Before each job too, as a worker with much to do does not wait.
        self._runtime.sleep(0.0)
        pause = super()._pause()
        # Others may add jobs, or resume the list, at any time.
        return LEDGER_INTERVAL_SECONDS if pause is None else min(pause, LEDGER_INTERVAL_SECONDS)
