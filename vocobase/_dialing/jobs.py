"""Lists of calls: jobs, updates, reports, and what a person does with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from os import PathLike
from types import NoneType, TracebackType
from typing import Any, Literal, Self, cast, get_args

from vocobase._base.arguments import as_ids, check_text, shown
from vocobase._base.errors import InvalidArgumentError, LedgerLostError
from vocobase._base.json_form import json_form
from vocobase._base.secrets import reveal, takes_secrets
from vocobase._dialing.rules import moment
from vocobase._dialing.windows import CallWindow
from vocobase._ledger import Entry, Ledger
from vocobase._ledger.base import check_key
from vocobase._ledger.opening import open_ledger
from vocobase._policy.choices import ProviderValue
from vocobase_raw.api.calls import start as calls_start
from vocobase_raw.models.calls_start_request import CallsStartRequest
from vocobase_raw.types import OperationRequest

JobState = Literal["started", "refused", "parked", "waiting"]
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_KINDS: dict[str, type] = {
    "variables": Mapping,
    "provider": str,
    "connection_id": str,
    "window": CallWindow,
}


@dataclass(frozen=True)
class CallJob:
    """A call to dial once.

    Args:
        agent_id: Agent that talks.
        to_number: Number to dial, in E.164 form such as ``+12025550100``.
        variables: Map of declared variable name to value.
        provider: Carrier; see ``calls.start``.
        connection_id: Telephony connection; see ``calls.start``.
        key: Identifies the job (1 to 512 characters); by default agent and number.
        window: Hours in which it may be dialled, instead of those of ``calls.start_many``.
    """

    agent_id: str
    to_number: str
    variables: Mapping[str, Any] | None = field(default=None, kw_only=True)
    provider: ProviderValue | None = field(default=None, kw_only=True)
    connection_id: str | None = field(default=None, kw_only=True)
    key: str | None = field(default=None, kw_only=True)
    window: CallWindow | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class JobUpdate:
    """The state of a job.

    Attributes:
        key: Key of the job.
        agent_id: Agent of the job.
        to_number: Number of the job.
        state: ``started``, ``refused`` (certainly not dialled, and will not be), ``parked`` (it
            may have been dialled; a person must decide) or ``waiting``.
        call_id: The call, if it was started.
        reason: Why it was refused, parked or postponed.
        claimed_at: When a worker last claimed it.
        not_before: The earliest time at which it may be dialled, if it waits for its window.
    """

    key: str
    agent_id: str
    to_number: str
    state: JobState
    call_id: str | None = None
    reason: str | None = None
    claimed_at: datetime | None = None
    not_before: datetime | None = None


@dataclass(frozen=True)
class DialReport:
    """The progress of a list, over all runs and workers.

    Attributes:
        started: Jobs that were dialled.
        refused: Jobs that were certainly not dialled and will not be.
        parked: Jobs that may have been dialled; a person decides (``DialList``).
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


def start_of(payload: Mapping[str, Any]) -> OperationRequest:
    """Return the request that dials a job."""
    members = {name: value for name, value in payload.items() if name != "window"}
    return calls_start.build(body=CallsStartRequest(**members))


def scope_of(name: str) -> str:
    """Return the scope of a list of jobs; only text is certain to return the same one next time."""
    check_text("calls.start_many", name=name)
    return "dial:" + str.__str__(name)


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


def update_of(entry: Entry) -> JobUpdate:
    """Return the state of the job of an entry."""
    result = entry.result or {}
    return JobUpdate(
        entry.key,
        entry.payload["agent_id"],
        entry.payload["to_number"],
        "started" if entry.state == "done" else cast(JobState, entry.state),
        result.get("call_id"),
        result.get("reason"),
        moment(entry.claimed_at) if entry.claimed_at else None,
        moment(entry.not_before) if entry.not_before else None,
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


def items_of(jobs: Iterable[CallJob], window: CallWindow | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the payload of each job, as a ledger keeps them.

    Raises:
        InvalidArgumentError: a job cannot be dialled; the message names the job and the path of the value.
    """
    given = cast(object, jobs)
    for number, job in enumerate(cast("Iterable[object]", given) if isinstance(given, Iterable) else [None]):
        if not isinstance(job, CallJob):
            raise InvalidArgumentError("calls.start_many: jobs must be a list of CallJob objects.")
        yield item_of(job, window, number)


def item_of(job: CallJob, window: CallWindow | None, number: int) -> tuple[str, dict[str, Any]]:
    """Return the key and the payload of a job.

    Raises:
        InvalidArgumentError: the agent is missing, the number is not in E.164 form, or a value is of the
            wrong type.
    """
    name = f" (key {shown(job.key)})" if job.key is not None else ""
    what = f"calls.start_many: job {number}{name}"
    if not isinstance(cast(object, job.agent_id), str) or not job.agent_id:
        raise InvalidArgumentError(f"{what} needs the id of an agent.")
    if not isinstance(cast(object, job.to_number), str) or not _E164.fullmatch(job.to_number):
        # Another way to write a number would be another job, and call the person twice.
        raise InvalidArgumentError(
            f"{what}: {shown(job.to_number)} is not in E.164 form; write it like +12025550100."
        )
    hours = job.window or window
    given = {
        "variables": job.variables,
        "provider": job.provider,
        "connection_id": job.connection_id,
        "window": hours,
    }
    for member, kind in _KINDS.items():
        if not isinstance(given[member], (kind, NoneType)):
            raise InvalidArgumentError(f"{what}: {member} must be a {kind.__name__}.")
    payload = {
        "agent_id": job.agent_id,
        "to_number": job.to_number,
        **given,
        "window": hours.to_json() if hours else None,
    }
    form = json_form({name: value for name, value in payload.items() if value is not None}, what)
    return f"{job.agent_id} {job.to_number}" if job.key is None else job.key, form
