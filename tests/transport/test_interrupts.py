"""Ctrl-C at any instruction of a request: it is not lost, and the client still works."""

from __future__ import annotations

import itertools
import socket
import threading
from typing import Any

import httpcore
import httpx
import pytest

from tests.interrupts import Interrupt
from tests.transport.support import KEY
from vocobase import ConnectionFailedError, OutcomeUnknownError, Vocobase
from vocobase._transport import pool as _pools
from vocobase._transport.deadline import Stream

BODY = b'{"success": true, "data": {"id": "a"}}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
STARTED = b'{"success": true, "data": {"call_id": "c", "status": "initiated"}}'
CALL = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(STARTED), STARTED)
UNCONNECTED = socket.socket()
UNCONNECTED.close()
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


class TimeLimit(Exception):
    """An error of a signal handler, such as that of the soft time limit of Celery."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, TimeLimit])
@pytest.mark.parametrize("used", [False, True], ids=["new connection", "kept connection"])
def test_a_request_that_is_interrupted_anywhere_leaves_its_connection_to_the_next(
    used: bool, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_pools, "LIMITS", httpx.Limits(max_connections=1))
    for at in itertools.count(1):
        with Vocobase(KEY, base_url="http://127.0.0.1", max_retries=0) as vb:
            inside = pool_of(vb)
            # No socket, so that it always takes the same number of steps.
            inside._network_backend = httpcore.MockBackend([REPLY] * 3)
            if used:
                vb.agents.get("a")
            interrupt = Interrupt(at, *WITHIN, error=error)
            assert interrupt.run(lambda: vb.agents.get("a")) == bool(interrupt.where), interrupt.where
            assert works(vb), f"blocked after {interrupt.where}"
            assert "Requests: 0 active, 0 queued | Connections: 0 active" in repr(inside), interrupt.where
            if not interrupt.where:
                break
    assert at > 100


class Recorded(httpcore.MockStream):
    """A connection without a socket that records what is written."""

    def __init__(self, written: list[bytes]) -> None:
        super().__init__([CALL])
        self._written = written

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._written.append(buffer)

    def get_extra_info(self, info: str) -> Any:
        return UNCONNECTED if info == "socket" else None


class Recorder(httpcore.MockBackend):
    """A network on which our own streams write nowhere."""

    def __init__(self) -> None:
        super().__init__([])
        self.written: list[bytes] = []

    def connect_tcp(self, *arguments: Any, **settings: Any) -> httpcore.NetworkStream:
        return Stream(Recorded(self.written), settings["timeout"])


def test_a_dial_that_a_time_limit_interrupts_is_never_sent_twice_and_its_outcome_is_unknown_once_it_was_sent() -> (
    None
):
    outcomes: set[str] = set()
    for at in itertools.count(1):
        with Vocobase(KEY, base_url="http://127.0.0.1", pace=False) as vb:
            recorder = pool_of(vb)._network_backend = Recorder()
            interrupt = Interrupt(at, *WITHIN, error=TimeLimit)
            outcome = "returned"
            try:
                outcome = (
                    "limit"
                    if interrupt.run(lambda: vb.calls.start("a", "+12025550100", provider="twilio"))
                    else outcome
                )
            except OutcomeUnknownError as error:
                assert isinstance(error.__cause__, ConnectionFailedError), interrupt.where
                outcome = "unknown"
            sent = sum(b"POST " in piece for piece in recorder.written)
            assert sent <= 1, interrupt.where
            assert outcome != "limit" or sent == 0, interrupt.where
        outcomes.add(outcome)
        if not interrupt.where:
            break
    assert outcomes == {"limit", "unknown", "returned"}
