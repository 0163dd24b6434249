"""The table of calls in a PostgreSQL server."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any

from vocobase._base.errors import ConfigurationError, RecordsError, one_line
from vocobase._base.extras import needs
from vocobase._base.forks import PerProcess
from vocobase._base.postgres import NETWORK, Link, connect, place_of
from vocobase._base.secrets import Secret, drop_frames, reveal, takes_secrets
from vocobase.records.schema import META, migrate
from vocobase.records.store import Row

_TABLES = {
    "{calls}": "vocobase_calls",
    "{meta}": "vocobase_calls_meta",
    "{forgotten}": "vocobase_calls_forgotten",
}
_LOCK = 0x766F6372
_IDENTITY = "SELECT value FROM vocobase_calls_meta WHERE key = 'identity'"
_NEW_IDENTITY = "INSERT INTO vocobase_calls_meta VALUES ('identity', gen_random_uuid()::text)"


class _Connection:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        for name, table in _TABLES.items():
            sql = sql.replace(name, table)
        cursor = self._connection.execute(sql.replace("%", "%%").replace("?", "%s"), tuple(parameters))
        return [] if cursor.description is None else [tuple(map(_plain, row)) for row in cursor.fetchall()]


class PostgresDatabase:
    """Tables in a server, which are created at their first use.

    Needs the extra ``postgres``.

    Args:
        url: Address of the database, such as ``postgresql://user@host/database``.

    Raises:
        ConfigurationError: the address is not valid, or a package is missing.
    """

    # Tools that show variables call the repr even of an object whose constructor has failed.
    _place = "(not open)"

    @takes_secrets("url")
    def __init__(self, url: str) -> None:
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict
        except ImportError as error:
            raise ConfigurationError(f"{needs('records: PostgreSQL', 'postgres')}.") from error
        fault = ""
        try:
            self._settings = Secret({**NETWORK, **conninfo_to_dict(reveal(url))})
        except psycopg.Error as error:
            # Its text may hold the password.
            fault = type(error).__name__
        if fault:
            raise ConfigurationError(f"records: this address of PostgreSQL cannot be used: {fault}.")
        self._place = f"PostgreSQL at {place_of(self._settings.reveal())}"
        self._psycopg: Any = psycopg
        self._links = PerProcess(Link)
        self._identity: str | None = None

    def __repr__(self) -> str:
        return f"PostgresDatabase({self._place!r})"

    @property
    def lock(self) -> AbstractContextManager[object]:
        """The lock of the connection."""
        return self._links.get().lock

    @contextmanager
    def read(self) -> Generator[_Connection]:
        """Return a transaction that sees one state."""
        with self._transaction() as connection:
            self._check(connection)
            yield _Connection(connection)

    @contextmanager
    def write(self) -> Generator[_Connection]:
        """Return a transaction whose changes are kept together, or not at all."""
        with self._transaction() as connection:
            # One writer at a time, so that numbers of changes appear in their order.
            connection.execute("SELECT pg_advisory_xact_lock(%s, 1)", (_LOCK,))
            self._check(connection)
            yield _Connection(connection)

    def erase(self) -> None:
        """Rewrite the table without what was deleted; the server keeps its own logs and backups."""
        with self._use() as connection:
            connection.execute("VACUUM (FULL) vocobase_calls")

    def close(self) -> None:
        """Close the connection."""
        link = self._links.get()
        with link.lock:
            connection, link.connection = link.connection, None
            if connection is not None:
                connection.close()

    @contextmanager
    def _transaction(self) -> Generator[Any]:
        with self._use() as connection:
            if self._identity is None:
                with connection.transaction():
                    self._identity = self._prepare(connection)
            with connection.transaction():
                yield connection

    def _prepare(self, connection: Any) -> str:
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_LOCK,))
        (exists,) = connection.execute("SELECT to_regclass('vocobase_calls_meta') IS NOT NULL").fetchone()
        execute = _Connection(connection).execute
        if not exists:
            execute(META)
            connection.execute(_NEW_IDENTITY)
        migrate(execute, self._place)
        (identity,) = connection.execute(_IDENTITY).fetchone()
        return str(identity)

    def _check(self, connection: Any) -> None:
        if connection.execute(_IDENTITY).fetchone() != (self._identity,):
            raise self._lost()

    def _lost(self) -> RecordsError:
        return RecordsError(
            f"records: {self._place}: the table of calls was removed or replaced while it was in use; restore"
            " it, or open it again for a new table, and sync."
        )

    @contextmanager
    def _use(self) -> Generator[Any]:
        """Yield the connection; one that broke is replaced the next time."""
        link = self._links.get()
        handled = sys.exception()
        with link.lock:
            try:
                link.connection = link.connection or connect(self._psycopg, self._settings.reveal())
                yield link.connection
            except self._psycopg.Error as error:
                drop_frames(error, handled)
                if self._identity is not None and isinstance(error, self._psycopg.errors.UndefinedTable):
                    raise self._lost() from error
                what = f"{type(error).__name__}: {one_line(error).rstrip('.')}"
                raise RecordsError(f"records: {self._place} cannot be used: {what}.") from error
            finally:
                link.drop_unfit(self._psycopg)


def _plain(value: object) -> object:
    """Return a number as SQLite would: sums and means of whole numbers are decimals here."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
