"""The file of a ledger in SQLite: creating it, opening it, and detecting that it was lost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

from vocobase._base.errors import LedgerError, LedgerLostError
from vocobase._base.forks import SQLITE, PerProcess
from vocobase._base.sqlite import SQLiteFile, fault_of, fingerprint, log_ahead
from vocobase._ledger import sqlite_statements as statements
from vocobase._ledger.base import SCHEMA
from vocobase._ledger.identity import Bookmark, lost

# Stands in the header of the file, so that no other program's file is written to.
APPLICATION = 0x766F636F
_CACHE_KIBIBYTES = 8192


class LedgerFile:
    """The file of a ledger, which is created if it does not exist."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._bookmarks = PerProcess(Bookmark)
        self._identity: str | None = None
        self._log = f"{path}-wal"
        self._file = SQLiteFile(
            path,
            seconds=patience,
            create=False,
            keep=True,
            # Each returned result survives a power cut. One change of 5,000 entries or more should fit in the
            # cache, which is 2 MiB by default: a page that does not is written several times.
            pragmas=("PRAGMA synchronous = FULL", f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}"),
        )
        self._make()
        with SQLITE, self._connect() as database:
            self._identity = self._prepare(database)

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """Yield a connection that sees one state of the ledger; enter ``SQLITE`` first.

        Raises:
            LedgerLostError: it is not the ledger that was opened.
            LedgerError: the file cannot be used.
        """
        with self._connect() as database, self._checked(database, "BEGIN"):
            yield database

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """Yield a connection whose changes are kept together, or not at all; enter ``SQLITE`` first.

        Raises:
            LedgerLostError: it is not the ledger that was opened; nothing was changed.
            LedgerError: the file cannot be used.
        """
        with self._connect() as database:
            with self._checked(database, "BEGIN IMMEDIATE"):
                yield database
            self._empty_log(database)
        # A file that was removed meanwhile took the changes, but no other worker sees them.
        if self._file.replaced:
            raise lost(str(self._path))

    def _empty_log(self, database: sqlite3.Connection) -> None:
        """Write the log into the file, unless others use it now: people copy and restore it without its
        log."""
        with suppress(OSError):
            if not os.stat(self._log).st_size:  # noqa: PTH116 - for each change
                return
        database.execute("PRAGMA busy_timeout = 0")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    def close(self) -> None:
        """Remove the bookmark of this process."""
        bookmark = self._bookmarks.get()
        with SQLITE, suppress(LedgerError):
            if worker := bookmark.end():
                with self._connect() as database:
                    database.execute(statements.END, (worker,))
        self._file.close()

    @contextmanager
    def _checked(self, database: sqlite3.Connection, begin: str) -> Generator[None]:
        """Hold a transaction in the ledger that was opened, and count it if it changes anything."""
        bookmark = self._bookmarks.get()
        before = database.total_changes
        try:
            database.execute(begin)
            yield
            changes = int(database.total_changes != before)
            if changes:
                database.execute(statements.ADVANCE, (bookmark.worker,))
            identity, number = database.execute(
                statements.IDENTITY_AND_BOOKMARK, (bookmark.worker,)
            ).fetchone()
            if identity != self._identity or number < bookmark.number + changes:
                raise lost(str(self._path))
            # After another error the connection is closed, which rolls back.
            database.commit()
        except LedgerLostError:
            # Workers without a change since an older copy was made could not detect it.
            with suppress(sqlite3.Error):
                database.rollback()
                database.execute(statements.DISOWN, (self._identity,))
            raise
        bookmark.number = number

    def _inode(self) -> tuple[int, int] | None:
        found = fingerprint(self._path)
        return found and found.inode

    def _make(self) -> None:
        # Its content is private; SQLite gives the files next to it the same mode.
        with suppress(OSError):
            self._path.touch(mode=0o600)

    def _prepare(self, database: sqlite3.Connection) -> str:
        # Before the first write: the file of another program stays unchanged. In one transaction, as another
        # process may be creating it at this moment.
        with self._transaction(database, "BEGIN"):
            self._schema(database)
        log_ahead(database, self._patience)
        with self._transaction(database):
            schema = self._schema(database)
            if not schema:
                _execute_all(database, statements.TABLES.split(";"))
                database.execute(f"PRAGMA application_id = {APPLICATION}")
            if schema < SCHEMA:
                _execute_all(database, statements.PRIORITIES.split(";"))
                _execute_all(database, statements.RETIRE_WORKERS if schema else ())
                database.execute(f"PRAGMA user_version = {SCHEMA}")
            _execute_all(database, statements.IDENTITY_TABLES.split(";"))
            if database.execute(statements.IDENTITY).fetchone() is None:
                _execute_all(database, statements.NEW_IDENTITY)
            (identity,) = database.execute(statements.IDENTITY).fetchone()
        return str(identity)

    def _schema(self, database: sqlite3.Connection) -> int:
        """Return the schema of the file, 0 if it is empty; reject files of other programs and later
        versions."""
        (application,) = database.execute("PRAGMA application_id").fetchone()
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if application == APPLICATION and 1 <= version <= SCHEMA:
            return int(version)
        if application == APPLICATION:
            raise LedgerError(
                f"ledger: {self._path} was written by another version (schema {version}, this one reads"
                f" {SCHEMA}); upgrade vocobase."
            )
        if application or version or database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise LedgerError(f"ledger: {self._path} is a database of another program; pass another path.")
        return 0

    @contextmanager
    def _connect(self) -> Generator[sqlite3.Connection]:
        try:
            with self._file.use() as database:
                yield database
        except sqlite3.Error as error:
            if self._identity is not None and (
                self._inode() != self._file.inode or "no such table" in str(error)
            ):
                raise lost(str(self._path), str(error)) from error
            raise LedgerError(
                f"ledger: {self._path} cannot be used: {fault_of(self._path, error)}."
            ) from error

    @contextmanager
    def _transaction(self, database: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Generator[None]:
        database.execute(begin)
        yield
        database.commit()


def _execute_all(database: sqlite3.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        database.execute(statement)
