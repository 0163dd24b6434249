"""Rules of lists as options: hours, further attempts, budget, cap. Texts become rules of the SDK."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import reduce
from inspect import signature
from typing import Any, TypeVar

import click

from vocobase import CallWindow, PersonCap, Redial, SpendCap
from vocobase.cli.moments import duration_of

F = TypeVar("F", bound=Callable[..., object])
T = TypeVar("T")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEFAULT_HOURS = "09:00-20:00"
_HOURS = re.compile(r"(\d\d?:\d\d)-(\d\d?:\d\d)")
_DAYS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?")
_CAP = re.compile(r"([1-9]\d{0,5})(?:/([1-9]\d{0,5})d)?")
# The advice for a text that cannot be read.
_EXAMPLES = {
    "--hours": "pass a beginning and an end, such as 09:00-20:00.",
    "--days": "pass days such as mon-fri, or mon,wed,sat.",
    "--holiday": "pass a date such as 2026-10-20.",
    "--redial": "pass outcomes with delays, such as busy=15m,no_answer=1h/1d.",
    "--budget": "pass rupees, such as 500.",
    "--worst-case": "pass rupees, such as 46.",
    "--per-person": "pass a number of dials, such as 3, or 3/30d for those in 30 days.",
}

_WINDOW_OPTIONS = (
    click.option(
        "--hours",
        multiple=True,
        metavar="FROM-TO",
        help=f"Hours at the number, such as 09:00-12:00; repeatable. Default: {DEFAULT_HOURS}.",
    ),
    click.option("--days", metavar="DAYS", help="Days of the week, such as mon-fri or mon-thu,sat."),
    click.option("--tz", metavar="ZONE", help="Time zone of the hours; default: that of each number."),
    click.option("--holiday", multiple=True, metavar="DATE", help="Day without calls; repeatable."),
    click.option("--any-time", is_flag=True, help="Let phones ring at any time, at night too."),
)
_RULE_OPTIONS = (
    click.option("--redial", metavar="RULES", help="Such as busy=15m,no_answer=2h; or no_answer=1h/1d."),
    click.option("--attempts", type=int, metavar="N", help="Limit on dials of one job, including the first."),
    click.option("--budget", metavar="RUPEES", help="Rupees that the list may spend."),
    click.option("--worst-case", metavar="RUPEES", help="Assumed cost of a call until it is known."),
    click.option(
        "--per-person", metavar="N[/DAYSd]", help="Limit on dials of one number, such as 3 or 3/30d."
    ),
)


def window_options(function: F) -> F:
    """Add the options that ``window_of`` reads."""
    return reduce(lambda found, option: option(found), reversed(_WINDOW_OPTIONS), function)


def rule_options(function: F) -> F:
    """Add the options that ``rules_of`` reads."""
    return reduce(lambda found, option: option(found), reversed(_RULE_OPTIONS), function)


def taken(options: dict[str, Any], reader: Callable[..., object]) -> dict[str, Any]:
    """Remove the options that a function reads from all options; return them."""
    return {name: options.pop(name) for name in signature(reader).parameters}


def window_of(
    hours: Iterable[str], days: str | None, tz: str | None, holiday: Iterable[str], any_time: bool
) -> CallWindow | None:
    """Return the hours of new jobs, or None if no option sets them.

    Raises:
        click.UsageError: an option cannot be read.
        InvalidArgumentError: the hours can never be open.
    """
    given = [*hours], days, tz, [*holiday]
    if any_time:
        if any(given):
            raise click.UsageError("--any-time needs none of --hours, --days, --tz and --holiday.")
        return CallWindow.any_time()
    if not any(given):
        return None
    weekdays = range(7) if days is None else _read("--days", days, _weekdays)
    free = frozenset(_read("--holiday", text, date.fromisoformat) for text in given[3])
    parts = [
        CallWindow(*_read("--hours", text, _clocks), weekdays, tz, holidays=free)
        for text in given[0] or [DEFAULT_HOURS]
    ]
    return reduce(lambda window, part: window | part, parts)


def rules_of(
    redial: str | None,
    attempts: int | None,
    budget: str | None,
    worst_case: str | None,
    per_person: str | None,
) -> dict[str, Any]:
    """Return the rules that the options name, as arguments of ``calls.start_many``.

    Raises:
        click.UsageError: an option cannot be read.
        InvalidArgumentError: a rule is not possible.
    """
    if worst_case is not None and budget is None:
        raise click.UsageError("--worst-case needs --budget.")
    return {
        name: rule
        for name, rule in (
            ("redial", _redial(redial, attempts)),
            ("budget", _budget(budget, worst_case)),
            ("person_cap", None if per_person is None else _read("--per-person", per_person, _cap)),
        )
        if rule is not None
    }


def _redial(text: str | None, attempts: int | None) -> Redial | None:
    given: dict[str, Any] = {} if attempts is None else {"max_attempts": attempts}
    if text is not None:
        given["after"] = _read("--redial", text, _delays)
    return Redial(**given) if given else None


def _budget(text: str | None, worst_case: str | None) -> SpendCap | None:
    if text is None:
        return None
    rupees = _read("--budget", text, _amount)
    return (
        SpendCap(rupees)
        if worst_case is None
        else SpendCap(rupees, _read("--worst-case", worst_case, _amount))
    )


def _read(option: str, text: str, reader: Callable[[str], T]) -> T:
    try:
        return reader(text.strip())
    except (ValueError, InvalidOperation):
        raise click.BadParameter(f"{text!r} cannot be read; {_EXAMPLES[option]}", param_hint=option) from None


def _clocks(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text)
    if not found:
        raise ValueError
    # 24:00 is the midnight at the end of the day.
    start, end = (time.fromisoformat(f"{each:0>5}".replace("24:00", "00:00")) for each in found.groups())
    return start, end


def _weekdays(text: str) -> list[int]:
    return [day for part in text.lower().split(",") for day in _days(part.strip())]


def _days(part: str) -> Iterator[int]:
    found = _DAYS.fullmatch(part)
    if not found:
        raise ValueError
    first = WEEK.index(found[1])
    last = WEEK.index(found[2] or found[1])
    # sat-mon crosses the end of the week.
    return ((first + number) % 7 for number in range((last - first) % 7 + 1))


def _delays(text: str) -> dict[str, list[timedelta]]:
    found: dict[str, list[timedelta]] = {}
    for part in text.split(","):
        name, equals, delays = (each.strip() for each in part.partition("="))
        if not equals or not name or name in found:
            raise ValueError
        found[name] = [duration_of(each) for each in delays.split("/")]
    return found


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _cap(text: str) -> PersonCap:
    found = _CAP.fullmatch(text)
    if not found:
        raise ValueError
    return PersonCap(int(found[1]), float(found[2]) if found[2] else None)
