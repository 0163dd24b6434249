"""Archives of a table in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.records.export_source import Table
from vocobase.records.aio.archiving import archive_to


def async_archive(table: Table, folder: Path, **options: Any) -> Callable[[Any], Any]:
    """Return a call that archives with a client."""
    return lambda vb: archive_to(table, vb._core, folder, **options)
