"""Time zones by name, and the moments at which their clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import cast
from zoneinfo import ZoneInfo

from vocobase._base.arguments import shown
from vocobase._base.errors import InvalidArgumentError

_SECOND = timedelta(seconds=1)


def zone_of(name: str, what: str) -> tzinfo:
    """Return a time zone.

    Args:
        name: Its name, such as ``Asia/Kolkata``.
        what: Name of the argument in messages.

    Raises:
        InvalidArgumentError: there is no such zone on this machine.
    """
    if not isinstance(cast(object, name), str):
        raise InvalidArgumentError(f"{what} must be the name of a time zone, such as 'Asia/Kolkata'.")
    try:
        # Not the object itself, as a subclass may convert itself to other text.
        return ZoneInfo(str.__str__(name))
    except (ValueError, OSError, LookupError) as error:
        raise InvalidArgumentError(
            f"{what}: there is no time zone {shown(name)} on this machine;"
            " if it has none at all, install tzdata."
        ) from error


def change_between(early: datetime, late: datetime, zone: tzinfo) -> datetime | None:
    """Return the moment at which the clocks of a zone change, to the second; None if they do not.

    Args:
        early: A moment in whole seconds.
        late: A later one, so close that the clocks change once at most.
        zone: The zone.
    """

    def offset(moment: datetime) -> timedelta | None:
        return moment.astimezone(zone).utcoffset()

    before = offset(early)
    if offset(late) == before:
        return None
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        early, late = (middle, late) if offset(middle) == before else (early, middle)
    return late
