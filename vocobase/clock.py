"""The clock of the SDK: that of the machine, or in tests that of ``vocobase.testing``.

    from datetime import timedelta

    from vocobase import clock

    until = clock.now() + timedelta(hours=2)

A program that reads the time here agrees with the SDK, even in tests whose clock moves when a client waits.
"""

from __future__ import annotations

from datetime import datetime

from vocobase._base.runtime import current_runtime

__all__ = ["monotonic", "now", "sleep"]


def now() -> datetime:
    """Return the current time, in UTC."""
    return current_runtime().now()


def monotonic() -> float:
    """Return the seconds of a clock that never goes back; only differences mean anything."""
    return current_runtime().monotonic()


def sleep(seconds: float) -> None:
    """Pause the calling thread; in tests, the clock moves forward instead.

    Args:
        seconds: How long.
    """
    current_runtime().sleep(seconds)
