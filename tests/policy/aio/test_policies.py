"""Pacing, and requests that no method describes, where the clients have code of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import vocobase
from tests.fake_time import FakeClock, fake_time
from tests.transport.server import Server, answer, reset
from vocobase import AsyncVocobase, LocalPacer
from vocobase._policy.operations import Budget

KEY = "rg_live_canary"


@pytest.fixture
def clock() -> Iterator[FakeClock]:
    clock = FakeClock()
    with fake_time(clock):
        yield clock


async def test_pacing_waits_instead_of_exceeding_the_budget(clock: FakeClock) -> None:
    pacer = LocalPacer(clock.monotonic)
    with Server([answer(200, {"id": "a"})]) as server:
        async with AsyncVocobase(KEY, base_url=server.url, pace=pacer, timeout=100) as vb:
            for _ in range(61):
                await vb.agents.get("a")
    assert clock.pauses == [60.0]


async def test_without_pacing_a_permit_needs_no_wait() -> None:
    async with AsyncVocobase(KEY, base_url="http://localhost:1") as vb:
        await vb._core.acquire(Budget.CALLS)
        assert await vb._core.try_acquire(Budget.CALLS) == 0.0


async def test_a_request_without_a_method_of_its_own_has_the_same_policies() -> None:
    with Server([reset, answer(200, {"new": 1})]) as server:
        async with AsyncVocobase(KEY, base_url=server.url) as vb:
            assert await vb.request("get", "/brand/new", params={"a": 1, "b": None}) == {"new": 1}
        assert server.requests[-1].startswith(b"GET /brand/new?a=1 ")
    with Server([reset]) as server:
        async with AsyncVocobase(KEY, base_url=server.url) as vb:
            with pytest.raises(vocobase.OutcomeUnknownError, match="POST /brand/new"):
                await vb.request("POST", "/brand/new", json={"a": 1})
        assert server.requests[0].endswith(b'{"a":1}')
    with Server([answer(200, {"x": 1})]) as server:
        async with AsyncVocobase(KEY, base_url=server.url) as vb:
            assert await vb.request("DELETE", "/calls/x") == {"x": 1}
