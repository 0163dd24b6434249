"""What cannot be sent from here is a ConfigurationError, never an unknown outcome; more is in aio/."""

from __future__ import annotations

import asyncio
import os

import httpx
import pytest

import vocobase
from tests.forks import in_child
from tests.transport.server import Server
from tests.transport.support import AGENT, KEY, LOCAL, dial
from vocobase import AsyncVocobase, ConfigurationError, Vocobase
from vocobase._policy.operations import OPERATIONS
from vocobase._policy.retry import final_error, is_not_processed


def test_a_dial_on_another_event_loop_was_not_sent() -> None:
    with Server([AGENT]) as server:
        vb = AsyncVocobase(KEY, base_url=server.url)
        with asyncio.Runner() as first:
            first.run(vb.agents.get("a"))
            with asyncio.Runner() as second, pytest.raises(ConfigurationError, match="event loop"):
                second.run(dial(vb))
            first.run(vb.close())
        assert len(server.requests) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_dial_over_a_transport_of_the_caller_in_a_forked_process_was_not_sent() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"success": True, "data": {"id": "a", "call_id": "c"}})

    with Vocobase(KEY, base_url=LOCAL, transport=httpx.MockTransport(handle)) as vb:
        vb.agents.get("a")

        def child() -> bool:
            with pytest.raises(ConfigurationError, match="another process"):
                dial(vb)
            return True

        assert in_child(child)


@pytest.mark.parametrize("kind", [ConfigurationError, vocobase.InvalidArgumentError])
@pytest.mark.parametrize("key", sorted(OPERATIONS))
def test_no_refusal_becomes_an_unknown_outcome(key: str, kind: type[ConfigurationError]) -> None:
    refusal = kind("x")
    assert is_not_processed(refusal)
    assert final_error(OPERATIONS[key], refusal) is refusal
