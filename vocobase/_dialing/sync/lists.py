# Derived from vocobase/_dialing/aio/lists.py by scripts/derive_sync.py; edit that instead.
"""A list for its owner: its report, its jobs, and how to change them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from os import PathLike
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from vocobase._base.arguments import check_flag, check_text
from vocobase._base.runtime import current_runtime
from vocobase._base.secrets import takes_secrets
from vocobase._base.values import OMIT, Omit
from vocobase._dialing.guards import Amount, CircuitBreaker, SpendCap
from vocobase._dialing.jobs import CallJob, JobState, JobUpdate, items_of, update_of
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.lists import all_jobs, check_job_state, jobs_in, move_jobs, opening
from vocobase._dialing.marks import change_settings, marks_of, pause_list, resume_list
from vocobase._dialing.opt_out import OptOut
from vocobase._dialing.redial import PersonCap, Redial
from vocobase._dialing.report import DialReport, report_of
from vocobase._dialing.rows import JobResult, result_of, write_csv
from vocobase._dialing.scopes import names_in, scope_of
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Entry, Ledger
from vocobase._ledger.base import check_key

P = ParamSpec("P")
T = TypeVar("T")
# Entries that a thread reads at a time.
_BATCH = 500


class DialList:
    """A list of jobs, for its owner.

    Every change is in the ledger when the method returns, and applies to every call that a worker starts more
    than 5 seconds later.

    Args:
        ledger: As in ``calls.start_many``.
        name: As in ``calls.start_many``.

    Raises:
        ConfigurationError: the ledger is not valid.
        LedgerError: it cannot be used.
    """

    @takes_secrets("ledger")
    def __init__(self, ledger: str | PathLike[str] | Ledger, name: str = "calls") -> None:
        self._name = name
        scope_of(name, "DialList")
        self._opened = opening(ledger)
        self._runtime = current_runtime()

    def __repr__(self) -> str:
        # Tools that show variables call it even if the constructor has failed.
        return f"{type(self).__name__}({getattr(self, '_opened', None)!r}, {self._name!r})"

    def add(self, jobs: Iterable[CallJob], *, window: CallWindow | None = None) -> int:
        """Add jobs without dialling them; jobs that are already in the list stay as they are.

        Args:
            jobs: The jobs, from any iterable.
            window: Hours in which jobs without hours of their own may be dialled.

        Returns:
            How many were new.

        Raises:
            InvalidArgumentError: a job cannot be used; the message names it. Those before it may be in the
                list.
        """

        def add(ledger: Ledger) -> int:
            return ledger.enter(scope_of(self._name), items_of(jobs, window, "DialList.add"))

        return self._use(add)

    def get(self, key: str) -> JobResult | None:
        """Return one job, or None if the list does not have it.

        Args:
            key: Key of the job; by default agent and number, separated by a space.
        """

        def get(ledger: Ledger) -> Entry | None:
            return ledger.get(scope_of(self._name), check_key(key))

        entry = self._use(get)
        return result_of(entry) if entry else None

    def jobs(self, state: JobState) -> Iterator[JobUpdate]:
        """Iterate over the jobs in a state, in the order in which they were added.

        Args:
            state: ``waiting``, ``dialling``, ``started``, ``finished``, ``refused`` or ``parked``.

        Raises:
            InvalidArgumentError: there is no such state.
        """
        check_job_state(state)
        return self._iterate(lambda ledger: map(update_of, jobs_in(ledger, self._name, state)))

    def results(self, state: JobState | None = None) -> Iterator[JobResult]:
        """Iterate over the jobs with their attempts, costs, outcomes and extracted values.

        Args:
            state: Only jobs in this state; None for all, dialled ones first.

        Raises:
            InvalidArgumentError: there is no such state.
        """
        if state is not None:
            check_job_state(state)
        return self._iterate(lambda ledger: map(result_of, self._entries(ledger, state)))

    def to_dicts(self, *, flat: bool = True, state: JobState | None = None) -> list[dict[str, Any]]:
        """Return the results as dictionaries, for tables such as ``pandas.DataFrame``.

        Args:
            flat: Spread variables and extraction over columns ``variables.name`` and ``extraction.name``, and
                leave out the single attempts.
            state: Only jobs in this state; None for all.
        """
        check_flag(flat, "DialList.to_dicts: flat")
        return [result.to_dict(flat=flat) for result in self.results(state)]

    def to_csv(self, path: str | os.PathLike[str], *, state: JobState | None = None) -> int:
        """Write the results as CSV, in which no spreadsheet finds a formula; return the number of rows.

        Args:
            path: The file, which only its owner can read; an existing one is replaced at the end.
            state: Only jobs in this state; None for all.

        Raises:
            ConfigurationError: the file cannot be written.
        """
        if state is not None:
            check_job_state(state)

        def write(ledger: Ledger) -> int:
            return write_csv(map(result_of, self._entries(ledger, state)), path)

        return self._use(write)

    def retry(self, keys: Iterable[str]) -> int:
        """Requeue parked or refused jobs, even if they were dialled before; return how many."""
        return self._use(move_jobs, self._name, keys, "waiting", {"reason": "retried"})

    def drop(self, keys: Iterable[str]) -> int:
        """Refuse parked or waiting jobs, so that they are not dialled; return how many."""
        dropped = {"reason": "dropped", "code": "dropped"}
        return self._use(move_jobs, self._name, keys, "refused", dropped)

    def pause(self, reason: str) -> None:
        """Pause the list: no worker starts a call, and ``calls.start_many`` returns.

        Live calls continue.

        Args:
            reason: The reason, shown in reports.
        """
        check_text("DialList.pause", reason=reason)
        self._use(pause_list, self._name, reason, over=True)

    def resume(self) -> bool:
        """Resume the list; return whether it was paused. A circuit breaker starts counting at zero."""
        return self._use(resume_list, self._name)

    def settings(self) -> ListSettings:
        """Return the settings that all workers follow."""
        return (self._use(marks_of, self._name)).settings

    def change(
        self,
        *,
        redial: Redial | Omit | None = OMIT,
        person_cap: PersonCap | Omit | None = OMIT,
        budget: SpendCap | Amount | Omit | None = OMIT,
        circuit_breaker: CircuitBreaker | Omit | None = OMIT,
        opt_out: OptOut | Omit | None = OMIT,
    ) -> None:
        """Replace settings of the list, for running workers too.

        Args:
            redial: Which outcomes are dialled again, and when; None for none, as for the others.
            person_cap: Limit on the dials of one number.
            budget: The rupees that the list may spend, including those already spent.
            circuit_breaker: When too many failures pause the list.
            opt_out: Which outcomes and extracted values add a number to the ``DoNotCall`` list; None
                for the default rule.
        """
        given = {
            "redial": redial,
            "person_cap": person_cap,
            "budget": budget,
            "circuit_breaker": circuit_breaker,
            "opt_out": opt_out,
        }
        kept = {setting: value for setting, value in given.items() if not isinstance(value, Omit)}
        self._use(change_settings, self._name, kept)

    def names(self) -> list[str]:
        """Return the names of all lists in this ledger that have jobs, in alphabetical order."""
        return self._use(names_in)

    def report(self) -> DialReport:
        """Return the progress of the list."""
        return self._use(report_of, self._name)

    def _entries(self, ledger: Ledger, state: JobState | None) -> Iterator[Entry]:
        return jobs_in(ledger, self._name, state) if state else all_jobs(ledger, self._name)

    def _use(self, work: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work on the ledger."""

        def use() -> T:
            return work(self._opened.open(), *args, **kwargs)

        return self._runtime.run_shielded(use)

    def _iterate(self, rows: Callable[[Ledger], Iterator[T]]) -> Iterator[T]:
        found = self._use(rows)
        while batch := self._use(lambda _: list(islice(found, _BATCH))):
            for row in batch:
                yield row

    def close(self) -> None:
        """Close the ledger, if this object has opened it."""
        self._runtime.run_shielded(self._opened.close)

    def __enter__(self) -> Self:
        self._runtime.run_shielded(self._opened.open)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
