# Derived from vocobase/_waiting/aio/schedule.py by scripts/derive_sync.py; edit that instead.
"""Look again and again: within the budgets, with jitter, and never longer than was asked for."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, TypeVar

from vocobase._base.errors import VocobaseError, WaitTimeoutError
from vocobase._base.runtime import Runtime
from vocobase._core.sync.core import Core
from vocobase._policy.budgets import warn_about_long_wait
from vocobase._policy.cadence import (
    FIRST_INTERVAL_SECONDS,
    GRACE_SECONDS,
    INTERVAL_GROWTH,
    MAX_INTERVAL_SECONDS,
    MAX_SLEEP_SECONDS,
)
from vocobase._policy.operations import Budget
from vocobase._policy.options import resolve_timeout
from vocobase._policy.pages import Read
from vocobase._policy.retry import is_temporary, requested_wait

T = TypeVar("T")


class OutOfTime(Exception):
    """The time of a wait is over; never leaves the SDK."""


class PollSchedule:
    """The clock and the budget of one wait.

    A fault that may pass does not end a wait: `forgive` keeps it, and the next look is the repetition.
    """

    def __init__(
        self,
        core: Core,
        timeout: float | None,
        *,
        interval: float = FIRST_INTERVAL_SECONDS,
        longest: float = MAX_INTERVAL_SECONDS,
    ) -> None:
        self._core = core
        self._runtime = core.runtime
        self._deadline = math.inf if timeout is None else self._runtime.monotonic() + timeout
        self._interval = interval
        self._longest = longest
        self._next_at: float | None = None
        self.error: VocobaseError | None = None

    @property
    def runtime(self) -> Runtime:
        """The clocks of the client."""
        return self._runtime

    def now(self) -> float:
        """Return the time of the clock that cannot be set."""
        return self._runtime.monotonic()

    def remaining(self) -> float:
        """Return the seconds until the wait must end."""
        return self._deadline - self._runtime.monotonic()

    def is_late(self) -> bool:
        """Tell whether not even the grace is left in which the last look may be finished."""
        return self.remaining() <= -GRACE_SECONDS

    def soon(self, seconds: float | None = None, *, times: int = 1, spread: float = 0.1) -> float:
        """Return when to look next: about ``seconds`` from now, and not before the server wants it.

        Args:
            seconds: The interval of this wait when left out, which grows.
            times: How many requests a look takes, so that the interval is as many times as long.
            spread: Share of the seconds that is left to chance, so that many who wait do not ask at once.
        """
        if seconds is None:
            seconds = times * self._interval
            self._interval = min(self._longest, self._interval * INTERVAL_GROWTH)
        wished = requested_wait(self.error) if self.error is not None else None
        warn_about_long_wait(self.error)
        jitter = 1 + spread * (2 * self._runtime.random() - 1)
        return self._runtime.monotonic() + max(seconds * jitter, wished or 0.0)

    def room(self, budget: Budget) -> float:
        """Take a place in a budget; return 0, or the seconds after which to ask again."""
        return self._core.paced().reserve(budget)

    def place(self, budget: Budget) -> None:
        """Take a place in a budget, when there is one in time.

        Raises:
            OutOfTime: there is none in time.
        """
        while seconds := self.room(budget):
            self.pause(seconds)

    def core(self) -> Core:
        """Return a core for one request that has its place already and ends in time."""
        limits = self._core.options.timeout or resolve_timeout(30.0)
        left = self.remaining()
        # Several that are read at the end share the grace; one that begins later, because whoever takes the
        # results was slow, has its own.
        grace = GRACE_SECONDS if self.is_late() else min(GRACE_SECONDS, left + GRACE_SECONDS)
        limits = replace(limits, total=min(limits.total, max(grace, left)))
        return self._core.view(timeout=limits, max_retries=0, pacer=None)

    def general(self) -> Core:
        """Return a core for one request of the general budget, when there is a place.

        Raises:
            OutOfTime: there will be none in time.
        """
        self.place(Budget.GENERAL)
        return self.core()

    def next(self, read: Read[Core, T]) -> T | None:
        """Return what is read next, at once the first time; None when the time is over."""
        try:
            while True:
                if self._next_at is not None:
                    self.pause(self._next_at - self._runtime.monotonic())
                try:
                    found = read(self.general())
                    self.error = None
                    return found
                except VocobaseError as error:
                    self.tolerate(error)
                finally:
                    self._next_at = self.soon()
        except OutOfTime:
            return None

    def too_late(self, text: str, last: Any) -> WaitTimeoutError:
        """Return the error for a wait whose time is over."""
        error = WaitTimeoutError(text, last=last)
        error.__cause__ = self.error
        return error

    def tolerate(self, error: VocobaseError) -> None:
        """Remember a fault that may pass, and raise any other."""
        if not is_temporary(error):
            raise error
        self.error = error

    def pause(self, seconds: float) -> None:
        """Sleep, at most until the end of the wait, and a day.

        Raises:
            OutOfTime: the end was reached before.
        """
        remaining = self.remaining()
        if remaining <= 0:
            raise OutOfTime
        if seconds > 0:
            self._runtime.sleep(min(seconds, remaining, MAX_SLEEP_SECONDS))
