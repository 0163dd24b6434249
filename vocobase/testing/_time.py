"""Waits that move the clock of a sandbox: a sleep ends at once, and everything that became due has happened.

Threads and tasks that sleep at the same time wake in the order of their instants, as in real time: `_turns`
decides which one is next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from vocobase._base.runtime import AsyncRuntime, Runtime, installed, running_loop
from vocobase.testing._sandbox_time import SandboxTime
from vocobase.testing._tasks import Sleepers
from vocobase.testing._turns import Turns

if TYPE_CHECKING:
    from vocobase_sandbox import Sandbox

P = ParamSpec("P")
T = TypeVar("T")


class SandboxRuntime(Runtime):
    """Sleep in threads by moving the clock of a sandbox."""

    def __init__(self, clock: SandboxTime, turns: Turns) -> None:
        super().__init__(clock)
        self._time = clock
        self._turns = turns

    def sleep(self, seconds: float) -> None:
        """Pause the calling thread until it has its turn, and move the clock there."""
        with self._time.limited():
            self._sleep(seconds)

    def sleep_unlimited(self, seconds: float) -> None:
        """Pause, unless the wait would never end."""
        self._time.check_unlimited(seconds)
        self._sleep(seconds)

    def _sleep(self, seconds: float) -> None:
        instant = self._time.after(seconds)
        self._turns.wait(self._turns.next(instant))
        # Code that the move runs, such as a webhook handler, may sleep in the same thread.
        self._turns.run(partial(self._time.move_to, instant))


class AsyncSandboxRuntime(AsyncRuntime):
    """Sleep in tasks by moving the clock of a sandbox."""

    def __init__(self, clock: SandboxTime, turns: Turns) -> None:
        super().__init__(clock)
        self._time = clock
        self._turns = turns
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Sleepers] = WeakKeyDictionary()

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task until it has its turn, and move the clock there."""
        with self._time.limited():
            await self._sleep(seconds)

    async def sleep_unlimited(self, seconds: float) -> None:
        """Pause, unless the wait would never end."""
        self._time.check_unlimited(seconds)
        await self._sleep(seconds)

    async def _sleep(self, seconds: float) -> None:
        loop: asyncio.AbstractEventLoop = running_loop()
        await self._loops.setdefault(loop, Sleepers(loop, self._time, self._turns)).sleep(seconds)

    async def run_blocking(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that blocks in a thread; the clock does not move meanwhile."""
        return await super().run_blocking(self._turns.run, partial(work, *args, **kwargs))

    async def run_shielded(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that must not be abandoned; the clock does not move meanwhile.

        Most of it is short work on a file. A thread for it would take longer than the work.
        """
        if any(isinstance(each, Iterator) for each in args):
            # It reads from an iterator of the user, which may block.
            return await super().run_shielded(self._turns.run, partial(work, *args, **kwargs))
        running_loop()
        try:
            return copy_context().run(work, *args, **kwargs)
        finally:
            # Other tasks continue, and a cancellation comes after the work.
            await asyncio.sleep(0)


@contextmanager
def sandbox_time(sandbox: Sandbox) -> Generator[None]:
    """Run this process in the time of a sandbox, whose clock is manual, inside the block.

    Clients that are created in the block, webhook receivers, stores of handled events and SQLite ledgers read
    its clock. Whenever a client sleeps, the clock moves forward by that much, everything that becomes due
    happens, and the client continues immediately.

    Args:
        sandbox: A sandbox with ``clock="manual"``.

    Raises:
        ValueError: the clock of the sandbox moves on its own.
    """
    if not sandbox.clock.manual:
        raise ValueError('sandbox_time needs a sandbox with clock="manual".')
    clock, turns = SandboxTime(sandbox), Turns()
    with installed(SandboxRuntime(clock, turns), AsyncSandboxRuntime(clock, turns)):
        before, sandbox.clock.shared = sandbox.clock.shared, True
        try:
            yield
        finally:
            sandbox.clock.shared = before
