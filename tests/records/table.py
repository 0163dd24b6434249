"""A table of calls with rows that a test names, without an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from vocobase.records.places import open_store
from vocobase.records.row import COLUMNS, CallRecord, stored
from vocobase.records.store import SQLStore

_NUMBERS = count(1)


def call(created_at: str | None = "2026-03-01T06:00:00Z", **values: Any) -> CallRecord:
    """Return a finished call of one minute, changed by ``values``."""
    usual: dict[str, Any] = {
        "session_id": f"session-{next(_NUMBERS)}",
        "created_at": None if created_at is None else datetime.fromisoformat(created_at),
        "direction": "outbound",
        "agent_id": "agent-1",
        "project_id": "north",
        "disposition": "completed",
        "attempt": 1,
        "duration_seconds": 60,
        "cost": Decimal("3.60"),
        "turns": 4,
        "transferred": False,
        "is_final": True,
    }
    return CallRecord(**{**usual, **values})


def missed(created_at: str = "2026-03-01T06:00:00Z", **values: Any) -> CallRecord:
    """Return a call that no one answered."""
    nothing = {"disposition": "no_answer", "duration_seconds": 0, "cost": Decimal(0), "turns": 0}
    return call(created_at, **{**nothing, **values})


def table(place: object, *records: CallRecord) -> SQLStore:
    """Return a table with some records."""
    store = open_store(str(place))
    put(store, records)
    return store


def put(store: SQLStore, records: Iterable[CallRecord]) -> None:
    """Write records as they are."""
    names = ", ".join(COLUMNS)
    statement = f"INSERT INTO {{calls}} ({names}) VALUES ({', '.join('?' * len(COLUMNS))})"
    with store._database.write() as connection:
        for record in records:
            connection.execute(statement, [stored(name, getattr(record, name)) for name in COLUMNS])
