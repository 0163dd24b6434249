"""A table of calls with the methods that tests need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.records.support import Observe, Watched
from vocobase import AsyncVocobase
from vocobase.records import AsyncRecords, CallRecord, SyncResult
from vocobase_sandbox import Sandbox


class AsyncTable:
    """A table whose calls are a list, and which syncs with a client of its own."""

    def __init__(self, place: str | Path) -> None:
        self.records = AsyncRecords.open(place)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.records, name)

    async def calls(self, **filters: Any) -> list[CallRecord]:
        return [record async for record in self.records.calls(**filters)]

    async def sync(
        self, sandbox: Sandbox, observe: Observe = lambda request: None, **options: Any
    ) -> SyncResult:
        transport = Watched(sandbox, observe)
        async with AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as client:
            return await self.records.sync(client, **options)
