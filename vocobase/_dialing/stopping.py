"""When a worker must end: a stop by its user, or a signal to its process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol, cast

from vocobase._base.arguments import check_function
from vocobase._base.errors import InvalidArgumentError

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopped(BaseException):
    """A worker must end; like a cancellation, it is not caught by handlers of errors."""


class StopEvent(Protocol):
    """An event of `threading`, `asyncio` or `multiprocessing`."""

    def is_set(self) -> bool:
        """Return whether the worker must end."""
        ...


Stop = StopEvent | Callable[[], bool]


def check_stop(stop: object) -> Callable[[], object]:
    """Return the function that decides whether a worker must end.

    Raises:
        InvalidArgumentError: ``stop`` is neither an event nor a function.
    """
    if stop is None:
        return bool
    asks = cast(object, getattr(stop, "is_set", stop))
    if not callable(asks) or isinstance(stop, type):
        raise InvalidArgumentError(
            "calls.work: stop must be an Event, or a function that returns whether to stop."
        )
    return check_function(cast("Callable[[], object]", asks), "calls.work: stop")


@contextmanager
def noting_signals() -> Generator[Callable[[], bool]]:
    """Detect SIGTERM and SIGINT inside the block, in the main thread only; yield whether one was received.

    After the first one the former handlers are restored, so a second Ctrl-C interrupts immediately.
    """
    received: list[int] = []
    # Only the main thread may set handlers. None: set by a program in C; ignored signals stay ignored.
    is_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in _SIGNALS if is_main}

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        restore()

    def restore() -> None:
        for number, handler in before.items():
            if signal.getsignal(number) is note:
                signal.signal(number, handler)

    for number, handler in before.items():
        if handler not in (None, signal.SIG_IGN):
            signal.signal(number, note)
    try:
        yield lambda: bool(received)
    finally:
        restore()
