"""The tasks of an event loop that sleep: the loop takes part in the turns with the first of them."""

from __future__ import annotations

import asyncio
import heapq
from contextlib import suppress
from functools import partial
from typing import Final

from vocobase.testing._sandbox_time import SandboxTime
from vocobase.testing._turns import CHECK_SECONDS, Turn, Turns

# An event loop whose queue cannot be read counts as idle after this many turns.
IDLE_TURNS: Final = 20


class Sleepers:
    """The sleeping tasks of one event loop.

    Args:
        loop: The event loop, which is running.
        time: The clock.
        turns: The turns of all threads and event loops on this clock.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, time: SandboxTime, turns: Turns) -> None:
        self._loop = loop
        self._time = time
        self._turns = turns
        self._heap: list[tuple[Turn, asyncio.Future[None]]] = []
        self._idle_turns = 0
        self._scheduled = False

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task."""
        future = self._loop.create_future()
        turn = self._turns.next(self._time.after(seconds))
        heapq.heappush(self._heap, (turn, future))
        self._enter()
        self._idle_turns = 0
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._check)
        await future

    def _enter(self) -> None:
        # Cancelled ones have no turn.
        while self._heap and self._heap[0][1].done():
            heapq.heappop(self._heap)
        self._turns.enter(self._loop, self._heap[0][0] if self._heap else None)

    def _check(self) -> None:
        """Continue with the first task if it has its turn; check again as long as there are others."""
        if self._heap and self._heap[0][1].done():
            self._enter()
        self._scheduled = bool(self._heap)
        if not self._heap:
            return
        idle = self._is_idle()
        turn, future = self._heap[0]
        if self._turns.take(self._loop, turn, idle=idle):
            heapq.heappop(self._heap)
            self._enter()
            self._move(turn[0], future)
            self._loop.call_soon(self._check)
        elif idle:
            # Other threads are busy, or their turn comes first.
            self._loop.call_later(CHECK_SECONDS, self._check)
        else:
            self._loop.call_soon(self._check)

    def _is_idle(self) -> bool:
        ready = getattr(self._loop, "_ready", None)
        if ready is not None:
            return not ready
        self._idle_turns += 1
        return self._idle_turns > IDLE_TURNS

    def _move(self, instant: int, future: asyncio.Future[None]) -> None:
        if not self._time.happens_by(instant):
            self._end(future, _attempt(self._time, instant))
            return
        # In a thread: it delivers webhooks, perhaps to a receiver that runs on this loop.
        self._loop.run_in_executor(None, self._work, instant, future)

    def _work(self, instant: int, future: asyncio.Future[None]) -> None:
        error = self._turns.run(partial(_attempt, self._time, instant))
        # The loop may have been closed meanwhile.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end, future, error)

    def _end(self, future: asyncio.Future[None], error: BaseException | None) -> None:
        self._idle_turns = 0
        if future.done():
            return
        if error is None:
            future.set_result(None)
        else:
            # The sleeper for which the clock was moved receives the reason why it did not move.
            future.set_exception(error)


def _attempt(time: SandboxTime, instant: int) -> Exception | None:
    try:
        time.move_to(instant)
    except Exception as error:  # noqa: BLE001 - the sleeping task raises it
        return error
    return None
