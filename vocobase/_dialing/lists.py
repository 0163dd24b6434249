"""Changes and queries of a list, as functions of its ledger; `aio/lists.py` has the class."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from os import PathLike
from typing import Any, Literal, cast, get_args

from vocobase._base.arguments import as_ids
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.secrets import conceal, reveal, takes_secrets
from vocobase._dialing.attempts import attempts_of, with_attempts
from vocobase._dialing.jobs import JobState, state_of
from vocobase._dialing.scopes import outcomes_of, scope_of
from vocobase._dialing.spending import has_unknown_call
from vocobase._ledger import Entry, Ledger, State
from vocobase._ledger.base import check_key
from vocobase._ledger.opening import open_ledger

_KEPT_AS: dict[JobState, State] = {
    "waiting": "waiting",
    "dialling": "claimed",
    "started": "done",
    "finished": "done",
    "refused": "refused",
    "parked": "parked",
}
# Dialled ones first.
_ORDER: tuple[State, ...] = ("done", "refused", "parked", "claimed", "waiting")
Move = Literal["waiting", "refused"]
_MOVABLE: dict[Move, tuple[State, ...]] = {"waiting": ("parked", "refused"), "refused": ("parked", "waiting")}


class OpenedLedger:
    """A ledger that is opened at its first use, in any thread."""

    @takes_secrets("given")
    def __init__(self, given: str | PathLike[str] | Ledger) -> None:
        self._given = conceal(given)
        self._opened: Ledger | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return repr(self._opened)

    def open(self) -> Ledger:
        """Return the ledger."""
        with self._lock:
            if self._opened is None:
                self._opened = open_ledger(self._given)
            return self._opened

    def close(self) -> None:
        """Close the ledger, unless the caller has opened it."""
        with self._lock:
            if self._opened is not None and self._opened is not reveal(self._given):
                self._opened.close()


@takes_secrets("ledger")
def opening(ledger: str | PathLike[str] | Ledger) -> OpenedLedger:
    """Open a ledger immediately, so that a wrong address is an error of the constructor."""
    opened = OpenedLedger(ledger)
    opened.open()
    return opened


@takes_secrets("ledger")
def async_opening(ledger: str | PathLike[str] | Ledger) -> OpenedLedger:
    """Leave a ledger to be opened in a thread: a server may be slow, and an event loop must not wait."""
    return OpenedLedger(ledger)


def check_job_state(state: JobState) -> None:
    """Require a state of jobs."""
    if not isinstance(cast(object, state), str) or state not in get_args(JobState):
        raise InvalidArgumentError(f"DialList: state must be one of {', '.join(get_args(JobState))}.")


def jobs_in(ledger: Ledger, name: str, state: JobState) -> Iterator[Entry]:
    """Iterate over the jobs in a state, in the order in which they were added."""
    entries = ledger.entries(scope_of(name), _KEPT_AS[state])
    return (entry for entry in entries if state_of(entry) == state)


def all_jobs(ledger: Ledger, name: str) -> Iterator[Entry]:
    """Iterate over all jobs, by state; one that moves meanwhile is returned once."""
    seen: set[str] = set()
    for state in _ORDER:
        for entry in ledger.entries(scope_of(name), state):
            if entry.key not in seen:
                seen.add(entry.key)
                yield entry


def move_jobs(ledger: Ledger, name: str, keys: Iterable[str], state: Move, members: dict[str, Any]) -> int:
    """Move jobs that no worker holds to another state, with their attempts; return how many."""
    wanted = [check_key(key) for key in as_ids(keys, "DialList: keys")]
    if state == "waiting":
        # For the log of decisions, this is another attempt.
        members = {**members, "retried_at": ledger.now()}
    return sum(_move(ledger, name, key, state, members) for key in dict.fromkeys(wanted))


def _move(ledger: Ledger, name: str, key: str, state: Move, members: dict[str, Any]) -> bool:
    scope = scope_of(name)
    while (job := ledger.get(scope, key)) is not None and job.state in _MOVABLE[state]:
        if job.state == "parked" and has_unknown_call(job):
            _count_unknown(ledger, name, job)
        result = with_attempts(job, attempts_of(job), **members)
        if not ledger.revise(scope, [key], state, was=job.state, result=result, expected=job.result):
            return True
    return False


def _count_unknown(ledger: Ledger, name: str, job: Entry) -> None:
    """Let the guards count a call that may have been made, although its job is no longer parked."""
    digest = hashlib.sha256(f"{job.key} {job.claimed_at}".encode()).hexdigest()
    ledger.record(outcomes_of(name), [f"unknown:{digest}"], "parked")
