"""A ledger in a PostgreSQL server."""

from __future__ import annotations

import sys
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, cast

from vocobase._base.errors import ConfigurationError, LedgerError, LedgerLostError, one_line
from vocobase._base.extras import needs
from vocobase._base.forks import PerProcess
from vocobase._base.postgres import NETWORK, Link, connect, place_of
from vocobase._base.secrets import Secret, drop_frames, reveal, takes_secrets
from vocobase._base.values import OMIT, Omit
from vocobase._ledger import postgres_statements as statements
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
from vocobase._ledger.identity import Bookmark, lost

_LOCK = 0x766F636F


class _Link(Link):
    """A connection with the bookmark of its process."""

    def __init__(self) -> None:
        super().__init__()
        self.bookmark = Bookmark()


class PostgresLedger:
    """Keep a ledger in a PostgreSQL server, in tables that are created if they do not exist.

    Needs the extra ``postgres``.

    Args:
        url: Address of the database, such as ``postgresql://user@host/database``.

    Raises:
        ConfigurationError: the address is not valid, or a package is missing.
        LedgerError: the server cannot be used.
    """

    # Tools that show variables call the repr even of an object whose constructor has failed.
    _place = "(not open)"

    @takes_secrets("url")
    def __init__(self, url: str) -> None:
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict
        except ImportError as error:
            raise ConfigurationError(f"{needs('ledger: PostgreSQL', 'postgres')}.") from error
        fault = ""
        try:
            self._settings = Secret({**NETWORK, **conninfo_to_dict(reveal(url))})
        except psycopg.Error as error:
            # Its text may hold the password.
            fault = type(error).__name__
        if fault:
            raise ConfigurationError(f"ledger: this address of PostgreSQL cannot be used: {fault}.")
        self._place = place_of(self._settings.reveal())
        self._psycopg: Any = psycopg
        self._links = PerProcess(_Link)
        self._identity: str | None = None
        try:
            with self._talk() as connection:
                self._identity = self._prepare(connection)
        except LedgerError:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"PostgresLedger({self._place!r})"

    def now(self) -> float:
        """Return the time of the server."""
        with self._talk() as connection:
            return float(connection.execute(f"SELECT {statements.NOW}").fetchone()[0])

    def enter(self, scope: str, items: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Add entries that are not in the list yet."""
        new = 0
        for batch in batches(scope, items):
            keys, payloads, priorities = map(list, zip(*batch, strict=True))
            with self._checked(1) as connection:
                # Two workers that add the same keys in different order would wait for each other.
                connection.execute(statements.LOCK, (_LOCK, scope))
                values = {"scope": scope, "keys": keys, "payloads": payloads, "priorities": priorities}
                new += connection.execute(statements.ENTER, values).rowcount
        return new

    def claim(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim waiting entries that are due: highest priority first, then the oldest."""
        return self._take(statements.CLAIM, scope=scope, owner=owner, limit=limit, lease=lease, key=key)

    def take_over(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim entries whose lease has expired."""
        return self._take(statements.TAKE_OVER, scope=scope, owner=owner, limit=limit, lease=lease, key=key)

    def _take(self, query: str, **values: Any) -> list[Entry]:
        one = "" if values["key"] is None else "AND key = %(key)s"
        return [read(*row) for row in self._change_rows(query.format(one=one), **values)]

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        """Renew leases."""
        return self._change(scope, keys, statements.RENEW, statements.OWNED, owner=owner, lease=lease)

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
        values = {"state": state, "result": _written(result), "not_before": not_before}
        return self._change(scope, keys, statements.SETTLE, statements.OWNED, owner=owner, **values)

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
        """Move entries that are not claimed to another state."""
        check_state(state)
        check_state(was)
        values = {"was": was, "state": state, "result": _written(result), "not_before": not_before}
        condition = "state = %(was)s"
        if not isinstance(expected, Omit):
            condition += " AND result IS NOT DISTINCT FROM %(expected)s"
            values["expected"] = _written(expected)
        return self._change(scope, keys, statements.REVISE, condition, **values)

    def _change(
        self, scope: str, keys: Collection[str], change: str, condition: str, **values: Any
    ) -> list[str]:
        update = statements.CHANGE.format(change=change, condition=condition)
        changed = {row[0] for row in self._change_rows(update, scope=scope, keys=list(keys), **values)}
        return [key for key in keys if key not in changed]

    def get(self, scope: str, key: str) -> Entry | None:
        """Return one entry, or None."""
        query = f"SELECT {statements.COLUMNS} FROM vocobase_ledger WHERE scope = %(scope)s AND key = %(key)s"  # noqa: S608
        rows = self._rows(query, scope=check_key(scope, "scope"), key=check_key(key))
        return read(*rows[0]) if rows else None

    def record(self, scope: str, keys: Collection[str], state: State) -> None:
        """Record keys in a state without claiming them: add new ones, and move waiting ones."""
        check_state(state)
        values = {
            "scope": check_key(scope, "scope"),
            "keys": [check_key(key) for key in keys],
            "state": state,
        }
        with self._checked(1) as connection:
            connection.execute(statements.LOCK, (_LOCK, scope))
            connection.execute(statements.RECORD, values)

    def find(self, scope: str, keys: Collection[str], state: State) -> list[str]:
        """Return the keys whose entries are in a state, in the order passed."""
        rows = self._rows(statements.FIND, scope=scope, keys=list(keys), state=state)
        found = {row[0] for row in rows}
        return [key for key in keys if key in found]

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        """Iterate over the entries in a state, oldest first."""
        query = (
            f"SELECT seq, {statements.COLUMNS} FROM vocobase_ledger"  # noqa: S608 - constants
            " WHERE scope = %(scope)s AND state = %(state)s AND seq > %(last)s ORDER BY seq LIMIT %(limit)s"
        )
        last = 0
        while rows := self._rows(query, scope=scope, state=state, last=last, limit=BATCH):
            for row in rows:
                yield read(*row[1:])
            last = rows[-1][0]

    def counts(self, scope: str) -> dict[State, int]:
        """Return how many entries are in each state."""
        query = "SELECT state, count(*) FROM vocobase_ledger WHERE scope = %(scope)s GROUP BY state"
        found = cast("list[tuple[State, int]]", self._rows(query, scope=scope))
        return dict.fromkeys(STATES, 0) | dict(found)

    def scopes(self, prefix: str) -> list[str]:
        """Return the scopes that begin with a prefix and have entries, in alphabetical order."""
        query = "SELECT DISTINCT scope FROM vocobase_ledger WHERE starts_with(scope, %(prefix)s)"
        return sorted(row[0] for row in self._rows(query, prefix=prefix))

    def next_due(self, scope: str) -> float | None:
        """Return the seconds until the next waiting entry may be claimed."""
        query = (
            f"SELECT greatest(0, min(not_before) - {statements.NOW}), count(*) FROM vocobase_ledger"  # noqa: S608
            " WHERE scope = %(scope)s AND state = 'waiting'"
        )
        seconds, number = self._rows(query, scope=scope)[0]
        return float(seconds) if number else None

    def close(self) -> None:
        """Remove the bookmark, and release the connection."""
        link = self._links.get()
        with link.lock:
            worker = link.bookmark.end()
            if worker and link.connection is not None:
                with suppress(LedgerError), self._talk() as connection:
                    connection.execute(statements.END, {"worker": worker})
            connection, link.connection = link.connection, None
            if connection is not None:
                connection.close()

    def _change_rows(self, query: str, **values: Any) -> list[Any]:
        return self._rows(query, changes=1, **values)

    def _rows(self, query: str, *, changes: int = 0, **values: Any) -> list[Any]:
        with self._checked(changes) as connection:
            rows: list[Any] = connection.execute(query, values).fetchall()
        return rows

    @contextmanager
    def _checked(self, changes: int) -> Generator[Any]:
        """Yield the connection in a transaction; nothing of it is kept if the ledger was lost.

        The check comes last: from the first use of a table on, it cannot be dropped or truncated until the
        transaction ends, and a deletion of rows meanwhile changes the identity.
        """
        link = self._links.get()
        with link.lock:
            bookmark = link.bookmark
            advance = statements.ADVANCE if changes else statements.BOOKMARK
            try:
                with self._talk() as connection:
                    yield connection
                    identity, number = connection.execute(advance, {"worker": bookmark.worker}).fetchone()
                    if identity != self._identity or (number or 0) < bookmark.number + changes:
                        raise lost(f"PostgreSQL at {self._place}")
            except LedgerLostError:
                # Workers without a change since an older copy was made could not detect it.
                with suppress(LedgerError), self._talk() as connection:
                    connection.execute(statements.DISOWN, {"identity": self._identity})
                raise
            bookmark.number = number or 0

    def _prepare(self, connection: Any) -> str:
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_LOCK,))
        (exists,) = connection.execute("SELECT to_regclass('vocobase_ledger_schema') IS NOT NULL").fetchone()
        if not exists:
            connection.execute(statements.TABLES)
        (version,) = connection.execute("SELECT max(version) FROM vocobase_ledger_schema").fetchone()
        if version is None or version > SCHEMA:
            raise LedgerError(
                f"ledger: PostgreSQL at {self._place} was written by another version (schema {version}, this"
                f" one reads {SCHEMA}); upgrade vocobase."
            )
        if version < SCHEMA:
            connection.execute(statements.PRIORITIES + (statements.RETIRE_WORKERS if version else ""))
        # Only what is missing: a worker may lack the right to create.
        for query, change in statements.IDENTITY_STEPS:
            (done,) = connection.execute(query).fetchone()
            if not done:
                connection.execute(change)
        (identity,) = connection.execute(statements.IDENTITY).fetchone()
        return str(identity)

    @contextmanager
    def _talk(self) -> Generator[Any]:
        """Yield the connection in a transaction; one that broke is replaced the next time."""
        link = self._links.get()
        handled = sys.exception()
        with link.lock:
            try:
                link.connection = link.connection or self._connect()
                with link.connection.transaction():
                    yield link.connection
            except self._psycopg.Error as error:
                drop_frames(error, handled)
                if self._identity is not None and isinstance(error, self._psycopg.errors.UndefinedTable):
                    raise lost(f"PostgreSQL at {self._place}", "a table does not exist") from error
                what = f"{type(error).__name__}: {one_line(error).rstrip('.')}"
                raise LedgerError(f"ledger: PostgreSQL at {self._place} cannot be used: {what}.") from error
            finally:
                link.drop_unfit(self._psycopg)

    def _connect(self) -> Any:
        connection = connect(self._psycopg, self._settings.reveal())
        # A result that a method has returned survives a power cut.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
        return connection


def _written(result: Mapping[str, Any] | None) -> str | None:
    return None if result is None else write(result)
