"""`events.of_call` builds the event of one call on demand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

import vocobase
from tests.waiting.aio.clients import async_client_for
from tests.waiting.support import Clock, dial
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account without a cap, whose clock the tests move."""
    with Sandbox(seed=1, clock="manual", concurrency=0) as running:
        yield running


async def test_the_event_of_a_call_is_that_of_a_poll(sandbox: Sandbox, vb: Any, stack: ExitStack) -> None:
    Clock(stack, sandbox)
    agent_id = vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id
    async with async_client_for(sandbox) as client:
        cursor = await client.calls.start(agent_id, NUMBER, provider="twilio")
        (polled,) = [each async for each in client.events.poll(timeout=60)]
        event = await client.events.of_call(cursor.call_id)
    assert event.session_id == polled.session_id == cursor.session_id
    assert event.transcript == polled.transcript
    assert event.call == polled.call
    assert event.processing_complete is True
    assert event.timestamp is None
    text = event.transcript.text().splitlines()
    assert len(text) == len(event.transcript)
    assert text[0] == f"{event.transcript[0].role}: {event.transcript[0].content}"


async def test_a_call_that_has_not_ended_has_no_event(sandbox: Sandbox, vb: Any, stack: ExitStack) -> None:
    Clock(stack, sandbox)
    agent_id = vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id
    (call_id,) = dial(sandbox, agent_id, NUMBER)
    async with async_client_for(sandbox) as client:
        with pytest.raises(vocobase.LookupFailedError, match=r"the call is pending .* calls\.wait"):
            await client.events.of_call(call_id)
        with pytest.raises(vocobase.NotFoundError):
            await client.events.of_call("nobody")
        with pytest.raises(vocobase.InvalidArgumentError, match="call_id"):
            await client.events.of_call(5)


@pytest.mark.parametrize("session_id", [None, "s1"])
async def test_a_call_without_a_readable_session_has_an_event_all_the_same(session_id: Any) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if "/sessions/" in request.url.path:
            return httpx.Response(404)
        data = {"call_id": "c1", "status": "busy", "session_id": session_id}
        return httpx.Response(200, json={"success": True, "data": data})

    async with async_client_for(respond=respond) as client:
        event = await client.events.of_call("c1")
    assert event.session_id == (session_id or "c1")
    assert event.transcript == []
    assert event.transcript.text() == ""
