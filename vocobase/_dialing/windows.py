"""Hours in which people may be called: pure functions over time zones."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, cast

from vocobase._base.arguments import is_whole
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.runtime import wall_time
from vocobase._base.zones import change_between, zone_of

DAY = timedelta(days=1)
# Days that are searched for an opening. Without holidays, a window that does not open in three weeks, changes
# of the clocks included, never opens.
_SEARCHED_DAYS = (4, 24)
# Containers that cannot list their dates are asked for this many days, from a week ago on.
HOLIDAY_DAYS = 400
ZONE = "CallWindow: timezone"


@dataclass(frozen=True)
class CallWindow:
    """Hours of the day in which a number may be dialled; ``a | b`` joins the hours of two windows.

    Args:
        start: First time of day, by the clock where the number is.
        end: Time of day at which it closes. One before ``start`` is on the next day; ``time(0)`` is midnight.
        weekdays: Days on which it opens, Monday is 0.
        timezone: Name of a time zone, such as ``Asia/Kolkata``. By default it follows from the number
            (``vocobase[contacts]``); a number that may be in several zones is dialled when the window is open
            in all of them.
        holidays: Dates on which it is closed: a set or list of dates, or any container that ``date in
            holidays`` asks, such as ``holidays.India()``. Such a container is asked once, when the window is
            created, for the next 400 days.
        also: Further windows, in which the number may be dialled as well, with days and holidays of their
            own; usually written ``a | b``.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """

    start: time
    end: time
    weekdays: Collection[int] = (0, 1, 2, 3, 4, 5, 6)
    timezone: str | None = None
    holidays: Container[date] = field(default=(), repr=False, kw_only=True)
    also: Sequence[CallWindow] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what would never open, or at other times than was meant."""
        for moment in (self.start, self.end):
            if not isinstance(cast(object, moment), time) or moment.tzinfo is not None:
                raise InvalidArgumentError("CallWindow: start and end are times of day without a zone.")
        if self.start == self.end != time():
            raise InvalidArgumentError(
                "CallWindow: start and end differ; the whole day is time(0) to time(0)."
            )
        given = cast(object, self.weekdays)
        days = [*cast("Iterable[object]", given)] if isinstance(given, Iterable) else []
        if not days or not all(is_whole(day) and 0 <= day <= 6 for day in days):
            raise InvalidArgumentError("CallWindow: weekdays are numbers from 0 (Monday) to 6 (Sunday).")
        if self.timezone is not None:
            zone_of(self.timezone, ZONE)
        # One form for equal values, which has a hash as the window itself must.
        object.__setattr__(self, "weekdays", tuple(sorted(cast("set[int]", set(days)))))
        object.__setattr__(self, "holidays", _dates(self.holidays))
        object.__setattr__(self, "also", _joined(self.also, self.timezone))

    @classmethod
    def any_time(cls) -> CallWindow:
        """Return a window that is always open, for every number."""
        return cls(time(), time(), timezone="UTC")

    def __or__(self, other: CallWindow) -> CallWindow:
        """Join the hours of two windows."""
        if not isinstance(cast(object, other), CallWindow):
            return NotImplemented
        return replace(self, also=(*self.also, other))

    def is_open(self, moment: datetime, zones: Sequence[tzinfo]) -> bool:
        """Return whether a moment is inside, in all of the zones."""
        return all(
            any(part._includes(wall) for part in (self, *self.also))
            for wall in (moment.astimezone(zone) for zone in zones)
        )

    def _includes(self, wall: datetime) -> bool:
        now, day = wall.time(), wall.date()
        if self.start < self.end:
            return self.start <= now < self.end and self._opens_on(day)
        if now >= self.start:
            return self._opens_on(day)
        # The night belongs to the day on which it began, and a holiday is closed from its first minute.
        return now < self.end and day not in self.holidays and self._opens_on(day - DAY)

    def _opens_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger or a queue keeps; :meth:`from_json` reads it."""
        form: dict[str, Any] = {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "weekdays": list(self.weekdays),
            "timezone": self.timezone,
        }
        dates = sorted(cast("frozenset[date]", self.holidays))
        if dates:
            form["holidays"] = [day.isoformat() for day in dates]
        if self.also:
            form["also"] = [part.to_json() for part in self.also]
        return form

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CallWindow:
        """Read what :meth:`to_json` returned.

        Raises:
            InvalidArgumentError: it is something else.
        """
        try:
            return cls(
                time.fromisoformat(data["start"]),
                time.fromisoformat(data["end"]),
                tuple(data["weekdays"]),
                data["timezone"],
                holidays=frozenset(map(date.fromisoformat, data.get("holidays", ()))),
                also=tuple(map(cls.from_json, data.get("also", ()))),
            )
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise InvalidArgumentError("CallWindow.from_json: this is not what to_json returned.") from error


def _dates(given: object) -> frozenset[date]:
    """Return the holidays of a container."""
    if isinstance(given, (set, frozenset, list, tuple)):
        found = frozenset(cast("Iterable[object]", given))
        if not all(isinstance(day, date) and not isinstance(day, datetime) for day in found):
            raise InvalidArgumentError("CallWindow: holidays are dates, such as date(2026, 1, 26).")
        return cast("frozenset[date]", found)
    # The container may compute its dates, year by year, when it is asked for them.
    container = cast("Container[date]", given)
    today = datetime.fromtimestamp(wall_time(), UTC).date()
    days = (today + number * DAY for number in range(-7, HOLIDAY_DAYS))
    try:
        return frozenset(day for day in days if day in container)
    except TypeError as error:
        raise InvalidArgumentError("CallWindow: holidays is a container of dates.") from error


def _joined(given: object, timezone: str | None) -> tuple[CallWindow, ...]:
    """Return further windows, each by itself."""
    windows = tuple(cast("Iterable[CallWindow]", given)) if isinstance(given, (list, tuple)) else (given,)
    found: list[CallWindow] = []
    for window in windows:
        if not isinstance(window, CallWindow):
            raise InvalidArgumentError("CallWindow: also is a list of CallWindow objects.")
        if window.timezone != timezone:
            raise InvalidArgumentError("CallWindow: windows that are joined have the same timezone.")
        found += [replace(window, also=()), *window.also]
    return tuple(found)


def next_opening(window: CallWindow, now: datetime, zones: Sequence[tzinfo]) -> datetime | None:
    """Return the first moment, not before ``now``, at which the window is open in all zones; None when never.

    A window opens at its start, or when the clocks are changed past it, so only such moments are tried.
    """
    now = now.astimezone(UTC)
    if window.is_open(now, zones):
        return now
    for days in _searched(window):
        moments = {moment for zone in zones for moment in _openings_of(window, now, days, zone)}
        # The calendars of the zones differ by a day, so the last days are known of some zones only.
        last = now + (days - 2) * DAY
        for moment in sorted(moments):
            if now < moment <= last and window.is_open(moment, zones):
                return moment
    return None


def _searched(window: CallWindow) -> Iterator[int]:
    """Yield how many days to search: few at first, as most windows open tomorrow."""
    yield from _SEARCHED_DAYS
    if any(part.holidays for part in (window, *window.also)):
        yield HOLIDAY_DAYS


def _openings_of(window: CallWindow, now: datetime, days: int, zone: tzinfo) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    starts = {part.start for part in (window, *window.also)}
    for number in range(-1, days):
        yield from _openings(starts, today + number * DAY, zone)


def _openings(starts: Iterable[time], day: date, zone: tzinfo) -> set[datetime]:
    """Return the moments of a day at which a window may open."""
    # Fold distinguishes a time that comes twice; the change of the clock finds one that is skipped.
    found = {
        datetime.combine(day, start, zone).replace(fold=fold).astimezone(UTC)
        for start in starts
        for fold in (0, 1)
    }
    midnight = datetime.combine(day, time(), UTC)
    change = change_between(midnight - DAY / 2, midnight + DAY / 2, zone)
    return found if change is None else {*found, change}
