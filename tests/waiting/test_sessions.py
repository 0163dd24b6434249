"""Waiting for sessions."""

from __future__ import annotations

import pickle
from contextlib import ExitStack

import httpx
import pytest

import vocobase
from tests.waiting.support import Client, Clock, both, responses
from vocobase import Vocobase
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"


@both
def test_a_browser_session_is_returned_when_it_is_over(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    session_id = vb.sessions.start_webrtc(agent_id).session_id
    seen: list[str] = []
    with Client(kind, sandbox) as client:
        done = client.call(
            lambda vb: vb.sessions.wait(session_id, on_update=lambda session: seen.append(session.status))
        )
    assert done.status == "completed"
    assert done.ended_at is not None
    assert done.transcript
    assert seen[-1] == "completed"
    assert len(seen) == len(set(seen))


@both
def test_the_session_of_a_call_that_failed_raises_with_it(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    call = vb.calls.start(agent_id, "+12025550101", provider="twilio")
    with (
        Client(kind, sandbox) as client,
        pytest.raises(vocobase.SessionFailedError, match="ended as failed") as caught,
    ):
        client.call(lambda vb: vb.sessions.wait(call.session_id))
    assert pickle.loads(pickle.dumps(caught.value)).session.session_id == call.session_id


@both
def test_a_session_that_reports_its_processing_is_final_when_that_is_complete(
    kind: str, stack: ExitStack
) -> None:
    clock = Clock(stack)
    ended = {"session_id": "s", "status": "completed", "ended_at": "2026-01-01T00:00:00Z"}
    unfinished, final = {**ended, "processing_complete": False}, {**ended, "processing_complete": True}
    with Client(kind, respond=responses(*[unfinished] * 8, final)) as client:
        assert client.call(lambda vb: vb.sessions.wait("s")).to_dict() == final
    assert len(clock.pauses) == 8


@both
def test_a_session_that_does_not_report_it_is_final_when_it_stays_the_same(
    kind: str, stack: ExitStack
) -> None:
    clock = Clock(stack)
    live = {"session_id": "s", "status": "active", "ended_at": None}
    ended = {"session_id": "s", "status": "odd", "ended_at": "2026-01-01T00:00:00Z", "transcript": []}
    links = [
        {**ended, "extraction": {"status": "success"}, "recording_url": f"https://x/{n}"} for n in range(9)
    ]
    with Client(kind, respond=responses(live, 500, ended, httpx.ReadError("x"), *links)) as client:
        done = client.call(lambda vb: vb.sessions.wait("s"))
    assert done.extraction.status == "success"
    assert clock.seconds > 5
    changing = [{**ended, "transcript": [{"content": str(n)}]} for n in range(9)]
    with Client(kind, respond=responses(*changing)) as client:
        assert client.call(lambda vb: vb.sessions.wait("s")).transcript[0].content == "8"
    with (
        Client(kind, respond=responses(live)) as client,
        pytest.raises(vocobase.WaitTimeoutError, match="is active"),
    ):
        client.call(lambda vb: vb.sessions.wait("s", timeout=9))
    with (
        Client(kind, respond=responses(503)) as client,
        pytest.raises(vocobase.WaitTimeoutError, match="not seen"),
    ):
        client.call(lambda vb: vb.sessions.wait("s", timeout=9))


@both
def test_a_session_that_failed_raises_even_when_its_results_never_become_final(
    kind: str, stack: ExitStack
) -> None:
    Clock(stack)
    failed = {"session_id": "s", "status": "failed", "processing_complete": False}
    with (
        Client(kind, respond=responses(failed)) as client,
        pytest.raises(vocobase.SessionFailedError) as caught,
    ):
        client.call(lambda vb: vb.sessions.wait("s", timeout=20))
    assert caught.value.session.session_id == "s"
