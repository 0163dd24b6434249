"""The tables, their versions, and how an older version is migrated to the current one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from vocobase._base.errors import RecordsError
from vocobase.records.row import COLUMNS, Kind

# The type of each kind of column; every database knows these names.
_TYPES: dict[Kind, str] = {
    "text": "TEXT",
    "whole": "BIGINT",
    "real": "DOUBLE PRECISION",
    "time": "BIGINT",
    "money": "BIGINT",
    "flag": "INTEGER",
    "json": "TEXT",
}
_INDEXED = ("created_at", "call_id", "agent_id", "person", "sequence")
_COLUMNS = ", ".join(
    f"{name} {_TYPES[kind]}" + (" NOT NULL PRIMARY KEY" if name == "session_id" else "")
    for name, kind in COLUMNS.items()
)
# SQLite reads whole rows, transcripts included, unless an index covers the query: this one covers reports.
# PostgreSQL stores long values separately, and limits the length of the values in an index.
SQLITE_ONLY = (
    "CREATE INDEX IF NOT EXISTS {calls}_figures ON {calls} (created_at, disposition, duration_seconds, cost,"
    " turns, latency_ms, transferred, attempt, is_final, status, direction, agent_id, agent_name, project_id,"
    " list)"
)
# The statements that migrate each version of the tables to the next one.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"CREATE TABLE {{calls}} ({_COLUMNS})",
        *(f"CREATE INDEX {{calls}}_by_{name} ON {{calls}} ({name})" for name in _INDEXED),
        # What a sync reads again.
        "CREATE INDEX {calls}_open ON {calls} (created_at) WHERE is_final = 0",
        "CREATE TABLE {forgotten} (hash TEXT NOT NULL PRIMARY KEY)",
    ),
)
META = "CREATE TABLE {meta} (key TEXT NOT NULL PRIMARY KEY, value TEXT)"
VERSION = "SELECT value FROM {meta} WHERE key = 'schema'"
SET_VERSION = "INSERT INTO {meta} VALUES ('schema', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


def migrate(execute: Execute, place: str, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Migrate the tables to the current version, inside the transaction of the caller.

    Args:
        execute: Runs a statement.
        place: Where they are, for messages.
        migrations: The statements of each version.

    Raises:
        RecordsError: a newer version of the SDK has written them.
    """
    found = execute(VERSION, ())
    version = int(found[0][0]) if found else 0
    if version > len(migrations):
        raise RecordsError(
            f"records: {place} was written by a newer version (schema {version}, this one knows"
            f" {len(migrations)}); upgrade vocobase."
        )
    if version < len(migrations):
        for statements in migrations[version:]:
            for statement in statements:
                execute(statement, ())
        execute(SET_VERSION, (str(len(migrations)),))
