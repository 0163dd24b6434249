"""`calls.iter` with a period or an agent: it skips other calls, and stops without reading all pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

import vocobase
from tests.waiting.aio.clients import async_client_for
from tests.waiting.support import Clock, counted, dial
from vocobase_sandbox import Sandbox

NUMBER = "+12025550101"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account without a cap, whose clock the tests move."""
    with Sandbox(seed=1, clock="manual", concurrency=0, rate_limits=False) as running:
        yield running


async def test_a_period_ends_the_iterator_without_reading_older_pages(
    sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    dial(sandbox, agent_id, *[NUMBER] * 1000)
    clock.sleep(3600)
    since = sandbox.clock.now
    wanted = dial(sandbox, agent_id, *[NUMBER] * 30)
    clock.sleep(60)
    until = sandbox.clock.now
    dial(sandbox, agent_id, *[NUMBER] * 30)
    async with async_client_for(sandbox) as client:
        found = [each async for each in client.calls.iter(since=since, until=until)]
    assert {call.call_id for call in found} == set(wanted)
    assert counted(sandbox)["GET /calls"] == 1


async def test_only_calls_of_the_agent_are_returned(sandbox: Sandbox, vb: Any, agent_id: str) -> None:
    other = vb.agents.create("Other", "Call.", voice_id=vb.voices.find().id).id
    wanted = dial(sandbox, other, NUMBER, NUMBER)
    dial(sandbox, agent_id, NUMBER)
    async with async_client_for(sandbox) as client:
        found = [each async for each in client.calls.iter(agent_id=other)]
    assert {call.call_id for call in found} == set(wanted)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("time", [datetime(2026, 11, 1), "2026-11-01", 5])
async def test_a_time_without_a_zone_is_refused(name: str, time: Any) -> None:
    async with async_client_for() as client:
        with pytest.raises(vocobase.InvalidArgumentError, match=rf"calls\.iter: {name}"):
            await anext(client.calls.iter(**{name: time}))


async def test_calls_out_of_order_by_a_few_minutes_and_calls_without_a_time_are_found() -> None:
    since = datetime.fromisoformat("2026-11-01T10:00:00Z")
    created = [60, -240, 30, None, -299, 0, -301, 90]
    rows = [
        {
            "call_id": f"c{n}",
            "created_at": None if seconds is None else (since + timedelta(seconds=seconds)).isoformat(),
        }
        for n, seconds in enumerate(created)
    ]

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"success": True, "data": {"calls": rows}})

    async with async_client_for(respond=respond) as client:
        found = [each async for each in client.calls.iter(since=since)]
    assert [call.call_id for call in found] == ["c0", "c2", "c3", "c5"]
