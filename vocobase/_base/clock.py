"""The wall clock, the monotonic clock and random delays, in one place, so that tests pass their own.

Nothing else in the SDK reads a clock or draws a number at random. Only identifiers and secrets are created
elsewhere, by `uuid`, `secrets` and `os.urandom`: they must be unique whatever a test chooses. The wall clock
is looked up at each call, so tools that freeze it take effect regardless of the order of imports. The
monotonic clock runs even then, because time limits would never pass otherwise.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

# Python's own monotonic clock stands still on these systems while the machine sleeps.
_CLOCKS = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}


def monotonic_clock_of(platform: str) -> Callable[[], float]:
    """Return the clock of a system for time limits that other processes rely on."""
    number = getattr(time, _CLOCKS.get(platform, ""), None)
    # Partial in both cases, as tools that freeze the clock replace references to `time.monotonic` itself.
    return partial(time.monotonic) if number is None else partial(time.clock_gettime, number)


_monotonic = monotonic_clock_of(sys.platform)


class Clock:
    """The time, and random numbers.

    Attributes:
        simulated: Whether it moves only when someone sleeps, as in tests: hours pass in an instant.
        shared: State that all clients on this clock share, such as the budgets of an API key.
    """

    simulated = False

    def __init__(self) -> None:
        self.shared: dict[object, Any] = {}

    def time(self) -> float:
        """Return the seconds since 1970, by the wall clock."""
        return time.time()

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def monotonic(self) -> float:
        """Return the seconds of a clock that never goes back, and also runs while the machine sleeps.

        Only differences mean anything.
        """
        return _monotonic()

    def random(self) -> float:
        """Return a random number from 0 up to, but not including, 1."""
        return random.random()


SYSTEM = Clock()


class NeverBack:
    """The seconds of a clock that people may set; if it is set back, they continue from where they were.

    Not thread-safe: its user holds a lock.

    Args:
        clock: Returns seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = -math.inf
        self._set_back = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        now = self._clock()
        if now < self._last:
            self._set_back += self._last - now
        self._last = now
        return now + self._set_back


class Deadline:
    """The instant by which something must end.

    Args:
        clock: The clock that counts.
        seconds: Seconds from now.
    """

    __slots__ = ("_at", "_monotonic")

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._monotonic = clock.monotonic
        self._at = self._monotonic() + seconds

    def remaining(self) -> float:
        """Return the remaining seconds, below 0 once it has passed."""
        return self._at - self._monotonic()

    def extend(self, seconds: float) -> None:
        """Move it further into the future."""
        self._at += seconds
