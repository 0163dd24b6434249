"""Run work in threads, so that Ctrl-C and other signals may come at any instruction.

Python runs the handlers of signals in the main thread, and an error that one raises breaks what Python does
for threads there: `Thread.start`, conditions and the pools of `concurrent.futures` would leave a lock
acquired forever. So the calling thread only waits, in a function written in C, and another one starts the
workers.
"""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

# A waiting thread wakes up this often: Python may miss a Ctrl-C that comes just before the thread begins to
# wait, and Windows delivers none while it waits.
CHECK_SECONDS = 0.5


class Workers:
    """Threads that run ``work(0)`` to ``work(count - 1)``.

    Args:
        work: The work; it ends soon after ``stop`` was called.
        count: How many times it runs.
        concurrency: The largest number of threads.
        stop: Ends the work; called from any thread.
    """

    def __init__(
        self, work: Callable[[int], None], count: int, concurrency: int, stop: Callable[[], None]
    ) -> None:
        self._work, self._stop = work, stop
        self._size = min(concurrency, count)
        self._left = iter(range(count))
        self._lock = threading.Lock()
        self._stopped = False
        self._failures: list[BaseException] = []
        self._ended: list[None] = []
        self._changed: SimpleQueue[None] = SimpleQueue()

    def run(self) -> None:
        """Run them to the end.

        If one raises, or on Ctrl-C, call ``stop``, wait for those that run, and raise. A second Ctrl-C does
        not wait.
        """
        try:
            # Not a `threading.Thread`, which would wait here until it has started.
            _thread.start_new_thread(self._start, ())
            while not (self._failures or self._has_ended()):
                self._wait()
        finally:
            self._stopped = True
            self._stop()
            while not self._has_ended():
                self._wait()
        if self._failures:
            raise self._failures[0]

    def _has_ended(self) -> bool:
        return len(self._ended) == self._size

    def _wait(self) -> None:
        with suppress(Empty):
            self._changed.get(timeout=CHECK_SECONDS)

    def _start(self) -> None:
        for number in range(self._size):
            try:
                threading.Thread(target=self._run, name=f"vocobase_{number}").start()
            except RuntimeError as error:
                # The system allows no more threads.
                self._end(error)

    def _run(self) -> None:
        try:
            while (number := self._next()) is not None:
                self._work(number)
        except BaseException as error:  # noqa: BLE001 - `run` raises it again
            self._end(error)
        else:
            self._end(None)

    def _next(self) -> int | None:
        with self._lock:
            return None if self._stopped else next(self._left, None)

    def _end(self, error: BaseException | None) -> None:
        if error is not None:
            # Before the others raise their errors because of it.
            self._failures.append(error)
            self._stopped = True
            self._stop()
        self._ended.append(None)
        self._changed.put(None)
