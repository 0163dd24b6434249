"""Hours in which people may be called: pure functions over time zones."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, cast

from vocobase._base.arguments import check_aware, is_whole
from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._base.extras import needs
from vocobase._base.json_form import reading_form
from vocobase._base.runtime import wall_time
from vocobase._base.zones import change_between, zone_of

DAY = timedelta(days=1)
# A window that does not open within this many days, which allow for clock changes and holidays, never opens.
HORIZON = 64
# Most windows open tomorrow.
_SEARCHED_DAYS = (4, HORIZON)
# A container of holidays that is not a plain collection is queried for this many days from now.
HOLIDAY_DAYS = 400
MIDNIGHT = time()
# Maximum number of holidays in a repr.
SHOWN_DAYS = 3
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
_ZONE = "CallWindow: timezone"


@dataclass(frozen=True, repr=False)
class CallWindow:
    """Hours of the day in which a number may be dialled.

    ``CallWindow(time(9), time(12)) | CallWindow(time(15), time(20))`` is open in both of them.

    Args:
        start: First time of day, in the local time of the number.
        end: Time of day at which it closes; before ``start`` for a window that spans midnight, which
            belongs to the day on which it opens. Midnight to midnight is the whole day.
        weekdays: Days on which it opens, Monday is 0.
        timezone: Name of a time zone, such as ``Asia/Kolkata``. By default it follows from the number
            (the extra ``contacts``); a number that may be in several zones is dialled when the window is open
            in all of them.
        holidays: Dates on which it does not open. Any container of ``datetime.date``; one that is not a set,
            list or tuple is queried for the next 400 days when the window is created.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """

    start: time
    end: time
    weekdays: Collection[int] = EVERY_DAY
    timezone: str | None = None
    holidays: Container[date] = field(default=(), kw_only=True)
    _others: tuple[CallWindow, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        """Reject windows that would never open, or would open at unintended times."""
        for moment in (self.start, self.end):
            if not isinstance(cast(object, moment), time) or moment.tzinfo is not None:
                raise InvalidArgumentError("CallWindow: start and end must be times of day without a zone.")
        if self.start == self.end != MIDNIGHT:
            raise InvalidArgumentError(
                "CallWindow: start and end are equal; for the whole day, let both be midnight."
            )
        given = cast(object, self.weekdays)
        days = [*cast("Iterable[object]", given)] if isinstance(given, Iterable) else []
        if not days or not all(is_whole(day) and 0 <= day <= 6 for day in days):
            raise InvalidArgumentError("CallWindow: weekdays must be numbers from 0 (Monday) to 6 (Sunday).")
        # One form for equal days, which is hashable, as the window itself must be.
        object.__setattr__(self, "weekdays", tuple(sorted(cast("set[int]", set(days)))))
        object.__setattr__(self, "holidays", _dates(self.holidays))
        if self.timezone is not None:
            zone_of(self.timezone, _ZONE)

    @classmethod
    def any_time(cls) -> CallWindow:
        """Return the window that is always open, everywhere: numbers are dialled at night, too."""
        return cls(MIDNIGHT, MIDNIGHT)

    @property
    def is_any_time(self) -> bool:
        """Whether it is always open, so that the zone of a number does not matter."""
        whole_day = self.start == self.end
        return whole_day and self.weekdays == EVERY_DAY and not cast("frozenset[date]", self.holidays)

    def __or__(self, other: CallWindow) -> CallWindow:
        """Return the window that is open when either of the two is.

        Raises:
            InvalidArgumentError: they name different time zones.
        """
        if not isinstance(cast(object, other), CallWindow):
            return NotImplemented
        if self.timezone != other.timezone:
            raise InvalidArgumentError(
                "CallWindow: both windows need the same timezone,"
                f" not {self.timezone!r} and {other.timezone!r}."
            )
        return self._joined((*self._others, *other.parts()))

    def _joined(self, others: tuple[CallWindow, ...]) -> CallWindow:
        joined = replace(self)
        object.__setattr__(joined, "_others", others)
        return joined

    def parts(self) -> Iterator[CallWindow]:
        """Yield the windows of which it consists."""
        yield self._joined(()) if self._others else self
        yield from self._others

    def __repr__(self) -> str:
        return " | ".join(part._written() for part in self.parts())

    def _written(self) -> str:
        """Return one window as it would be created, without defaults."""
        values = [repr(clock).removeprefix("datetime.") for clock in (self.start, self.end)]
        if self.weekdays != EVERY_DAY:
            values.append(f"weekdays={self.weekdays}")
        if self.timezone is not None:
            values.append(f"timezone={self.timezone!r}")
        if days := sorted(cast("frozenset[date]", self.holidays)):
            more = f", ... {len(days) - SHOWN_DAYS} more" if len(days) > SHOWN_DAYS else ""
            values.append(f"holidays={{{', '.join(map(str, days[:SHOWN_DAYS]))}{more}}}")
        return f"CallWindow({', '.join(values)})"

    def is_open(self, moment: datetime, zones: Sequence[tzinfo]) -> bool:
        """Return whether a time is inside, in all of the zones.

        Raises:
            InvalidArgumentError: the time has no zone, or ``zones`` is empty.
        """
        check_aware(moment, "CallWindow.is_open: moment")
        given = cast(object, zones)
        listed = [*cast("Iterable[object]", given)] if isinstance(given, Iterable) else []
        if not listed or not all(isinstance(zone, tzinfo) for zone in listed):
            raise InvalidArgumentError(
                "CallWindow.is_open: zones must be a list of time zones, such as [ZoneInfo('Asia/Kolkata')]."
            )
        parts = [*self.parts()]
        return all(any(part._holds(moment.astimezone(zone)) for part in parts) for zone in zones)

    def _holds(self, wall: datetime) -> bool:
        clock, today = wall.time(), wall.date()
        if self.start < self.end:
            return self.start <= clock < self.end and self._opens_on(today)
        # It spans midnight, or the whole day: the part after midnight belongs to the day before.
        return (clock >= self.start and self._opens_on(today)) or (
            clock < self.end and self._opens_on(today - DAY)
        )

    def _opens_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for a queue or a file; `from_json` reads them."""
        form = {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "weekdays": list(self.weekdays),
            "timezone": self.timezone,
            "holidays": sorted(day.isoformat() for day in cast("frozenset[date]", self.holidays)),
            "others": [other.to_json() for other in self._others],
        }
        return {name: value for name, value in form.items() if value or name in ("weekdays", "timezone")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CallWindow:
        """Return the window that `to_json` wrote.

        Raises:
            InvalidArgumentError: it has another form.
        """
        with reading_form("CallWindow"):
            window = cls(
                time.fromisoformat(data["start"]),
                time.fromisoformat(data["end"]),
                tuple(data["weekdays"]),
                data["timezone"],
                holidays=frozenset(map(date.fromisoformat, data.get("holidays", ()))),
            )
            others = tuple(cls.from_json(other) for other in data.get("others", ()))
            return window._joined(others) if others else window


def _dates(given: object) -> frozenset[date]:
    """Return holidays in one form, which is hashable and can be stored."""
    if isinstance(given, (set, frozenset, list, tuple)):
        days = [*cast("Iterable[object]", given)]
        if all(isinstance(day, date) and not isinstance(day, datetime) for day in days):
            return frozenset(cast("list[date]", days))
    elif hasattr(given, "__contains__") and not isinstance(given, (str, bytes)):
        today = datetime.fromtimestamp(wall_time(), UTC).date()
        wanted = (today + number * DAY for number in range(-1, HOLIDAY_DAYS))
        try:
            return frozenset(day for day in wanted if day in cast("Container[date]", given))
        except Exception as error:
            raise InvalidArgumentError(
                f"CallWindow: holidays cannot be asked for a date ({type(error).__name__})."
            ) from error
    raise InvalidArgumentError("CallWindow: holidays must be a set, or another container, of datetime.date.")


# The hours of a list that names none.
DEFAULT_WINDOW = CallWindow(time(9), time(20))


def next_opening(window: CallWindow, now: datetime, zones: Sequence[tzinfo]) -> datetime | None:
    """Return the first moment, not before ``now``, at which a window is open in all zones, None for never.

    A window opens at its start, at midnight after a day on which it does not open, or when the clocks are
    changed past one of them, so only such moments are tried.
    """
    now = now.astimezone(UTC)
    if window.is_open(now, zones):
        return now
    for days in _SEARCHED_DAYS:
        moments: set[datetime] = set()
        for zone in zones:
            today = now.astimezone(zone).date()
            for number in range(-1, days):
                moments |= _openings(window, today + number * DAY, zone)
        # The calendars of zones differ by a day, so some zones lack the last one.
        last = now + (days - 2) * DAY
        found = (each for each in sorted(moments) if now < each <= last and window.is_open(each, zones))
        if (opening := next(found, None)) is not None:
            return opening
    return None


def _openings(window: CallWindow, day: date, zone: tzinfo) -> set[datetime]:
    """Return the moments of a day at which a window may open."""
    # Fold distinguishes a time that occurs twice; the clock change finds one that is skipped.
    clocks = {part.start for part in window.parts()}
    starts = {
        datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC)
        for clock in clocks
        for fold in (0, 1)
    }
    midnight = datetime.combine(day, time(), UTC)
    change = change_between(midnight - DAY / 2, midnight + DAY / 2, zone)
    return starts if change is None else {*starts, change}


def zones_for(window: CallWindow, number: str) -> list[tzinfo]:
    """Return the zones in which a window must be open for a number; none if they are not known."""
    if window.timezone is not None:
        return [zone_of(window.timezone, _ZONE)]
    return [*_zones_of(number)]


# Each job is checked when it is added, and before each attempt.
@lru_cache(maxsize=1 << 17)
def _zones_of(number: str) -> tuple[tzinfo, ...]:
    parse_number, zones_of = _phone_zones()
    try:
        parsed = parse_number(number)
    except ValueError:
        return ()
    return tuple(zone_of(name, _ZONE) for name in zones_of(parsed))


def require_zones(window: CallWindow) -> None:
    """Require the packages that determine the zone of a number, before anything is dialled.

    Raises:
        ConfigurationError: a package is missing.
    """
    if window.timezone is None and not window.is_any_time:
        _phone_zones()


def _phone_zones() -> tuple[Any, Any]:
    """Return the functions that read a number, and that return the names of its zones."""
    try:
        from phonenumbers import NumberParseException, parse
        from phonenumbers.timezone import time_zones_for_geographical_number, time_zones_for_number
    except ImportError as error:
        what = needs("calls.start_many: finding the time zone of a number", "contacts")
        raise ConfigurationError(
            f"{what}. Or pass window=CallWindow(..., timezone=...) or window=CallWindow.any_time()."
        ) from error

    def read(number: str) -> Any:
        try:
            return parse(number)
        except NumberParseException as error:
            raise ValueError(number) from error

    def zones(parsed: Any) -> Sequence[str]:
        # A number that is not in use, such as one reserved for fiction, may be anywhere in its country.
        found = (time_zones_for_number(parsed), time_zones_for_geographical_number(parsed))
        return next((names for names in found if "Etc/Unknown" not in names), ())

    return read, zones
