"""The rules of dialling: hours, slots, and what the answers to a start mean."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from vocobase._base.arguments import is_whole
from vocobase._base.errors import (
    APIError,
    ConcurrencyLimitError,
    ConnectionFailedError,
    InvalidArgumentError,
    LimitReachedError,
    VocobaseError,
)
from vocobase._base.values import whole_number
from vocobase._dialing.windows import CallWindow, next_opening, zones_for
from vocobase._ledger import Ledger
from vocobase._ledger.base import BATCH
from vocobase._policy.retry import is_not_processed, is_temporary
from vocobase._policy.states import CALL, CALL_LIVE, Phase

# All calls that were dialled from a ledger: waiting while they may be live, done when they are over.
DIALLED = "dialled"
# Seconds after which a call counts as over when nothing tells that it is live.
LONGEST_CALL = 7200.0
# Refusals of one job; what else the API refuses, it would refuse for every job.
ABOUT_ONE_JOB = frozenset({400, 404, 409, 413, 422})


def moment(seconds: float) -> datetime:
    """Return a time that a ledger gave."""
    return datetime.fromtimestamp(seconds, UTC)


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
    MAX_OFFLINE_FAILURES = "offline"
    """It was not: the server was not reached."""
    STOP = "stop"
    """It was not, and no other job would fare better."""


_VERDICTS: tuple[tuple[type[VocobaseError], Verdict], ...] = (
    (ConcurrencyLimitError, Verdict.SLOT),
    (LimitReachedError, Verdict.RATE),
    (InvalidArgumentError, Verdict.REFUSE),
    (ConnectionFailedError, Verdict.MAX_OFFLINE_FAILURES),
)


def verdict_of(error: VocobaseError) -> Verdict:
    """Tell what a failed start means for its job; the doubtful counts as carried out."""
    if not is_not_processed(error):
        return Verdict.LOOK
    if isinstance(error, APIError) and error.status != 429:
        # Without a code it is not an answer of the API, but of something in between.
        return Verdict.REFUSE if error.code and error.status in ABOUT_ONE_JOB else Verdict.STOP
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

    def learn(self, limit: object, active: object, ours: int) -> None:
        """Take what the API told; what is no number leaves it to the API to refuse."""
        most = whole_number(limit)
        self.limit = most if most is not None and most > 0 else None
        self.others = max(0, (whole_number(active) or 0) - ours)

    def fit(self, ours: int) -> bool:
        """Tell whether so many calls of this ledger may be live."""
        return (self.cap is None or ours <= self.cap) and (
            self.limit is None or ours + self.others <= self.limit
        )


def check_concurrency(value: object) -> int | None:
    """Read ``concurrency``: a number of calls, or None for as many as the account may have."""
    if value == "auto":
        return None
    if not is_whole(value) or value < 1:
        raise InvalidArgumentError(
            "calls.start_many: concurrency is 'auto' or a number of calls, at least 1."
        )
    return value


def is_over(status: str | None, age: float) -> bool:
    """Tell whether a call has ended, by what a list of calls says of it and the seconds since its start."""
    if status is not None and CALL.phase(status) is not Phase.ONGOING:
        return True
    return age > LONGEST_CALL and (status or "").lower() not in CALL_LIVE


@contextmanager
def what_passes() -> Generator[None]:
    """Swallow the failure of a read that may well succeed later."""
    try:
        yield
    except VocobaseError as error:
        if not is_temporary(error):
            raise
