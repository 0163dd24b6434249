# Derived from tests/records/aio/conftest.py by scripts/derive_sync.py; edit that instead.
"""Tables of calls on every kind of place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.records.sync.tables import Table


@pytest.fixture
def table(place: str) -> Iterator[Table]:
    """A table in every place."""
    opened = Table(place)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Table]:
    """A table in a file."""
    opened = Table(tmp_path / "file.sqlite")
    yield opened
    opened.close()
