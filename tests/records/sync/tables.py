# Derived from tests/records/aio/tables.py by scripts/derive_sync.py; edit that instead.
"""A table of calls with the methods that tests need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.records.support import Observe, Watched
from vocobase import Vocobase
from vocobase.records import CallRecord, Records, SyncResult
from vocobase_sandbox import Sandbox


class Table:
    """A table whose calls are a list, and which syncs with a client of its own."""

    def __init__(self, place: str | Path) -> None:
        self.records = Records.open(place)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.records, name)

    def calls(self, **filters: Any) -> list[CallRecord]:
        return [record for record in self.records.calls(**filters)]

    def sync(self, sandbox: Sandbox, observe: Observe = lambda request: None, **options: Any) -> SyncResult:
        transport = Watched(sandbox, observe)
        with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as client:
            return self.records.sync(client, **options)
