"""Take turns: the sleeping threads and event loops continue one after the other.

The next one is the one that wakes first, as soon as no other thread has anything to do. So a run depends only
on the time of the sandbox, not on the speed of the threads.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from itertools import count
from types import FrameType
from typing import Final, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from vocobase._base.clock import SYSTEM
from vocobase.testing._stacks import idle_workers, is_known, is_notified, is_waiting, loop_of, pool_of

T = TypeVar("T")
# An instant of `SandboxTime.milliseconds`, and a number that distinguishes sleepers of the same instant.
Turn = tuple[int, int]

# Real seconds that a sleeper waits for threads that seem to be busy: they may be blocked in a function that
# is not written in Python, where nothing shows whether it waits for others.
BLOCKED_SECONDS: Final = 0.1
# The same for moves of the clock, which run webhook handlers, for work that the SDK does in threads, and for
# threads that are being started or were notified: these run as soon as the machine lets them.
WORK_SECONDS: Final = 5.0
# Real seconds between two checks of the other threads, and how many checks must pass before a thread counts
# as blocked: on a busy machine, it may just not have run yet.
CHECK_SECONDS: Final = 0.0005
MIN_CHECKS: Final = 100


class Turns:
    """The threads and event loops that sleep, in the order in which they wake.

    Args:
        blocked: Real seconds after which a thread that seems to be busy counts as blocked.
        work: The same for threads that `run` something, or that are about to run.
    """

    def __init__(self, *, blocked: float = BLOCKED_SECONDS, work: float = WORK_SECONDS) -> None:
        self._blocked_seconds = blocked
        self._work_seconds = work
        self._lock = threading.Lock()
        self._number = count()
        self._threads: dict[int, tuple[Turn, threading.Condition]] = {}
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Turn] = WeakKeyDictionary()
        # Threads that were there before, such as those of a test runner: they count once they sleep.
        self._bystanders = WeakSet(threading.enumerate()) - {threading.current_thread()}
        self._working: set[int] = set()
        # Where threads were found to be blocked.
        self._blocked: dict[int, object] = {}
        self._changed_at, self._checks = SYSTEM.monotonic(), 0

    def next(self, instant: int) -> Turn:
        """Return the turn of a sleeper that begins to sleep until an instant."""
        return instant, next(self._number)

    def wait(self, turn: Turn) -> None:
        """Wait in the calling thread until it has its turn."""
        me = threading.get_ident()
        with self._lock:
            changed = threading.Condition(self._lock)
            self._threads[me] = turn, changed
            self._enter(me)
            try:
                while not self._is_next(me, turn):
                    is_first = turn == min(other for other, _ in self._threads.values())
                    changed.wait(CHECK_SECONDS if is_first else self._blocked_seconds)
            finally:
                del self._threads[me]
                self._change()

    def enter(self, loop: asyncio.AbstractEventLoop, turn: Turn | None) -> None:
        """Record when the first task of the running event loop wakes, None if none sleeps."""
        with self._lock:
            if turn is None:
                self._loops.pop(loop, None)
            else:
                self._loops[loop] = turn
            self._enter(threading.get_ident())

    def take(self, loop: asyncio.AbstractEventLoop, turn: Turn, *, idle: bool) -> bool:
        """Return whether the first task of the running event loop has its turn, which then begins.

        Args:
            loop: The event loop.
            turn: The turn of its first task.
            idle: Whether the event loop has nothing else to do.
        """
        with self._lock:
            if not idle and not self._is_over(self._blocked_seconds):
                self._checks += 1
                return False
            if not self._is_next(threading.get_ident(), turn):
                return False
            self._loops.pop(loop, None)
            self._change()
            return True

    def run(self, work: Callable[[], T]) -> T:
        """Run work in the calling thread; the others wait for it."""
        me = threading.get_ident()
        with self._lock:
            self._bystanders.discard(threading.current_thread())
            nested = me in self._working
            self._working.add(me)
        try:
            return work()
        finally:
            with self._lock:
                if not nested:
                    self._working.discard(me)

    def _enter(self, me: int) -> None:
        self._bystanders.discard(threading.current_thread())
        self._blocked.pop(me, None)
        self._change()

    def _change(self) -> None:
        self._changed_at, self._checks = SYSTEM.monotonic(), 0
        if self._threads:
            _, changed = min(self._threads.values(), key=lambda entry: entry[0])
            changed.notify()

    def _is_over(self, seconds: float) -> bool:
        """Return whether no sleep has started or ended for some seconds of real time."""
        return self._checks > MIN_CHECKS and SYSTEM.monotonic() - self._changed_at > seconds

    def _is_next(self, me: int, turn: Turn) -> bool:
        """Return whether a turn comes first, and no other thread has anything to do."""
        if any(other < turn for other, _ in self._threads.values()):
            return False
        self._checks += 1
        idle: dict[Executor, list[FrameType]] = {}
        for ident, frame in self._others(me):
            if frame is None or not is_waiting(frame):
                if not self._is_blocked(ident, frame):
                    return False
            elif (loop := loop_of(frame)) is not None and self._loops.get(loop, turn) < turn:
                return False
            elif (pool := pool_of(frame)) is not None:
                idle.setdefault(pool, []).append(frame)
        return all(
            len(frames) <= idle_workers(pool) or self._is_blocked(id(pool), frames[0])
            for pool, frames in idle.items()
        )

    def _others(self, me: int) -> Generator[tuple[int, FrameType | None]]:
        """Yield the threads that do not sleep, with None for one that is being started."""
        frames = sys._current_frames()  # pyright: ignore[reportPrivateUsage] - documented, despite its name
        for thread in threading.enumerate():
            ident = thread.ident or 0
            if ident == me or ident in self._threads:
                continue
            frame = frames.get(ident)
            # A thread without a frame has just ended, unless it is being started and has no number yet.
            ignored = ident != 0 if frame is None else thread in self._bystanders and not is_known(frame)
            if not ignored:
                yield ident, frame

    def _is_blocked(self, ident: int, frame: FrameType | None) -> bool:
        """Return whether a thread that seems to be busy has been so for long; it then counts as waiting."""
        place = object() if frame is None else (id(frame), frame.f_lasti)
        if self._blocked.get(ident) == place:
            return True
        long = ident in self._working or frame is None or is_notified(frame)
        if not self._is_over(self._work_seconds if long else self._blocked_seconds):
            return False
        # While it is blocked there, it costs no more time.
        self._blocked[ident] = place
        return True
