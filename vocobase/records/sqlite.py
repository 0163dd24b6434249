"""The table of calls in an SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from vocobase._base.errors import RecordsError
from vocobase._base.forks import SQLITE
from vocobase._base.sqlite import SQLiteFile, fault_of, log_ahead
from vocobase.records.schema import META, SQLITE_ONLY, migrate
from vocobase.records.store import Row

# Stands in the header of the file, so that no other program's file is written to.
APPLICATION = 0x766F6372
PATIENCE_SECONDS = 15.0
_TABLES = {"{calls}": "calls", "{meta}": "meta", "{forgotten}": "forgotten"}
_IDENTITY = "SELECT value FROM meta WHERE key = 'identity'"
_NEW_IDENTITY = "INSERT INTO meta VALUES ('identity', hex(randomblob(16)))"


class _Connection:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        for name, table in _TABLES.items():
            sql = sql.replace(name, table)
        return self._database.execute(sql, tuple(parameters)).fetchall()


class SQLiteDatabase:
    """A file, which is created at its first use, readable for its owner only.

    Args:
        path: The file.
        patience: How many seconds to wait for other writers.
    """

    lock = SQLITE

    def __init__(self, path: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path = path.absolute()
        self._patience = patience
        self._identity: str | None = None
        self._file = SQLiteFile(
            self._path,
            seconds=patience,
            create=False,
            keep=True,
            # Each change survives a power cut, and deleted content is overwritten.
            pragmas=("PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"),
        )

    def __repr__(self) -> str:
        return f"SQLiteDatabase({str(self._path)!r})"

    @contextmanager
    def read(self) -> Generator[_Connection]:
        """Return a transaction that sees one state."""
        with self._use() as database, self._transaction(database, "BEGIN"):
            yield _Connection(database)

    @contextmanager
    def write(self) -> Generator[_Connection]:
        """Return a transaction whose changes are kept together, or not at all."""
        with self._use() as database, self._transaction(database, "BEGIN IMMEDIATE"):
            yield _Connection(database)

    def erase(self) -> None:
        """Rewrite the file without what was deleted, and empty its log."""
        with SQLITE, self._use() as database:
            database.execute("VACUUM")
            (busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise RecordsError(
                f"records: {self._path}: the calls were removed, but another program that is reading keeps"
                " their bytes in the log of the file; call it again when that program has ended."
            )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextmanager
    def _use(self) -> Generator[sqlite3.Connection]:
        try:
            if self._identity is None:
                self._create()
                with SQLITE, self._file.use() as database:
                    self._identity = self._prepare(database)
            with self._file.use() as database:
                yield database
        except sqlite3.Error as error:
            if self._identity is not None and (not self._path.exists() or "no such table" in str(error)):
                raise self._lost() from error
            raise RecordsError(
                f"records: {self._path} cannot be used: {fault_of(self._path, error)}."
            ) from error

    @contextmanager
    def _transaction(self, database: sqlite3.Connection, begin: str) -> Generator[None]:
        database.execute(begin)
        if database.execute(_IDENTITY).fetchone() != (self._identity,):
            raise self._lost()
        yield
        # After an error the connection is closed, which rolls back.
        database.commit()

    def _lost(self) -> RecordsError:
        return RecordsError(
            f"records: {self._path} was removed or replaced while it was in use; restore it, or open it again"
            " for a new table, and sync."
        )

    def _create(self) -> None:
        # SQLite gives the files next to it the same mode.
        with suppress(OSError):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))

    def _prepare(self, database: sqlite3.Connection) -> str:
        # Before the first change, as the file may be another program's.
        self._is_new(database)
        log_ahead(database, self._patience)
        database.execute("BEGIN IMMEDIATE")
        with database:
            connection = _Connection(database)
            if self._is_new(database):
                connection.execute(META)
                database.execute(_NEW_IDENTITY)
                database.execute(f"PRAGMA application_id = {APPLICATION}")
            migrate(connection.execute, str(self._path))
            connection.execute(SQLITE_ONLY)
            (identity,) = database.execute(_IDENTITY).fetchone()
        return str(identity)

    def _is_new(self, database: sqlite3.Connection) -> bool:
        """Return whether the file is empty; reject that of another program."""
        (application,) = database.execute("PRAGMA application_id").fetchone()
        if application == APPLICATION:
            return False
        if application or database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise RecordsError(f"records: {self._path} is a database of another program; pass another path.")
        return True
