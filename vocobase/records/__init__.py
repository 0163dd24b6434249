"""One local table of calls: webhooks, polls and backfills fill it, reports and exports read it.

    from vocobase import Vocobase
    from vocobase.records import Records

    with Vocobase() as vb, Records.open("calls.sqlite") as records:
        records.sync(vb)                                # backfill, and what is new
        for call in records.calls(disposition="voicemail"):
            print(call.person, call.cost)

Every session has one record, whatever the order and number of its sources. A source becomes an observation
(`sources.py`), `facts.py` says which columns it knows, `merge.py` makes one record of all of them, and
`store.py` keeps the record in SQLite (`sqlite.py`) or PostgreSQL (`postgres.py`).

Importing this package loads nothing else; names are loaded when they are first used.
"""

from __future__ import annotations

# Importing `typing` would take longer than all the rest; checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from vocobase._base.errors import RecordsError
    from vocobase.records.aio.records import AsyncRecords
    from vocobase.records.filters import Filters
    from vocobase.records.row import CallRecord
    from vocobase.records.sync.records import Records
    from vocobase.records.syncing import SyncProgress, SyncResult

__all__ = ["AsyncRecords", "CallRecord", "Filters", "Records", "RecordsError", "SyncProgress", "SyncResult"]

_MODULES = {
    "AsyncRecords": "vocobase.records.aio.records",
    "CallRecord": "vocobase.records.row",
    "Filters": "vocobase.records.filters",
    "Records": "vocobase.records.sync.records",
    "RecordsError": "vocobase._base.errors",
    "SyncProgress": "vocobase.records.syncing",
    "SyncResult": "vocobase.records.syncing",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
