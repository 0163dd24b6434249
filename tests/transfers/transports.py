"""Transports that treat bodies in their own way, or lead to real stores."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx


class Hasty(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A store that says 200 after the first piece of each body, as one that closes early is read."""

    def __init__(self, table: Any, times: int) -> None:
        self.table, self.times, self.taken = table, times, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example" or self.taken >= self.times:
            return self.table.handle_request(request)  # type: ignore[no-any-return]
        self.taken += 1
        next(iter(request.stream))  # type: ignore[call-overload]
        return httpx.Response(200)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example" or self.taken >= self.times:
            return await self.table.handle_async_request(request)  # type: ignore[no-any-return]
        self.taken += 1
        async for _ in request.stream:  # type: ignore[union-attr]
            break
        return httpx.Response(200)


class Swallowing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A store that hides what the body raises, and reports a success."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example":
            return self.table.handle_request(request)  # type: ignore[no-any-return]
        with contextlib.suppress(ZeroDivisionError):
            for _ in request.stream:  # type: ignore[union-attr]
                pass
        return httpx.Response(200)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "store.example":
            return await self.table.handle_async_request(request)  # type: ignore[no-any-return]
        with contextlib.suppress(ZeroDivisionError):
            async for _ in request.stream:  # type: ignore[union-attr]
                pass
        return httpx.Response(200)


class Passing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The API from a table, the store over a real socket when its address is one."""

    def __init__(self, table: Any) -> None:
        self.table, self.direct, self.async_direct = table, httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        where = self.direct if request.url.host == "127.0.0.1" else self.table
        response: httpx.Response = where.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        where = self.async_direct if request.url.host == "127.0.0.1" else self.table
        response: httpx.Response = await where.handle_async_request(request)
        return response

    def close(self) -> None:
        self.direct.close()

    async def aclose(self) -> None:
        await self.async_direct.aclose()


class Network(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The API from a table; everything else over real sockets."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.direct, self.async_direct = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        where = self.table if request.url.host == "api.example" else self.direct
        response: httpx.Response = where.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        where = self.table if request.url.host == "api.example" else self.async_direct
        response: httpx.Response = await where.handle_async_request(request)
        return response

    def close(self) -> None:
        self.direct.close()

    async def aclose(self) -> None:
        await self.async_direct.aclose()


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    async def __aiter__(self) -> Any:
        for piece in self.pieces:
            yield piece


def encoded(encoding: str, *pieces: bytes) -> Callable[[httpx.Request], httpx.Response]:
    size = str(sum(map(len, pieces)))
    headers = {"content-encoding": encoding, "content-length": size}
    return lambda request: httpx.Response(200, headers=headers, stream=Pieces(*pieces))
