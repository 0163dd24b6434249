"""What can happen to a ledger that is in use: each kind of ledger can be emptied, removed, copied and restored."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from redis import Redis

TABLES = (
    "vocobase_ledger",
    "vocobase_ledger_identity",
    "vocobase_ledger_bookmarks",
    "vocobase_ledger_schema",
)


class Place:
    """Where a ledger is kept; `copy` returns what brings back the state of this moment."""

    def __init__(self, address: str) -> None:
        self.address = address

    def losses(self) -> dict[str, Callable[[], object]]:
        raise NotImplementedError

    def copy(self) -> Callable[[], object]:
        raise NotImplementedError


class SQLitePlace(Place):
    def losses(self) -> dict[str, Callable[[], object]]:
        return {
            "removed": self.remove,
            "entries deleted": lambda: self.execute("DELETE FROM entries"),
            "one entry deleted": lambda: self.execute("DELETE FROM entries WHERE seq = 2"),
            "all rows deleted": lambda: self.execute(
                "DELETE FROM entries", "DELETE FROM ledger", "DELETE FROM bookmarks"
            ),
            "entries dropped": lambda: self.execute("DROP TABLE entries"),
            "entries dropped and created": lambda: self.execute(
                "CREATE TABLE kept AS SELECT * FROM entries WHERE 0",
                "DROP TABLE entries",
                "ALTER TABLE kept RENAME TO entries",
            ),
            "truncated": lambda: Path(self.address).write_bytes(b""),
            "replaced by another ledger": self.replace,
            "replaced by another database": self.replace_by_foreign,
        }

    def remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(self.address + suffix).unlink(missing_ok=True)

    def execute(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.address, isolation_level=None)) as database:
            for statement in statements:
                database.execute(statement)

    def replace(self) -> None:
        from vocobase import open_ledger

        open_ledger(self.address + ".other")
        os.replace(self.address + ".other", self.address)

    def replace_by_foreign(self) -> None:
        with closing(sqlite3.connect(self.address + ".other")) as database:
            database.execute("CREATE TABLE orders (id)")
        os.replace(self.address + ".other", self.address)

    def copy(self) -> Callable[[], object]:
        kept = self.address + ".kept"
        with closing(sqlite3.connect(self.address)) as database, closing(sqlite3.connect(kept)) as target:
            database.backup(target)
        return lambda: shutil.copyfile(kept, self.address)


class RedisPlace(Place):
    def losses(self) -> dict[str, Callable[[], object]]:
        return {
            "all databases emptied": lambda: self.client(lambda client: client.flushall()),
            "emptied": lambda: self.client(lambda client: client.flushdb()),
            "another database": lambda: self.client(lambda client: client.swapdb(0, 7)),
            "lists deleted": lambda: self.delete("vocobase:ledger:[0-9]*"),
            "identity deleted": lambda: self.delete("vocobase:ledger:identity"),
            "sets deleted": lambda: self.delete("vocobase:ledger:*:in:*"),
            "ready jobs deleted": lambda: self.delete("vocobase:ledger:*:ready"),
            "numbers deleted": lambda: self.delete("vocobase:ledger:*:number"),
            "entries deleted": lambda: self.delete("vocobase:ledger:*:e:*"),
        }

    def client(self, use: Callable[[Any], object]) -> object:
        with Redis.from_url(self.address) as client:
            return use(client)

    def delete(self, pattern: str) -> object:
        return self.client(lambda client: client.delete(*client.keys(pattern)))

    def copy(self) -> Callable[[], object]:
        with Redis.from_url(self.address) as client:
            kept: dict[bytes, Any] = {key: client.dump(key) for key in client.keys("*")}

        def restore(client: Any) -> None:
            client.flushdb()
            for key, value in kept.items():
                client.restore(key, 0, value)

        return lambda: self.client(restore)


class PostgresPlace(Place):
    def losses(self) -> dict[str, Callable[[], object]]:
        every = ", ".join(TABLES)
        return {
            "dropped": lambda: self.execute(f"DROP TABLE {every}"),
            "all truncated": lambda: self.execute(f"TRUNCATE {every}"),
            "entries truncated": lambda: self.execute("TRUNCATE vocobase_ledger"),
            "entries deleted": lambda: self.execute("DELETE FROM vocobase_ledger"),
            "one entry deleted": lambda: self.execute(
                "DELETE FROM vocobase_ledger WHERE seq = (SELECT max(seq) FROM vocobase_ledger)"
            ),
            "identity deleted": lambda: self.execute("DELETE FROM vocobase_ledger_identity"),
            "entries restored alone": lambda: self.execute(
                "CREATE TABLE kept AS TABLE vocobase_ledger",
                "DROP TABLE vocobase_ledger",
                "ALTER TABLE kept RENAME TO vocobase_ledger",
            ),
        }

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.address) as database:
            for statement in statements:
                database.execute(statement)  # type: ignore[call-overload]

    def copy(self) -> Callable[[], object]:
        kept: dict[str, list[Any]] = {}
        with psycopg.connect(self.address) as database:
            for table in TABLES:
                kept[table] = database.execute(sql.SQL("TABLE {}").format(sql.Identifier(table))).fetchall()

        def restore() -> None:
            with psycopg.connect(self.address) as database:
                # As a server that goes back does not run triggers.
                database.execute("SET session_replication_role = replica")
                for table, rows in kept.items():
                    name = sql.Identifier(table)
                    database.execute(sql.SQL("DELETE FROM {}").format(name))
                    for row in rows:
                        values = sql.SQL(", ").join(sql.Placeholder() * len(row))
                        insert = sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE VALUES ({})")
                        database.execute(insert.format(name, values), row)

        return restore


def place_of(address: str) -> Place:
    """Return what can happen at an address of a ledger."""
    kinds = {"redis": RedisPlace, "postgresql": PostgresPlace}
    return kinds.get(address.partition("://")[0], SQLitePlace)(address)
