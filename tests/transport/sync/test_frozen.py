# Derived from tests/transport/aio/test_frozen.py by scripts/derive_sync.py; edit that instead.
"""A process that is stopped on the way to a request does not send it after its time limit."""

from __future__ import annotations

import signal
import ssl

import httpx
import pytest

import vocobase
from tests.transport.frozen import run_frozen
from tests.transport.server import Server, answer
from tests.transport.support import KEY, dial
from vocobase import Vocobase
from vocobase._base.clock import SYSTEM, Deadline

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")


@pytest.mark.parametrize("where", ["connect", "headers", "idle"])
def test_a_process_that_was_stopped_before_it_sends_does_not_send_too_late(where: str) -> None:
    with Server([answer(200, {"id": "a", "call_id": "c"})]) as server:
        assert run_frozen(Vocobase, where, server.url) == "TimeoutExceededError False"
        assert [request for request in server.requests if request.startswith(b"POST")] == []


def test_a_process_that_was_stopped_between_headers_and_body_sends_no_body() -> None:
    with Server([answer(200, {"call_id": "c"})]) as server:
        assert run_frozen(Vocobase, "body", server.url).startswith("OutcomeUnknownError")
        assert all(request.endswith(b"\r\n\r\n") for request in server.requests)


def test_a_process_that_was_stopped_after_the_handshake_does_not_send_too_late(tls: ssl.SSLContext) -> None:
    with Server([answer(200, {"call_id": "c"})], tls) as server:
        assert run_frozen(Vocobase, "handshake", server.url) == "TimeoutExceededError False"
        assert server.requests == []


def test_a_client_of_the_caller_that_was_stopped_while_it_connects_does_not_send_too_late() -> None:
    with Server([answer(200, {"call_id": "c"})]) as server:
        output = run_frozen(Vocobase, "connect", server.url, mine=True)
        assert output in ("TimeoutExceededError False", "OutcomeUnknownError None")
        assert server.requests == []


def test_a_dial_whose_last_moment_is_over_is_not_handed_to_a_transport() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"success": True, "data": {"call_id": "c"}})

    with Vocobase(KEY, transport=httpx.MockTransport(handle)) as vb:
        vb._core = vb._core.view(not_after=Deadline(SYSTEM, 0))
        with pytest.raises(vocobase.TimeoutExceededError) as caught:
            dial(vb)
    assert caught.value.sent is False
    assert seen == []
