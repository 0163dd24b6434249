"""A list, for the person who is responsible for it: its report, its jobs, and how to change them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from types import TracebackType
from typing import Literal, Self, get_args

from vocobase._base.arguments import as_ids
from vocobase._base.errors import InvalidArgumentError, LedgerLostError
from vocobase._base.secrets import reveal, takes_secrets
from vocobase._dialing.jobs import JobState, JobUpdate, update_of
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import scope_of
from vocobase._ledger import Ledger
from vocobase._ledger.base import check_key
from vocobase._ledger.opening import open_ledger


@dataclass(frozen=True)
class DialReport:
    """The progress of a list, over all runs and workers.

    Attributes:
        started: Jobs that were dialled.
        refused: Jobs that were certainly not dialled and will not be.
        parked: Jobs that may have been dialled; a person decides (:class:`DialList`).
        waiting: Jobs that are still to be dialled.
        dialling: Jobs that a worker holds now.
        next_opening: When the next waiting job may be dialled; None if none waits, or one may be dialled now.
    """

    started: int
    refused: int
    parked: int
    waiting: int
    dialling: int
    next_opening: datetime | None


def report_of(ledger: Ledger, name: str) -> DialReport:
    """Return the progress of a list."""
    counts = ledger.counts(scope_of(name))
    due = ledger.next_due(scope_of(name))
    opening = moment(ledger.now() + due) if due else None
    return DialReport(
        counts["done"], counts["refused"], counts["parked"], counts["waiting"], counts["claimed"], opening
    )


def lost_list(error: LedgerLostError, name: str, waiting: int | None) -> LedgerLostError:
    """Return the error that ends a run whose ledger was lost."""
    left = "its jobs" if waiting is None else f"{waiting} jobs of it"
    return LedgerLostError(
        f"calls.start_many: the list {name!r} is no longer dialled; {left} waited when last counted."
        f" {error.message} Its calls are in calls.list: start only jobs without a call, with a new ledger.",
        waiting=waiting,
    )


class DialList:
    """A list of jobs, for the person who is responsible for it.

    Args:
        ledger: As in ``calls.start_many``.
        name: As in ``calls.start_many``.

    Raises:
        ConfigurationError: the ledger cannot be understood.
        LedgerError: it cannot be used.
    """

    @takes_secrets("ledger")
    def __init__(self, ledger: str | PathLike[str] | Ledger, name: str = "calls") -> None:
        self._name = name
        self._scope = scope_of(name)
        self._ledger = open_ledger(ledger)
        self._own = self._ledger is not reveal(ledger)

    def __repr__(self) -> str:
        # Tools that show variables call it even if the constructor has failed.
        return f"DialList({getattr(self, '_ledger', None)!r}, {self._name!r})"

    def report(self) -> DialReport:
        """Return the progress of the list."""
        return report_of(self._ledger, self._name)

    def jobs(self, state: JobState) -> Iterator[JobUpdate]:
        """Iterate over the jobs in a state, in the order in which they were added.

        Raises:
            InvalidArgumentError: there is no such state.
        """
        if state not in get_args(JobState):
            raise InvalidArgumentError(f"DialList: state is one of {', '.join(get_args(JobState))}.")
        kept = "done" if state == "started" else state
        return map(update_of, self._ledger.entries(self._scope, kept))

    def retry(self, keys: Iterable[str]) -> int:
        """Requeue parked or refused jobs, even if they were dialled before; return how many."""
        return self._move(keys, "waiting", {"reason": "retried"})

    def drop(self, keys: Iterable[str]) -> int:
        """Refuse parked or waiting jobs, so that they are not dialled; return how many."""
        return self._move(keys, "refused", {"reason": "dropped"})

    def _move(self, keys: Iterable[str], state: Literal["waiting", "refused"], result: dict[str, str]) -> int:
        left = wanted = [check_key(key) for key in as_ids(keys, "DialList: keys")]
        for was in ("parked", "refused" if state == "waiting" else "waiting"):
            left = self._ledger.revise(self._scope, left, state, was=was, result=result)
        return len(wanted) - len(left)

    def close(self) -> None:
        """Close the ledger, if this object has opened it."""
        if self._own:
            self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
