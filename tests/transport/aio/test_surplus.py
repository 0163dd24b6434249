"""A response belongs to the request before it: what else a server sends is never taken for the next response."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable
from typing import Any

import httpcore
import pytest

import vocobase
from tests.transport.aio.support import async_run
from tests.transport.eager import CHUNKED, FOREIGN, LONG, OK, SURPLUS, Eager, raw
from tests.transport.server import Server, answer
from tests.transport.support import KEY, AsyncBackend, dial, limit, read
from vocobase import AsyncVocobase, Timeout
from vocobase._base.runtime import AsyncRuntime


def remove(vb: Any) -> Any:
    return vb.agents.delete("a")


def large(vb: Any) -> Any:
    """A request of which the server has a part before it is written as a whole."""
    return vb.campaigns.add_contacts("c", [{"phone": "+919876543210", "metadata": {"n": "x" * 1000}}] * 9000)


async def async_talk(server: Server, *calls: Callable[[Any], Any], idle: bool = False) -> Any:
    """Return what the last call gives, whatever becomes of those before it.

    Args:
        server: The API.
        calls: They share a client.
        idle: Whether it waits for all that the server sends before it goes on.
    """
    async with AsyncVocobase(KEY, base_url=server.url) as vb:
        for call in calls[:-1]:
            with contextlib.suppress(vocobase.VocobaseError):
                await call(vb)
            while idle and server.answered < len(server.requests):
                await AsyncRuntime().sleep(0.01)
            # Until the event loop has seen it.
            await AsyncRuntime().sleep(0.05 if idle else 0)
        return await calls[-1](vb)


@pytest.mark.parametrize("surplus", SURPLUS)
async def test_data_left_after_a_response_is_not_the_response_to_a_dial(
    surplus: str, maybe_tls: ssl.SSLContext | None
) -> None:
    with Server([SURPLUS[surplus], answer(200, {"call_id": "ours"})], maybe_tls) as server:
        assert (await async_talk(server, read, dial, idle="idle" in surplus)).call_id == "ours"
        assert server.connections == 2


async def test_the_body_of_a_response_to_head_is_not_the_response_to_a_dial() -> None:
    with Server([raw(FOREIGN), answer(200, {"call_id": "ours"})]) as server:
        assert (await async_talk(server, lambda vb: vb.request("HEAD", "/agent"), dial)).call_id == "ours"
        assert server.connections == 2


async def test_a_connection_with_nothing_left_is_used_again(maybe_tls: ssl.SSLContext | None) -> None:
    replies = [
        raw(CHUNKED + b"\r\n"),
        raw(CHUNKED + b"X: y\r\n\r\n"),
        raw(b"HTTP/1.1 204 X\r\n\r\n"),
        raw(OK),
    ]
    with Server(replies, maybe_tls) as server:
        assert (await async_talk(server, read, read, remove, read, read)).id == "a"
        assert server.connections == 1


async def test_a_success_that_comes_before_the_whole_request_is_not_believed() -> None:
    server = Eager(b"", FOREIGN, b"")
    with (
        server.serve() as url,
        pytest.raises(vocobase.ConnectionFailedError, match="before the whole request"),
    ):
        await async_run(url, large, max_retries=0, timeout=5)


async def test_a_refusal_that_comes_before_the_whole_request_is_raised() -> None:
    refusal = b"HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n"
    server = Eager(b"", refusal, b"")
    with server.serve() as url:
        with pytest.raises(vocobase.APIError) as caught:
            await async_run(url, large, max_retries=0, timeout=5)
    assert caught.value.status == 413


async def test_an_interim_response_before_the_whole_request_is_read_over() -> None:
    done = b'{"success": true, "data": {"added": 9000, "duplicates": 0}}'
    done = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(done), done)
    server = Eager(b"", b"HTTP/1.1 100 Continue\r\n\r\n", done)
    with server.serve() as url:
        assert (await async_run(url, large, max_retries=0, timeout=30)).added == 9000


async def test_a_response_before_the_request_is_not_taken() -> None:
    with Eager(FOREIGN, b"", b"").serve() as url:
        stream = await AsyncBackend().connect_tcp("127.0.0.1", int(url.rpartition(":")[2]), limit())
        while not stream.get_extra_info("is_readable"):
            await AsyncRuntime().sleep(0.01)
        with pytest.raises(httpcore.RemoteProtocolError):
            await stream.write(b"POST / HTTP/1.1\r\n\r\n", limit())
        assert await stream.read(100) == FOREIGN
        await stream.aclose()


async def test_a_large_body_is_read_piece_by_piece(maybe_tls: ssl.SSLContext | None) -> None:
    with Server([answer(200, {"id": LONG})], maybe_tls) as server:
        assert (await async_run(server.url, read, timeout=Timeout(total=60))).id == LONG
