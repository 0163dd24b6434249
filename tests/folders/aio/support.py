"""Runs of the synchronisation."""

from __future__ import annotations

from typing import Any

from tests.folders.support import Account, Wire
from vocobase import AsyncVocobase
from vocobase.types import SyncReport


async def synchronise(account: Account, wire: Wire | None = None, **options: Any) -> SyncReport:
    """Bring the documents of the account in line with its folder, over this transport."""
    transport = wire or Wire(account.sandbox)
    async with AsyncVocobase(transport=transport, **account.options()) as vb:
        return await vb.agents.documents.sync(account.agent, account.folder, **options)
