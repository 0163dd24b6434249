"""A store of handled events in a file, for several processes on one machine."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from vocobase._base.arguments import as_path, check_function, path_text
from vocobase._base.errors import ConfigurationError
from vocobase._base.forks import SQLITE
from vocobase._base.runtime import wall_time
from vocobase._base.short_repr import ShortRepr
from vocobase._base.sqlite import SQLiteFile, fault_of
from vocobase.webhooks._dedupe import DEFAULT_TTL_SECONDS, Outcome, check_ttl

# Vocobase waits only 10 s for a response.
_LOCK_TIMEOUT_SECONDS: Final = 4.0

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS webhook_events"
    " (key TEXT PRIMARY KEY, token TEXT, expires REAL NOT NULL) WITHOUT ROWID"
)
_INDEX: Final = "CREATE INDEX IF NOT EXISTS webhook_events_expires ON webhook_events (expires)"


class SQLiteDedupe(ShortRepr):
    """Remember handled events in a SQLite file. Safe between threads, processes and forks on one machine.

    Args:
        path: The file; it is created if it does not exist. Do not put it on a network share.
        ttl: Seconds for which to remember them.
        clock: Returns seconds since 1970, the same for all processes; the wall clock by default.

    Raises:
        ConfigurationError: the file cannot be used, or ``ttl`` is not above 0.
    """

    _lock_timeout = _LOCK_TIMEOUT_SECONDS

    def __init__(
        self,
        path: str | os.PathLike[str],
        ttl: float = DEFAULT_TTL_SECONDS,
        *,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._ttl = check_ttl(ttl)
        self._clock = wall_time if clock is None else check_function(clock, "clock")
        file = as_path(path, "SQLiteDedupe: path")
        if path_text(path, "SQLiteDedupe: path") in ("", ":memory:"):
            raise ConfigurationError("SQLiteDedupe needs a file; MemoryDedupe remembers in memory.")
        # A server that changes its folder after the start must not create another file there.
        self._place = file.absolute()
        self._file = SQLiteFile(self._place, seconds=self._lock_timeout, create=True, keep=False)
        try:
            with SQLITE, self._transaction():
                pass
        except sqlite3.Error as error:
            raise ConfigurationError(
                f"SQLiteDedupe cannot use the file: {fault_of(self._place, error)}."
            ) from error

    def _about(self) -> str:
        return f"{str(self._place)!r}, ttl={self._ttl:g}"

    def claim(self, key: str, token: str, lease: float) -> Outcome:
        """Claim an event for a handler."""
        now = self._clock()
        with SQLITE, self._transaction() as database:
            database.execute("DELETE FROM webhook_events WHERE expires <= ?", (now,))
            row = database.execute("SELECT token FROM webhook_events WHERE key = ?", (key,)).fetchone()
            if row is None:
                database.execute("INSERT INTO webhook_events VALUES (?, ?, ?)", (key, token, now + lease))
                return "claimed"
        return "done" if row[0] is None else "busy"

    def renew(self, key: str, token: str, lease: float) -> bool:
        """Extend a claim by its lease."""
        with SQLITE, self._transaction() as database:
            changed = database.execute(
                "UPDATE webhook_events SET expires = ? WHERE key = ? AND token = ?",
                (self._clock() + lease, key, token),
            )
            return changed.rowcount == 1

    def confirm(self, key: str) -> None:
        """Record that the event was handled."""
        with SQLITE, self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO webhook_events VALUES (?, NULL, ?)", (key, self._clock() + self._ttl)
            )

    def release(self, key: str, token: str) -> None:
        """Release a claim."""
        with SQLITE, self._transaction() as database:
            database.execute("DELETE FROM webhook_events WHERE key = ? AND token = ?", (key, token))

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._file.use() as database:
            database.execute("BEGIN IMMEDIATE")
            # Each time: if the file is removed while the server runs, events must still be handled.
            database.execute(_TABLE)
            database.execute(_INDEX)
            yield database
            # After an error the connection is closed, which rolls back.
            database.commit()
