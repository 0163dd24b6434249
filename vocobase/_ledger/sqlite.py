"""A ledger in a SQLite file."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, cast

from vocobase._base.arguments import as_path
from vocobase._base.errors import ConfigurationError
from vocobase._base.forks import SQLITE
from vocobase._base.runtime import wall_time
from vocobase._base.values import OMIT, Omit
from vocobase._ledger import sqlite_statements as statements
from vocobase._ledger.base import (
    BATCH,
    STATES,
    Entry,
    State,
    batches,
    check_key,
    check_state,
    read,
    write,
)
from vocobase._ledger.sqlite_file import LedgerFile

# Seconds to wait for other writers.
PATIENCE_SECONDS = 15.0


class SQLiteLedger:
    """Keep a ledger in a file, for the processes of one machine.

    Args:
        path: The file; created if it does not exist. Not on a network share.
        clock: Returns seconds since 1970, the same for all processes; the wall clock by default.
        patience: Seconds to wait for other writers.

    Raises:
        LedgerError: the file cannot be used.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        clock: Callable[[], float] | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._clock = clock or wall_time
        self._path = as_path(path, "ledger").absolute()
        if os.path.isdir(self._path):  # noqa: PTH112 - Path.is_dir raises where a name is too long
            raise ConfigurationError(f"ledger: {self._path} is a directory; pass the path of a file.")
        self._file = LedgerFile(self._path, patience)

    def __repr__(self) -> str:
        return f"SQLiteLedger({str(self._path)!r})"

    def now(self) -> float:
        """Return the time of this machine."""
        return self._clock()

    def enter(self, scope: str, items: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Add entries that are not in the list yet."""
        insert = "INSERT OR IGNORE INTO entries (scope, key, payload, priority) VALUES (?, ?, ?, ?)"
        new = 0
        for batch in batches(scope, items):
            with SQLITE, self._file.write() as database:
                before = database.total_changes
                database.executemany(insert, ((scope, *row) for row in batch))
                new += database.total_changes - before
        return new

    def claim(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim waiting entries that are due: highest priority first, then the oldest."""
        return self._take(
            "'waiting' AND not_before <= :now",
            "priority DESC, seq",
            "state = 'claimed', owner = :owner, claimed_at = :now, lease_until = :until",
            {"scope": scope, "owner": owner, "limit": limit, "key": key},
            lease,
        )

    def take_over(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim entries whose lease has expired."""
        return self._take(
            "'claimed' AND lease_until <= :now",
            "seq",
            "owner = :owner, lease_until = :until",
            {"scope": scope, "owner": owner, "limit": limit, "key": key},
            lease,
        )

    def _take(
        self, condition: str, order: str, change: str, values: dict[str, Any], lease: float
    ) -> list[Entry]:
        one = "" if values["key"] is None else " AND key = :key"
        select = f"{statements.SELECT}{condition}{one} ORDER BY {order} LIMIT :limit"
        with SQLITE, self._file.write() as database:
            now = self.now()
            values = {**values, "now": now, "until": now + lease}
            numbers = [row[0] for row in database.execute(select, values)]
            update = f"UPDATE entries SET {change} WHERE seq = :seq"  # noqa: S608 - constants
            database.executemany(update, ({**values, "seq": number} for number in numbers))
            return [_entry(database, number) for number in numbers]

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        """Renew leases."""
        return self._change(
            scope, keys, "lease_until = :until", statements.OWNED, owner=owner, until=self.now() + lease
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
        change += statements.NO_OWNER if state == "waiting" else ""
        values = {"state": state, "result": _written(result), "not_before": not_before}
        return self._change(scope, keys, change, statements.OWNED, owner=owner, **values)

    def revise(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        was: State,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
        expected: Mapping[str, Any] | Omit | None = OMIT,
    ) -> list[str]:
        """Move entries that are not claimed from one state to another."""
        check_state(state)
        check_state(was)
        change = "state = :state, not_before = :not_before, result = coalesce(:result, result)"
        change += statements.NO_OWNER if state == "waiting" else ""
        values = {"was": was, "state": state, "result": _written(result), "not_before": not_before}
        condition = "state = :was"
        if not isinstance(expected, Omit):
            condition += " AND result IS :expected"
            values["expected"] = _written(expected)
        return self._change(scope, keys, change, condition, **values)

    def _change(
        self, scope: str, keys: Collection[str], change: str, condition: str, **values: Any
    ) -> list[str]:
        update = f"UPDATE entries SET {change} WHERE scope = :scope AND key = :key AND {condition}"  # noqa: S608
        values["scope"] = scope
        with SQLITE, self._file.write() as database:
            return [key for key in keys if database.execute(update, {**values, "key": key}).rowcount == 0]

    def get(self, scope: str, key: str) -> Entry | None:
        """Return one entry, or None."""
        query = f"SELECT {statements.COLUMNS} FROM entries WHERE scope = ? AND key = ?"  # noqa: S608 - constants
        with SQLITE, self._file.read() as database:
            row = database.execute(query, (check_key(scope, "scope"), check_key(key))).fetchone()
        return read(*row[1:]) if row else None

    def record(self, scope: str, keys: Collection[str], state: State) -> None:
        """Record keys in a state without claiming them: add new ones, and move waiting ones."""
        check_state(state)
        # One value; a statement for each key would cost several times as much.
        listed = json.dumps([check_key(key) for key in keys])
        values = {"scope": check_key(scope, "scope"), "keys": listed, "state": state}
        with SQLITE, self._file.write() as database:
            database.execute(statements.RECORD, values)

    def find(self, scope: str, keys: Collection[str], state: State) -> list[str]:
        """Return the keys whose entries are in a state, in the order passed."""
        values = {"scope": scope, "keys": json.dumps([*keys]), "state": state}
        with SQLITE, self._file.read() as database:
            found = {row[0] for row in database.execute(statements.FIND, values)}
        return [key for key in keys if key in found]

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        """Iterate over the entries in a state, oldest first."""
        last = 0
        query = statements.SELECT + ":state AND seq > :last ORDER BY seq LIMIT :limit"
        while True:
            with SQLITE, self._file.read() as database:
                values = {"scope": scope, "state": state, "last": last, "limit": BATCH}
                rows = database.execute(query, values).fetchall()
            for row in rows:
                yield read(*row[1:])
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    def counts(self, scope: str) -> dict[State, int]:
        """Return how many entries are in each state."""
        with SQLITE, self._file.read() as database:
            found = database.execute(
                "SELECT state, count(*) FROM entries WHERE scope = ? GROUP BY state", (scope,)
            ).fetchall()
        return dict.fromkeys(STATES, 0) | dict(cast("list[tuple[State, int]]", found))

    def scopes(self, prefix: str) -> list[str]:
        """Return the scopes that begin with a prefix and have entries, in alphabetical order."""
        query = "SELECT DISTINCT scope FROM entries WHERE substr(scope, 1, ?) = ?"
        with SQLITE, self._file.read() as database:
            return sorted(row[0] for row in database.execute(query, (len(prefix), prefix)))

    def next_due(self, scope: str) -> float | None:
        """Return the seconds until the next waiting entry may be claimed."""
        query = "SELECT min(not_before) FROM entries WHERE scope = ? AND state = 'waiting'"
        with SQLITE, self._file.read() as database:
            (first,) = database.execute(query, (scope,)).fetchone()
        return None if first is None else max(0.0, first - self.now())

    def close(self) -> None:
        """Remove the bookmark, and close the connection."""
        self._file.close()


def _entry(database: sqlite3.Connection, number: int) -> Entry:
    query = f"SELECT {statements.COLUMNS} FROM entries WHERE seq = ?"  # noqa: S608 - constants
    return read(*database.execute(query, (number,)).fetchone()[1:])


def _written(result: Mapping[str, Any] | None) -> str | None:
    return None if result is None else write(result)
