# Derived from tests/dialing/aio/conftest.py by scripts/derive_sync.py; edit that instead.
"""A dialer against the sandbox, on a clock that only sleeping moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dialing.sync.world import World
from tests.dialing.world import worlds


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Create worlds with settings of the sandbox."""
    with worlds(World, tmp_path) as create:
        yield create


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
