# Derived from tests/records/aio/archives.py by scripts/derive_sync.py; edit that instead.
"""Archives of a table in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.records.export_source import Table
from vocobase.records.sync.archiving import archive_to


def archive(table: Table, folder: Path, **options: Any) -> Callable[[Any], Any]:
    """Return a call that archives with a client."""
    return lambda vb: archive_to(table, vb._core, folder, **options)
