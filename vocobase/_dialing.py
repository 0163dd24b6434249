"""What a dialer works with: jobs, updates, reports, and the rules that need no I/O."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from os import PathLike
from types import TracebackType
from typing import Any, Literal, Self, cast

from vocobase._errors import (
    APIError,
    AuthenticationError,
    ConcurrencyLimitError,
    ConfigurationError,
    ConnectionFailed,
    InvalidArgument,
    LimitReached,
    PermissionDenied,
    VocobaseError,
)
from vocobase._ledger import Entry, Ledger
from vocobase._ledger.base import BATCH
from vocobase._ledger.opening import open_ledger
from vocobase._operations import PER_MINUTE, Budget
from vocobase._pacing import SHORTEST_PAUSE, WINDOW
from vocobase._retry import certainly_not_done
from vocobase._windows import CallWindow, next_opening, zones_for

JobState = Literal["started", "refused", "parked", "waiting"]
_E164 = re.compile(r"\+[1-9]\d{6,14}")

# All calls that were dialled from a ledger: waiting while they may be live, done when they are over.
DIALLED = "dialled"
# Statuses of calls that occupy a slot.
LIVE = frozenset({"pending", "ringing", "in_progress"})


@dataclass(frozen=True)
class CallJob:
    """A call that is to be made once.

    Args:
        agent_id: Agent that will talk.
        to_number: Number to dial, in E.164 form such as ``+919876543210``.
        variables: Map of declared variable name to value.
        provider: Carrier; see ``calls.start``.
        connection_id: Telephony connection; see ``calls.start``.
        key: What makes the job the same as another one (1 to 512 characters); agent and number when left out.
        window: Hours in which it may be dialled, instead of those given to ``calls.start_many``.
    """

    agent_id: str
    to_number: str
    variables: Mapping[str, Any] | None = field(default=None, kw_only=True)
    provider: str | None = field(default=None, kw_only=True)
    connection_id: str | None = field(default=None, kw_only=True)
    key: str | None = field(default=None, kw_only=True)
    window: CallWindow | None = field(default=None, kw_only=True)

    def to_item(self, window: CallWindow | None) -> tuple[str, dict[str, Any]]:
        """Return key and payload for a ledger.

        Raises:
            InvalidArgument: the agent is missing, or the number is not in E.164 form.
        """
        if not isinstance(cast(object, self.agent_id), str) or not self.agent_id:
            raise InvalidArgument("calls.start_many: a job needs the id of an agent.")
        if not isinstance(cast(object, self.to_number), str) or not _E164.fullmatch(self.to_number):
            # Another way to write a number would make another job, and ring twice.
            raise InvalidArgument(
                f"calls.start_many: {self.to_number!r} is not in E.164 form; write it like +919876543210."
            )
        hours = self.window or window
        payload = {
            "agent_id": self.agent_id,
            "to_number": self.to_number,
            "variables": None if self.variables is None else dict(self.variables),
            "provider": self.provider,
            "connection_id": self.connection_id,
            "window": hours.to_json() if hours else None,
        }
        given = {name: value for name, value in payload.items() if value is not None}
        return f"{self.agent_id} {self.to_number}" if self.key is None else self.key, given


@dataclass(frozen=True)
class JobUpdate:
    """Where a job has got to.

    Attributes:
        key: Key of the job.
        agent_id: Agent of the job.
        to_number: Number of the job.
        state: ``started``, ``refused`` (certainly not dialled, and will not be), ``parked`` (whether it was
            dialled is not known; a person must decide) or ``waiting``.
        call_id: The call, when it was started.
        reason: Why it was refused, parked or put off.
        claimed_at: When a worker took it last.
        not_before: When it may be dialled at the earliest, when it waits for its window.
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
    """How far a list has got, whoever did it.

    Attributes:
        started: Jobs that were dialled.
        refused: Jobs that were certainly not dialled and will not be.
        parked: Jobs of which it is not known whether they were dialled; a person decides (:class:`DialList`).
        waiting: Jobs that are still to be dialled.
        dialling: Jobs that a worker holds right now.
        next_opening: When the next waiting job may be dialled; None when none waits, or one may now.
    """

    started: int
    refused: int
    parked: int
    waiting: int
    dialling: int
    next_opening: datetime | None


def scope_of(name: str) -> str:
    """Return where a ledger keeps a list of jobs."""
    return f"dial:{name}"


def report_of(ledger: Ledger, name: str) -> DialReport:
    """Read how far a list has got."""
    counts = ledger.counts(scope_of(name))
    due = ledger.next_due(scope_of(name))
    opening = moment(ledger.now() + due) if due else None
    return DialReport(
        counts["done"], counts["refused"], counts["parked"], counts["waiting"], counts["claimed"], opening
    )


def moment(seconds: float) -> datetime:
    """Return a time that a ledger gave."""
    return datetime.fromtimestamp(seconds, UTC)


def update_of(entry: Entry) -> JobUpdate:
    """Return where the job of an entry has got to."""
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
    """A list of jobs, for the person who looks after it.

    Args:
        ledger: As in ``calls.start_many``.
        name: As in ``calls.start_many``.

    Raises:
        ConfigurationError: the ledger cannot be understood.
        LedgerError: it cannot be used.
    """

    def __init__(self, ledger: str | PathLike[str] | Ledger, name: str = "calls") -> None:
        self._ledger = open_ledger(ledger)
        self._own = self._ledger is not ledger
        self._name = name

    def __repr__(self) -> str:
        return f"DialList({self._ledger!r}, {self._name!r})"

    def report(self) -> DialReport:
        """Return how far the list has got."""
        return report_of(self._ledger, self._name)

    def jobs(self, state: JobState) -> Iterator[JobUpdate]:
        """Walk through the jobs in a state, in the order in which they came."""
        kept = "done" if state == "started" else state
        return map(update_of, self._ledger.entries(scope_of(self._name), kept))

    def retry(self, keys: Collection[str]) -> int:
        """Let parked or refused jobs be dialled, again if they were; return how many."""
        return self._move(keys, "waiting", {"reason": "retried"})

    def drop(self, keys: Collection[str]) -> int:
        """Let parked or waiting jobs not be dialled any more; return how many."""
        return self._move(keys, "refused", {"reason": "dropped"})

    def _move(
        self, keys: Collection[str], state: Literal["waiting", "refused"], result: dict[str, str]
    ) -> int:
        if isinstance(keys, str):
            raise InvalidArgument("DialList: give a list of keys.")
        left = list(keys)
        for was in ("parked", "refused" if state == "waiting" else "waiting"):
            left = self._ledger.revise(scope_of(self._name), left, state, was=was, result=result)
        return len(keys) - len(left)

    def close(self) -> None:
        """Close the ledger, if it was opened here."""
        if self._own:
            self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


# Many jobs are looked at in one moment, and few of them differ.
_next_opening = lru_cache(maxsize=256)(next_opening)


def opening_of(payload: Mapping[str, Any], now: datetime) -> datetime:
    """Return when a job may be dialled at the earliest.

    Raises:
        LookupError: never, or it is not known; the text says why.
    """
    if "window" not in payload:
        return now
    window = CallWindow.from_json(payload["window"])
    zones = zones_for(window, payload["to_number"])
    if not zones:
        raise LookupError("the time zone of the number is not known")
    opening = _next_opening(window, now, tuple(zones))
    if opening is None:
        raise LookupError("the window never opens")
    return opening


def put_off(ledger: Ledger, scope: str) -> None:
    """Let all jobs outside of their windows wait for them: unclaimed, as it needs no start to know that."""
    now = ledger.now()
    later: dict[float, list[str]] = {}

    def write() -> None:
        for time, keys in later.items():
            ledger.revise(scope, keys, "waiting", was="waiting", not_before=time)
        later.clear()

    for number, entry in enumerate(ledger.entries(scope, "waiting")):
        if entry.not_before <= now:
            with suppress(LookupError):
                opening = opening_of(entry.payload, moment(now)).timestamp()
                if opening > now:
                    later.setdefault(opening, []).append(entry.key)
        if number % BATCH == 0:
            write()
    write()


class Verdict(Enum):
    """What a failed start means for its job."""

    LOOK = "look"
    """It may have been carried out."""
    REFUSE = "refuse"
    """It was not, and never will be."""
    SLOT = "slot"
    """It was not: too many calls at once."""
    RATE = "rate"
    """It was not: too many requests in a minute."""
    OFFLINE = "offline"
    """It was not: the server was not reached."""
    STOP = "stop"
    """It was not, and no other job would fare better."""


_VERDICTS: tuple[tuple[type[VocobaseError], Verdict], ...] = (
    (ConcurrencyLimitError, Verdict.SLOT),
    (LimitReached, Verdict.RATE),
    (PermissionDenied, Verdict.STOP),
    (AuthenticationError, Verdict.STOP),
    (InvalidArgument, Verdict.REFUSE),
    (ConfigurationError, Verdict.STOP),
    (ConnectionFailed, Verdict.OFFLINE),
    (APIError, Verdict.REFUSE),
)


def verdict_of(error: VocobaseError) -> Verdict:
    """Tell what a failed start means for its job; the doubtful counts as carried out."""
    if not isinstance(error, ConfigurationError) and not certainly_not_done(error):
        return Verdict.LOOK
    if isinstance(error, APIError) and not error.code and error.status != 429:
        # Not an answer of the API, but of something in between.
        return Verdict.STOP
    return next((verdict for kind, verdict in _VERDICTS if isinstance(error, kind)), Verdict.STOP)


@dataclass
class Slots:
    """How many calls may be live at once.

    Attributes:
        cap: The most that the user wants, None when he does not care.
        limit: The most that the account may have, None when unlimited.
        others: Live calls of the account that were not dialled from this ledger.
    """

    cap: int | None
    limit: int | None = None
    others: int = 0

    def learn(self, limit: int | None, active: int | None, ours: int) -> None:
        """Take what the API told."""
        self.limit = limit
        self.others = max(0, (active or 0) - ours)

    def fit(self, ours: int) -> bool:
        """Tell whether so many calls of this ledger may be live."""
        return (self.cap is None or ours <= self.cap) and (
            self.limit is None or ours + self.others <= self.limit
        )


def check_concurrency(value: object) -> int | None:
    """Read ``concurrency``: a number of calls, or None for as many as the account may have."""
    if value == "auto":
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidArgument("calls.start_many: concurrency is 'auto' or a number of calls, at least 1.")
    return value


def items_of(jobs: Iterable[CallJob], window: CallWindow | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a ledger keeps of jobs."""
    for job in jobs:
        if not isinstance(cast(object, job), CallJob):
            raise InvalidArgument("calls.start_many: jobs are CallJob objects.")
        yield job.to_item(window)


class LedgerPacer:
    """Keep the budgets of all that share a ledger: a place is an entry that waits a minute after its use."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._owner = uuid.uuid4().hex
        self._filled: set[str] = set()

    def reserve(self, budget: Budget, account: str) -> float:
        """Take one place of a budget, or tell in how many seconds to ask again."""
        scope = f"pace:{account}:{budget.value}"
        if scope not in self._filled:
            self._ledger.enter(scope, ((str(number), {}) for number in range(PER_MINUTE[budget])))
            self._filled.add(scope)
        # A worker that died between taking a place and noting it has used it a minute ago at the latest.
        taken = self._ledger.claim(scope, self._owner, 1, lease=WINDOW) or self._ledger.take_over(
            scope, self._owner, 1, lease=WINDOW
        )
        if not taken:
            return max(SHORTEST_PAUSE, self._ledger.next_due(scope) or 1.0)
        free_at = self._ledger.now() + WINDOW
        self._ledger.settle(scope, [taken[0].key], "waiting", owner=self._owner, not_before=free_at)
        return 0.0
