"""One ledger of every kind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.servers import postgres_server, redis_server
from vocobase import Ledger, open_ledger

KINDS = ["sqlite", "redis", "postgres"]
_numbers = itertools.count()


@pytest.fixture(scope="session")
def redis_address() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    with postgres_server() as address:
        yield address


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger may be kept."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    return request.getfixturevalue(f"{request.param}_address")


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    opened = open_ledger(address)
    yield opened
    opened.close()


@pytest.fixture
def scope() -> str:
    """A list of its own for every test, as the servers stay."""
    return f"test:{next(_numbers)}"
