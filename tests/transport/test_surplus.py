"""A connection shows whether anything is left on it; aio/ has what each client does about that."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, cast

import httpcore
import httpx
import pytest

from tests.transport.eager import FOREIGN, Eager
from tests.transport.support import KEY, limit
from vocobase import ConfigurationError, Vocobase
from vocobase._transport import inside as _inside
from vocobase._transport.async_stream import AsyncBackend
from vocobase._transport.deadline import Stream
from vocobase._transport.line import Line, is_response
from vocobase._transport.own_transport import OwnTransport


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


class Inside:
    """An object in which every attribute is itself, except for the data that is left."""

    def __init__(self, trailing_data: object) -> None:
        self.trailing_data = trailing_data

    def __getattr__(self, name: str) -> Inside:
        return self


@pytest.mark.parametrize(
    ("trailing_data", "nothing"),
    [
        ((b"", False), True),
        ((b"x", False), False),
        (None, False),
        (7, False),
        (b"", False),
        ((b"",), False),
        ((None, False), False),
    ],
)
def test_data_in_a_form_of_another_version_is_not_taken_for_none(
    trailing_data: object, nothing: bool
) -> None:
    response = httpx.Response(200)
    response.stream = cast("httpx.SyncByteStream", Inside(trailing_data))
    assert _inside.nothing_left(response) is nothing


def test_an_unsupported_httpcore_is_refused_when_a_client_is_created(monkeypatch: pytest.MonkeyPatch) -> None:
    init = httpcore.ConnectionPool.__init__

    def other(self: httpcore.ConnectionPool, *args: Any, **settings: Any) -> None:
        init(self, *args, **settings)
        self.backend = vars(self).pop("_network_backend")  # type: ignore[attr-defined]

    monkeypatch.setattr(httpcore.ConnectionPool, "__init__", other)
    with pytest.raises(ConfigurationError, match="not supported"):
        OwnTransport()
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
        while not stream.get_extra_info("is_readable"):
            await asyncio.sleep(0.01)
        with pytest.raises(httpcore.ConnectError, match="before the connection was encrypted"):
            await stream.start_tls(ssl.create_default_context(), "127.0.0.1", limit())

    with Eager(FOREIGN, b"", b"").serve() as url:
        asyncio.run(main(url))


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
