"""Keep the state in an SQLite file, one transaction per request."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.store import Change

_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID = 0x56435342
_VERSION = 1
_SCHEMA = (
    "CREATE TABLE rows (place TEXT NOT NULL, key TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (place, key))",
    "CREATE TABLE objects (key TEXT PRIMARY KEY, content BLOB NOT NULL)",
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_VERSION}",
)
# Keys and credentials are in it; SQLite gives the files that it makes next to it the same mode.
_MODE = 0o600
_COMPANIONS = ("", "-wal", "-shm", "-journal")
# So often one tries that finds the file in use: several that open it at once refuse each other.
_ATTEMPTS = 10


class StateError(ValueError):
    """Say in one line why a state file cannot be used."""


class StateFile:
    """Read and write one state file; while it is open no other process can use it.

    Raises:
        StateError: When the file is foreign, unreadable, damaged or in use; it is left as it is.
    """

    def __init__(self, path: str | Path) -> None:
        # Behind links, as SQLite puts its own files there.
        self._path = Path(os.path.realpath(path))
        _inspect(self._path)
        _protect(self._path)
        for left in reversed(range(_ATTEMPTS)):
            try:
                self._open()
                return
            except sqlite3.Error as error:
                if left == 0 or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise StateError(f"cannot use the state file {path}: {error}") from error
            time.sleep(secrets.randbelow(50) / 1000)

    def _open(self) -> None:
        self._connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=0
        )
        try:
            self._lock()
        except sqlite3.Error:
            self._connection.close()
            raise

    def _lock(self) -> None:
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("BEGIN EXCLUSIVE")
        # Asked only now, as another process may have made or begun it meanwhile.
        if run("SELECT 1 FROM sqlite_master").fetchone() is None:
            for statement in _SCHEMA:
                run(statement)
        run("COMMIT")
        # After the first commit, so that the mark is in the file itself.
        run("PRAGMA journal_mode = WAL")
        # A commit is in the log file before the answer is sent, which is enough to survive kill -9.
        run("PRAGMA synchronous = NORMAL")

    def rows(self) -> Iterator[tuple[str, str, Row]]:
        """Read all rows, oldest first."""
        query = "SELECT place, key, data FROM rows ORDER BY rowid"
        return self._read(query, lambda row: (row[0], row[1], json.loads(row[2])))

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Read all stored objects."""
        return self._read("SELECT key, content FROM objects", lambda row: row)

    def _read(self, query: str, parse: Callable[[Any], Any]) -> Iterator[Any]:
        """Read, and close the file when it is damaged."""
        try:
            for row in self._connection.execute(query):
                yield parse(row)
        except (sqlite3.Error, ValueError) as error:
            self.close()
            raise StateError(f"cannot read the state file {self._path}: {error}") from error

    def write(self, rows: dict[Change, Row | None], blobs: dict[str, bytes | None]) -> None:
        """Store changed rows and objects in one transaction; None means removed."""
        try:
            self._connection.execute("BEGIN")
            self._write(rows, blobs)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            # A transaction that stays open would let every later one fail.
            with suppress(sqlite3.Error):
                self._connection.rollback()
            raise StateError(f"cannot write the state file {self._path}: {error}") from error

    def _write(self, rows: dict[Change, Row | None], blobs: dict[str, bytes | None]) -> None:
        run = self._connection.execute
        for (place, key), row in rows.items():
            if row is None:
                run("DELETE FROM rows WHERE place = ? AND key = ?", (place, key))
            else:
                run(
                    "INSERT INTO rows VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data",
                    (place, key, json.dumps(row)),
                )
        for key, content in blobs.items():
            if content is None:
                run("DELETE FROM objects WHERE key = ?", (key,))
            else:
                run("INSERT OR REPLACE INTO objects VALUES (?, ?)", (key, content))

    def close(self) -> None:
        """Close the file and release it."""
        self._connection.close()


def _inspect(path: Path) -> None:
    """Refuse a file of others without opening it as a database; a new or empty one is fine."""
    try:
        if not path.exists():
            return
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise StateError(f"cannot read the state file {path}: {error.strerror}") from error
    if not head:
        return
    if len(head) < 100 or head[:16] != _MAGIC or int.from_bytes(head[68:72], "big") != _APPLICATION_ID:
        raise StateError(f"{path} is not a state file of the sandbox; it was left as it is")
    if int.from_bytes(head[60:64], "big") != _VERSION:
        raise StateError(f"{path} was written by another version of the sandbox; it was left as it is")


def _protect(path: Path) -> None:
    """Create the file, or narrow the mode of one that exists, so that only its owner can read it."""
    try:
        # No other flag tells a file that was created from one that was there; another process may be faster.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        for companion in _COMPANIONS:
            _narrow(Path(f"{path}{companion}"))
    except OSError as error:
        raise StateError(f"cannot protect the state file {path}: {error.strerror}") from error


def _narrow(path: Path) -> None:
    with suppress(FileNotFoundError):
        if path.stat().st_mode & 0o777 & ~_MODE:
            path.chmod(_MODE)
