"""A ledger in a SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any, cast

from vocobase._base.runtime import SYSTEM_RUNTIME, wall_time
from vocobase._errors import ConfigurationError, LedgerError
from vocobase._forks import SQLITE
from vocobase._guards import as_path
from vocobase._ledger.base import (
    BATCH,
    SCHEMA,
    STATES,
    Entry,
    State,
    batches,
    check_key,
    check_state,
    read,
    write,
)

# Stands in the header of the file, so that no other program's file is written to.
APPLICATION = 0x766F636F
# Seconds to wait for others who write.
PATIENCE = 15.0

_TABLES = """
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    owner TEXT,
    claimed_at REAL,
    lease_until REAL,
    not_before REAL NOT NULL DEFAULT 0,
    result TEXT,
    UNIQUE (scope, key)
);
CREATE INDEX entries_by_state ON entries (scope, state, seq, not_before);
"""
_COLUMNS = "seq, key, payload, state, owner, claimed_at, not_before, result"
_SELECT = f"SELECT {_COLUMNS} FROM entries WHERE scope = :scope AND state = "  # noqa: S608 - constants


class SQLiteLedger:
    """Keep a ledger in a file, for the processes of one machine.

    Args:
        path: The file; made when it is not there. Not on a network share.
        clock: Returns seconds since 1970, the same for all processes; the wall clock by default.
        patience: Seconds to wait for others who write.

    Raises:
        LedgerError: the file cannot be used.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        clock: Callable[[], float] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._clock = clock or wall_time
        self._path = as_path(path, "ledger").absolute()
        self._patience = patience
        if os.path.isdir(self._path):  # noqa: PTH112 - Path.is_dir raises where a name is too long
            raise ConfigurationError(f"ledger: {self._path} is a directory; give the path of a file.")
        self._make()
        with self._connect() as database:
            self._prepare(database)

    def __repr__(self) -> str:
        return f"SQLiteLedger({str(self._path)!r})"

    def now(self) -> float:
        """Return the time of this machine."""
        return self._clock()

    def enter(self, scope: str, items: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Add what is not in the list yet."""
        insert = "INSERT OR IGNORE INTO entries (scope, key, payload) VALUES (?, ?, ?)"
        new = 0
        for batch in batches(scope, items):
            with self._connect() as database, self._transaction(database):
                database.executemany(insert, ((scope, key, payload) for key, payload in batch))
                new += database.total_changes
        return new

    def claim(self, scope: str, owner: str, limit: int, *, lease: float) -> list[Entry]:
        """Take waiting entries that are due, oldest first."""
        return self._take(
            _SELECT + "'waiting' AND not_before <= :now ORDER BY seq LIMIT :limit",
            "state = 'claimed', owner = :owner, claimed_at = :now, lease_until = :until",
            {"scope": scope, "owner": owner, "limit": limit},
            lease,
        )

    def take_over(self, scope: str, owner: str, limit: int, *, lease: float) -> list[Entry]:
        """Take claims whose lease is over."""
        return self._take(
            _SELECT + "'claimed' AND lease_until <= :now ORDER BY seq LIMIT :limit",
            "owner = :owner, lease_until = :until",
            {"scope": scope, "owner": owner, "limit": limit},
            lease,
        )

    def _take(self, select: str, change: str, values: dict[str, Any], lease: float) -> list[Entry]:
        with self._connect() as database, self._transaction(database):
            now = self.now()
            values = {**values, "now": now, "until": now + lease}
            numbers = [row[0] for row in database.execute(select, values)]
            update = f"UPDATE entries SET {change} WHERE seq = :seq"  # noqa: S608 - constants
            database.executemany(update, ({**values, "seq": number} for number in numbers))
            query = f"SELECT {_COLUMNS} FROM entries WHERE seq = ?"  # noqa: S608 - constants
            return [read(*database.execute(query, (number,)).fetchone()[1:]) for number in numbers]

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        """Let leases begin anew."""
        return self._change(
            scope, keys, "lease_until = :until", _OWNED, owner=owner, until=self.now() + lease
        )

    def settle(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        owner: str,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
    ) -> list[str]:
        """End claims of this owner."""
        check_state(state)
        change = "state = :state, lease_until = NULL, result = :result, not_before = :not_before"
        change += _NOBODY if state == "waiting" else ""
        values = {"state": state, "result": _written(result), "not_before": not_before}
        return self._change(scope, keys, change, _OWNED, owner=owner, **values)

    def revise(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        was: State,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
    ) -> list[str]:
        """Move entries that nobody has claimed from one state to another."""
        check_state(state)
        check_state(was)
        change = "state = :state, not_before = :not_before, result = coalesce(:result, result)"
        change += _NOBODY if state == "waiting" else ""
        values = {"was": was, "state": state, "result": _written(result), "not_before": not_before}
        return self._change(scope, keys, change, "state = :was", **values)

    def _change(
        self, scope: str, keys: Collection[str], change: str, condition: str, **values: Any
    ) -> list[str]:
        update = f"UPDATE entries SET {change} WHERE scope = :scope AND key = :key AND {condition}"  # noqa: S608
        values["scope"] = scope
        with self._connect() as database, self._transaction(database):
            return [key for key in keys if database.execute(update, {**values, "key": key}).rowcount == 0]

    def get(self, scope: str, key: str) -> Entry | None:
        """Return one entry, None when there is none."""
        query = f"SELECT {_COLUMNS} FROM entries WHERE scope = ? AND key = ?"  # noqa: S608 - constants
        with self._connect() as database:
            row = database.execute(query, (check_key(scope, "scope"), check_key(key))).fetchone()
        return read(*row[1:]) if row else None

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        """Walk through the entries in a state, oldest first."""
        last = 0
        query = _SELECT + ":state AND seq > :last ORDER BY seq LIMIT :limit"
        while True:
            with self._connect() as database:
                values = {"scope": scope, "state": state, "last": last, "limit": BATCH}
                rows = database.execute(query, values).fetchall()
            for row in rows:
                yield read(*row[1:])
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    def counts(self, scope: str) -> dict[State, int]:
        """Return how many entries are in each state."""
        with self._connect() as database:
            found = database.execute(
                "SELECT state, count(*) FROM entries WHERE scope = ? GROUP BY state", (scope,)
            ).fetchall()
        return dict.fromkeys(STATES, 0) | dict(cast("list[tuple[State, int]]", found))

    def next_due(self, scope: str) -> float | None:
        """Return in how many seconds the next waiting entry may be claimed."""
        query = "SELECT min(not_before) FROM entries WHERE scope = ? AND state = 'waiting'"
        with self._connect() as database:
            (first,) = database.execute(query, (scope,)).fetchone()
        return None if first is None else max(0.0, first - self.now())

    def close(self) -> None:
        """Do nothing: every operation has its own connection, as threads and forks must not share one."""

    def _make(self) -> None:
        # What is in it concerns nobody else; SQLite gives the files beside it the same mode.
        with suppress(OSError):
            self._path.touch(mode=0o600)

    def _prepare(self, database: sqlite3.Connection) -> None:
        # Before the first write: a file of someone else stays as it is. In one transaction, as another
        # process may be making it at this moment.
        with self._transaction(database, "BEGIN"):
            self._is_new(database)
        self._log_ahead(database)
        with self._transaction(database):
            if self._is_new(database):
                for statement in _TABLES.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA application_id = {APPLICATION}")
                database.execute(f"PRAGMA user_version = {SCHEMA}")

    def _log_ahead(self, database: sqlite3.Connection) -> None:
        """Let readers and a writer not wait for each other."""
        end = SYSTEM_RUNTIME.monotonic() + self._patience
        while True:
            try:
                database.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                # Of two that switch at once SQLite refuses one without waiting.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or SYSTEM_RUNTIME.monotonic() > end:
                    raise
            SYSTEM_RUNTIME.sleep(0.01)

    def _is_new(self, database: sqlite3.Connection) -> bool:
        """Tell whether the file is empty; refuse files of others and of later versions."""
        (application,) = database.execute("PRAGMA application_id").fetchone()
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if application == APPLICATION and version == SCHEMA:
            return False
        if application == APPLICATION:
            raise LedgerError(
                f"ledger: {self._path} was written by another version (schema {version}, this one reads"
                f" {SCHEMA}); upgrade vocobase."
            )
        if application or version or database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise LedgerError(f"ledger: {self._path} is a database of another program; give another path.")
        return True

    @contextmanager
    def _connect(self) -> Generator[sqlite3.Connection]:
        # Without "c", as a file that was removed must not come back empty: all would be done again.
        address = f"{self._path.as_uri()}?mode=rw"
        try:
            with (
                SQLITE,
                closing(
                    sqlite3.connect(address, uri=True, timeout=self._patience, isolation_level=None)
                ) as database,
            ):
                # What a method has returned survives a power cut.
                database.execute("PRAGMA synchronous = FULL")
                yield database
        except sqlite3.Error as error:
            raise LedgerError(f"ledger: {self._path} cannot be used: {error}.") from error

    @contextmanager
    def _transaction(self, database: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Generator[None]:
        database.execute(begin)
        with database:
            yield


_NOBODY = ", owner = NULL, claimed_at = NULL"
_OWNED = "state = 'claimed' AND owner = :owner"


def _written(result: Mapping[str, Any] | None) -> str | None:
    return None if result is None else write(result)
