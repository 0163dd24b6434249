"""The clock of time limits that others rely on: it also runs while this machine sleeps."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

# Python's own monotonic clock stands still on these systems while the machine sleeps.
_CLOCKS = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}


def clock_of(platform: str) -> Callable[[], float]:
    """Return the clock for a system."""
    number = getattr(time, _CLOCKS.get(platform, ""), None)
    return time.monotonic if number is None else partial(time.clock_gettime, number)


now = clock_of(sys.platform)
