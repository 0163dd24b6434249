"""Ledgers of every kind, and a network that changes responses, for tests of either colour.

The world that a test dials in is in `aio/`; a test of one colour that lies here has the synchronous one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dialing.sync.world import World
from tests.dialing.world import worlds
from tests.ledger.conftest import address, postgres_address, redis_address
from vocobase._policy.messages import Request, Response
from vocobase._transport.async_pool import AsyncPool
from vocobase._transport.pool import Pool

__all__ = ["address", "postgres_address", "redis_address"]
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with worlds(World, tmp_path) as create:
        yield create()


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Change], None]:
    """Let every payload of an operation be changed on its way."""
    changes: dict[str, Change] = {}
    send, async_send = Pool.send, AsyncPool.send

    def changed(request: Request, answer: Response) -> Response:
        body = json.loads(answer.body)
        if request.name in changes and answer.status < 300:
            changes[request.name](body["data"])
        return Response(answer.status, answer.headers, json.dumps(body).encode())

    def send_here(self: Pool, request: Request, *args: Any) -> Response:
        return changed(request, send(self, request, *args))

    async def send_there(self: AsyncPool, request: Request, *args: Any) -> Response:
        return changed(request, await async_send(self, request, *args))

    monkeypatch.setattr(Pool, "send", send_here)
    monkeypatch.setattr(AsyncPool, "send", send_there)
    return changes.__setitem__
