"""Lists of calls: jobs, updates, reports, and what a person does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache
from types import NoneType
from typing import Any, Literal, cast

from vocobase._base.arguments import check_aware, is_whole, shown
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.json_form import json_form, reading_form
from vocobase._base.masked_repr import MaskedRepr
from vocobase._dialing.attempts import forms_of, outcome_of
from vocobase._dialing.redial import Redial
from vocobase._dialing.rules import moment
from vocobase._dialing.windows import DEFAULT_WINDOW, CallWindow, require_zones
from vocobase._ledger import Entry
from vocobase._ledger.base import key_fault
from vocobase._policy.choices import ProviderValue
from vocobase._policy.limits import is_e164
from vocobase_raw.api.calls import start as calls_start
from vocobase_raw.models.calls_start_request import CallsStartRequest
from vocobase_raw.types import OperationRequest

JobState = Literal["waiting", "dialling", "started", "finished", "refused", "parked"]
# Members of a payload that the API gets.
_SENT = ("agent_id", "to_number", "variables", "provider", "connection_id")
_KINDS: dict[str, type] = {
    "variables": Mapping,
    "provider": str,
    "connection_id": str,
    "window": CallWindow,
    "redial": Redial,
    "not_before": datetime,
    "not_after": datetime,
}
MAX_PRIORITY = 100
# The last second of the calendar, which no float exceeds by rounding.
_LAST_SECOND = 253_402_300_799.0


@dataclass(frozen=True, repr=False)
class CallJob(MaskedRepr):
    """A call to dial once.

    Args:
        agent_id: Agent that talks.
        to_number: Number to dial, in E.164 form such as ``+12025550100``.
        variables: Map of declared variable name to value.
        provider: Carrier; see ``calls.start``.
        connection_id: Telephony connection; see ``calls.start``.
        key: Identifies the job (1 to 512 characters); by default agent and number.
        window: Hours in which it may be dialled, instead of those of ``calls.start_many``.
        redial: Rules for further attempts, instead of those of the list.
        not_before: Time with a zone before which it is not dialled.
        not_after: Time with a zone after which it is not dialled any more, further attempts included.
        priority: Jobs with a higher one are dialled first (-100 to 100).
    """

    agent_id: str
    to_number: str
    variables: Mapping[str, Any] | None = field(default=None, kw_only=True)
    provider: ProviderValue | None = field(default=None, kw_only=True)
    connection_id: str | None = field(default=None, kw_only=True)
    key: str | None = field(default=None, kw_only=True, repr=False)
    window: CallWindow | None = field(default=None, kw_only=True)
    redial: Redial | None = field(default=None, kw_only=True)
    not_before: datetime | None = field(default=None, kw_only=True)
    not_after: datetime | None = field(default=None, kw_only=True)
    priority: int = field(default=0, kw_only=True)

    def to_json(self) -> dict[str, Any]:
        """Return the form that a queue keeps; ``from_json`` reads it.

        Raises:
            InvalidArgumentError: a value is of the wrong type, or has no JSON form.
        """
        what = "CallJob.to_json"
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        _check_kinds(given, what)
        written = {name: write(given[name]) for name, (write, _) in _FORMS.items() if given[name] is not None}
        form = {name: value for name, value in {**given, **written}.items() if value is not None}
        return cast("dict[str, Any]", json_form(form, what))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CallJob:
        """Read what ``to_json`` returned.

        Raises:
            InvalidArgumentError: it is something else.
        """
        with reading_form("CallJob"):
            read = {name: read(data[name]) for name, (_, read) in _FORMS.items() if name in data}
            return cls(**{**data, **read})


# Members that JSON cannot hold, with the functions that write and read them. Jobs of a list share the form of
# their window.
_FORMS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "window": (lru_cache(maxsize=256)(CallWindow.to_json), CallWindow.from_json),
    "redial": (Redial.to_json, Redial.from_json),
    "not_before": (datetime.isoformat, datetime.fromisoformat),
    "not_after": (datetime.isoformat, datetime.fromisoformat),
}


@dataclass(frozen=True, repr=False)
class JobUpdate(MaskedRepr):
    """The state of a job.

    Attributes:
        key: Key of the job.
        agent_id: Agent of the job.
        to_number: Number of the job.
        state: ``waiting``, ``dialling`` (a worker holds it), ``started``, ``finished`` (its outcome is known,
            and it is not dialled again), ``refused`` (not dialled, and will not be; only a job that a person
            dropped may have attempts) or ``parked`` (it may have been dialled; a person must decide).
        call_id: The call, if it was started.
        reason: Why it was refused, parked, postponed or requeued.
        claimed_at: When a worker last claimed it.
        not_before: The earliest time at which it may be dialled, if it waits for that.
        attempts: How many times it was dialled.
        outcome: Disposition of the last attempt, or its status where it has none; None while it is not known.
    """

    # By default, it contains the number.
    key: str = field(repr=False)
    agent_id: str
    to_number: str
    state: JobState
    call_id: str | None = None
    reason: str | None = None
    claimed_at: datetime | None = None
    not_before: datetime | None = None
    attempts: int = 0
    outcome: str | None = None


def start_of(payload: Mapping[str, Any]) -> OperationRequest:
    """Return the request that dials a job."""
    members = {name: value for name, value in payload.items() if name in _SENT}
    return calls_start.build(body=CallsStartRequest(**members))


def state_of(entry: Entry) -> JobState:
    """Return the state of a job from its entry."""
    if entry.state == "claimed":
        return "dialling"
    if entry.state != "done":
        return entry.state
    return "started" if outcome_of(entry) is None else "finished"


def update_of(entry: Entry) -> JobUpdate:
    """Return the state of the job of an entry."""
    result = entry.result or {}
    return JobUpdate(
        entry.key,
        entry.payload["agent_id"],
        entry.payload["to_number"],
        state_of(entry),
        result.get("call_id"),
        result.get("reason"),
        moment(entry.claimed_at) if entry.claimed_at else None,
        moment(entry.not_before) if entry.not_before else None,
        len(forms_of(entry)),
        outcome_of(entry),
    )


def items_of(
    jobs: Iterable[CallJob], window: CallWindow | None, what: str = "calls.start_many"
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the key and the payload of each job, as a ledger keeps them.

    Raises:
        InvalidArgumentError: a job cannot be dialled; the message names the job and the path of the value.
    """
    check_window(window, what)
    given = cast(object, jobs)
    for number, job in enumerate(cast("Iterable[object]", given) if isinstance(given, Iterable) else [None]):
        if not isinstance(job, CallJob):
            raise InvalidArgumentError(f"{what}: jobs must be a list of CallJob objects.")
        yield item_of(job, window, number, what)


def check_window(window: CallWindow | None, what: str) -> None:
    """Require hours, or None for those of the jobs or the default ones.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if not isinstance(cast(object, window), (CallWindow, NoneType)):
        raise InvalidArgumentError(f"{what}: window must be a CallWindow.")


def item_of(
    job: CallJob, window: CallWindow | None, number: int, method: str = "calls.start_many"
) -> tuple[str, dict[str, Any]]:
    """Return the key and the payload of a job.

    Raises:
        InvalidArgumentError: the agent is missing, the number is not in E.164 form, or a value is of the
            wrong type.
    """
    name = f" (key {shown(job.key)})" if job.key is not None else ""
    what = f"{method}: job {number}{name}"
    if not isinstance(cast(object, job.agent_id), str) or not job.agent_id:
        raise InvalidArgumentError(f"{what} needs the id of an agent.")
    if not is_e164(job.to_number):
        # Another way to write a number would be another job, and call the person twice.
        raise InvalidArgumentError(f"{what}: to_number is not in E.164 form; write it like +12025550100.")
    given: dict[str, Any] = {name: getattr(job, name) for name in _KINDS}
    hours = window if job.window is None else job.window
    given["window"] = DEFAULT_WINDOW if hours is None else hours
    _check_kinds(given, what)
    require_zones(given["window"])
    policies = {name: _FORMS[name][0](given.pop(name)) for name in ("window", "redial") if given[name]}
    payload = {
        "agent_id": job.agent_id,
        "to_number": job.to_number,
        **given,
        **{name: _seconds(given[name]) for name in ("not_before", "not_after")},
        "priority": _priority(job.priority, what) or None,
    }
    form = json_form({name: value for name, value in payload.items() if value is not None}, what) | policies
    return _key(job, what), form


def _key(job: CallJob, what: str) -> str:
    """Return what makes a job the same job next time: text as it is sent, whatever a subclass prints."""
    if job.key is None:
        name, key = "agent_id", f"{str.__str__(job.agent_id)} {str.__str__(job.to_number)}"
    else:
        name, key = "key", job.key
    if fault := key_fault(key):
        raise InvalidArgumentError(f"{what}: {name} {fault}.")
    return str.__str__(key)


def _check_kinds(given: Mapping[str, object], what: str) -> None:
    for member, kind in _KINDS.items():
        if not isinstance(given[member], (kind, NoneType)):
            raise InvalidArgumentError(f"{what}: {member} must be a {kind.__name__}.")
        if isinstance(given[member], datetime):
            check_aware(cast(datetime, given[member]), f"{what}: {member}")


def _seconds(time: datetime | None) -> float | None:
    return None if time is None else min(time.timestamp(), _LAST_SECOND)


def _priority(priority: object, what: str) -> int:
    if not is_whole(priority) or abs(priority) > MAX_PRIORITY:
        raise InvalidArgumentError(
            f"{what}: priority must be a whole number from {-MAX_PRIORITY} to {MAX_PRIORITY}."
        )
    return priority
