"""The rules of dialling: hours, slots, and the meaning of a failed start."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum
from functools import lru_cache
from typing import Any

from vocobase._base.arguments import is_whole
from vocobase._base.errors import (
    APIError,
    CertificateError,
    ConcurrencyLimitError,
    ConnectionFailedError,
    InvalidArgumentError,
    LimitReachedError,
    VocobaseError,
)
from vocobase._base.values import whole_number
from vocobase._dialing.decisions import Check, Decision, Postpone, Refuse, first
from vocobase._dialing.windows import DEFAULT_WINDOW, CallWindow, next_opening, zones_for
from vocobase._ledger import Entry, Ledger
from vocobase._ledger.base import BATCH
from vocobase._policy.cadence import LEDGER_INTERVAL_SECONDS, MAX_LEDGER_INTERVAL_SECONDS
from vocobase._policy.retry import is_not_processed, is_temporary
from vocobase._policy.states import CALL, CALL_LIVE, Phase

# Codes of decisions.
EXPIRED = "expired"
NOT_YET = "not_yet"
REDIAL = "redial"
OUTSIDE_HOURS = "outside_hours"
NO_HOURS = "no_hours"
# A call counts as over after this long, unless the API says that it is live.
MAX_CALL_SECONDS = 7200.0
# Refusals of one job; with any other refusal the API would refuse every job.
JOB_STATUSES = frozenset({400, 404, 409, 413, 422})


def moment(seconds: float) -> datetime:
    """Return the time of a ledger's seconds."""
    return datetime.fromtimestamp(seconds, UTC)


# Many jobs are checked in one moment, and few of their windows differ.
_next_opening = lru_cache(maxsize=256)(next_opening)


def window_of(payload: Mapping[str, Any]) -> CallWindow:
    """Return the hours of a job; ledgers of earlier versions have jobs without any."""
    form = payload.get("window")
    return DEFAULT_WINDOW if form is None else _read_window(json.dumps(form))


# Jobs of a list share their hours.
@lru_cache(maxsize=256)
def _read_window(form: str) -> CallWindow:
    return CallWindow.from_json(json.loads(form))


def hours_of(payload: Mapping[str, Any]) -> tuple[CallWindow, tuple[tzinfo, ...]]:
    """Return the hours of a job and their zones: jobs with equal ones open together."""
    window = window_of(payload)
    return window, () if window.is_any_time else tuple(zones_for(window, payload["to_number"]))


def opening_of(payload: Mapping[str, Any], now: datetime) -> datetime:
    """Return the earliest time at which a job may be dialled.

    Raises:
        LookupError: there is none, or it is not known; the text says why.
    """
    window, zones = hours_of(payload)
    if window.is_any_time:
        return now
    if not zones:
        raise LookupError("the time zone of the number is not known; set the timezone of its window")
    opening = _next_opening(window, now, zones)
    if opening is None:
        raise LookupError("the window never opens where the number may be")
    return opening


def check_times(job: Entry, now: datetime) -> Decision:
    """Postpone a job before its time; refuse one whose time is over."""
    not_before, not_after = job.payload.get("not_before"), job.payload.get("not_after")
    if not_after is not None and not_after < now.timestamp():
        return Refuse(EXPIRED, "its not_after has passed")
    if not_before is not None and not_before > now.timestamp():
        return later(job, moment(not_before), NOT_YET, "before its not_before")
    return None


def later(job: Entry, until: datetime, code: str, reason: str) -> Decision:
    """Postpone a job, or refuse it immediately if it must no longer be dialled by then."""
    not_after = job.payload.get("not_after")
    if not_after is not None and not_after < until.timestamp():
        return Refuse(EXPIRED, f"{reason}, and its not_after is earlier")
    return Postpone(until, code, reason)


def check_redial(job: Entry, now: datetime) -> Decision:
    """Postpone a further attempt until its time, even if the job has been moved meanwhile."""
    again_at = (job.result or {}).get("again_at")
    if again_at is None or moment(again_at) <= now:
        return None
    return later(job, moment(again_at), REDIAL, "before its next attempt")


def check_hours(job: Entry, now: datetime) -> Decision:
    """Postpone a job outside its hours; refuse one that has none."""
    try:
        opening = opening_of(job.payload, now)
    except LookupError as error:
        return Refuse(NO_HOURS, str(error))
    return later(job, opening, OUTSIDE_HOURS, "outside its hours") if opening > now else None


# The checks of every list, in this order.
CHECKS: tuple[Check, ...] = (check_times, check_redial, check_hours)


def postpone(ledger: Ledger, scope: str) -> None:
    """Postpone every waiting job that may not be dialled now; no job is claimed for that."""
    now = ledger.now()
    later: dict[float, list[str]] = {}

    def write() -> None:
        for time, keys in later.items():
            ledger.revise(scope, keys, "waiting", was="waiting", not_before=time)
        later.clear()

    for number, entry in enumerate(ledger.entries(scope, "waiting")):
        if entry.not_before <= now:
            decision = first(CHECKS, entry, moment(now))
            if isinstance(decision, Postpone):
                later.setdefault(decision.until.timestamp(), []).append(entry.key)
        if number % BATCH == 0:
            write()
    write()


def pause_for(due: float | None, claimed: int) -> float:
    """Return the seconds until the ledger is polled again.

    Args:
        due: Seconds until the next job may be dialled, None if none waits.
        claimed: How many jobs workers hold: their leases may end, and their slots become free, at any time.
    """
    if claimed or due is None:
        return min(LEDGER_INTERVAL_SECONDS, due or LEDGER_INTERVAL_SECONDS)
    # Others may add jobs, but a list that waits for hours need not be read every few seconds.
    relaxed = min(MAX_LEDGER_INTERVAL_SECONDS, due / 20)
    return min(due, max(LEDGER_INTERVAL_SECONDS, relaxed))


class Verdict(Enum):
    """The meaning of a failed start for its job, and the next step."""

    UNKNOWN_OUTCOME = "the API may have processed it: search for its call"
    REFUSED = "it was not processed, and never will be: settle the job"
    NO_SLOT = "it was not processed, too many calls at once: requeue the job, and wait for a slot"
    RATE_LIMITED = "it was not processed, too many requests per minute: requeue the job, and wait"
    UNREACHABLE = "it was not processed, no connection to the API: requeue the job, and back off"
    ABORT = "it was not processed, and neither would any other job be: requeue the job, and raise"


# The first class that matches decides.
_VERDICTS: tuple[tuple[type[VocobaseError], Verdict], ...] = (
    (ConcurrencyLimitError, Verdict.NO_SLOT),
    (LimitReachedError, Verdict.RATE_LIMITED),
    (InvalidArgumentError, Verdict.REFUSED),
    (CertificateError, Verdict.ABORT),
    (ConnectionFailedError, Verdict.UNREACHABLE),
    (VocobaseError, Verdict.ABORT),
)


def verdict_of(error: VocobaseError) -> Verdict:
    """Return the meaning of a failed start; a doubtful one counts as processed."""
    if not is_not_processed(error):
        return Verdict.UNKNOWN_OUTCOME
    if isinstance(error, APIError) and error.status != 429:
        # Without a code, the response does not come from the API but from a system in between.
        return Verdict.REFUSED if error.code and error.status in JOB_STATUSES else Verdict.ABORT
    return next(verdict for kind, verdict in _VERDICTS if isinstance(error, kind))


@dataclass
class Slots:
    """How many calls may be live at once.

    Attributes:
        cap: The limit of the user, None if there is none.
        limit: The limit of the account, None if there is none.
        others: Live calls of the account that were not dialled from this ledger.
    """

    cap: int | None
    limit: int | None = None
    others: int = 0

    def learn(self, limit: object, active: object, ours: int) -> None:
        """Record the concurrency of the account; without numbers, the API itself refuses excess calls."""
        number = whole_number(limit)
        self.limit = number if number is not None and number > 0 else None
        self.others = max(0, (whole_number(active) or 0) - ours)

    def fit(self, ours: int) -> bool:
        """Return whether this many calls of this ledger may be live."""
        return (self.cap is None or ours <= self.cap) and (
            self.limit is None or ours + self.others <= self.limit
        )


def check_concurrency(value: object, what: str) -> int | None:
    """Return ``concurrency`` as a number of calls, None for the limit of the account."""
    if isinstance(value, str) and value == "auto":
        return None
    if not is_whole(value) or value < 1:
        raise InvalidArgumentError(f"{what}: concurrency must be 'auto' or a number of calls, at least 1.")
    return value


def is_over(status: str | None, age: float) -> bool:
    """Return whether a call has ended, from its status in a list and the seconds since its start."""
    if status is not None and CALL.phase(status) is not Phase.ONGOING:
        return True
    return age > MAX_CALL_SECONDS and (status or "").lower() not in CALL_LIVE


@contextmanager
def tolerating() -> Generator[None]:
    """Ignore the failure of a read that may succeed later."""
    try:
        yield
    except VocobaseError as error:
        if not is_temporary(error):
            raise
