"""Hours in which people may be called: pure functions over time zones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, cast

from vocobase._base.arguments import is_whole
from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._base.zones import change_between, zone_of

DAY = timedelta(days=1)
# A window that does not open in three weeks, changes of the clocks included, opens never.
HORIZON = 22
_ZONE = "CallWindow: timezone"


@dataclass(frozen=True)
class CallWindow:
    """Hours of the day in which a number may be dialled; holidays are not known.

    Args:
        start: First time of day, by the clock where the number is.
        end: Time of day from which on no more; after ``start``, so a window does not span midnight.
        weekdays: Days on which it opens, Monday is 0.
        timezone: Name of a time zone, such as ``Asia/Kolkata``. By default it follows from the number
            (``vocobase[contacts]``); a number that may be in several zones is dialled when the window is open
            in all of them.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """

    start: time
    end: time
    weekdays: Collection[int] = (0, 1, 2, 3, 4, 5, 6)
    timezone: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would never open, or at other times than was meant."""
        for moment in (self.start, self.end):
            if not isinstance(cast(object, moment), time) or moment.tzinfo is not None:
                raise InvalidArgumentError("CallWindow: start and end are times of day without a zone.")
        if self.start >= self.end:
            raise InvalidArgumentError(
                "CallWindow: start must be before end; a window does not span midnight."
            )
        given = cast(object, self.weekdays)
        days = [*cast("Iterable[object]", given)] if isinstance(given, Iterable) else []
        if not days or not all(is_whole(day) and 0 <= day <= 6 for day in days):
            raise InvalidArgumentError("CallWindow: weekdays are numbers from 0 (Monday) to 6 (Sunday).")
        # One form for equal days, which has a hash as the window itself must.
        object.__setattr__(self, "weekdays", tuple(sorted(cast("set[int]", set(days)))))
        if self.timezone is not None:
            zone_of(self.timezone, _ZONE)

    def is_open(self, moment: datetime, zones: Sequence[tzinfo]) -> bool:
        """Tell whether a moment is inside, in all of the zones."""
        local = [moment.astimezone(zone) for zone in zones]
        return all(self.start <= wall.time() < self.end and wall.weekday() in self.weekdays for wall in local)

    def to_json(self) -> dict[str, Any]:
        """Return what a ledger keeps."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "weekdays": list(self.weekdays),
            "timezone": self.timezone,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CallWindow:
        """Read what a ledger keeps."""
        start, end = time.fromisoformat(data["start"]), time.fromisoformat(data["end"])
        return cls(start, end, tuple(data["weekdays"]), data["timezone"])


def next_opening(window: CallWindow, now: datetime, zones: Sequence[tzinfo]) -> datetime | None:
    """Return the first moment, not before ``now``, at which the window is open in all zones; None when never.

    A window opens at its start, or when the clocks are changed past it, so only such moments are tried.
    """
    moments = {now.astimezone(UTC)}
    for zone in zones:
        today = now.astimezone(zone).date()
        for number in range(-1, HORIZON):
            moments |= _openings(window, today + number * DAY, zone)
    return next(
        (moment for moment in sorted(moments) if moment >= now and window.is_open(moment, zones)), None
    )


def _openings(window: CallWindow, day: date, zone: tzinfo) -> set[datetime]:
    """Return the moments of a day at which a window may open."""
    # Fold distinguishes a time that comes twice; the change of the clock finds one that is skipped.
    starts = {datetime.combine(day, window.start, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    midnight = datetime.combine(day, time(), UTC)
    change = change_between(midnight - DAY / 2, midnight + DAY / 2, zone)
    return starts if change is None else {*starts, change}


def zones_for(window: CallWindow, number: str) -> list[tzinfo]:
    """Return the zones in which a window has to be open for a number; none when they are not known."""
    if window.timezone is not None:
        return [zone_of(window.timezone, _ZONE)]
    try:
        from phonenumbers import NumberParseException, parse
        from phonenumbers.timezone import time_zones_for_number
    except ImportError as error:
        raise ConfigurationError(
            "CallWindow: the time zone of a number needs more packages; install vocobase[contacts], or give"
            " timezone."
        ) from error
    try:
        names = time_zones_for_number(parse(number))
    except NumberParseException:
        return []
    return [] if "Etc/Unknown" in names else [zone_of(name, _ZONE) for name in names]
