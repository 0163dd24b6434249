"""The progress of a list, and of one run on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from vocobase._base.errors import LedgerLostError
from vocobase._dialing.jobs import JobUpdate
from vocobase._dialing.marks import Pause, marks_of
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.spending import CallBook
from vocobase._ledger import Ledger
from vocobase_raw.display import Table, table_of_pairs

# Why a run ended, in addition to the codes of guards.
DONE = "done"
HOURS = "hours"
UNTIL = "until"
STOP = "stop"


@dataclass(frozen=True)
class RunReport:
    """The jobs that one run has moved.

    Attributes:
        started: Jobs that this run dialled, or whose call it found.
        finished: Jobs whose final outcome this run read.
        refused: Jobs that it refused.
        parked: Jobs that it parked.
        requeued: Jobs that it returned to the list to be dialled again.
    """

    started: int = 0
    finished: int = 0
    refused: int = 0
    parked: int = 0
    requeued: int = 0


@dataclass(frozen=True)
class DialReport:
    """The progress of a list, over all runs and workers.

    Two reports are equal if the list is in the same state, whatever the run did.

    Attributes:
        started: Jobs that were dialled, including those that are finished.
        refused: Jobs that were not dialled and will not be, and those that a person dropped.
        parked: Jobs that may have been dialled; a person decides (``DialList``).
        waiting: Jobs that are still to be dialled, or to be dialled again.
        dialling: Jobs that a worker holds now.
        next_opening: When the next waiting job may be dialled; None if none waits, or one may be dialled now.
        finished: Those of ``started`` whose outcome is known and that are not dialled again.
        spent: Known costs of all calls in rupees.
        reserved: Assumed rupees of calls without a known cost, in the budget of the list; 0 without a budget.
        pause: Why the list is paused; None if it is not.
        stopped: Why the run ended: ``done``, ``hours`` (all waiting jobs are outside their hours), ``until``,
            ``paused``, ``budget``, ``circuit_breaker``, ``balance``, or ``stop`` (of ``calls.work``); None if
            this is not the report of a run.
        run: The result of this run, in contrast to the whole list; None if this is not the report of a run.
    """

    started: int
    refused: int
    parked: int
    waiting: int
    dialling: int
    next_opening: datetime | None
    finished: int = 0
    spent: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    pause: Pause | None = None
    stopped: str | None = field(default=None, compare=False)
    run: RunReport | None = field(default=None, compare=False)

    def _repr_html_(self) -> str:
        return self._table().to_html()

    def __rich__(self) -> Any:
        return self._table().to_rich()

    def _table(self) -> Table:
        pairs = [(each.name, getattr(self, each.name)) for each in fields(self)]
        return table_of_pairs("DialReport", [pair for pair in pairs if pair[1] is not None])


class RunTally:
    """Count the updates of a run, and pass them on.

    Args:
        on_update: The callback of the user.
    """

    def __init__(self, on_update: Callable[[JobUpdate], None] | None) -> None:
        self._on_update = on_update
        self._counts: Counter[str] = Counter()

    def __call__(self, update: JobUpdate) -> None:
        """Receive an update."""
        self._counts[update.state] += 1
        if self._on_update is not None:
            self._on_update(update)

    def report(self) -> RunReport:
        """Return the counts so far."""
        counts = self._counts
        return RunReport(
            counts["started"], counts["finished"], counts["refused"], counts["parked"], counts["waiting"]
        )


def report_of(
    ledger: Ledger, name: str, *, stopped: str | None = None, run: RunReport | None = None
) -> DialReport:
    """Return the progress of a list; with ``stopped`` and ``run``, at the end of a run."""
    scope = scope_of(name)
    counts = ledger.counts(scope)
    due = ledger.next_due(scope)
    marks = marks_of(ledger, name)
    book = CallBook(ledger, name)
    figures = book.read()
    return DialReport(
        counts["done"],
        counts["refused"],
        counts["parked"],
        counts["waiting"],
        counts["claimed"],
        moment(ledger.now() + due) if due else None,
        book.finished,
        figures.spent,
        figures.reserved(marks.settings.budget),
        marks.pause,
        stopped,
        run,
    )


def lost_list(error: LedgerLostError, what: str, name: str, waiting: int | None) -> LedgerLostError:
    """Return the error that ends a run whose ledger was lost."""
    left = "its jobs" if waiting is None else f"{waiting} jobs of it"
    return LedgerLostError(
        f"{what}: the list {name!r} is no longer dialled; {left} were waiting when last counted."
        f" {error.message} Its calls are in calls.list: start only jobs without a call, with a new ledger.",
        waiting=waiting,
    )
