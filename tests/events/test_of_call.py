"""`events.of_call` builds the event of one call on demand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

import vocobase
from tests.waiting.support import Client, Clock, both, dial
from vocobase.types import Session, Transcript
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account without a cap, whose clock the tests move."""
    with Sandbox(seed=1, clock="manual", concurrency=0) as running:
        yield running


@both
def test_the_event_of_a_call_is_that_of_a_poll(
    kind: str, sandbox: Sandbox, vb: Any, stack: ExitStack
) -> None:
    Clock(stack, sandbox)
    agent_id = vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id
    with Client(kind, sandbox) as client:
        cursor = client.call(lambda vb: vb.calls.start(agent_id, NUMBER, provider="twilio"))
        (polled,) = client.iterate(lambda vb: vb.events.poll(timeout=60))
        event = client.call(lambda vb: vb.events.of_call(cursor.call_id))
    assert event.session_id == polled.session_id == cursor.session_id
    assert event.transcript == polled.transcript
    assert event.call == polled.call
    assert event.processing_complete is True
    assert event.timestamp is None
    text = event.transcript.text().splitlines()
    assert len(text) == len(event.transcript)
    assert text[0] == f"{event.transcript[0].role}: {event.transcript[0].content}"


@both
def test_a_call_that_has_not_ended_has_no_event(
    kind: str, sandbox: Sandbox, vb: Any, stack: ExitStack
) -> None:
    Clock(stack, sandbox)
    agent_id = vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id
    (call_id,) = dial(sandbox, agent_id, NUMBER)
    with Client(kind, sandbox) as client:
        with pytest.raises(vocobase.LookupFailedError, match=r"the call is pending .* calls\.wait"):
            client.call(lambda vb: vb.events.of_call(call_id))
        with pytest.raises(vocobase.NotFoundError):
            client.call(lambda vb: vb.events.of_call("nobody"))
        with pytest.raises(vocobase.InvalidArgumentError, match="call_id"):
            client.call(lambda vb: vb.events.of_call(5))


@both
@pytest.mark.parametrize("session_id", [None, "s1"])
def test_a_call_without_a_readable_session_has_an_event_all_the_same(kind: str, session_id: Any) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if "/sessions/" in request.url.path:
            return httpx.Response(404)
        data = {"call_id": "c1", "status": "busy", "session_id": session_id}
        return httpx.Response(200, json={"success": True, "data": data})

    with Client(kind, respond=respond) as client:
        event = client.call(lambda vb: vb.events.of_call("c1"))
    assert event.session_id == (session_id or "c1")
    assert event.transcript == []
    assert event.transcript.text() == ""


def test_the_text_of_a_transcript_has_one_line_for_each_turn_and_leaves_malformed_ones_out() -> None:
    session: Any = Session.from_dict(
        {
            "transcript": [
                {"role": "bot", "content": "Hello,\nwho is\tthere?"},
                None,
                5,
                {"role": "user", "content": "Asha."},
            ]
        }
    )
    assert isinstance(session.transcript, Transcript)
    assert session.transcript.text() == "bot: Hello, who is there?\nuser: Asha."
    assert Session.from_dict({"transcript": "odd"}).to_dict() == {"transcript": "odd"}
