"""The one place that opens SQLite databases."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from vocobase._base.forks import SQLITE, close_before_forks
from vocobase._base.runtime import SYSTEM_RUNTIME, current_runtime

_CACHE_KIBIBYTES = 4096
# The next step after a fault, by the primary code of SQLite.
_NEXT_STEPS = {
    sqlite3.SQLITE_CORRUPT: "restore a copy of the file",
    sqlite3.SQLITE_NOTADB: "pass another path",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable",
}


class Fingerprint(NamedTuple):
    """The fingerprint of a file, which changes when it is replaced or overwritten.

    Attributes:
        inode: Identifies the file, whatever its name.
        changed: Its size, and the time of the last change of content or mode.
    """

    inode: tuple[int, int]
    changed: tuple[int, int]


@dataclass
class _Open:
    connection: sqlite3.Connection
    fingerprint: Fingerprint


class SQLiteFile:
    """A database file, used by one thread at a time, with a connection that no fork inherits.

    A connection is kept between uses as long as the file on disk is the one that it has opened and last
    changed. A file that was removed, replaced or overwritten is opened again, so that the caller sees its
    current content.

    Args:
        path: The file.
        seconds: How long to wait for other writers.
        create: Whether to create the file if it does not exist, readable for its owner only.
        keep: Whether to keep the connection.
        pragmas: Statements for each new connection.

    Attributes:
        inode: Identifies the file as it was after the last use without an error; None if it was gone.
        replaced: Whether, after that use, another file or none was in the place of the one that was used.
    """

    # Also of an object whose constructor was interrupted.
    _open: _Open | None = None

    def __init__(
        self, path: Path, *, seconds: float, create: bool, keep: bool, pragmas: Iterable[str] = ()
    ) -> None:
        self._path = path
        self._seconds = seconds
        self._create = create
        self._keep = keep
        self._pragmas = tuple(pragmas)
        self._is_used = False
        self.inode: tuple[int, int] | None = None
        self.replaced = False
        close_before_forks(self)

    @contextmanager
    def use(self) -> Generator[sqlite3.Connection]:
        """Yield the connection, in a ``with`` statement that enters ``SQLITE`` first: others and forks wait.

        The lock is not entered here: Ctrl-C may come when Python has not yet told this generator that its
        block has ended, and other threads would then wait for as long as the traceback exists.

        Raises:
            sqlite3.Error: the file cannot be opened, or the caller's statements fail.
        """
        if self._is_used:
            # By such a block, which has left its transaction open.
            self.close()
        self._is_used = True
        used: _Open | None = None
        try:
            used = self._current()
            yield used.connection
        except BaseException:
            # An interrupt may come between any two statements, so the state of the connection is unknown.
            self._drop(used)
            raise
        # This connection itself may have changed the file, unless another one is in its place now.
        found = fingerprint(self._path)
        self.inode = found and found.inode
        self.replaced = self.inode != used.fingerprint.inode
        if found is None or self.replaced or not self._keep:
            self.close()
        else:
            used.fingerprint = found
        self._is_used = False

    def close(self) -> None:
        """Close the connection; the next use opens another one."""
        self._drop(self._open)

    def _drop(self, used: _Open | None) -> None:
        with SQLITE:
            if used is None or used is self._open:
                used, self._open = self._open, None
            if used is not None:
                # First, as a cursor that a traceback keeps would keep the locks of the transaction.
                with suppress(sqlite3.Error):
                    used.connection.rollback()
                used.connection.close()

    def __del__(self) -> None:
        # A connection is in a cycle with its own cache: without this it would stay open until the next
        # collection, where no fork could close it.
        self.close()

    def _current(self) -> _Open:
        found = fingerprint(self._path)
        if self._open is not None and self._open.fingerprint == found:
            return self._open
        self.close()
        if self._create:
            # SQLite gives the files next to it the same mode.
            with suppress(OSError):
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        while True:
            before = fingerprint(self._path)
            connection = self._connect()
            after = fingerprint(self._path)
            # A file that was replaced in between could be either of the two.
            if before is not None and after is not None and before.inode == after.inode:
                break
            connection.close()
        self._open = _Open(connection, after)
        for pragma in self._pragmas:
            connection.execute(pragma)
        if current_runtime().clock.simulated:
            # A test outlives no power cut, and must not wait for the disk.
            connection.execute("PRAGMA synchronous = OFF")
        return self._open

    def _connect(self) -> sqlite3.Connection:
        # Without "c": a file that was removed must not come back empty unnoticed.
        return sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw",
            uri=True,
            timeout=self._seconds,
            isolation_level=None,
            check_same_thread=False,
        )


def log_ahead(database: sqlite3.Connection, patience: float) -> None:
    """Let readers and the writer of a file work without waiting for each other.

    Args:
        database: The file.
        patience: How many seconds to wait for others.

    Raises:
        sqlite3.OperationalError: it cannot be used.
    """
    end = SYSTEM_RUNTIME.monotonic() + patience
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # Of two that switch at once SQLite refuses one without waiting.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or SYSTEM_RUNTIME.monotonic() > end:
                raise
        SYSTEM_RUNTIME.sleep(0.01)


def fault_of(path: Path, error: sqlite3.Error) -> str:
    """Return why a database cannot be used, and the next step if it is known."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    step = _NEXT_STEPS.get(code & 0xFF)
    # Path.is_dir raises where a name is too long.
    if os.path.isdir(path):  # noqa: PTH112
        step = "it is a directory; pass the path of a file"
    elif not os.path.isdir(path.parent):  # noqa: PTH112
        step = f"there is no folder {path.parent}"
    return f"{error}; {step}" if step else str(error)


def fingerprint(path: Path) -> Fingerprint | None:
    """Return the fingerprint of a file, None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Fingerprint((found.st_dev, found.st_ino), (found.st_size, found.st_ctime_ns))


def open_temporary(table: str) -> sqlite3.Connection:
    """Return a private database with one table, in a temporary file that disappears with the process.

    SQLite writes the file only when its cache is full. Threads may pass the connection on, but not share it.

    Args:
        table: The statement that creates the table.
    """
    # An empty name means a private file.
    with SQLITE:
        database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        try:
            for statement in (
                "PRAGMA journal_mode = OFF",
                f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}",
                table,
                "BEGIN",
            ):
                database.execute(statement)
        except BaseException:
            database.close()
            raise
    return database
