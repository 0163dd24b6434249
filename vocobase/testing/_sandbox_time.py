"""The clock of a sandbox, as clients see it, and the limits of waits in which nothing happens."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Final

from vocobase._base.clock import Clock, NeverBack

if TYPE_CHECKING:
    from vocobase_sandbox import Sandbox

_DAY_MILLISECONDS: Final = 86_400_000
# A wait without a time limit ends with an error after this time of the sandbox with nothing due.
MAX_UNLIMITED_MILLISECONDS: Final = _DAY_MILLISECONDS
# Any wait does after this time and this many sleeps in which nothing became due. Lists that wait for a window
# check every five minutes, and windows are rarely closed for that long.
MAX_QUIET_MILLISECONDS: Final = 30 * _DAY_MILLISECONDS
MAX_QUIET_SLEEPS: Final = 5000


class SandboxTime(Clock):
    """The clock of a sandbox, seen by the client."""

    simulated = True

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._sandbox = sandbox
        self._random = Random(str(sandbox.settings.seed))
        self._lock = threading.Lock()
        self._forward = NeverBack(self.time)
        # Milliseconds and sleeps since something became due.
        self._quiet, self._quiet_sleeps = 0, 0
        # Sleeps in progress, apart from those of waits without a time limit; and milliseconds of these
        # waits while there was no other sleep and nothing was due.
        self._limited = 0
        self._unlimited = 0

    def time(self) -> float:
        """Return the time of the sandbox in seconds since 1970."""
        return self._sandbox.clock.now.timestamp()

    def monotonic(self) -> float:
        """Return seconds that continue from where they were when the sandbox is reset or restored."""
        return self.milliseconds() / 1000

    def milliseconds(self) -> int:
        """Return `monotonic` as a whole number, as the clock of the sandbox has it."""
        with self._lock:
            return round(self._forward() * 1000)

    def after(self, seconds: float) -> int:
        """Return the instant at which a sleep of some seconds that begins now is over, in milliseconds."""
        return self.milliseconds() + max(1, math.ceil(round(seconds * 1000, 3)))

    def random(self) -> float:
        """Return a number that depends on the seed of the sandbox, and on how many were drawn."""
        return self._random.random()

    def happens_by(self, instant: int) -> bool:
        """Return whether something becomes due by an instant of `milliseconds`."""
        due, now = self._sandbox.clock.next_due, self._sandbox.clock.now
        return due is not None and (due - now).total_seconds() * 1000 <= instant - self.milliseconds()

    def move_to(self, instant: int) -> None:
        """Move the sandbox forward to an instant of `milliseconds`; do nothing when it is past.

        Raises:
            RuntimeError: the clients wait for something that does not happen.
        """
        left = instant - self.milliseconds()
        if left <= 0:
            return
        if self.happens_by(instant):
            self._quiet = self._quiet_sleeps = 0
        elif self._quiet > MAX_QUIET_MILLISECONDS and self._quiet_sleeps > MAX_QUIET_SLEEPS:
            self._quiet = self._quiet_sleeps = 0
            raise _never_ends(MAX_QUIET_MILLISECONDS, "nothing became due")
        self._quiet, self._quiet_sleeps = self._quiet + left, self._quiet_sleeps + 1
        self._sandbox.clock.advance(left / 1000)

    @contextmanager
    def limited(self) -> Generator[None]:
        """Count a sleep, after which something may happen, inside the block."""
        with self._lock:
            self._limited += 1
        try:
            yield
        finally:
            with self._lock:
                self._limited -= 1

    def check_unlimited(self, seconds: float) -> None:
        """Count a sleep within a wait that has no time limit.

        Raises:
            RuntimeError: the wait would never end, as nothing more happens in the sandbox.
        """
        if self._limited or self._sandbox.clock.next_due is not None:
            self._unlimited = 0
        elif self._unlimited > MAX_UNLIMITED_MILLISECONDS:
            self._unlimited = 0
            raise _never_ends(MAX_UNLIMITED_MILLISECONDS, "nothing happened, and nothing is due")
        self._unlimited += round(seconds * 1000)


def _never_ends(milliseconds: int, why: str) -> RuntimeError:
    hours = milliseconds // 3_600_000
    return RuntimeError(
        f"this wait does not end: in {hours} hours of the sandbox's time, {why};"
        " pass a timeout, or let the test first do what the wait is for, such as campaigns.start."
    )
