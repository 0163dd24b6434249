"""Read times as people write them, and write them in the local time zone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_AGO = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS = {"today": 0, "yesterday": 1}


def moment_of(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the time that a text means: ``today``, ``yesterday``, ``2h``, a date, or a date with a time.

    Args:
        text: The text. A day stands for its beginning, and ``2h`` for two hours ago.
        now: The current time, with a zone.
        zone: The zone of days and of times without one; None for that of this machine.

    Raises:
        ValueError: it is not a time.
    """
    word = text.strip().lower()
    ago = _AGO.fullmatch(word)
    try:
        if ago:
            return now - duration_of(word)
        if word in _DAYS:
            return _in_zone(_midnight(now.astimezone(zone)) - timedelta(days=_DAYS[word]), zone)
        found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo else _in_zone(found, zone)
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f"{text!r} is not a time; pass today, yesterday, 30m, 2h, 3d, 2026-11-01 or 2026-11-01T14:30."
        ) from None


def duration_of(text: str) -> timedelta:
    """Return the duration that a text means: ``30m``, ``2h``, ``3d`` or ``1w``.

    Raises:
        ValueError: it is not a duration.
    """
    found = _AGO.fullmatch(text.strip().lower())
    if not found:
        raise ValueError(f"{text!r} is not a duration; pass 30m, 2h, 3d or 1w.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _midnight(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day)


def _in_zone(naive: datetime, zone: tzinfo | None) -> datetime:
    return naive.replace(tzinfo=zone) if zone else naive.astimezone()


def local(moment: datetime | None, form: str = "%Y-%m-%d %H:%M:%S %z") -> str:
    """Return a time in the time zone of this machine, for people; empty for None."""
    return moment.astimezone().strftime(form) if moment else ""
