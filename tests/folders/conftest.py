"""Fixtures of the tests of synchronised folders."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders.support import Account


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Create the folder in memory where there is such a place: hundreds of manifests are replaced."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk hundreds of times."""
    monkeypatch.setattr(os, "fsync", lambda number: None)


@pytest.fixture
def account(tmp_path: Path) -> Account:
    folder = tmp_path / "kb"
    folder.mkdir()
    return Account(folder)
