"""Forks: a new process has a copy of the memory of all threads, but only one of the threads.

A lock that another thread held is never released there. So either each process has its own, or a fork waits.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar
from weakref import WeakSet

T = TypeVar("T")

# SQLite records in its own memory which locks of files it holds. A fork copies the record but not the locks:
# the new process would wait forever, or write to a file that it has not locked. So all use of SQLite is
# under this lock, and forks wait for it.
SQLITE = threading.RLock()


class Closable(Protocol):
    """An object with a connection that it can open again."""

    def close(self) -> None:
        """Close the connection."""
        ...


# Their connections must not exist in two processes.
_closed_by_forks: WeakSet[Closable] = WeakSet()


def close_before_forks(thing: Closable) -> None:
    """Let each fork close the connection of an object first, in both processes."""
    with SQLITE:
        _closed_by_forks.add(thing)


def _before_fork() -> None:
    SQLITE.acquire()
    for thing in list(_closed_by_forks):
        thing.close()


with suppress(AttributeError):  # on systems without forks
    os.register_at_fork(before=_before_fork, after_in_parent=SQLITE.release, after_in_child=SQLITE.release)


class PerProcess(Generic[T]):
    """An object that each process creates for itself; that of a parent is neither used nor closed.

    Args:
        make: Creates it, at the first use in a process.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}

    def get(self) -> T:
        """Return what belongs to this process."""
        process = os.getpid()
        # Two threads that create it at once get the same one.
        return self._made.get(process) or self._made.setdefault(process, self._make())
