"""A response belongs to the request before it: what else a server sends is never taken for the next response."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpcore
import httpx
import pytest
import trustme

import vocobase
from tests.transport.server import Behaviour, Server, answer, read_request
from vocobase import AsyncVocobase, ConfigurationError, Timeout, Vocobase
from vocobase._base.clock import SYSTEM, Deadline
from vocobase._policy.messages import Request
from vocobase._transport import async_pool as _async_pools
from vocobase._transport import inside as _inside
from vocobase._transport import pool as _pools
from vocobase._transport.async_stream import MAX_UNREAD_BYTES, AsyncBackend
from vocobase._transport.attempt import Attempt
from vocobase._transport.deadline import Backend, DeadlineTimeout, DeadlineTransport, Stream
from vocobase._transport.line import Line, is_response

KEY = "rg_live_x"
# What a request before it, of somebody else, would have got.
FOREIGN = b'{"success": true, "data": {"call_id": "somebody-elses"}}'
FOREIGN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(FOREIGN), FOREIGN)
BODY = b'{"success": true, "data": {"id": "a"}}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(BODY), BODY)


@pytest.fixture(params=[False, True], ids=["plain", "encrypted"])
def tls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext | None:
    """What a server encrypts with, whom clients trust."""
    if not request.param:
        return None
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = httpx.create_ssl_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(_pools, "tls", lambda: trusting)
    monkeypatch.setattr(_async_pools, "tls", lambda: trusting)
    return context


def read(vb: Any) -> Any:
    return vb.agents.get("a")


def remove(vb: Any) -> Any:
    return vb.agents.delete("a")


def dial(vb: Any) -> Any:
    return vb.calls.start("a1", "+919876543210")


def run_sync(url: str, *calls: Callable[[Any], Any], pause: float = 0, **options: Any) -> Any:
    with Vocobase(KEY, base_url=url, **options) as vb:
        for call in calls[:-1]:
            with contextlib.suppress(vocobase.VocobaseError):
                call(vb)
            time.sleep(pause)
        return calls[-1](vb)


def run_async(url: str, *calls: Callable[[Any], Any], pause: float = 0, **options: Any) -> Any:
    async def main() -> Any:
        async with AsyncVocobase(KEY, base_url=url, **options) as vb:
            for call in calls[:-1]:
                with contextlib.suppress(vocobase.VocobaseError):
                    await call(vb)
                await asyncio.sleep(pause)
            return await calls[-1](vb)

    return asyncio.run(main())


both = pytest.mark.parametrize("run", [run_sync, run_async])


def raw(data: bytes, *later: bytes) -> Behaviour:
    def behave(peer: socket.socket) -> None:
        peer.sendall(data)
        for piece in later:
            time.sleep(0.05)
            peer.sendall(piece)

    return behave


SURPLUS = {
    "a whole response": raw(OK + FOREIGN),
    "a line": raw(OK + b"\r\n"),
    "behind chunks": raw(CHUNKED + b"\r\n" + FOREIGN),
    "behind chunks and trailers": raw(CHUNKED + b"X: y\r\n\r\n" + FOREIGN),
    "behind an interim response": raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + FOREIGN),
    "with a body that 204 cannot have": raw(b"HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n" + FOREIGN),
    "with a body that 304 cannot have": raw(b"HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n" + FOREIGN),
    "longer than it says": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + FOREIGN),
    "behind an upgrade": raw(b"HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + FOREIGN),
    "on the idle connection": raw(OK, FOREIGN),
    "in two pieces on the idle connection": raw(OK, FOREIGN[:20], FOREIGN[20:]),
}


@both
@pytest.mark.parametrize("surplus", SURPLUS)
def test_data_left_after_a_response_is_not_the_response_to_a_dial(
    run: Callable[..., Any], surplus: str, tls: ssl.SSLContext | None
) -> None:
    with Server([SURPLUS[surplus], answer(200, {"call_id": "ours"})], tls) as server:
        pause = 0.3 if "idle" in surplus else 0
        assert run(server.url, read, dial, pause=pause).call_id == "ours"
        assert server.connections == 2


@both
def test_the_body_of_a_response_to_head_is_not_the_response_to_a_dial(run: Callable[..., Any]) -> None:
    with Server([raw(FOREIGN), answer(200, {"call_id": "ours"})]) as server:
        assert run(server.url, lambda vb: vb.request("HEAD", "/agent"), dial).call_id == "ours"
        assert server.connections == 2


@both
def test_a_connection_with_nothing_left_is_used_again(
    run: Callable[..., Any], tls: ssl.SSLContext | None
) -> None:
    replies = [
        raw(CHUNKED + b"\r\n"),
        raw(CHUNKED + b"X: y\r\n\r\n"),
        raw(b"HTTP/1.1 204 X\r\n\r\n"),
        raw(OK),
    ]
    with Server(replies, tls) as server:
        assert run(server.url, read, read, remove, read, read).id == "a"
        assert server.connections == 1


class Eager:
    """A server that sends data before the request, or in the middle of it."""

    def __init__(self, at_once: bytes, after_headers: bytes, at_end: bytes) -> None:
        self.at_once, self.after_headers, self.at_end = at_once, after_headers, at_end
        self.requests: list[bytes] = []
        self.connections = 0

    @contextlib.contextmanager
    def serve(self) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            # Or the system might take a large request as a whole before this server has said anything.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            listener.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            peer.sendall(self.at_once)
            head = peer.recv(10)
            peer.sendall(self.after_headers)
            while data := read_request(peer):
                self.requests.append(head + data)
                peer.sendall(self.at_end)


def large(vb: Any) -> Any:
    """A request of which the server has a part before it is written as a whole."""
    return vb.campaigns.add_contacts("c", [{"phone": "+919876543210", "metadata": {"n": "x" * 1000}}] * 9000)


@both
def test_a_success_that_comes_before_the_whole_request_is_not_believed(run: Callable[..., Any]) -> None:
    server = Eager(b"", FOREIGN, b"")
    with (
        server.serve() as url,
        pytest.raises(vocobase.ConnectionFailedError, match="before the whole request"),
    ):
        run(url, large, max_retries=0, timeout=5)


@both
def test_a_refusal_that_comes_before_the_whole_request_is_raised(run: Callable[..., Any]) -> None:
    refusal = b"HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n"
    server = Eager(b"", refusal, b"")
    with server.serve() as url:
        with pytest.raises(vocobase.APIError) as caught:
            run(url, large, max_retries=0, timeout=5)
    assert caught.value.status == 413


@both
def test_an_interim_response_before_the_whole_request_is_read_over(run: Callable[..., Any]) -> None:
    done = b'{"success": true, "data": {"added": 9000, "duplicates": 0}}'
    done = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(done), done)
    server = Eager(b"", b"HTTP/1.1 100 Continue\r\n\r\n", done)
    with server.serve() as url:
        assert run(url, large, max_retries=0, timeout=30).added == 9000


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", False),
        (b"HTTP/1.1 100 Continue\r\n\r\n", False),
        (b"HTTP/1.1 1", False),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nA: b\r\n\r\n", False),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", True),
        (b"H", True),
        (b"\r\n", True),
    ],
)
def test_interim_responses_are_no_responses(data: bytes, expected: bool) -> None:
    assert is_response(data) is expected


class Scripted(httpcore.NetworkStream):
    """A stream on which data arrives when a test says."""

    def __init__(self) -> None:
        self.arrived, self.written = b"", b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data, self.arrived = self.arrived[:max_bytes], self.arrived[max_bytes:]
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.written += buffer

    def get_extra_info(self, info: str) -> Any:
        return bool(self.arrived) if info == "is_readable" else None


def limit(seconds: float = 5, **request: Any) -> DeadlineTimeout:
    deadline = Deadline(SYSTEM, seconds)
    attempt = Attempt(Request("POST", "http://127.0.0.1", {}, b"x", "calls.start", **request), deadline)
    return DeadlineTimeout(5, deadline, attempt)


def test_data_on_an_idle_connection_makes_httpcore_take_another_one() -> None:
    inner = Scripted()
    stream = Stream(inner, limit())
    stream.write(b"POST / HTTP/1.1\r\n\r\n", limit())
    stream.line.settle(clean=True)
    inner.arrived = b"surplus"
    late = limit()
    with pytest.raises(httpcore.ConnectionNotAvailable):
        stream.write(b"POST /2 HTTP/1.1\r\n\r\n", late)
    assert late.attempt is not None
    assert not late.attempt.begun
    assert b"/2" not in inner.written
    assert stream.get_extra_info("is_readable")
    assert stream.read(3) == b"sur"
    assert stream.read(30) == b"plus"


def test_a_spoiled_connection_counts_as_readable_so_that_httpcore_closes_it() -> None:
    stream = Stream(Scripted(), limit())
    assert not stream.get_extra_info("is_readable")
    stream.line.settle(clean=False)
    assert stream.get_extra_info("is_readable")
    with pytest.raises(httpcore.RemoteProtocolError):
        stream.write(b"POST / HTTP/1.1\r\n\r\n", limit())


def test_a_connection_that_cannot_be_inspected_counts_as_not_empty() -> None:
    assert not _inside.nothing_left(httpx.Response(200, content=b"x"))


def test_an_unsupported_httpcore_is_refused_when_a_client_is_created(monkeypatch: pytest.MonkeyPatch) -> None:
    init = httpcore.ConnectionPool.__init__

    def other(self: httpcore.ConnectionPool, *args: Any, **settings: Any) -> None:
        init(self, *args, **settings)
        self.backend = vars(self).pop("_network_backend")  # type: ignore[attr-defined]

    monkeypatch.setattr(httpcore.ConnectionPool, "__init__", other)
    with pytest.raises(ConfigurationError, match="not supported"):
        DeadlineTransport()
    with pytest.raises(ConfigurationError, match="not supported"):
        Vocobase(KEY)


def test_another_httpx_shows_nothing_of_the_transport_of_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    with httpx.Client() as client:
        assert isinstance(_inside.transport_of(client, "http://127.0.0.1"), httpx.HTTPTransport)
        assert _inside.transport_of(client, "http://x:y") is None
        monkeypatch.delattr(httpx.Client, "_transport_for_url")
        assert _inside.transport_of(client, "http://127.0.0.1") is None


def test_a_write_that_belongs_to_no_request_is_refused() -> None:
    stream = Stream(Scripted(), limit())
    with pytest.raises(ConfigurationError, match="not supported"):
        stream.write(b"POST / HTTP/1.1\r\n\r\n")
    stream.write(b"\x05\x01\x00")
    stream.write(b"")


def test_data_that_came_in_the_clear_is_not_read_as_encrypted() -> None:
    async def main(url: str) -> None:
        stream = await AsyncBackend().connect_tcp("127.0.0.1", int(url.rpartition(":")[2]), limit())
        await asyncio.sleep(0.2)
        with pytest.raises(httpcore.ConnectError, match="before the connection was encrypted"):
            await stream.start_tls(ssl.create_default_context(), "127.0.0.1", limit())

    with Eager(FOREIGN, b"", b"").serve() as url:
        asyncio.run(main(url))


def test_a_response_before_the_request_is_not_taken() -> None:
    with Eager(FOREIGN, b"", b"").serve() as url:
        stream = Backend().connect_tcp("127.0.0.1", int(url.rpartition(":")[2]), limit())
        time.sleep(0.2)
        with pytest.raises(httpcore.RemoteProtocolError):
            stream.write(b"POST / HTTP/1.1\r\n\r\n", limit())
        stream.close()


def test_an_async_response_before_the_request_is_not_taken() -> None:
    async def main(url: str) -> None:
        stream = await AsyncBackend().connect_tcp("127.0.0.1", int(url.rpartition(":")[2]), limit())
        await asyncio.sleep(0.2)
        with pytest.raises(httpcore.RemoteProtocolError):
            await stream.write(b"POST / HTTP/1.1\r\n\r\n", limit())
        assert await stream.read(100) == FOREIGN
        await stream.aclose()

    with Eager(FOREIGN, b"", b"").serve() as url:
        asyncio.run(main(url))


@both
def test_a_large_body_is_read_piece_by_piece(run: Callable[..., Any], tls: ssl.SSLContext | None) -> None:
    text = "x" * (8 * MAX_UNREAD_BYTES)
    with Server([answer(200, {"id": text})], tls) as server:
        assert run(server.url, read, timeout=Timeout(total=60)).id == text


def test_a_line_serves_one_request_after_the_other() -> None:
    line, first, second = Line(), limit().attempt, limit().attempt
    assert first is not None
    assert second is not None
    line.admit(first, heard=False, ahead=b"")
    line.admit(first, heard=True, ahead=b"HTTP/1.1 200")
    assert first.early
    line.settle(clean=True)
    line.admit(second, heard=False, ahead=b"")
    assert not second.early
