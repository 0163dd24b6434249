"""Ctrl-C at any instruction of a request: it is not lost, and the client still works."""

from __future__ import annotations

import io
import itertools
import socket
import threading
import wave
from datetime import time
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

from tests.interrupts import Interrupt
from tests.transport.support import KEY
from vocobase import CallJob, CallWindow, ConnectionFailedError, OutcomeUnknownError, Vocobase
from vocobase._policy.messages import Request
from vocobase._transport import pool as _pools
from vocobase._transport.deadline import Stream
from vocobase._transport.own_transport import OwnTransport
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox

BODY = b'{"success": true, "data": {"id": "a"}}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
STARTED = b'{"success": true, "data": {"call_id": "c", "status": "initiated"}}'
CALL = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(STARTED), STARTED)
UNCONNECTED = socket.socket()
UNCONNECTED.close()
ALWAYS = CallWindow(time(0), time(0), weekdays=range(7), timezone="UTC")
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


def test_a_time_limit_is_never_taken_for_a_fault_of_the_arguments_or_the_response() -> None:
    body = b'{"success": true, "data": {"id": "a", "name": "b", "created_at": "2026-01-05T09:00:00Z"}}'
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body))
    parts = ("_core/sync/core", "_policy/responses", "_policy/limits", "_base/json_form", "_base/nesting")
    places = [f"/vocobase/{part}" for part in parts]
    with Vocobase(KEY, base_url="http://127.0.0.1", pace=False, transport=transport) as vb:
        for at in itertools.count(1):
            interrupt = Interrupt(at, *places, error=TimeLimit)
            ended = interrupt.run(lambda: vb.agents.update("a", prompt="b"))
            assert ended == bool(interrupt.where), interrupt.where
            if not interrupt.where:
                break
    assert at > 100


class Limited(httpx.BaseTransport):
    """A transport whose caller reaches its time limit while it waits for one response."""

    def __init__(self, inner: httpx.BaseTransport, end: str) -> None:
        self._inner, self._end = inner, end

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        if request.method == "POST" and request.url.path.endswith(self._end):
            raise TimeLimit
        return response


def silence() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16000)
        sound.writeframes(bytes(32000))
    return file.getvalue()


def agent_of(vb: Vocobase) -> str:
    voice = vb.voices.list()[0].id
    return vb.agents.create("a", "Call.", voice_id=voice, agent_type="outbound").id


@pytest.mark.parametrize(
    ("end", "work"),
    [
        ("/confirm", lambda vb, folder: vb.documents.upload(b"# a", name="a.md")),
        (
            "/finalize",
            lambda vb, folder: vb.background_audio.upload(silence(), slug="abc"),
        ),
        ("/projects", lambda vb, folder: vb.projects.ensure("a")),
        (
            "/calls/start",
            lambda vb, folder: vb.calls.start_many(
                [CallJob(agent_of(vb), "+12025550101", provider="twilio")],
                window=ALWAYS,
                ledger=folder / "ledger.sqlite",
            ),
        ),
    ],
    ids=["document", "track", "project", "list"],
)
def test_work_that_a_time_limit_interrupts_ends_instead_of_verifying_the_outcome(
    end: str, work: Any, tmp_path: Path
) -> None:
    with Sandbox(seed=1, clock="manual") as sandbox, sandbox_time(sandbox):
        transport = Limited(sandbox.transport(), end)
        with Vocobase(sandbox.api_key, base_url=sandbox.base_url, pace=False, transport=transport) as vb:
            with pytest.raises(OutcomeUnknownError) as caught:
                work(vb, tmp_path)
    assert caught.value.__cause__ is not None
    assert isinstance(caught.value.__cause__.__cause__, TimeLimit)


class Broken(httpcore.ConnectionInterface):
    """A connection that no request uses, and that cannot even be closed."""

    def is_idle(self) -> bool:
        return False

    def close(self) -> None:
        raise OSError("broken")


def test_an_interruption_continues_whatever_becomes_of_an_unused_connection() -> None:
    with OwnTransport() as transport:
        inside: Any = vars(transport)["_pool"]
        inside._connections.append(Broken())
        transport.forget(Request("GET", "http://127.0.0.1", {}))
        assert inside.connections == []
