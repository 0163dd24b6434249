"""The connections of an asynchronous client: one pool for it and all its views.

Separate from the synchronous pool, as asyncio takes long to import.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncIterable, AsyncIterator
from typing import Any, cast

import httpx

from vocobase._base.clock import Deadline
from vocobase._base.errors import ConfigurationError, VocobaseError
from vocobase._base.runtime import running_loop
from vocobase._base.secrets import Secret
from vocobase._policy.messages import Request, Response
from vocobase._policy.options import Timeout
from vocobase._transport.async_own_transport import AsyncOwnTransport
from vocobase._transport.attempt import Attempt, Kind, expired, kind_of
from vocobase._transport.bodies import Collector
from vocobase._transport.exchange import (
    Receive,
    Whole,
    body_of,
    check_early,
    headers_of,
    make_sink,
    reraise,
    returned,
    settle,
    to_httpx,
)
from vocobase._transport.inside import transport_of
from vocobase._transport.pool import LIMITS, Open, check_kind, check_owner
from vocobase._transport.routes import Routes
from vocobase._transport.tls import check_context, tls


async def _pieces(chunks: AsyncIterable[bytes], attempt: Attempt) -> AsyncIterator[bytes]:
    try:
        async for chunk in chunks:
            yield chunk
    except Exception as error:  # noqa: BLE001 - a transport of the caller may raise anything
        reraise(error, attempt)


class AsyncPool:
    """The connections of an asynchronous client; bound to the event loop of its first request.

    Args: those of ``Pool``.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
        proxy: Secret[Any] | None = None,
        ssl_context: ssl.SSLContext | None = None,
        http_hosts: frozenset[str] = frozenset(),
        address: str,
    ) -> None:
        check_kind(transport, httpx.AsyncBaseTransport, "transport")
        check_kind(http_client, httpx.AsyncClient, "http_client")
        check_context(ssl_context)
        self.http_hosts = http_hosts
        self._state = Open()
        self._loop: object | None = None
        self._client = http_client
        self._is_own = transport is None and http_client is None
        check_owner(ssl_context, self._is_own)
        self._kind = Kind.OWN if self._is_own else kind_of(transport)
        if http_client is not None:
            self._routes: Routes[httpx.AsyncBaseTransport] | None = None
        elif transport is not None:
            self._routes = Routes[httpx.AsyncBaseTransport].only(transport)
        else:
            context = ssl_context or tls()
            self._routes = Routes(
                lambda url: AsyncOwnTransport(verify=context, limits=LIMITS, proxy=url),
                proxy,
                context=context,
                http_hosts=http_hosts,
            )
            self._routes.check(address)

    async def send(
        self,
        request: Request,
        timeout: Timeout,
        deadline: Deadline,
        receive: Receive | None = None,
    ) -> Response:
        """Send a request and read the response, into the sink that ``receive`` returns if you pass it.

        Raises:
            ConnectionFailedError, TimeoutExceededError, ResponseError, ConfigurationError.
        """
        self._state.check(self._client is not None and self._client.is_closed)
        self._check_loop()
        kind = kind_of(transport_of(self._client, request.url)) if self._client else self._kind
        attempt = Attempt(request, deadline, kind)
        attempt.check()
        handled = sys.exception()
        try:
            # httpx limits each wait for data but not their sum, and a server may send single bytes forever.
            async with asyncio.timeout(max(0.0, deadline.remaining())):
                return await self._exchange(attempt, timeout, deadline, receive)
        except BaseException as error:
            returned(error, handled)
            if isinstance(error, VocobaseError) or not isinstance(error, Exception):
                raise
            if isinstance(error, TimeoutError):
                raise expired(request, sent=attempt.begun or not self._is_own) from error
            reraise(error, attempt)

    async def _exchange(
        self, attempt: Attempt, timeout: Timeout, deadline: Deadline, receive: Receive | None
    ) -> Response:
        try:
            response = await self._transmit(attempt, timeout, deadline)
            return await self._read(response, attempt, receive)
        except asyncio.CancelledError:
            for transport in list(self._routes.transports.values()) if self._routes else ():
                if isinstance(transport, AsyncOwnTransport):
                    await transport.forget(attempt.request)
            raise

    async def _read(self, response: httpx.Response, attempt: Attempt, receive: Receive | None) -> Response:
        try:
            check_early(response, attempt)
            headers, body = headers_of(response), body_of(response)
            sink = make_sink(attempt.request, response.status_code, headers, receive)
            if isinstance(body, Whole):
                sink.feed(body.content)
            else:
                async for chunk in _pieces(cast(AsyncIterable[bytes], body), attempt):
                    sink.feed(chunk)
        finally:
            settle(response, attempt)
            await response.aclose()
            if self._state.closed and self._is_own:
                await response.extensions["network_stream"].aclose()
        return Response(response.status_code, headers, sink.body() if isinstance(sink, Collector) else b"")

    def _check_loop(self) -> None:
        loop = running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise ConfigurationError(
                "This client belongs to another event loop; create one client for each asyncio.run()."
            )

    async def _transmit(self, attempt: Attempt, timeout: Timeout, deadline: Deadline) -> httpx.Response:
        try:
            return await self._handle(to_httpx(attempt, timeout, deadline, self.http_hosts), attempt)
        except Exception as error:  # noqa: BLE001 - a transport of the caller may raise anything
            reraise(error, attempt)

    async def _handle(self, request: httpx.Request, attempt: Attempt) -> httpx.Response:
        if attempt.kind is not Kind.OWN:
            request.extensions["trace"] = attempt.async_trace
        if self._routes is None:
            assert self._client is not None
            return await self._client.send(request, stream=True, auth=None, follow_redirects=False)
        return await self._routes.choose(request.url).handle_async_request(request)

    async def close(self) -> None:
        """Close the connections; a caller's own client stays open."""
        if self._loop is not None:
            self._check_loop()
        self._state.closed = True
        if self._routes is not None:
            for transport in list(self._routes.transports.values()):
                await transport.aclose()
