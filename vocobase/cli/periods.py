"""Read periods as people write them, such as ``last month``; and the types of arguments that are times."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import click

from vocobase import clock
from vocobase.cli.moments import moment_of

DEFAULT_ZONE = "Asia/Kolkata"
EXAMPLES = (
    "today, yesterday, this week, last month, last 7 days, 2026, 2026-10, 2026-10-05, 2026-10-01..2026-10-15"
)
# First day and first day after it.
Days = tuple[date, date]

_LAST_DAYS = re.compile(r"last ([1-9]\d{0,3}) days?")
_NAMED = re.compile(r"(this|last) (week|month|year)")
_CALENDAR = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_ONE = timedelta(days=1)


def period_of(text: str, today: date) -> Days:
    """Return the days of a period: the first one, and the first one after it.

    Args:
        text: The period; a week begins on Monday.
        today: The current day.

    Raises:
        ValueError: it is not a period.
    """
    words = " ".join(text.lower().split())
    first, dots, last = words.partition("..")
    try:
        if dots:
            begin, end = _single(first, today)[0], _single(last, today)[1]
            if begin >= end:
                raise ValueError
            return begin, end
        return _single(words, today)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a period; pass one such as {EXAMPLES}") from None


def _single(words: str, today: date) -> Days:
    if words in ("today", "yesterday"):
        day = today if words == "today" else today - _ONE
        return day, day + _ONE
    if found := _LAST_DAYS.fullmatch(words):
        return today + _ONE - timedelta(days=int(found[1])), today + _ONE
    if found := _NAMED.fullmatch(words):
        begin, end = _around(found[2], today)
        return (begin, end) if found[1] == "this" else _around(found[2], begin - _ONE)
    if not (found := _CALENDAR.fullmatch(words)):
        raise ValueError
    year, month, day_of_month = found.groups()
    start = date(int(year), int(month or 1), int(day_of_month or 1))
    return _around("day" if day_of_month else "month" if month else "year", start)


def _around(unit: str, day: date) -> Days:
    """Return the day, week, month or year that contains a day."""
    if unit == "day":
        return day, day + _ONE
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    if unit == "month":
        begin = day.replace(day=1)
        return begin, (begin + timedelta(days=31)).replace(day=1)
    return date(day.year, 1, 1), date(day.year + 1, 1, 1)


def zone_of(name: str) -> tzinfo:
    """Return the time zone that ``--tz`` names.

    Raises:
        click.BadParameter: there is no such zone on this machine.
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        text = f"there is no time zone {name!r} on this machine; if it has none at all, install tzdata."
        raise click.BadParameter(text, param_hint="--tz") from error


def in_zone(text: str | None, zone_name: str) -> tuple[datetime | None, datetime | None]:
    """Return the beginning and the end of a period in a time zone; None and None for no period.

    Raises:
        click.BadParameter: there is no such zone or period.
    """
    zone = zone_of(zone_name)
    if text is None:
        return None, None
    try:
        first, end = period_of(text, clock.now().astimezone(zone).date())
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="--for") from error
    return _midnight(first, zone), _midnight(end, zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


class Moment(click.ParamType[datetime]):
    """A time, as people write it."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the time, or fail with one line."""
        try:
            return moment_of(value, clock.now())
        except ValueError as error:
            self.fail(str(error), param, ctx)
