"""A dialer against the sandbox, on a clock that only sleeping moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import worlds


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., AsyncWorld]]:
    """Create worlds with settings of the sandbox."""
    with worlds(AsyncWorld, tmp_path) as create:
        yield create


@pytest.fixture
def world(make_world: Callable[..., AsyncWorld]) -> AsyncWorld:
    return make_world()
