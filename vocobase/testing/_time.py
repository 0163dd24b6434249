"""Waits that move the clock of a sandbox: a sleep ends at once, and everything that became due has happened.

Threads and tasks that sleep at the same time wake in the order of their instants, as in real time: the clock
moves to the earliest of them as soon as no other one has anything to do.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import sys
import threading
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count, islice
from random import Random
from types import FrameType
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from vocobase._base.clock import Clock, NeverBack
from vocobase._base.runtime import AsyncRuntime, Runtime, installed, running_loop

if TYPE_CHECKING:
    from vocobase_sandbox import Sandbox

P = ParamSpec("P")
T = TypeVar("T")

# Real seconds that a sleeping thread leaves to others that slept before it and are awake now.
YIELD_SECONDS = 0.1
# The functions in which a thread waits for others to end.
JOINING = frozenset({"join", "_wait_for_tstate_lock", "result", "as_completed", "gather", "shutdown"})
# An event loop whose queue cannot be read counts as idle after this many turns.
IDLE_TURNS = 20


class SandboxTime(Clock):
    """The clock of a sandbox, seen by the client."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._sandbox = sandbox
        self._random = Random(str(sandbox.settings.seed))
        self._lock = threading.Lock()
        self._forward = NeverBack(self.time)

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

    def move_to(self, instant: int) -> None:
        """Move the sandbox forward to an instant of `milliseconds`; do nothing when it is past."""
        left = instant - self.milliseconds()
        if left > 0:
            self._sandbox.clock.advance(left / 1000)


class SandboxRuntime(Runtime):
    """Sleep in threads by moving the clock of a sandbox."""

    def __init__(self, clock: SandboxTime) -> None:
        super().__init__(clock)
        self._time = clock
        self._changed = threading.Condition()
        self._sleeping: dict[int, int] = {}
        self._known: dict[int, threading.Thread] = {}
        self._mover: int | None = None

    def sleep(self, seconds: float) -> None:
        """Pause the calling thread until the clock is there, moving it when all others sleep."""
        me = threading.get_ident()
        wake = self._time.after(seconds)
        with self._changed:
            outer = self._sleeping.get(me)
            self._known[me] = threading.current_thread()
            self._sleeping[me] = wake
            self._changed.notify_all()
        try:
            while self._time.milliseconds() < wake:
                if self._is_next(me, wake):
                    self._move(wake, nested=outer is not None)
        finally:
            with self._changed:
                # Code that the move runs, such as a webhook handler, may sleep in the same thread.
                if outer is None:
                    del self._sleeping[me]
                else:
                    self._sleeping[me] = outer
                self._changed.notify_all()

    def _is_next(self, me: int, wake: int) -> bool:
        """Wait a moment for the others; return whether this thread must move the clock."""
        with self._changed:
            if self._mover == me:
                return True
            self._changed.wait_for(lambda: self._mover is not None or not self._has_others(), YIELD_SECONDS)
            first = min(self._sleeping.values()) == wake
            if self._mover is not None or not first:
                self._changed.wait(YIELD_SECONDS)
                return False
            self._mover = me
            return True

    def _has_others(self) -> bool:
        """Return whether a thread that slept before is awake, and does not just wait for others to end."""
        self._known = {key: thread for key, thread in self._known.items() if thread.is_alive()}
        frames = sys._current_frames()  # pyright: ignore[reportPrivateUsage] - documented, despite its name
        awake = self._known.keys() - self._sleeping.keys()
        return any(not _is_joining(frames[key]) for key in awake if key in frames)

    def _move(self, wake: int, nested: bool) -> None:
        try:
            self._time.move_to(wake)
        finally:
            with self._changed:
                if not nested:
                    self._mover = None
                self._changed.notify_all()


def _is_joining(frame: FrameType | None) -> bool:
    names = [frame.f_code.co_name for frame, _ in islice(traceback.walk_stack(frame), 4)]
    return not JOINING.isdisjoint(names)


class AsyncSandboxRuntime(AsyncRuntime):
    """Sleep in tasks by moving the clock of a sandbox."""

    def __init__(self, clock: SandboxTime) -> None:
        super().__init__(clock)
        self._time = clock
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Sleepers] = WeakKeyDictionary()

    def _sleepers(self) -> _Sleepers:
        loop: asyncio.AbstractEventLoop = running_loop()
        return self._loops.setdefault(loop, _Sleepers(loop, self._time))

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task until the clock is there, moving it when the event loop is idle."""
        await self._sleepers().sleep(seconds)

    async def run_blocking(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that blocks in a thread; the clock does not move meanwhile."""
        with self._sleepers().busy():
            return await super().run_blocking(work, *args, **kwargs)

    async def run_shielded(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that must not be abandoned in a thread; the clock does not move meanwhile."""
        with self._sleepers().busy():
            return await super().run_shielded(work, *args, **kwargs)


class _Sleepers:
    """The sleeping tasks of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, time: SandboxTime) -> None:
        self._loop = loop
        self._time = time
        self._number = count()
        self._heap: list[tuple[int, int, asyncio.Future[None]]] = []
        self._threads = 0
        self._turns = 0
        self._scheduled = False

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task."""
        future = self._loop.create_future()
        heapq.heappush(self._heap, (self._time.after(seconds), next(self._number), future))
        self._schedule()
        await future

    @contextmanager
    def busy(self) -> Generator[None]:
        """Let the clock stand still inside the block."""
        self._threads += 1
        try:
            yield
        finally:
            self._threads -= 1
            self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled and self._heap:
            self._scheduled = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """Wake those whose time has come; move the clock when there is nothing else to do."""
        self._scheduled = False
        self._wake()
        if self._threads:
            return
        if self._heap and self._is_idle():
            self._turns = 0
            self._threads += 1
            # In a thread: it delivers webhooks, perhaps to a receiver that runs on this loop.
            moving = self._loop.run_in_executor(None, self._time.move_to, self._heap[0][0])
            moving.add_done_callback(self._moved)
            return
        self._schedule()

    def _moved(self, moving: asyncio.Future[None]) -> None:
        self._threads -= 1
        error = None if moving.cancelled() else moving.exception()
        self._wake()
        if error is not None and self._heap:
            # The sleeper for which the clock was moved receives the reason why it did not move.
            heapq.heappop(self._heap)[2].set_exception(error)
        self._schedule()

    def _wake(self) -> None:
        while self._heap and (self._heap[0][2].done() or self._heap[0][0] <= self._time.milliseconds()):
            _, _, future = heapq.heappop(self._heap)
            if not future.done():
                future.set_result(None)
                self._turns = 0

    def _is_idle(self) -> bool:
        ready = getattr(self._loop, "_ready", None)
        if ready is not None:
            return not ready
        self._turns += 1
        return self._turns > IDLE_TURNS


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
    clock = SandboxTime(sandbox)
    with installed(SandboxRuntime(clock), AsyncSandboxRuntime(clock)):
        before, sandbox.clock.shared = sandbox.clock.shared, True
        try:
            yield
        finally:
            sandbox.clock.shared = before
