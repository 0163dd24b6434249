"""Tables of calls on every kind of place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.records.aio.tables import AsyncTable


@pytest.fixture
async def table(place: str) -> AsyncIterator[AsyncTable]:
    """A table in every place."""
    opened = AsyncTable(place)
    yield opened
    await opened.close()


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[AsyncTable]:
    """A table in a file."""
    opened = AsyncTable(tmp_path / "file.sqlite")
    yield opened
    await opened.close()
