"""Phone numbers and dates as people write them, in the form of a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from vocobase._base.arguments import check_aware
from vocobase._base.errors import InvalidArgumentError
from vocobase._policy.limits import is_e164

_MAX_SHOWN = 30


def e164_of(number: str, region: str | None, what: str) -> str:
    """Return a number in E.164 form.

    Raises:
        ConfigurationError: it is written in another form, and phonenumbers is not installed.
        InvalidArgumentError: it is not a number.
    """
    return next(e164_numbers([number], region, what))


def e164_numbers(numbers: Iterable[str], region: str | None, what: str) -> Iterator[str]:
    """Yield numbers in E.164 form; see `e164_of`."""
    given = cast(object, numbers)
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise InvalidArgumentError(f"{what}: numbers must be a list of phone numbers.")
    phones = None
    for position, number in enumerate(cast("Iterable[object]", given)):
        if is_e164(number):
            yield number
            continue
        # Numbers in E.164 form need no further package.
        from vocobase.contacts._phones import Phones
        from vocobase.contacts._values import Refused

        phones = phones or Phones(region)
        try:
            yield phones.e164(number)
        except Refused as error:
            place = place_of(numbers, position, number, "number")
            raise InvalidArgumentError(f"{what}: {place} cannot be used: {error}.") from None


def place_of(numbers: object, position: int, number: object, noun: str) -> str:
    """Return what a message calls one of several numbers: never the number, as messages reach logs.

    A set has no positions, so the way in which the number is written must do.
    """
    if not isinstance(numbers, Set):
        return f"{noun} {position}"
    if not isinstance(number, str):
        return f"the {noun} of type {type(number).__name__}"
    signs = ("0" if sign.isdecimal() else "x" if sign.isalpha() else sign for sign in number[:_MAX_SHOWN])
    return f"the {noun} that is written like {''.join(signs)!r} (0 for each digit, x for each letter)"


def end_of(value: date | datetime | None, what: str) -> float | None:
    """Return the seconds since 1970 at which something ends; a date ends with its day, in UTC."""
    if value is None:
        return None
    if isinstance(value, datetime):
        check_aware(value, what)
        return value.timestamp()
    return datetime.combine(check_date(value, what) + timedelta(days=1), time(), UTC).timestamp()


def check_date(value: date, what: str) -> date:
    """Require a date."""
    if isinstance(value, datetime) or not isinstance(cast(object, value), date):
        raise InvalidArgumentError(f"{what} must be a date.")
    return value
