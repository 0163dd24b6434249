"""Clocks: the only module of the sandbox that reads the time of the machine."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import datetime


class Clock:
    """Run at a multiple of real time from a starting instant."""

    manual = False
    shared = False
    """Whether the programs in this process use this time, as under `sandbox_time` of the client."""

    def __init__(self, start_ms: int | None = None, speed: float = 1.0) -> None:
        self.speed = speed
        self._lock = threading.Lock()
        # One value, so that a thread never reads half of a pair that another one replaces.
        self._base = (wall_ms() if start_ms is None else start_ms, time.monotonic())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({iso(self.now_ms())!r})"

    def now_ms(self) -> int:
        """Return the sandbox time in milliseconds since 1970."""
        start, began = self._base
        return start + int((time.monotonic() - began) * 1000 * self.speed)

    def real_seconds(self, sandbox_ms: int) -> float:
        """Convert a span of sandbox time into real seconds."""
        return sandbox_ms / 1000 / self.speed

    def move_to(self, instant_ms: int) -> None:
        """Jump to an instant, also back in time, to restore a state."""
        with self._lock:
            self._base = (instant_ms, time.monotonic())

    def advance_to(self, instant_ms: int) -> None:
        """Jump forward to an instant; an instant in the past changes nothing."""
        with self._lock:
            # Read once: the time between two readings would be lost.
            now = time.monotonic()
            start, began = self._base
            if instant_ms > start + int((now - began) * 1000 * self.speed):
                self._base = (instant_ms, now)


class ManualClock(Clock):
    """Stand still until it is moved."""

    manual = True

    def now_ms(self) -> int:
        """Return the instant to which the clock was moved last."""
        return self._base[0]

    def advance_to(self, instant_ms: int) -> None:
        """Move forward to an instant; an instant in the past changes nothing."""
        with self._lock:
            self._base = (max(instant_ms, self._base[0]), 0.0)


def stopwatch() -> float:
    """Return the seconds since an arbitrary instant, to measure durations."""
    return time.perf_counter()


def wall_ms() -> int:
    """Return the time of the machine in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def make_clock(mode: str | float, start: datetime | None = None) -> Clock:
    """Build a clock from `manual`, `real`, `xN` or a number N.

    Raises:
        ValueError: if the mode is none of these, the speed is not positive, or the start has no time zone.
    """
    start_ms = None if start is None else _start_ms(start)
    if isinstance(mode, str) and mode == "manual":
        return ManualClock(start_ms)
    return Clock(start_ms, _speed(mode))


def _start_ms(start: object) -> int:
    try:
        if isinstance(start, datetime) and start.tzinfo is not None:
            return round(start.timestamp() * 1000)
    except (ValueError, ArithmeticError):  # a missing time of pandas (NaT), or a zone that has none
        pass
    raise ValueError("start needs a time zone, such as datetime(2026, 1, 5, 9, tzinfo=timezone.utc)")


def _speed(mode: object) -> float:
    speed = 0.0
    # True is not a speed; a number of thousands of digits is none either.
    with suppress(ValueError, ArithmeticError):
        if isinstance(mode, str):
            speed = 1.0 if mode == "real" else float(mode.removeprefix("x"))
        elif isinstance(mode, (int, float)) and not isinstance(mode, bool):
            speed = float(mode)
    if not 0 < speed <= 100_000:
        given = f", not {str.__str__(mode)!r}" if isinstance(mode, str) else ""
        raise ValueError(f"clock must be 'manual', 'real' or 'xN' with 0 < N <= 100000{given}")
    return speed


def iso(instant_ms: int) -> str:
    """Format an instant as the API does: ISO 8601, UTC, milliseconds, trailing Z."""
    seconds, millis = divmod(instant_ms, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{millis:03d}Z"
