# Derived from tests/folders/aio/support.py by scripts/derive_sync.py; edit that instead.
"""Runs of the synchronisation."""

from __future__ import annotations

from typing import Any

from tests.folders.support import Account, Wire
from vocobase import Vocobase
from vocobase.types import SyncReport


def synchronise(account: Account, wire: Wire | None = None, **options: Any) -> SyncReport:
    """Bring the documents of the account in line with its folder, over this transport."""
    transport = wire or Wire(account.sandbox)
    with Vocobase(transport=transport, **account.options()) as vb:
        return vb.agents.documents.sync(account.agent, account.folder, **options)
