"""Every kind of place for a table, and an account whose time passes when a client waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ledger.servers import postgres_server
from vocobase import Vocobase
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    with postgres_server() as address:
        yield address


@pytest.fixture
def empty_server(postgres_address: str) -> str:
    """A server without tables of calls."""
    import psycopg

    with psycopg.connect(postgres_address, autocommit=True) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS vocobase_calls, vocobase_calls_meta, vocobase_calls_forgotten"
        )
    return postgres_address


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a table may be kept."""
    return (
        str(tmp_path / "calls.sqlite")
        if request.param == "sqlite"
        else request.getfixturevalue("empty_server")
    )


@pytest.fixture
def webhooks() -> list[bytes]:
    """The bodies of the webhooks that the sandbox has sent."""
    return []


@pytest.fixture
def account(webhooks: list[bytes]) -> Iterator[Sandbox]:
    """An account whose clock moves when a client waits."""

    def send(url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        webhooks.append(body)
        return 200

    options: dict[str, Any] = {"concurrency": 0, "balance": 1e6, "sender": send}
    with Sandbox(seed=1, clock="manual", **options) as sandbox, sandbox_time(sandbox):
        yield sandbox


@pytest.fixture
def client(account: Sandbox) -> Iterator[Vocobase]:
    with Vocobase(account.api_key, base_url=account.base_url, transport=account.transport()) as vb:
        vb.config.webhooks.create("calls", "https://example.com/calls")
        yield vb
