"""One local table of calls: webhooks, polls and backfills fill it, reports and exports read it.

    from vocobase import Vocobase
    from vocobase.records import Records

    with Vocobase() as vb, Records.open("calls.sqlite") as records:
        records.sync(vb)                                # backfill, and what is new
        for call in records.calls(disposition="voicemail"):
            print(call.person, call.cost)

Every session has one record, whatever the order and number of its sources. A source becomes an observation
(`observed.py`), `facts.py` determines the columns that it knows, `merge.py` merges all of them into one
record, and `store.py` keeps the record in SQLite (`sqlite.py`) or PostgreSQL (`postgres.py`). `exports.py`
writes the days that changed into a folder, and `archive.py` and `aio/archiving.py` the recordings and
transcripts.

Importing this package loads nothing else: each name is loaded at its first use.
"""

from __future__ import annotations

# Importing `typing` would take longer than everything else here; type checkers know this name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from vocobase._base.errors import ExportError, RecordsError
    from vocobase.records.aio.records import AsyncRecords
    from vocobase.records.archive import ArchiveFailure, ArchiveResult, Sink
    from vocobase.records.exports import ExportResult
    from vocobase.records.figures import ReportRow
    from vocobase.records.filters import Filters
    from vocobase.records.prices import Price
    from vocobase.records.report_query import ReportFilters
    from vocobase.records.reports import Report
    from vocobase.records.row import CallRecord
    from vocobase.records.sync.records import Records
    from vocobase.records.syncing import SyncProgress, SyncResult

__all__ = [
    "ArchiveFailure",
    "ArchiveResult",
    "AsyncRecords",
    "CallRecord",
    "ExportError",
    "ExportResult",
    "Filters",
    "Price",
    "Records",
    "RecordsError",
    "Report",
    "ReportFilters",
    "ReportRow",
    "Sink",
    "SyncProgress",
    "SyncResult",
]

_MODULES = {
    "ArchiveFailure": "vocobase.records.archive",
    "ArchiveResult": "vocobase.records.archive",
    "AsyncRecords": "vocobase.records.aio.records",
    "CallRecord": "vocobase.records.row",
    "ExportError": "vocobase._base.errors",
    "ExportResult": "vocobase.records.exports",
    "Filters": "vocobase.records.filters",
    "Price": "vocobase.records.prices",
    "Records": "vocobase.records.sync.records",
    "RecordsError": "vocobase._base.errors",
    "Report": "vocobase.records.reports",
    "ReportFilters": "vocobase.records.report_query",
    "ReportRow": "vocobase.records.figures",
    "Sink": "vocobase.records.archive",
    "SyncProgress": "vocobase.records.syncing",
    "SyncResult": "vocobase.records.syncing",
}


# Otherwise, type checkers would accept any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
