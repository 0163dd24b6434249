"""The connections of a client: one pool for it and all its views."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterable, Iterable
from typing import Any, cast

import httpx

from vocobase._config import Timeout
from vocobase._errors import ConfigurationError, VocobaseError
from vocobase._http._cancelled import TidyTransport
from vocobase._http._deadline import DeadlineTransport
from vocobase._http._exchange import (
    Receive,
    WatchedStream,
    Whole,
    body_of,
    expired,
    failure,
    headers_of,
    make_sink,
    returned,
    to_httpx,
)
from vocobase._http._routes import Routes, tls
from vocobase._secrets import Secret
from vocobase._wire import Answer, Collector, Request

# As many are kept as may be open: with fewer, busy threads would close and open connections all the time.
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=30.0)


class _Open:
    """Whether a pool may still be used."""

    def __init__(self) -> None:
        self.closed = False

    def check(self, also_closed: bool) -> None:
        if self.closed or also_closed:
            raise ConfigurationError("This client is closed; make a new one, or keep the `with` block open.")


def check_kind(given: object, wanted: type, what: str) -> None:
    """Refuse what is no transport or client, or of the other kind: it would fail far from the mistake."""
    if given is not None and not isinstance(given, wanted):
        raise ConfigurationError(
            f"{what}: {type(given).__name__} is no httpx.{wanted.__name__}, or is of the other kind: "
            "synchronous ones belong to Vocobase, asynchronous ones to AsyncVocobase."
        )


class Pool:
    """The connections of a synchronous client; thread-safe, and safe to take along into a forked process."""

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
        proxy: Secret[Any] | None = None,
    ) -> None:
        check_kind(transport, httpx.BaseTransport, "transport")
        check_kind(http_client, httpx.Client, "http_client")
        self._state = _Open()
        self._client = http_client
        self._proxy = proxy
        self._is_own = transport is None and http_client is None
        # The process that sent the first request; before that there is no connection to share.
        self._process = 0
        self._routes: Routes[httpx.BaseTransport] | None = None
        if transport is not None:
            self._routes = Routes[httpx.BaseTransport].only(transport)
        elif http_client is None:
            self._routes = self._open()

    def _open(self) -> Routes[httpx.BaseTransport]:
        context = tls()
        return Routes(lambda url: DeadlineTransport(verify=context, limits=LIMITS, proxy=url), self._proxy)

    def _check_process(self) -> None:
        """Leave connections to the process that made them: on shared ones each reads the other's answers."""
        if self._process:
            if not self._is_own:
                raise ConfigurationError(
                    "This client was used in another process, over a transport or http client of yours, whose"
                    " connections it would share; make one in each process."
                )
            # Without a lock, which a fork may have caught: of two threads one lets go of what it opened.
            self._routes = self._open()
        self._process = os.getpid()

    def send(
        self,
        request: Request,
        timeout: Timeout,
        deadline: float,
        receive: Receive | None = None,
    ) -> Answer:
        """Send a request and read the answer, into ``receive``'s sink when given.

        Raises:
            ConnectionFailed, TimeoutExceeded, ResponseError, ConfigurationError.
        """
        self._state.check(self._client is not None and self._client.is_closed)
        if self._process != os.getpid():
            self._check_process()
        handled = sys.exception()
        try:
            response = self._handle(to_httpx(request, timeout, deadline))
            try:
                headers, chunks = Secret(headers_of(response)), cast(Iterable[bytes], body_of(response))
                sink = make_sink(request, response.status_code, headers.reveal(), receive)
                # A body may hold secrets, so no piece of it becomes a variable.
                for _ in map(sink.feed, chunks):
                    if time.monotonic() > deadline:
                        raise expired(request)
            finally:
                response.close()
                if self._state.closed and self._is_own:
                    # Meanwhile: what was not there yet by then, the pool does not close.
                    response.extensions["network_stream"].close()
        except BaseException as error:
            returned(error, handled)
            if isinstance(error, VocobaseError) or not isinstance(error, (httpx.HTTPError, OSError)):
                raise
            raise failure(error, request) from error
        body = sink.body() if isinstance(sink, Collector) else b""
        return Answer(response.status_code, headers.reveal(), body)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if self._routes is None:
            assert self._client is not None
            return self._client.send(request, stream=True, auth=None, follow_redirects=False)
        return self._routes.choose(request.url).handle_request(request)

    def close(self) -> None:
        """Close the connections; a caller's own client stays open."""
        self._state.closed = True
        # Those of a parent process are not ours to close, and a thread of it may have held their lock.
        if self._routes is not None and self._process in (0, os.getpid()):
            for transport in self._routes.transports.values():
                transport.close()


class AsyncPool:
    """The connections of an asynchronous client; bound to the event loop of its first request."""

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
        proxy: Secret[Any] | None = None,
    ) -> None:
        check_kind(transport, httpx.AsyncBaseTransport, "transport")
        check_kind(http_client, httpx.AsyncClient, "http_client")
        self._state = _Open()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client = http_client
        self._is_own = transport is None and http_client is None
        if http_client is not None:
            self._routes: Routes[httpx.AsyncBaseTransport] | None = None
        elif transport is not None:
            self._routes = Routes[httpx.AsyncBaseTransport].only(transport)
        else:
            context = tls()
            self._routes = Routes(lambda url: TidyTransport(verify=context, limits=LIMITS, proxy=url), proxy)

    async def send(
        self,
        request: Request,
        timeout: Timeout,
        deadline: float,
        receive: Receive | None = None,
    ) -> Answer:
        """Send a request and read the answer, into ``receive``'s sink when given.

        Raises:
            ConnectionFailed, TimeoutExceeded, ResponseError, ConfigurationError.
        """
        self._state.check(self._client is not None and self._client.is_closed)
        self._check_loop()
        watched = WatchedStream.of(request) if self._is_own else None
        handled = sys.exception()
        try:
            # httpx limits each wait for data but not their sum, and a server may drip for ever.
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                return await self._exchange(request, timeout, deadline, receive, watched)
        except BaseException as error:
            returned(error, handled)
            if isinstance(error, VocobaseError) or not isinstance(error, (httpx.HTTPError, OSError)):
                raise
            if isinstance(error, TimeoutError):
                raise expired(request, sent=watched is None or watched.taken) from error
            raise failure(error, request) from error

    async def _exchange(
        self,
        request: Request,
        timeout: Timeout,
        deadline: float,
        receive: Receive | None,
        watched: WatchedStream | None,
    ) -> Answer:
        try:
            response = await self._handle(to_httpx(request, timeout, deadline, watched))
            return await self._read(response, request, receive)
        except asyncio.CancelledError:
            for transport in self._routes.transports.values() if self._routes else ():
                if isinstance(transport, TidyTransport):
                    await transport.forget(request)
            raise

    async def _read(self, response: httpx.Response, request: Request, receive: Receive | None) -> Answer:
        try:
            headers, body = headers_of(response), body_of(response)
            sink = make_sink(request, response.status_code, headers, receive)
            if isinstance(body, Whole):
                sink.feed(body.content)
            else:
                async for chunk in cast(AsyncIterable[bytes], body):
                    sink.feed(chunk)
        finally:
            await response.aclose()
            if self._state.closed and self._is_own:
                await response.extensions["network_stream"].aclose()
        return Answer(response.status_code, headers, sink.body() if isinstance(sink, Collector) else b"")

    def _check_loop(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise ConfigurationError(
                "This client belongs to another event loop; make one client for each asyncio.run()."
            )

    async def _handle(self, request: httpx.Request) -> httpx.Response:
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
            for transport in self._routes.transports.values():
                await transport.aclose()
