"""Transports that a caller may pass, for clients of both kinds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx


class Failing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Raise an error for every request, without a look at it."""

    def __init__(self, error: Exception | type[Exception]) -> None:
        self.error = error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error


class Wrapping(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Send in a way of its own, then fail with an error that usually comes before."""

    def __init__(self, error: Exception, way: str) -> None:
        self.error, self.way = error, way
        self.inner, self.async_inner = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.way == "same":
            self.inner.handle_request(request).close()
        elif self.way == "content":
            self._copy(request, request.content)
        elif self.way == "read":
            self._copy(request, request.read())
        else:
            assert isinstance(request.stream, httpx.SyncByteStream)
            self._copy(request, b"".join(request.stream))
        raise self.error

    def _copy(self, request: httpx.Request, content: bytes) -> None:
        with httpx.Client(trust_env=False) as client:
            client.request(request.method, request.url, content=content)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.way == "same":
            await (await self.async_inner.handle_async_request(request)).aclose()
        elif self.way == "content":
            self._copy(request, request.content)
        elif self.way == "read":
            self._copy(request, await request.aread())
        else:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            self._copy(request, b"".join([piece async for piece in request.stream]))
        raise self.error

    def close(self) -> None:
        self.inner.close()

    async def aclose(self) -> None:
        self.inner.close()
        await self.async_inner.aclose()


class Again(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Send a request a second time if its response is lost."""

    def __init__(self) -> None:
        self.inner, self.async_inner = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self.inner.handle_request(request)
        except httpx.RemoteProtocolError:
            return self.inner.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self.async_inner.handle_async_request(request)
        except httpx.RemoteProtocolError:
            return await self.async_inner.handle_async_request(request)

    def close(self) -> None:
        self.inner.close()

    async def aclose(self) -> None:
        await self.async_inner.aclose()


class Unclosable(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that is complete, on a connection that breaks when it is given back."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"success": true, "data": {"call_id": "c1"}}'

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        raise httpx.CloseError("broken")

    async def aclose(self) -> None:
        raise httpx.CloseError("broken")


class Recorder(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that keeps the addresses of requests and redirects each of them."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.urls: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        return httpx.Response(307, headers={"location": self.location})

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)
