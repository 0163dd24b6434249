"""The schedule of one wait: poll within the budgets, with jitter, and never beyond the time limit."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeVar

from vocobase._base.errors import VocobaseError
from vocobase._base.runtime import AsyncRuntime
from vocobase._core.aio.core import AsyncCore
from vocobase._policy.cadence import JITTER_SHARE, LAST_READ_SECONDS, MAX_SLEEP_SECONDS
from vocobase._policy.operations import Budget
from vocobase._policy.options import resolve_timeout
from vocobase._policy.pacers import warn_about_long_wait
from vocobase._policy.pages import AsyncRead
from vocobase._policy.retry import is_temporary
from vocobase._waiting.intervals import PollInterval, delay_before_poll

T = TypeVar("T")


class OutOfTime(Exception):
    """The time limit of a wait has passed. This error never leaves the SDK."""


class AsyncPollSchedule:
    """The time limit, the intervals and the permits of one wait.

    A temporary error does not end a wait: `tolerate` keeps it, and the next poll is the retry.

    Args:
        core: Sends the requests.
        timeout: Seconds until the wait must end; None for no limit.
        interval: Time between two polls.

    Attributes:
        runtime: The clocks of the client.
        error: The error of the last read; None if it succeeded.
    """

    def __init__(
        self, core: AsyncCore, timeout: float | None, *, interval: PollInterval | None = None
    ) -> None:
        self.runtime: AsyncRuntime = core.runtime
        self.error: VocobaseError | None = None
        self._core = core
        self._deadline = math.inf if timeout is None else self.now() + timeout
        self._interval = interval or PollInterval()
        self._next_at: float | None = None

    def now(self) -> float:
        """Return the seconds of the monotonic clock."""
        return self.runtime.monotonic()

    def remaining(self) -> float:
        """Return the seconds until the wait must end."""
        return self._deadline - self.now()

    def is_overdue(self) -> bool:
        """Return whether the extra time of the last read has passed too."""
        return self.remaining() <= -LAST_READ_SECONDS

    def next_time(
        self, seconds: float | None = None, *, requests: int = 1, jitter: float = JITTER_SHARE
    ) -> float:
        """Return when to poll next, in seconds of the monotonic clock.

        Args:
            seconds: Time between the polls; the interval of this wait if None.
            requests: Number of requests of one poll; the interval is as many times as long.
            jitter: Share of the interval that is random.
        """
        if seconds is None:
            seconds = requests * self._interval.advance()
        warn_about_long_wait(self.error)
        return self.now() + delay_before_poll(seconds, jitter, self.runtime.random(), self.error)

    async def try_acquire(self, budget: Budget) -> float:
        """Acquire a permit; return 0, or the seconds after which to try again."""
        return await self._core.paced().try_acquire(budget)

    async def acquire(self, budget: Budget) -> None:
        """Acquire a permit as soon as the budget allows it.

        Raises:
            OutOfTime: the budget does not allow it within the time limit.
        """
        await self._core.paced().acquire(budget, self.pause)

    def request_core(self) -> AsyncCore:
        """Return a core for one request that has its permit already and ends in time."""
        limits = self._core.options.timeout or resolve_timeout(30.0)
        left = self.remaining()
        # Reads at the end of the wait share the extra time. A read that begins later, because the caller
        # worked on a result for long, has its own.
        extra = LAST_READ_SECONDS if self.is_overdue() else min(LAST_READ_SECONDS, left + LAST_READ_SECONDS)
        limits = replace(limits, total=min(limits.total, max(extra, left)))
        return self._core.view(timeout=limits, max_retries=0, pacer=None)

    async def acquire_core(self) -> AsyncCore:
        """Acquire a permit of the general budget; return a core for one request.

        Raises:
            OutOfTime: the budget does not allow it within the time limit.
        """
        await self.acquire(Budget.GENERAL)
        return self.request_core()

    async def poll(self, read: AsyncRead[AsyncCore, T]) -> T | None:
        """Return the result of the next read (the first is immediate); None after the time limit."""
        try:
            while True:
                if self._next_at is not None:
                    await self.pause(self._next_at - self.now())
                try:
                    found = await read(await self.acquire_core())
                    self.error = None
                    return found
                except VocobaseError as error:
                    self.tolerate(error)
                finally:
                    self._next_at = self.next_time()
        except OutOfTime:
            return None

    def tolerate(self, error: VocobaseError) -> None:
        """Keep a temporary error; raise any other."""
        if not is_temporary(error):
            raise error
        self.error = error

    async def pause(self, seconds: float) -> None:
        """Sleep, at most until the end of the wait, and at most a day.

        Raises:
            OutOfTime: the wait has ended already.
        """
        remaining = self.remaining()
        if remaining <= 0:
            raise OutOfTime
        if seconds > 0:
            sleep = self.runtime.sleep if remaining < math.inf else self.runtime.sleep_unlimited
            await sleep(min(seconds, remaining, MAX_SLEEP_SECONDS))
