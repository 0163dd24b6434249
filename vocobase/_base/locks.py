"""Lock a file for one run at a time; the lock ends with its process, even if that is killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Self

from vocobase._base.files import OWNER_ONLY
from vocobase._base.short_repr import ShortRepr


def lock_of(platform: str) -> Callable[[int], object]:
    """Return the function of a system that locks an open file, and raises OSError if another run has it."""
    if platform == "win32":
        windows = import_module("msvcrt")
        return lambda descriptor: windows.locking(descriptor, windows.LK_NBLCK, 1)
    posix = import_module("fcntl")
    return lambda descriptor: posix.flock(descriptor, posix.LOCK_EX | posix.LOCK_NB)


class FileLock(ShortRepr):
    """The lock of a file, held until the end of a ``with`` block; the file stays behind, empty.

    Args:
        path: The file, which is created, readable for its owner only.

    Attributes:
        is_held: Whether this run has the lock.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # A file object is closed even if Ctrl-C comes before the `with` statement.
        self._file = open(path, "r+b", buffering=0, opener=_create)  # noqa: SIM115 - Path.open takes no opener
        self.is_held: bool = self._lock()

    def _about(self) -> str:
        return f"{str(self._path)!r}, is_held={self.is_held}"

    def _lock(self) -> bool:
        try:
            lock_of(sys.platform)(self._file.fileno())
        except OSError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # This frees the lock too.
        self._file.close()


def _create(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT, OWNER_ONLY)
