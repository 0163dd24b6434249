"""How long something takes, on a machine that may be busy or stop at any time."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

STEP_SECONDS = 0.01


class Stopwatch:
    """Measure a block, without the time during which the machine did not run this process.

    A thread counts short steps. However long the machine takes for one of them, it counts no more than twice: a block that
    waits for too long is measured like on any clock, and a block that could not run is not to blame.

    Attributes:
        seconds: The time so far, complete when the block has ended.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, name="stopwatch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _count(self) -> None:
        before, over = time.monotonic(), False
        while not over:
            over = self._over.wait(STEP_SECONDS)
            now = time.monotonic()
            self.seconds += min(now - before, 2 * STEP_SECONDS)
            before = now
