"""The one place that opens SQLite databases."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from vocobase._base.forks import SQLITE

_CACHE_KIBIBYTES = 4096
Fingerprint = tuple[int, int, int, int]


@dataclass
class _Held:
    connection: sqlite3.Connection
    process: int
    fingerprint: Fingerprint | None


class SQLiteFile:
    """A database file, used by one thread at a time, with a connection that no fork inherits.

    A connection is kept between uses as long as the file on disk is the one that it has opened and last
    changed. A file that was removed, replaced or overwritten is opened again, so that the caller sees its
    present content.

    Args:
        path: The file.
        seconds: How long to wait for other writers.
        create: Whether to create the file if it does not exist, readable for its owner only.
        keep: Whether to keep the connection.
        pragmas: Statements for each new connection.
    """

    def __init__(
        self, path: Path, *, seconds: float, create: bool, keep: bool, pragmas: Iterable[str] = ()
    ) -> None:
        self._path = path
        self._seconds = seconds
        self._create = create
        self._keep = keep
        self._pragmas = tuple(pragmas)
        self._held: _Held | None = None
        # Connections of a parent process must be neither used nor closed here.
        self._inherited: list[_Held] = []

    @contextmanager
    def use(self) -> Generator[sqlite3.Connection]:
        """Yield the connection; other threads, and forks, wait.

        Raises:
            sqlite3.Error: the file cannot be opened, or the caller's statements fail.
        """
        with SQLITE:
            held = self._current()
            try:
                yield held.connection
            except BaseException:
                # An interrupt may come between any two statements, so the state of the connection is unknown.
                self.close()
                raise
            # This connection itself may have changed the file.
            held.fingerprint = fingerprint(self._path)
            if not self._keep:
                self.close()

    def close(self) -> None:
        """Close the connection; the next use opens another one."""
        with SQLITE:
            held, self._held = self._held, None
            if held is not None and held.process == os.getpid():
                held.connection.close()
            elif held is not None:
                self._inherited.append(held)

    def _current(self) -> _Held:
        held, process = self._held, os.getpid()
        if held is not None and held.process == process and held.fingerprint == fingerprint(self._path):
            return held
        self.close()
        if self._create:
            # SQLite gives the files next to it the same mode.
            with suppress(OSError):
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        # Without "c": a file that was removed must not come back empty unnoticed.
        connection = sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw",
            uri=True,
            timeout=self._seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        self._held = _Held(connection, process, None)
        for pragma in self._pragmas:
            connection.execute(pragma)
        return self._held


def fingerprint(path: Path) -> Fingerprint | None:
    """Return what changes when a file is replaced or overwritten, None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    # The time of the last change of content or mode.
    return found.st_dev, found.st_ino, found.st_size, found.st_ctime_ns


def open_temporary(table: str) -> sqlite3.Connection:
    """Return a private database with one table, in a temporary file that disappears with the process.

    SQLite writes the file only when its cache is full. Threads may pass the connection on, but not share it.

    Args:
        table: The statement that creates the table.
    """
    # An empty name means a private file.
    with SQLITE:
        database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode = OFF",
            f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}",
            table,
            "BEGIN",
        ):
            database.execute(statement)
    return database
