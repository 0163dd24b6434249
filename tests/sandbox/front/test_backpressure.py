"""No client gets more than its share of the memory, the time and the connections of the server."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest

from vocobase_sandbox import Sandbox
from vocobase_sandbox.front.http1.connection import Connection, Limits
from vocobase_sandbox.front.server import RunningServer

QUICK = Limits(
    connections=4,
    idle_seconds=0.4,
    head_seconds=0.2,
    body_seconds=0.3,
    unread_seconds=0.3,
    sweep_seconds=0.05,
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(clock="manual", rate_limits=False) as made:
        yield made


@contextmanager
def serving(sandbox: Sandbox, limits: Limits | None = None) -> Iterator[RunningServer]:
    server = RunningServer(sandbox, "127.0.0.1", 0, limits or Limits())
    try:
        yield server
    finally:
        server.close()


def connect(server: RunningServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=5)


def get(server: RunningServer, path: str = "/api/v2/agent/voices") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {server.sandbox.api_key}\r\n\r\n"
    return head.encode()


def ends(connection: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    return data


def has_stopped(server: RunningServer) -> bool:
    """Return whether the server reads no more from its only client, until that reads its responses."""
    # Nothing public shows it, and a time would be a guess.
    return [connection._blocked for connection in server.connections] == [True]  # pyright: ignore[reportPrivateUsage]


def send_all_it_takes(connection: socket.socket, message: bytes, most: int, server: RunningServer) -> int:
    """Send until the server stops reading; return the number of bytes it accepted."""
    connection.settimeout(0.5)
    sent = 0
    while sent < most:
        try:
            sent += connection.send(message)
        except TimeoutError:
            if has_stopped(server):
                break
    return sent


def settled(server: RunningServer) -> int:
    """Return the number of requests once a second has passed without one; a busy machine is slow to stop."""
    before = -1
    while before != (before := server.sandbox.requests.total) or not has_stopped(server):
        time.sleep(1)
    return before


def test_reading_stops_when_responses_are_not_read(sandbox: Sandbox) -> None:
    with serving(sandbox) as server, closing(connect(server)) as greedy:
        taken = send_all_it_takes(greedy, get(server) * 100, 200_000_000, server)
        handled = settled(server)
        assert taken < 50_000_000
        [connection] = server.connections
        # Neither do responses pile up, nor what was not read of the requests.
        assert connection._transport.get_write_buffer_size() < 1_000_000  # pyright: ignore[reportPrivateUsage]
        assert connection._reader.buffered < 1_000_000  # pyright: ignore[reportPrivateUsage]
        with httpx.Client(base_url=server.base_url) as client:
            assert client.get("/agent/voices").status_code == 401
        assert sandbox.requests.total == handled + 1


def test_every_request_gets_its_response_once_the_client_reads(sandbox: Sandbox) -> None:
    with serving(sandbox) as server, closing(connect(server)) as connection:
        count = 3000
        requests = get(server) * count + get(server).replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
        sent = 0
        connection.setblocking(False)
        received = b""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(BlockingIOError):
                sent += connection.send(requests[sent:]) if sent < len(requests) else 0
            try:
                part = connection.recv(1 << 20)
                if not part:
                    break
                received += part
            except BlockingIOError:
                time.sleep(0.001)
        assert received.count(b"HTTP/1.1 200 OK") == count + 1


class Recorder(asyncio.Transport):
    """A transport that records writes and whether reading is paused."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.reading = True
        self.closed = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close


class OneLoop:
    """A server without sockets."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.handle = partial(sandbox.handle, guarded=True)

    def now(self) -> float:
        return 0.0

    def admit(self, connection: Connection) -> bool:
        return True


def test_connections_take_turns(sandbox: Sandbox) -> None:
    """A client with a thousand requests at hand does not make another one wait for all of them."""

    async def run() -> None:
        server: Any = OneLoop(sandbox)
        transports = [Recorder(), Recorder()]
        busy, other = [Connection(server) for _ in transports]
        request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"
        busy.connection_made(transports[0])
        other.connection_made(transports[1])
        busy.data_received(request * 1000)
        assert 0 < len(transports[0].written) < 50 and not transports[0].reading
        other.data_received(request)
        assert len(transports[1].written) == 1
        while len(transports[0].written) < 1000:
            await asyncio.sleep(0)
        assert transports[0].reading

    asyncio.run(run())


def test_a_client_that_reads_nothing_is_disconnected(sandbox: Sandbox) -> None:
    with serving(sandbox, QUICK) as server, closing(connect(server)) as greedy:
        with pytest.raises(OSError):
            for _ in range(10_000):
                greedy.send(get(server) * 1000)
        assert_gone(server)


def assert_gone(server: RunningServer) -> None:
    end = time.monotonic() + 5
    while server.connections and time.monotonic() < end:
        time.sleep(0.01)
    assert not server.connections


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\nho", b"HTTP/1.1 408 "),
        (b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\nhel", b"HTTP/1.1 408 "),
        (
            b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel",
            b"HTTP/1.1 408 ",
        ),
        (b"", b""),
    ],
)
def test_a_request_that_does_not_arrive_ends_the_connection(
    sandbox: Sandbox, data: bytes, status: bytes
) -> None:
    # On a busy machine, the data may come late.
    limits = replace(QUICK, idle_seconds=60) if data else QUICK
    with serving(sandbox, limits) as server, closing(connect(server)) as slow:
        slow.sendall(data)
        assert ends(slow).startswith(status)
        assert_gone(server)


def test_a_request_byte_by_byte_ends_like_one_that_stops(sandbox: Sandbox) -> None:
    with serving(sandbox, QUICK) as server, closing(connect(server)) as slow:
        with pytest.raises(OSError):
            for _ in range(500):
                slow.sendall(b"x")
                time.sleep(0.02)
        assert_gone(server)


def test_a_connection_in_use_is_not_closed(sandbox: Sandbox) -> None:
    with serving(sandbox, QUICK) as server, httpx.Client(base_url=server.base_url) as client:
        for _ in range(10):
            assert client.get("/agent/voices").status_code == 401
            time.sleep(0.1)
        sandbox.faults.add("latency", seconds=1, count=1)
        assert client.get("/agent/voices").status_code == 401


def test_an_idle_connection_is_closed_for_a_new_one(sandbox: Sandbox) -> None:
    with serving(sandbox, Limits(connections=4)) as server:
        idle = [connect(server) for _ in range(8)]
        with httpx.Client(base_url=server.base_url) as client:
            assert client.get("/agent/voices").status_code == 401
        assert len(server.connections) <= 4
        for connection in idle:
            connection.close()


def test_beyond_the_limit_of_busy_connections_a_new_one_is_rejected(sandbox: Sandbox) -> None:
    with serving(sandbox, Limits(connections=2)) as server:
        sandbox.faults.add("latency", seconds=30)
        busy = [connect(server) for _ in range(2)]
        for connection in busy:
            connection.sendall(get(server))
        while len(sandbox.requests.newest(10)) < 2:
            time.sleep(0.01)
        with closing(connect(server)) as late:
            assert ends(late).startswith(b"HTTP/1.1 503 ")
        for connection in busy:
            connection.close()


def test_a_response_that_fails_late_is_an_error_of_that_request_only(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(seconds: float) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sandbox.clock, "advance", broken)
    with serving(sandbox) as server, httpx.Client(base_url=server.url) as client:
        response = client.post("/_sandbox/clock/advance", json={"seconds": 1})
        assert response.status_code == 500
        assert client.get("/_sandbox/state").status_code == 200
    assert "ZeroDivisionError" in caplog.text


def test_the_limits_are_wide_enough_for_ordinary_clients() -> None:
    assert Limits().connections >= 500 and Limits().idle_seconds >= 60 and Limits().body_seconds >= 300
