"""Signed deliveries at a fixed time, and servers on loopback."""

from __future__ import annotations

import asyncio
import json
import socketserver
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
import uvicorn

from vocobase.webhooks import WebhookError, WebhookReceiver, sign

SECRET = "whsec_4f3c2b1a"
NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
STAMP = "2026-05-04T12:30:00.000Z"

DATA: dict[str, Any] = {
    "session_id": "0d9c6f2e-6d1c-4b5e-9a57-3b0d4cf0a001",
    "agent_id": "0d9c6f2e-6d1c-4b5e-9a57-3b0d4cf0a002",
    "agent_name": "Sales Assistant",
    "duration_seconds": 42.5,
    "credits_used": 3.75,
    "processing_complete": True,
    "pipeline_completed_at": "2026-05-04T12:29:58.500Z",
    "transcript": [
        {"role": "bot", "content": "Hello, this is Asha.", "timestamp": "2026-05-04T12:29:00Z"},
        {"role": "user", "content": "नमस्ते", "timestamp": "2026-05-04T12:29:05Z", "latency_ms": None},
    ],
    "recording_url": "https://files.example/recording.wav?signature=abc",
    "variables": {"name": "Asha"},
    "extraction": {"status": "success", "values": {"budget": 500, "city": None}},
    "call": {
        "call_id": "0d9c6f2e-6d1c-4b5e-9a57-3b0d4cf0a003",
        "from_number": "+911140000000",
        "to_number": "+919876543210",
        "direction": "outbound",
        "status": "completed",
        "disposition": "completed",
        "answered_by": "human",
    },
}


async def _asynchronous_generator(_: object) -> AsyncIterator[None]:
    yield


def _generator(_: object) -> Iterator[None]:
    yield


# What a framework would call as a handler without anything being done.
NEVER_RUN: list[Any] = [_asynchronous_generator, _generator, None, "handle"]


class FakeClock:
    """A clock that a test moves."""

    def __init__(self, now: float = NOW.timestamp()) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class FakeRedis:
    """The four commands that the store sends, on a clock that can be moved."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._rows: dict[str, tuple[bytes, float]] = {}

    def execute_command(self, *args: Any, **_: Any) -> Any:
        name, *rest = args
        self._rows = {key: row for key, row in self._rows.items() if row[1] > self._clock()}
        return getattr(self, f"_{name.lower()}")(*rest)

    def _set(self, key: str, value: str | bytes, *options: Any) -> bool | None:
        if "NX" in options and key in self._rows:
            return None
        stored = value.encode() if isinstance(value, str) else value
        self._rows[key] = (stored, self._clock() + options[-1] / 1000)
        return True

    def _get(self, key: str) -> bytes | None:
        return self._rows[key][0] if key in self._rows else None

    def _eval(self, script: str, _: int, key: str, token: str, *arguments: Any) -> int:
        if self._get(key) != token.encode():
            return 0
        if "DEL" in script:
            del self._rows[key]
        else:
            self._rows[key] = (token.encode(), self._clock() + arguments[0] / 1000)
        return 1


def encode(event: str = "session.completed", **changes: Any) -> bytes:
    """Serialize a body; a change to None removes the member."""
    data = {name: value for name, value in {**DATA, **changes}.items() if value is not None}
    return json.dumps({"event": event, "timestamp": STAMP, "data": data}).encode()


def signed(body: bytes, secret: str = SECRET, timestamp: str = STAMP) -> dict[str, str]:
    return sign(body, secret, timestamp)


def receiver(**options: Any) -> WebhookReceiver:
    """Create a receiver whose clock stands at the time of sending."""
    return WebhookReceiver(options.pop("secrets", SECRET), **{"clock": FakeClock(), **options})


def reason(call: Callable[..., Any], *arguments: Any, **options: Any) -> str:
    """Return the reason for the refusal of a call."""
    with pytest.raises(WebhookError) as caught:
        call(*arguments, **options)
    assert "\n" not in str(caught.value) and SECRET not in str(caught.value)
    return caught.value.reason


def post_asgi(app: Any, path: str, body: bytes, headers: Any) -> httpx.Response:
    """Send a request to an ASGI application without a socket; its errors propagate."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(path, content=body, headers=headers)

    return asyncio.run(send())


class _Threads(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *_: Any) -> None:
        pass


@contextmanager
def serve_wsgi(app: Any) -> Generator[str]:
    server = make_server("127.0.0.1", 0, app, server_class=_Threads, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve_asgi(app: Any) -> Generator[str]:
    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready.set()

    server = Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
