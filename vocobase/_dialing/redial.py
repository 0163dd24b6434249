"""The rules for dialling a person again: policies as data, and pure functions over attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, cast

from vocobase._base.arguments import is_number, is_whole
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.json_form import reading_form
from vocobase._dialing.attempts import UNKNOWN, Attempt
from vocobase._policy.states import outcome_form

Delay = timedelta
# One delay for every attempt, or one for each: the last one repeats.
Delays = Delay | Sequence[Delay]
MAX_ATTEMPTS = 20
MIN_DELAY = timedelta(minutes=1)
MAX_DELAY = timedelta(days=90)
MAX_DAYS = 36_500
# Dials that a ledger remembers for each person; a higher cap would never be reached.
MAX_DIALS = 1000
DEFAULT_DELAYS: Mapping[str, Delays] = {"busy": timedelta(minutes=15), "no_answer": timedelta(hours=2)}


@dataclass(frozen=True)
class Redial:
    """Rules for dialling a person again.

    Args:
        max_attempts: Limit on the dials of one job, including the first (1 to 20).
        after: Delay by outcome, such as ``{"busy": timedelta(minutes=15), "no_answer": [timedelta(hours=1),
            timedelta(days=1)]}``: one delay, or one for each time that this outcome occurs, of which the last
            one repeats (1 minute to 90 days). An outcome is the disposition of the call, or its status where
            it has none, in any case, but not ``unknown``: such a job is parked. Outcomes without a delay are
            not redialled. By default busy after 15 minutes and no answer after 2 hours.
        call_back: Extraction key that holds the time at which the person wants to be called back, in ISO
            8601 form; a time without a zone is in that of the job's window. It takes precedence over
            ``after``, for any outcome, within the attempts and hours of the job.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """

    max_attempts: int = 3
    after: Mapping[str, Delays] = field(default_factory=lambda: DEFAULT_DELAYS)
    call_back: str | None = None

    def __post_init__(self) -> None:
        """Reject impossible policies, and keep one form of the delays."""
        if not is_whole(self.max_attempts) or not 1 <= self.max_attempts <= MAX_ATTEMPTS:
            raise InvalidArgumentError(f"Redial: max_attempts must be a number from 1 to {MAX_ATTEMPTS}.")
        if not isinstance(cast(object, self.after), Mapping):
            raise InvalidArgumentError(
                "Redial: after must map outcomes to delays, such as {'busy': timedelta(minutes=15)}."
            )
        # In lower case, as outcomes are compared.
        after = {_outcome(name): _delays(name, given) for name, given in self.after.items()}
        if len(after) < len(self.after):
            raise InvalidArgumentError("Redial: after has an outcome twice, in different case.")
        object.__setattr__(self, "after", after)
        call_back = cast(object, self.call_back)
        if call_back is not None and (not isinstance(call_back, str) or not call_back):
            raise InvalidArgumentError("Redial: call_back must be the name of an extraction key.")

    @property
    def longest_delay(self) -> timedelta:
        """The longest delay of any outcome; none without outcomes."""
        delays = (each for given in self.after.values() for each in cast("tuple[Delay, ...]", given))
        return max(delays, default=timedelta())

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger or a queue keeps, with delays in seconds."""
        after = {
            name: [delay.total_seconds() for delay in cast("tuple[Delay, ...]", delays)]
            for name, delays in sorted(self.after.items())
        }
        return {"max_attempts": self.max_attempts, "after": after, "call_back": self.call_back}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Redial:
        """Read what `to_json` returned.

        Raises:
            InvalidArgumentError: it has another form.
        """
        with reading_form("Redial"):
            after = {
                name: [timedelta(seconds=seconds) for seconds in delays]
                for name, delays in data["after"].items()
            }
            return cls(data["max_attempts"], after, data.get("call_back"))


def next_attempt(redial: Redial, attempts: Sequence[Attempt], zone: tzinfo | None) -> datetime | None:
    """Return the earliest time of the next attempt, None if there is none.

    Args:
        redial: The rules.
        attempts: All attempts, oldest first; the outcome and the end of the last one are known.
        zone: Zone of a callback time that names none; None if it is not known.
    """
    last = attempts[-1]
    if last.outcome is None or last.outcome == UNKNOWN or last.ended_at is None:
        return None
    if len(attempts) >= redial.max_attempts:
        return None
    wanted = call_back_time(last.extraction, redial.call_back, zone)
    if wanted is not None and is_usable(wanted, last.ended_at):
        return wanted
    delays = cast("tuple[Delay, ...]", redial.after.get(last.outcome, ()))
    if not delays:
        return None
    # Each outcome counts separately: the first no answer waits as long after a busy line as without one.
    number = sum(attempt.outcome == last.outcome for attempt in attempts)
    return last.ended_at + delays[min(number, len(delays)) - 1]


def call_back_time(
    extraction: Mapping[str, Any] | None, key: str | None, zone: tzinfo | None
) -> datetime | None:
    """Return the time at which a person wants to be called back, None if it cannot be parsed.

    Args:
        extraction: The extracted values of the last call.
        key: The one that holds the time in ISO 8601 form.
        zone: Zone of a time that names none.
    """
    value = (extraction or {}).get(key) if key else None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is not None and found.tzinfo is None:
            found = found.replace(tzinfo=zone) if zone else None
        return found.astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None


def is_usable(wanted: datetime, ended_at: datetime) -> bool:
    """Return whether a callback time is after the call, and not too long after it."""
    return ended_at < wanted <= ended_at + MAX_DELAY


def call_back_fault(redial: Redial, last: Attempt, zone: tzinfo | None) -> str | None:
    """Return why the callback time of an attempt is not followed; None if it has none, or it is followed."""
    key = redial.call_back
    if key is None or last.ended_at is None or (last.extraction or {}).get(key) is None:
        return None
    wanted = call_back_time(last.extraction, key, zone)
    if wanted is None:
        return f"{key} is not a time with a known zone"
    if not is_usable(wanted, last.ended_at):
        return f"{key} is not within {MAX_DELAY.days} days after the call"
    return None


def _outcome(name: object) -> str:
    if not isinstance(name, str) or not name:
        raise InvalidArgumentError("Redial: an outcome in after must be a text, such as 'busy'.")
    outcome = outcome_form(name)
    if outcome == UNKNOWN:
        raise InvalidArgumentError(
            f"Redial: after has {name!r}; a job whose outcome is unknown is parked, and never redialled."
        )
    return outcome


def _delays(name: object, given: object) -> tuple[Delay, ...]:
    delays = [given] if isinstance(given, timedelta) else given
    found = tuple(cast("Sequence[Delay]", delays)) if isinstance(delays, (list, tuple)) else ()
    if not found or not all(isinstance(cast(object, each), timedelta) for each in found):
        raise InvalidArgumentError(f"Redial: after[{name!r}] must be a timedelta, or a list of them.")
    if not all(MIN_DELAY <= each <= MAX_DELAY for each in found):
        raise InvalidArgumentError(f"Redial: after[{name!r}] has a delay outside 1 minute to 90 days.")
    return found


@dataclass(frozen=True)
class PersonCap:
    """Limit on the dials of one number, over all lists of a ledger.

    Args:
        dials: The limit (1 to 1,000); dials whose outcome is not known count.
        days: Length of the period up to now in which dials count, in days (up to 36,500); None for all time.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """

    dials: int
    days: float | None = None

    def __post_init__(self) -> None:
        """Reject values that cannot be a cap."""
        if not is_whole(self.dials) or self.dials < 1:
            raise InvalidArgumentError("PersonCap: dials must be at least 1.")
        if self.dials > MAX_DIALS:
            raise InvalidArgumentError(
                f"PersonCap: dials must be at most {MAX_DIALS:,}; a ledger keeps no more."
            )
        if self.days is not None and (not is_number(self.days) or not 0 < self.days <= MAX_DAYS):
            raise InvalidArgumentError(
                f"PersonCap: days must be a positive number up to {MAX_DAYS:,}, or None for all time."
            )

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        return {"dials": self.dials, "days": self.days}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PersonCap:
        """Read what `to_json` returned.

        Raises:
            InvalidArgumentError: it has another form.
        """
        with reading_form("PersonCap"):
            # Earlier versions accepted higher caps, and never reached them.
            return cls(min(data["dials"], MAX_DIALS), data["days"])
