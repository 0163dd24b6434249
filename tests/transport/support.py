"""What the tests of transports send, and what servers and proxies answer."""

from __future__ import annotations

from typing import Any

from tests.transport.server import answer

KEY = "rg_live_canary_0123456789"
NUMBER = "+919876543210"
AGENT = answer(200, {"id": "a"})
CALL = answer(200, {"call_id": "c1"})


def read(vb: Any) -> Any:
    return vb.agents.get("a")


def dial(vb: Any) -> Any:
    return vb.calls.start("a1", NUMBER)
