"""The time zones in which the person of a number may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache
from typing import cast

from vocobase._base.errors import ConfigurationError
from vocobase._base.zones import zone_of
from vocobase._dialing.windows import ZONE, CallWindow

_UNKNOWN = "Etc/Unknown"


def check_zones_known(window: CallWindow) -> None:
    """Require the package that knows the zones of numbers, if a window needs it.

    Raises:
        ConfigurationError: it is not installed; the message says what to do.
    """
    if window.timezone is None:
        _lookup()


def zones_for(window: CallWindow, number: str) -> tuple[tzinfo, ...]:
    """Return the zones in which a window has to be open for a number; none when they are not known."""
    return zones_of(number) if window.timezone is None else (zone_of(window.timezone, ZONE),)


# Each job is checked several times: when it is entered, and before each attempt.
@lru_cache(maxsize=8192)
def zones_of(number: str) -> tuple[tzinfo, ...]:
    """Return the zones of a number; none when not even its country is known."""
    return tuple(zone_of(name, ZONE) for name in _lookup()(number))


def _lookup() -> Callable[[str], tuple[str, ...]]:
    # An optional package, and slow to import.
    try:
        from phonenumbers import NumberParseException, parse
        from phonenumbers.timezone import time_zones_for_geographical_number, time_zones_for_number
    except ImportError as error:
        raise ConfigurationError(
            "calling hours need the time zone of each number: install vocobase[contacts], or pass a"
            " CallWindow with timezone= (such as 'Asia/Kolkata'), or CallWindow.any_time()."
        ) from error

    def names_of(number: str) -> tuple[str, ...]:
        try:
            parsed = parse(number)
        except NumberParseException:
            return ()
        names = time_zones_for_number(parsed)
        if _UNKNOWN in names:
            # Not assigned to anyone, such as numbers reserved for fiction: all zones of its area or country.
            names = time_zones_for_geographical_number(parsed)
        return () if _UNKNOWN in names else cast("tuple[str, ...]", names)

    return names_of
