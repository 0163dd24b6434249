"""The deadline of a synchronous request, at the socket and above it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpcore
import httpx
import pytest
import trustme

import vocobase
from tests.fake_time import FakeClock
from tests.stopwatch import Stopwatch
from tests.transport.aio.support import async_time_out
from tests.transport.server import Server, answer, silence, trickle_headers
from tests.transport.support import KEY
from vocobase import AsyncVocobase, Timeout, Vocobase
from vocobase._base.clock import SYSTEM, Deadline
from vocobase._policy.messages import Request
from vocobase._transport import deadline as _deadline
from vocobase._transport.attempt import Attempt, WatchedRequest
from vocobase._transport.deadline import DeadlineTimeout, Stream, remaining
from vocobase._transport.exchange import VeiledURL, parsed, to_httpx

WHOLE = Timeout(total=0.4, connect=5, read=5, write=5)


def test_a_wait_is_no_longer_than_the_remaining_time() -> None:
    clock = FakeClock()
    limit = DeadlineTimeout(5.0, Deadline(clock, 7.0))
    assert limit == 5.0
    assert remaining(limit) == 5.0
    clock.elapsed = 4.0
    assert remaining(limit) == 3.0
    clock.elapsed = 100.0
    assert remaining(limit) == _deadline.MIN_TIMEOUT_SECONDS
    assert remaining(None) is None
    assert remaining(2.0) == 2.0, "limits that are not ours stay as they are"


def test_certificates_are_checked_against_those_that_the_environment_names(tls: ssl.SSLContext) -> None:
    with Server([answer(200, {"id": "a"})], tls) as server, Vocobase(KEY, base_url=server.url) as vb:
        assert vb.agents.get("a").id == "a"
        assert vb.agents.get("a").id == "a"
        assert server.connections == 1


def test_a_certificate_of_an_unknown_authority_is_refused_before_the_key_is_sent() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Server([answer(200, {"id": "a"})], context) as server:
        with Vocobase(KEY, base_url=server.url, max_retries=0) as vb:
            with pytest.raises(vocobase.ConnectionFailedError, match="certificate verify failed"):
                vb.agents.get("a")
        assert server.requests == []


def test_the_deadline_holds_over_tls(tls: ssl.SSLContext) -> None:
    with Server([trickle_headers], tls) as server:
        with Vocobase(KEY, base_url=server.url, timeout=WHOLE, max_retries=0) as vb:
            with Stopwatch() as watch, pytest.raises(vocobase.TimeoutExceededError):
                vb.agents.get("a")
            assert watch.seconds < 2


def flood(peer: socket.socket) -> None:
    """Send interim responses forever."""
    with contextlib.suppress(OSError):
        while True:
            peer.sendall(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)


def test_the_deadline_holds_when_data_is_always_there() -> None:
    with Server([flood]) as server:
        with Vocobase(KEY, base_url=server.url, timeout=WHOLE, max_retries=0) as vb:
            with Stopwatch() as watch, pytest.raises(vocobase.TimeoutExceededError):
                vb.agents.get("a")
            assert watch.seconds < 5


def resolving(*addresses: str) -> Callable[..., list[Any]]:
    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return look_up


def test_a_host_is_tried_at_each_of_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server([answer(200, {"id": "a"})]) as server:
        # Only 127.0.0.1 listens; numeric addresses still use the lookup of the system.
        own = socket.getaddrinfo
        found = resolving("127.0.0.2", "127.0.0.1")
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *a, **k: (found if host == "localhost" else own)(host, *a, **k),
        )
        with Vocobase(KEY, base_url=server.url.replace("127.0.0.1", "localhost"), max_retries=0) as vb:
            assert vb.agents.get("a").id == "a"


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label")])
def test_a_host_without_an_address_was_certainly_not_reached(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with Vocobase(KEY, base_url="https://nowhere.invalid", max_retries=0) as vb:
        with pytest.raises(vocobase.ConnectionFailedError) as caught:
            vb.calls.start("a", "+919876543210")
    assert caught.value.sent is False


def test_waits_without_a_limit_take_that_of_the_connection() -> None:
    waits: list[float | None] = []

    class Inner(httpcore.NetworkStream):
        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            waits.append(timeout)
            return b""

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            waits.append(timeout)

    stream = Stream(Inner(), 3.0)
    stream.read(10)
    stream.write(b"socks")
    stream.read(10, 1.0)
    assert waits == [3.0, 3.0, 1.0]


@contextlib.contextmanager
def full_listener() -> Iterator[str]:
    """A listener that no longer accepts connections: the next one waits."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as waiting:
        for _ in range(3):
            peer = waiting.enter_context(socket.socket())
            peer.setblocking(False)
            peer.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("attempt", range(5))
def test_an_async_dial_that_found_no_connection_in_time_was_certainly_not_sent(attempt: int) -> None:
    async def main(url: str, timeout: float) -> None:
        async with AsyncVocobase(KEY, base_url=url, timeout=timeout, max_retries=0) as vb:
            await vb.calls.start("a", "+919876543210")

    # Whichever ends first, the wait for the connection or the time of the whole.
    with full_listener() as url, pytest.raises(vocobase.TimeoutExceededError) as caught:
        asyncio.run(main(url, 0.05))
    assert caught.value.sent is False
    with Server([silence]) as server:
        assert type(asyncio.run(async_time_out(server))) is vocobase.OutcomeUnknownError


def test_a_transport_of_the_users_that_reads_the_content_may_have_sent_it() -> None:
    class Deaf(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await request.aread()
            await asyncio.Event().wait()
            raise AssertionError

    async def main() -> None:
        async with AsyncVocobase(KEY, transport=Deaf(), timeout=0.05, max_retries=0) as vb:
            await vb.calls.start("a", "+919876543210")

    with pytest.raises(vocobase.OutcomeUnknownError):
        asyncio.run(main())


def test_over_a_transport_of_the_users_the_deadline_holds_between_pieces_of_a_body() -> None:
    class Slow(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(100):
                time.sleep(0.02)
                yield b" "

    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Slow())

    with Vocobase(
        KEY, base_url="http://localhost", transport=httpx.MockTransport(handle), timeout=0.1, max_retries=0
    ) as vb:
        with pytest.raises(vocobase.TimeoutExceededError, match="not complete within the timeout"):
            vb.agents.get("a")


def test_a_veiled_address_reads_as_it_is_and_shows_no_query() -> None:
    url: Any = VeiledURL("https://store.example/bucket/a.pdf?X-Signature=canary")
    assert url.raw_path == b"/bucket/a.pdf?X-Signature=canary"
    assert str(url) == "https://store.example/bucket/a.pdf?***"
    assert repr(url) == "VeiledURL('https://store.example/bucket/a.pdf?***')"


@pytest.mark.parametrize("name", ["authorization", "x-amz-acl"])
def test_the_address_of_a_request_is_kept_only_if_it_needs_the_key(name: str) -> None:
    parsed.cache_clear()
    request = Request("GET", "https://store.example/bucket/a.pdf?X-Signature=canary", {name: "any"})
    deadline = Deadline(SYSTEM, 5)
    for _ in range(2):
        sent = to_httpx(Attempt(request, deadline), Timeout(), deadline, frozenset())
        assert sent.url.query == b"X-Signature=canary"
    assert parsed.cache_info().currsize == (name == "authorization")


def test_a_request_without_an_attempt_is_read_like_any_other() -> None:
    assert WatchedRequest("POST", "http://127.0.0.1", content=b"x").content == b"x"
