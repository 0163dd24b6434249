"""A process that is stopped on the way to a request does not send it after its time limit."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
import trustme

import vocobase
from tests.transport.server import Server, answer
from vocobase import AsyncVocobase, Vocobase
from vocobase._base.clock import SYSTEM, Deadline, monotonic_clock_of
from vocobase._policy.messages import Request
from vocobase._transport.async_stream import AsyncBackend
from vocobase._transport.attempt import Attempt, Kind
from vocobase._transport.deadline import Backend, DeadlineTimeout, Stream

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
KEY = "rg_live_x"
CHILD = """
import asyncio, asyncio.selector_events, inspect, json, os, signal, socket, ssl, sys
import h11, httpx, vocobase
from vocobase import AsyncVocobase, Vocobase

settings = json.loads(sys.argv[1])

def stop():
    os.kill(os.getpid(), signal.SIGSTOP)

def after(owner, name):
    own = getattr(owner, name)
    def late(*args, **options):
        result = own(*args, **options)
        stop()
        return result
    async def async_late(*args, **options):
        result = await own(*args, **options)
        stop()
        return result
    setattr(owner, name, async_late if inspect.iscoroutinefunction(own) else late)

def before_sending(number):
    own, seen = h11.Connection.send, []
    def late(self, event):
        data = own(self, event)
        seen.append(event)
        if len(seen) == number:
            stop()
        return data
    h11.Connection.send = late

where = settings["where"]
if where == "connect":
    after(socket.socket, "connect")
    after(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect")
elif where == "handshake":
    after(ssl.SSLSocket, "do_handshake")
    after(asyncio.BaseEventLoop, "start_tls")
else:
    # Headers, body and end of a request are one step each.
    before_sending({"headers": 1, "body": 2, "idle": 4}[where])
options = {"base_url": settings["url"], "timeout": 0.5, "max_retries": 2}
client = settings.get("client")

def dial(vb):
    return vb.calls.start("a1", "+919876543210")

async def main():
    if client:
        options["http_client"] = httpx.AsyncClient(trust_env=False)
    async with AsyncVocobase("rg_live_x", **options) as vb:
        if where == "idle":
            await vb.agents.get("a")
        await dial(vb)

try:
    if settings["kind"] == "async":
        asyncio.run(main())
    else:
        if client:
            options["http_client"] = httpx.Client(trust_env=False)
        with Vocobase("rg_live_x", **options) as vb:
            if where == "idle":
                vb.agents.get("a")
            dial(vb)
except vocobase.VocobaseError as error:
    print(type(error).__name__, getattr(error, "sent", None), flush=True)
"""


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return context


def run_frozen(kind: str, where: str, url: str, **settings: Any) -> str:
    """Run the child, let it stop, and go on when its time is over; return what it says."""
    given = json.dumps({"kind": kind, "where": where, "url": url, **settings})
    with subprocess.Popen([sys.executable, "-c", CHILD, given], stdout=subprocess.PIPE, text=True) as child:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), "the child did not get that far"
        time.sleep(0.7)
        child.send_signal(signal.SIGCONT)
        output = child.communicate(timeout=60)[0]
    return output.strip()


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("where", ["connect", "headers", "idle"])
def test_a_process_that_was_stopped_before_it_sends_does_not_send_too_late(kind: str, where: str) -> None:
    with Server([answer(200, {"id": "a", "call_id": "c"})]) as server:
        assert run_frozen(kind, where, server.url) == "TimeoutExceededError False"
        assert [request for request in server.requests if request.startswith(b"POST")] == []


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_process_that_was_stopped_between_headers_and_body_sends_no_body(kind: str) -> None:
    with Server([answer(200, {"call_id": "c"})]) as server:
        assert run_frozen(kind, "body", server.url).startswith("OutcomeUnknownError")
        assert all(request.endswith(b"\r\n\r\n") for request in server.requests)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_process_that_was_stopped_after_the_handshake_does_not_send_too_late(
    kind: str, tls: ssl.SSLContext
) -> None:
    with Server([answer(200, {"call_id": "c"})], tls) as server:
        assert run_frozen(kind, "handshake", server.url) == "TimeoutExceededError False"
        assert server.requests == []


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_client_of_the_caller_that_was_stopped_while_it_connects_does_not_send_too_late(kind: str) -> None:
    with Server([answer(200, {"call_id": "c"})]) as server:
        output = run_frozen(kind, "connect", server.url, client=True)
        assert output in ("TimeoutExceededError False", "OutcomeUnknownError None")
        assert server.requests == []


def until(seconds: float, name: str = "calls.start") -> DeadlineTimeout:
    deadline = Deadline(SYSTEM, seconds)
    attempt = Attempt(Request("POST", "http://127.0.0.1", {}, b"x", name, once=True), deadline)
    return DeadlineTimeout(5, deadline, attempt)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server([answer(200, {})]) as server:
        yield server


@pytest.mark.parametrize("buffer", [b"POST / HTTP/1.1\r\n\r\n", b"CONNECT api.example:443 HTTP/1.1\r\n\r\n"])
def test_nothing_is_written_to_a_socket_after_the_time_limit(server: Server, buffer: bytes) -> None:
    port, limit = int(server.url.rpartition(":")[2]), until(0.2)
    stream = Backend().connect_tcp("127.0.0.1", port, limit)
    assert isinstance(stream, Stream)
    time.sleep(0.3)
    with pytest.raises(vocobase.TimeoutExceededError) as caught:
        stream.write(buffer, limit)
    assert caught.value.sent is False
    # The greeting of SOCKS has the limit of the connection.
    with pytest.raises(vocobase.TimeoutExceededError):
        stream.write(b"\x05\x01\x00")
    stream.close()
    assert server.hung_up.wait(10)
    assert server.requests == []


@pytest.mark.parametrize("buffer", [b"POST / HTTP/1.1\r\n\r\n", b"CONNECT api.example:443 HTTP/1.1\r\n\r\n"])
def test_nothing_is_written_after_the_time_limit_although_the_loop_was_busy(
    server: Server, buffer: bytes
) -> None:
    async def main() -> None:
        port, limit = int(server.url.rpartition(":")[2]), until(0.2)
        stream = await AsyncBackend().connect_tcp("127.0.0.1", port, limit)
        # In the middle of the write, and before any timer of the event loop.
        asyncio.get_running_loop().call_soon(time.sleep, 0.3)
        with pytest.raises(vocobase.TimeoutExceededError) as caught:
            await stream.write(buffer, limit)
        assert caught.value.sent is False
        with pytest.raises(vocobase.TimeoutExceededError):
            await stream.write(b"\x05\x01\x00")
        await stream.aclose()

    asyncio.run(main())
    assert server.hung_up.wait(10)
    assert server.requests == []


def test_async_waits_end_with_the_time_limit_of_the_connection(server: Server) -> None:
    async def main() -> None:
        port, limit = int(server.url.rpartition(":")[2]), until(0.2)
        stream = await AsyncBackend().connect_tcp("127.0.0.1", port, limit)
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(1)
        await stream.aclose()
        # Without a request, as for whoever uses the backend alone.
        plain = await AsyncBackend().connect_tcp("127.0.0.1", port, 5.0)
        await plain.write(b"\x05\x01\x00")
        await plain.aclose()
        with pytest.raises(httpcore.WriteError, match="hung up"):
            await plain.write(b"\x05\x01\x00")

    asyncio.run(main())
    assert server.requests == []


def test_a_transport_of_the_caller_is_not_handed_what_is_too_late() -> None:
    attempt = Attempt(
        Request("POST", "http://127.0.0.1", {}, b"x", "calls.start"), Deadline(SYSTEM, 0), Kind.MOCK
    )
    for step in (attempt.check, attempt.send_headers, attempt.take_body):
        with pytest.raises(vocobase.TimeoutExceededError, match="could not be sent") as caught:
            step()
        assert caught.value.sent is False
    assert not attempt.begun


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_dial_whose_last_moment_is_over_is_not_handed_to_a_transport(kind: str) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"success": True, "data": {"call_id": "c"}})

    def dial(vb: Any) -> Any:
        vb._core = vb._core.view(not_after=Deadline(SYSTEM, 0))
        return vb.calls.start("a", "+919876543210")

    async def main() -> None:
        async with AsyncVocobase(KEY, transport=httpx.MockTransport(handle)) as vb:
            await dial(vb)

    def synchronous() -> None:
        with Vocobase(KEY, transport=httpx.MockTransport(handle)) as vb:
            dial(vb)

    run: Callable[[], None] = synchronous if kind == "sync" else lambda: asyncio.run(main())
    with pytest.raises(vocobase.TimeoutExceededError) as caught:
        run()
    assert caught.value.sent is False
    assert seen == []


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_clock_of_time_limits_goes_on(platform: str) -> None:
    clock = monotonic_clock_of(platform)
    before = clock()
    time.sleep(0.01)
    assert clock() > before
