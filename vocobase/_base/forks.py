"""Forks: the new process has a copy of what all threads were doing, and only one of the threads.

What another thread held is never given back there. So either each process has its own, or a fork waits.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")

# SQLite notes in its own memory which locks of files it holds. A fork copies the notes but not the locks: the
# new process would wait for ever, or believe that it has locked what others write to. So all that is done
# with SQLite is done under this lock, and forks wait for it.
SQLITE = threading.RLock()
with suppress(AttributeError):  # where there are no forks
    os.register_at_fork(before=SQLITE.acquire, after_in_parent=SQLITE.release, after_in_child=SQLITE.release)


class PerProcess(Generic[T]):
    """Something that each process makes for itself; that of a parent is neither used nor closed.

    Args:
        make: Makes it, at the first use in a process.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}

    def get(self) -> T:
        """Return what belongs to this process."""
        process = os.getpid()
        # Of two threads that make it at once both get the same one.
        return self._made.get(process) or self._made.setdefault(process, self._make())
