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
# The file holds keys and credentials; SQLite creates its companion files with the same mode.
_MODE = 0o600
_COMPANIONS = ("", "-wal", "-shm", "-journal")
# Several processes that open the file at once can all find it busy; each of them retries this often.
_ATTEMPTS = 10


class StateError(ValueError):
    """A state file cannot be used; the message says why in one line."""


class StateFile:
    """Read and write one state file; while it is open, no other process can use it.

    Raises:
        StateError: if the file is foreign, unreadable, damaged or in use; it is left unchanged.
    """

    def __init__(self, path: str | Path) -> None:
        # Resolve links: SQLite creates its companion files next to the target.
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
        # Checked under the lock: another process may have created the tables in the meantime.
        if run("SELECT 1 FROM sqlite_master").fetchone() is None:
            for statement in _SCHEMA:
                run(statement)
        run("COMMIT")
        # After the first commit, so that the application id is in the file itself.
        run("PRAGMA journal_mode = WAL")
        # A commit is in the log file before the response is sent, which is enough to survive kill -9.
        run("PRAGMA synchronous = NORMAL")

    def rows(self) -> Iterator[tuple[str, str, Row]]:
        """Read all rows, oldest first."""
        query = "SELECT place, key, data FROM rows ORDER BY rowid"
        return self._read(query, lambda row: (row[0], row[1], json.loads(row[2])))

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Read all stored objects."""
        return self._read("SELECT key, content FROM objects", lambda row: row)

    def _read(self, query: str, parse: Callable[[Any], Any]) -> Iterator[Any]:
        """Read rows; close the file if it is damaged."""
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
            # If the transaction stayed open, every later one would fail.
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
    """Reject a foreign file without opening it as a database; a new or empty file is fine."""
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
        raise StateError(f"{path} is not a state file of the sandbox; it was left unchanged")
    if int.from_bytes(head[60:64], "big") != _VERSION:
        raise StateError(f"{path} was written by another version of the sandbox; it was left unchanged")


def _protect(path: Path) -> None:
    """Create the file, or restrict the mode of an existing one, so that only its owner can read it."""
    try:
        # Only O_EXCL distinguishes a new file from an existing one; another process may be faster.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        for companion in _COMPANIONS:
            _restrict(Path(f"{path}{companion}"))
    except OSError as error:
        raise StateError(f"cannot protect the state file {path}: {error.strerror}") from error


def _restrict(path: Path) -> None:
    with suppress(FileNotFoundError):
        if path.stat().st_mode & 0o777 & ~_MODE:
            path.chmod(_MODE)
