"""The days of a table of calls in one time zone, and how to notice that one of them has changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vocobase._base.arguments import shown
from vocobase._base.errors import InvalidArgumentError

# All current time zones differ by multiples of it, so that no quarter of an hour belongs to two days.
QUARTER_MS = 15 * 60 * 1000
# Readers of partitioned folders take this name for NULL: calls whose time of creation is not known yet.
UNKNOWN = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class State:
    """The rows of a day: it has changed if one of them differs.

    Every change of a row gives it the greatest sequence of all. A row that was deleted, or has moved to
    another day, is missing from the count.

    Attributes:
        rows: How many they are.
        sequence: The greatest sequence of them.
    """

    rows: int = 0
    sequence: int = 0


def day_of(milliseconds: int, zone: ZoneInfo) -> str:
    """Return the day of an instant, such as ``2026-11-28``."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone).date().isoformat()


def bounds(day: str, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first millisecond of a day, and that of the next day."""
    first = date.fromisoformat(day)
    instants = (datetime.combine(each, time(), zone) for each in (first, first + timedelta(days=1)))
    start, end = (round(each.timestamp() * 1000) for each in instants)
    return start, end


def states(quarters: Iterable[tuple[int | None, int, int]], zone: ZoneInfo) -> dict[str, State]:
    """Return the days, oldest first.

    Args:
        quarters: Number of a quarter of an hour since 1970, rows in it, and their greatest sequence.
        zone: The time zone of the days.
    """
    found: dict[str, State] = {}
    for quarter, rows, sequence in quarters:
        day = UNKNOWN if quarter is None else day_of(quarter * QUARTER_MS, zone)
        known = found.get(day, State())
        found[day] = State(known.rows + rows, max(known.sequence, sequence))
    return dict(sorted(found.items()))


def zone_of(tz: str, what: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        InvalidArgumentError: no time zone has that name.
    """
    try:
        # Not the object itself, as a subclass may convert itself to other text.
        return ZoneInfo(str.__str__(tz))
    except (LookupError, OSError, TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"{what}: tz must be the name of a time zone such as 'Asia/Kolkata', not {shown(tz)};"
            " if the machine has no time zones, install tzdata."
        ) from error
