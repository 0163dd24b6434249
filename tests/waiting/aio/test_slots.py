"""Starting calls when there is a free concurrency slot."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import httpx
import pytest

import vocobase
from tests.waiting.aio.clients import async_client_for
from tests.waiting.support import Clock, ShakyPacer, busiest_minute, counted, responses
from vocobase import Vocobase
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"


async def test_a_start_waits_for_a_slot_and_dials_once(sandbox: Sandbox, vb: Vocobase, agent_id: str) -> None:
    async with async_client_for(sandbox) as client:
        for number in range(6):
            await client.calls.start(agent_id, f"+12025550{number}06", provider="twilio", wait_for_slot=120)
    assert len(vb.calls.list()) == 6
    assert busiest_minute(sandbox, calls=True) <= 10
    assert 429 in [event["status"] for event in sandbox.events if event["type"] == "request"]


async def test_a_free_slot_costs_one_request(sandbox: Sandbox, agent_id: str) -> None:
    before = sum(counted(sandbox).values())
    async with async_client_for(sandbox) as client:
        await client.calls.start(agent_id, NUMBER, provider="twilio", wait_for_slot=0)
    assert sum(counted(sandbox).values()) == before + 1


async def test_without_a_slot_nothing_is_dialled(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    for ending in ("10", "10"):
        vb.calls.start(agent_id, f"+120255501{ending}", provider="twilio")
    async with async_client_for(sandbox) as client:
        for seconds in (0, 90):
            began = clock.seconds
            with pytest.raises(vocobase.WaitTimeoutError, match="nothing was dialled") as caught:
                await client.calls.start(agent_id, NUMBER, provider="twilio", wait_for_slot=seconds)
            assert isinstance(caught.value.__cause__, vocobase.ConcurrencyLimitError)
            assert clock.seconds - began <= seconds + 1
        assert caught.value.last.remaining == 0
        with pytest.raises(vocobase.ConcurrencyLimitError):
            await client.with_options(max_retries=0).calls.start(agent_id, NUMBER, provider="twilio")
    assert len(vb.calls.list()) == 2
    assert busiest_minute(sandbox, calls=True) <= 10
    async with async_client_for() as client:
        with pytest.raises(vocobase.InvalidArgumentError, match="wait_for_slot"):
            await client.calls.start("a", NUMBER, wait_for_slot=-1)


@pytest.mark.parametrize("fault", ["reset_before_headers", "truncated", "empty"])
async def test_a_start_with_unknown_outcome_is_never_retried(
    fault: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    sandbox.faults.add(fault, "POST /calls/start")
    async with async_client_for(sandbox) as client:
        with pytest.raises(vocobase.OutcomeUnknownError):
            await client.calls.start(agent_id, NUMBER, provider="twilio", wait_for_slot=60)
    assert len(vb.calls.list()) == 1


async def test_a_start_that_was_certainly_not_sent_is_retried_as_often_as_the_client_may(
    stack: ExitStack,
) -> None:
    Clock(stack)
    free = {"remaining": None, "limit": None}
    started = {"call_id": "c"}
    for retries, raised in ((2, False), (0, True)):
        steps = responses(httpx.ConnectError("x"), 500, free, started)
        async with async_client_for(respond=steps, max_retries=retries) as client:
            if raised:
                with pytest.raises(vocobase.ConnectionFailedError):
                    await client.calls.start("a", NUMBER, wait_for_slot=60)
            else:
                assert (await client.calls.start("a", NUMBER, wait_for_slot=60)).call_id == "c"


async def test_a_slot_that_is_taken_by_another_is_waited_for_again(stack: ExitStack) -> None:
    clock = Clock(stack)
    free, full = {"remaining": 1}, {"remaining": 0}
    steps = responses(429, full, full, free, 429, free, {"call_id": "c"})
    async with async_client_for(respond=steps) as client:
        assert (await client.calls.start("a", NUMBER, wait_for_slot=300)).call_id == "c"
    assert len(clock.pauses) >= 4


@pytest.mark.parametrize(
    "room",
    [
        {"limit": 0, "remaining": 0},
        {"limit": None, "remaining": None},
        {},
        {"limit": 2, "remaining": "1"},
        {"limit": 2, "remaining": []},
        {"limit": "2", "remaining": 1},
    ],
    ids=repr,
)
async def test_a_poll_that_does_not_show_a_full_account_is_followed_by_a_start(
    room: dict[str, Any], stack: ExitStack
) -> None:
    Clock(stack)
    async with async_client_for(
        respond=responses(429, {"limit": 2, "remaining": -1}, room, {"call_id": "c"})
    ) as client:
        assert (await client.calls.start("a", NUMBER, wait_for_slot=60)).call_id == "c"


async def test_a_refusal_delays_the_next_poll_once_by_the_requested_time(stack: ExitStack) -> None:
    clock = Clock(stack)
    full = {"limit": 2, "remaining": 0}
    left = [
        httpx.Response(429, headers={"retry-after": "60"}),
        *[full] * 3,
        {"remaining": 1},
        {"call_id": "c"},
    ]

    def respond(request: httpx.Request) -> httpx.Response:
        found = left.pop(0)
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, json={"success": True, "data": found})

    async with async_client_for(respond=respond) as client:
        assert (await client.calls.start("a", NUMBER, wait_for_slot=300)).call_id == "c"
    assert clock.pauses[0] == pytest.approx(60)
    assert max(clock.pauses[1:]) < 30
    # The refusal is the cause even if later polls succeed.
    left = [httpx.Response(429, headers={"retry-after": "60"}), *[full] * 99]
    async with async_client_for(respond=respond) as client:
        with pytest.raises(vocobase.WaitTimeoutError) as caught:
            await client.calls.start("a", NUMBER, wait_for_slot=90)
    assert isinstance(caught.value.__cause__, vocobase.LimitReachedError)


async def test_a_pacer_that_is_unreachable_for_a_moment_ends_no_wait_for_a_slot(stack: ExitStack) -> None:
    Clock(stack)

    pacer = ShakyPacer(lambda asked: asked in (2, 4))
    async with async_client_for(
        respond=responses(429, {"remaining": 1}, {"call_id": "c"}), pace=pacer
    ) as client:
        started = await client.calls.start("a", NUMBER, wait_for_slot=300)
    assert started.call_id == "c"
    assert pacer.asked >= 5
