"""Ledgers as schema 1 left them, and a change by a worker of that version that is still running."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import psycopg
from redis import Redis

# key, payload, state, owner, claimed_at, lease_until, not_before, result
Row = tuple[str, str, str, str | None, float | None, float | None, float, str | None]
LATER = 4_000_000_000.0
ROWS: list[Row] = [
    ("done", '{"n":1}', "done", "old", 5.5, None, 0, '{"call_id":"c1"}'),
    ("waiting", '{"n":2}', "waiting", None, None, None, 0, None),
    ("later", '{"n":3}', "waiting", None, None, None, LATER, '{"reason":"window"}'),
    ("claimed", '{"n":4}', "claimed", "old", 6.5, 7.5, 0, None),
    ("parked", '{"n":5}', "parked", "old", 8.5, None, 0, '{"reason":"unknown"}'),
    ("refused", '{"n":6}', "refused", "old", 9.5, None, 0, '{"code":"x"}'),
]
SQLITE = """
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
CREATE TABLE ledger (identity TEXT NOT NULL);
CREATE TABLE workers (worker TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER entries_deleted AFTER DELETE ON entries
    BEGIN UPDATE ledger SET identity = hex(randomblob(16)); END;
INSERT INTO ledger VALUES ('first');
INSERT INTO workers VALUES ('old', 3);
PRAGMA application_id = 1987011439;
PRAGMA user_version = 1;
"""
POSTGRES = """
CREATE TABLE vocobase_ledger_schema (version integer NOT NULL);
CREATE TABLE vocobase_ledger (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope text NOT NULL,
    key text NOT NULL,
    payload text NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    owner text,
    claimed_at double precision,
    lease_until double precision,
    not_before double precision NOT NULL DEFAULT 0,
    result text,
    UNIQUE (scope, key)
);
CREATE INDEX vocobase_ledger_by_state ON vocobase_ledger (scope, state, seq) INCLUDE (not_before);
INSERT INTO vocobase_ledger_schema VALUES (1);
CREATE TABLE vocobase_ledger_identity (identity text NOT NULL);
CREATE TABLE vocobase_ledger_workers (worker text PRIMARY KEY, number bigint NOT NULL);
INSERT INTO vocobase_ledger_identity VALUES ('first');
INSERT INTO vocobase_ledger_workers VALUES ('old', 3);
"""
COLUMNS = "scope, key, payload, state, owner, claimed_at, lease_until, not_before, result"
IDENTITY_KEY = "vocobase:ledger:identity"


def create(address: str, scope: str) -> None:
    """Write a ledger of schema 1 with one entry in each state."""
    if address.startswith("redis"):
        _create_redis(address, scope)
    elif address.startswith("postgres"):
        with psycopg.connect(address) as server:
            server.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            server.execute(POSTGRES.encode())
            insert = f"INSERT INTO vocobase_ledger ({COLUMNS}) VALUES ({', '.join(['%s'] * 9)})"
            for row in ROWS:
                server.execute(insert.encode(), (scope, *row))
    else:
        with closing(sqlite3.connect(address)) as file, file:
            file.executescript(SQLITE)
            insert = f"INSERT INTO entries ({COLUMNS}) VALUES ({', '.join('?' * 9)})"
            file.executemany(insert, ((scope, *row) for row in ROWS))


def _create_redis(address: str, scope: str) -> None:
    prefix = f"vocobase:ledger:{len(scope)}:{scope}:"
    with Redis.from_url(address) as client:
        client.flushall()
        client.set("vocobase:ledger:schema", 1)
        client.hset(IDENTITY_KEY, mapping={"identity": "first", "worker:old": 3, f"list:{prefix}": len(ROWS)})
        client.set(f"{prefix}number", len(ROWS))
        for number, row in enumerate(ROWS, 1):
            key, payload, state, owner, claimed_at, lease_until, not_before, result = row
            entry = {"p": payload, "s": state, "o": owner, "c": claimed_at, "n": not_before, "r": result}
            known = {name: value for name, value in entry.items() if value is not None}
            client.hset(f"{prefix}e:{key}", mapping={**known, "q": number})
            client.zadd(f"{prefix}in:{state}", {key: number})
            if lease_until:
                client.zadd(f"{prefix}leases", {key: lease_until})
            elif state == "waiting":
                due = ("delayed", not_before) if not_before else ("ready", number)
                client.zadd(f"{prefix}{due[0]}", {key: due[1]})


def claim_as_before(address: str, scope: str) -> str:
    """Claim an entry and advance the bookmark as schema 1 did, in one transaction; return the error."""
    if address.startswith("redis"):
        with Redis.from_url(address) as client:
            # The first thing that each of its scripts compares.
            same = client.hget(IDENTITY_KEY, "identity") == b"first"
        return "" if same else "it has another identity"
    claim = "SET state = 'claimed', owner = 'old' WHERE key = 'waiting'"
    try:
        if address.startswith("postgres"):
            with psycopg.connect(address) as server:
                server.execute(f"UPDATE vocobase_ledger {claim}".encode())
                server.execute(
                    "INSERT INTO vocobase_ledger_workers VALUES ('old', 1)"
                    " ON CONFLICT (worker) DO UPDATE SET number = vocobase_ledger_workers.number + 1"
                )
        else:
            with closing(sqlite3.connect(address)) as file, file:
                file.execute(f"UPDATE entries {claim}")
                file.execute(
                    "INSERT INTO workers VALUES ('old', 1)"
                    " ON CONFLICT (worker) DO UPDATE SET number = number + 1"
                )
    except (sqlite3.Error, psycopg.Error) as error:
        return str(error)
    return ""
