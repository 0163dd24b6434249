"""Ctrl-C at any instruction of a request: it is not lost, and the client still works."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import httpcore
import httpx
import pytest

from tests.interrupts import Interrupt
from tests.transport.support import KEY
from vocobase import Vocobase
from vocobase._transport import pool as _pools

BODY = b'{"success": true, "data": {"id": "a"}}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
WITHIN = ("/httpcore/_sync", "/httpx/_transports/", "/vocobase/_transport/")


def pool_of(vb: Vocobase) -> Any:
    assert vb._core.pool._routes is not None
    inside: Any = vars(vb._core.pool._routes.transports[None])["_pool"]
    return inside


def works(vb: Vocobase) -> bool:
    """Whether another thread, for which the lock of the pool is not reentrant, gets a response."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(vb.agents.get("a").id), daemon=True)
    thread.start()
    thread.join(5)
    return found == ["a"]


@pytest.mark.parametrize("used", [False, True], ids=["new connection", "kept connection"])
def test_a_request_that_is_interrupted_anywhere_leaves_its_connection_to_the_next(
    used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_pools, "LIMITS", httpx.Limits(max_connections=1))
    for at in itertools.count(1):
        with Vocobase(KEY, base_url="http://127.0.0.1", max_retries=0) as vb:
            inside = pool_of(vb)
            # No socket, so that it always takes the same number of steps.
            inside._network_backend = httpcore.MockBackend([REPLY] * 3)
            if used:
                vb.agents.get("a")
            interrupt = Interrupt(at, *WITHIN)
            assert interrupt.run(lambda: vb.agents.get("a")) == bool(interrupt.where), interrupt.where
            assert works(vb), f"blocked after {interrupt.where}"
            assert "Requests: 0 active, 0 queued | Connections: 0 active" in repr(inside), interrupt.where
            if not interrupt.where:
                break
    assert at > 100
