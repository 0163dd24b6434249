"""What the tests of transports send, and what servers and proxies answer."""

from __future__ import annotations

from typing import Any

from tests.transport.server import answer
from vocobase._base.clock import SYSTEM, Clock, Deadline
from vocobase._policy.messages import Request
from vocobase._transport.async_stream import AsyncBackend as AsyncBackend
from vocobase._transport.attempt import Attempt
from vocobase._transport.deadline import Backend as Backend
from vocobase._transport.deadline import DeadlineTimeout

KEY = "rg_live_canary_0123456789"
LOCAL = "http://127.0.0.1:1"
NUMBER = "+919876543210"
AGENT = answer(200, {"id": "a"})
CALL = answer(200, {"call_id": "c1"})


def read(vb: Any) -> Any:
    return vb.agents.get("a")


def dial(vb: Any) -> Any:
    return vb.calls.start("a1", NUMBER)


def limit(seconds: float = 5, *, clock: Clock = SYSTEM, **request: Any) -> DeadlineTimeout:
    """Return the time limit of a dial, as the streams of both clients take it."""
    deadline = Deadline(clock, seconds)
    attempt = Attempt(Request("POST", "http://127.0.0.1", {}, b"x", "calls.start", **request), deadline)
    return DeadlineTimeout(5, deadline, attempt)
