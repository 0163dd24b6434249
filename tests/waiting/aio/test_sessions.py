"""Waiting for sessions."""

from __future__ import annotations

import pickle
from contextlib import ExitStack

import httpx
import pytest

import vocobase
from tests.waiting.aio.clients import async_client_for
from tests.waiting.support import Clock, responses
from vocobase import Vocobase
from vocobase_sandbox import Sandbox


async def test_a_browser_session_is_returned_when_it_is_over(
    sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    session_id = vb.sessions.start_webrtc(agent_id).session_id
    seen: list[str] = []
    async with async_client_for(sandbox) as client:
        done = await client.sessions.wait(session_id, on_update=lambda session: seen.append(session.status))
    assert done.status == "completed"
    assert done.ended_at is not None
    assert done.transcript
    assert seen[-1] == "completed"
    assert len(seen) == len(set(seen))


async def test_the_session_of_a_call_that_failed_raises_with_it(
    sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    call = vb.calls.start(agent_id, "+12025550101", provider="twilio")
    async with async_client_for(sandbox) as client:
        with pytest.raises(vocobase.SessionFailedError, match="ended as failed") as caught:
            await client.sessions.wait(call.session_id)
    assert pickle.loads(pickle.dumps(caught.value)).session.session_id == call.session_id


async def test_a_session_that_reports_its_processing_is_final_when_that_is_complete(stack: ExitStack) -> None:
    clock = Clock(stack)
    ended = {"session_id": "s", "status": "completed", "ended_at": "2026-01-01T00:00:00Z"}
    unfinished, final = {**ended, "processing_complete": False}, {**ended, "processing_complete": True}
    async with async_client_for(respond=responses(*[unfinished] * 8, final)) as client:
        assert (await client.sessions.wait("s")).to_dict() == final
    assert len(clock.pauses) == 8


async def test_a_session_that_does_not_report_it_is_final_when_it_stays_the_same(stack: ExitStack) -> None:
    clock = Clock(stack)
    live = {"session_id": "s", "status": "active", "ended_at": None}
    ended = {"session_id": "s", "status": "odd", "ended_at": "2026-01-01T00:00:00Z", "transcript": []}
    links = [
        {**ended, "extraction": {"status": "success"}, "recording_url": f"https://x/{n}"} for n in range(9)
    ]
    async with async_client_for(respond=responses(live, 500, ended, httpx.ReadError("x"), *links)) as client:
        done = await client.sessions.wait("s")
    assert done.extraction.status == "success"
    assert clock.seconds > 5
    changing = [{**ended, "transcript": [{"content": str(n)}]} for n in range(9)]
    async with async_client_for(respond=responses(*changing)) as client:
        assert (await client.sessions.wait("s")).transcript[0].content == "8"
    async with async_client_for(respond=responses(live)) as client:
        with pytest.raises(vocobase.WaitTimeoutError, match="is active"):
            await client.sessions.wait("s", timeout=9)
    async with async_client_for(respond=responses(503)) as client:
        with pytest.raises(vocobase.WaitTimeoutError, match="not seen"):
            await client.sessions.wait("s", timeout=9)


async def test_a_session_that_failed_raises_even_when_its_results_never_become_final(
    stack: ExitStack,
) -> None:
    Clock(stack)
    failed = {"session_id": "s", "status": "failed", "processing_complete": False}
    async with async_client_for(respond=responses(failed)) as client:
        with pytest.raises(vocobase.SessionFailedError) as caught:
            await client.sessions.wait("s", timeout=20)
    assert caught.value.session.session_id == "s"
