"""A table of calls in memory that exports read, with rows that a test makes and changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from vocobase.records.row import COLUMNS, CallRecord, stored

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
_TYPES = {"whole": "INTEGER", "time": "INTEGER", "money": "INTEGER", "flag": "INTEGER", "real": "REAL"}


class Table:
    """The part of a store that exports need, over SQLite."""

    def __init__(self, identity: str = "one") -> None:
        self._sequence = 0
        self._identity = identity
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(f'"{name}" {_TYPES.get(kind, "TEXT")}' for name, kind in COLUMNS.items())
        self._database.execute(f"CREATE TABLE calls ({columns}, PRIMARY KEY (session_id))")
        self._database.execute("CREATE INDEX created ON calls (created_at)")

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        if "{meta}" in sql:
            return [(self._identity,)]
        return self._database.execute(sql.replace("{calls}", "calls"), parameters).fetchall()

    def put(self, *records: CallRecord) -> None:
        for record in records:
            self._sequence += 1
            known = replace(record, sequence=self._sequence)
            values = [stored(name, getattr(known, name)) for name in COLUMNS]
            self._database.execute(f"REPLACE INTO calls VALUES ({', '.join('?' * len(values))})", values)

    def remove(self, session_id: str) -> None:
        self._database.execute("DELETE FROM calls WHERE session_id = ?", (session_id,))

    def close(self) -> None:
        self._database.close()


def call(number: int, created_at: datetime | None = NOON, **changes: Any) -> CallRecord:
    """Return a finished call with a value in every column that has one."""
    record = CallRecord(
        session_id=f"s{number}",
        call_id=f"c{number}",
        direction="outbound",
        from_number="+12025550199",
        to_number=f"+1202555{number % 10_000:04}",
        agent_name="Desk",
        status="completed",
        disposition="interested",
        created_at=created_at,
        ended_at=created_at and created_at + timedelta(seconds=61.5),
        duration_seconds=61.5,
        cost=Decimal("4.350001"),
        turns=2,
        transferred=False,
        has_recording=True,
        variables={"name": "Aša\n\u2028"},
        extraction={"amount": 12.5, "ok": None},
        transcript=({"role": "agent", "content": 'He said "hi", 50%'}, {"role": "user", "content": "=1+1"}),
        raw={"session": {"id": f"s{number}"}},
        is_final=True,
        sources="webhook",
        updated_at=created_at,
    )
    return replace(record, **changes)


def days(count: int, each: int = 3) -> Iterator[CallRecord]:
    """Yield calls of some days in a row."""
    for number in range(count * each):
        yield call(number, NOON + timedelta(days=number // each, minutes=number % each))
