"""Nothing is written after the time limit; aio/ has processes that are stopped on the way to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import httpcore
import pytest

import vocobase
from tests.fake_time import FakeClock
from tests.transport.server import Server, answer
from tests.transport.support import limit
from vocobase._base.clock import SYSTEM, Deadline, monotonic_clock_of
from vocobase._policy.messages import Request
from vocobase._transport.async_stream import AsyncBackend
from vocobase._transport.attempt import Attempt, Kind
from vocobase._transport.deadline import Backend, Stream


@pytest.fixture
def server() -> Iterator[Server]:
    with Server([answer(200, {})]) as server:
        yield server


@pytest.mark.parametrize("buffer", [b"POST / HTTP/1.1\r\n\r\n", b"CONNECT api.example:443 HTTP/1.1\r\n\r\n"])
def test_nothing_is_written_to_a_socket_after_the_time_limit(server: Server, buffer: bytes) -> None:
    clock = FakeClock()
    port, until = int(server.url.rpartition(":")[2]), limit(5, clock=clock, once=True)
    stream = Backend().connect_tcp("127.0.0.1", port, until)
    assert isinstance(stream, Stream)
    clock.elapsed = 5.1
    with pytest.raises(vocobase.TimeoutExceededError) as caught:
        stream.write(buffer, until)
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
        clock = FakeClock()
        port, until = int(server.url.rpartition(":")[2]), limit(5, clock=clock, once=True)
        stream = await AsyncBackend().connect_tcp("127.0.0.1", port, until)
        # In the middle of the write, and before any timer of the event loop.
        asyncio.get_running_loop().call_soon(clock.sleep, 5.1)
        with pytest.raises(vocobase.TimeoutExceededError) as caught:
            await stream.write(buffer, until)
        assert caught.value.sent is False
        with pytest.raises(vocobase.TimeoutExceededError):
            await stream.write(b"\x05\x01\x00")
        await stream.aclose()

    asyncio.run(main())
    assert server.hung_up.wait(10)
    assert server.requests == []


def test_async_waits_end_with_the_time_limit_of_the_connection(server: Server) -> None:
    async def main() -> None:
        clock = FakeClock()
        port, until = int(server.url.rpartition(":")[2]), limit(5, clock=clock, once=True)
        stream = await AsyncBackend().connect_tcp("127.0.0.1", port, until)
        clock.elapsed = 4.8
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


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_clock_of_time_limits_goes_on(platform: str) -> None:
    clock = monotonic_clock_of(platform)
    before = clock()
    time.sleep(0.01)
    assert clock() > before
