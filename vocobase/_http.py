"""The transport: the only module of the facade that imports httpx.

Requests go straight to httpx's transports, which costs less per call than httpx.Client; proxies from the
environment, TLS verification, limits and timeouts are kept. One pool serves a client and all its views.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast
from urllib.request import getproxies, proxy_bypass

import httpx

from vocobase._config import Timeout
from vocobase._errors import ConfigurationError, ConnectionFailed, TimeoutExceeded
from vocobase._wire import Answer, Collector, Request, Sink

T = TypeVar("T")
# What users may pass in; the only types of httpx that the public interface names.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport
HttpClient = httpx.Client
AsyncHttpClient = httpx.AsyncClient
# Headers of an answer that no longer hold once its body was unpacked.
DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)

# What went wrong, and whether the request may have got there by then; the first row that fits counts.
FAILURES: tuple[tuple[type[Exception], type[ConnectionFailed], bool, str], ...] = (
    (httpx.ConnectTimeout, TimeoutExceeded, False, "no connection to {host} within the time limit"),
    (httpx.PoolTimeout, TimeoutExceeded, False, "no free connection within the time limit"),
    (httpx.TimeoutException, TimeoutExceeded, True, "no answer from {host} within the time limit"),
    (httpx.ConnectError, ConnectionFailed, False, "cannot connect to {host}: {cause}"),
    (httpx.ProxyError, ConnectionFailed, False, "the proxy refused: {cause}"),
    (httpx.UnsupportedProtocol, ConnectionFailed, False, "{cause}"),
    (httpx.LocalProtocolError, ConnectionFailed, False, "the request is not valid HTTP: {cause}"),
    (httpx.TransportError, ConnectionFailed, True, "the connection to {host} broke: {cause}"),
)


def to_httpx(request: Request, timeout: Timeout, deadline: float) -> httpx.Request:
    """Make httpx's request; no part of the timeout is longer than what remains of the whole."""
    remaining = max(0.001, deadline - time.monotonic())
    parts = {
        "connect": min(timeout.connect, remaining),
        "read": min(timeout.read, remaining),
        "write": min(timeout.write, remaining),
        "pool": min(timeout.connect, remaining),
    }
    try:
        return httpx.Request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body,
            extensions={"timeout": parts},
        )
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise ConfigurationError(f"{request.name}: the request cannot be written: {error}.") from None


def failure(error: httpx.TransportError, request: Request) -> ConnectionFailed:
    """Translate an error of httpx; its text never holds the query of the URL."""
    _, ours, sent, text = next(row for row in FAILURES if isinstance(error, row[0]))
    cause = str(error).strip().rstrip(".") or type(error).__name__
    what = text.format(host=httpx.URL(request.url).host, cause=cause)
    return ours(f"{request.name}: {what}.", sent=sent, operation=request.name)


class Routes(Generic[T]):
    """Which transport serves which host: a direct one, and one for each proxy."""

    def __init__(self, make: Callable[[str | None], T], proxy: str | None = None) -> None:
        self._fixed = proxy
        self._environment = {} if proxy else getproxies()
        self.transports = {url: make(url) for url in {None, proxy, *map(self._named, ("http", "https"))}}

    def _named(self, scheme: str) -> str | None:
        return self._environment.get(scheme) or self._environment.get("all")

    def choose(self, url: httpx.URL) -> T:
        """Return the transport for an address."""
        if self._fixed is not None:
            return self.transports[self._fixed]
        proxy = self._named(url.scheme)
        return self.transports[None if proxy is None or proxy_bypass(url.host) else proxy]

    @classmethod
    def only(cls, transport: T) -> Routes[T]:
        """Send everything through one transport."""
        routes = cls.__new__(cls)
        routes._fixed, routes._environment, routes.transports = None, {}, {None: transport}
        return routes


def _tls() -> ssl.SSLContext:
    """Return the TLS settings; reading the certificates takes longer than all else, so it is done once."""
    return _tls_of(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _tls_of(file: str | None, folder: str | None) -> ssl.SSLContext:
    return httpx.create_ssl_context()


class _Open:
    """Whether a pool may still be used."""

    def __init__(self) -> None:
        self.closed = False

    def check(self) -> None:
        if self.closed:
            raise ConfigurationError("This client is closed; make a new one, or keep the `with` block open.")


def _expired(request: Request) -> TimeoutExceeded:
    text = f"{request.name}: the answer was not complete within the time limit."
    return TimeoutExceeded(text, sent=True, operation=request.name)


class Pool:
    """The connections of a synchronous client; thread-safe."""

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
        proxy: str | None = None,
    ) -> None:
        self._state = _Open()
        self._client = http_client
        if http_client is not None:
            self._routes: Routes[httpx.BaseTransport] | None = None
        elif transport is not None:
            self._routes = Routes[httpx.BaseTransport].only(transport)
        else:
            tls = _tls()
            self._routes = Routes(
                lambda url: httpx.HTTPTransport(verify=tls, limits=LIMITS, proxy=url), proxy
            )

    def send(
        self,
        request: Request,
        timeout: Timeout,
        deadline: float,
        receive: Callable[[int, Mapping[str, str]], Sink] | None = None,
    ) -> Answer:
        """Send a request and read the answer, into ``receive``'s sink when given.

        Raises:
            ConnectionFailed, TimeoutExceeded, ResponseError, ConfigurationError.
        """
        self._state.check()
        raw = to_httpx(request, timeout, deadline)
        try:
            response = self._handle(raw)
            try:
                headers = response.headers
                sink = (
                    receive(response.status_code, headers)
                    if receive
                    else Collector(headers, request.name, response.status_code)
                )
                # The stream itself, as `iter_raw` refuses responses that were made with their content.
                for chunk in cast(httpx.SyncByteStream, response.stream):
                    sink.feed(chunk)
                    if time.monotonic() > deadline:
                        raise _expired(request)
            finally:
                response.close()
        except httpx.TransportError as error:
            raise failure(error, request) from error
        return Answer(response.status_code, headers, sink.body() if isinstance(sink, Collector) else b"")

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if self._routes is None:
            assert self._client is not None
            return self._client.send(request, stream=True, auth=None, follow_redirects=False)
        return self._routes.choose(request.url).handle_request(request)

    def close(self) -> None:
        """Close the connections; a caller's own client stays open."""
        self._state.closed = True
        if self._routes is not None:
            for transport in self._routes.transports.values():
                transport.close()


class AsyncPool:
    """The connections of an asynchronous client; bound to the event loop of its first request."""

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
        proxy: str | None = None,
    ) -> None:
        self._state = _Open()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client = http_client
        if http_client is not None:
            self._routes: Routes[httpx.AsyncBaseTransport] | None = None
        elif transport is not None:
            self._routes = Routes[httpx.AsyncBaseTransport].only(transport)
        else:
            tls = _tls()
            self._routes = Routes(
                lambda url: httpx.AsyncHTTPTransport(verify=tls, limits=LIMITS, proxy=url), proxy
            )

    async def send(
        self,
        request: Request,
        timeout: Timeout,
        deadline: float,
        receive: Callable[[int, Mapping[str, str]], Sink] | None = None,
    ) -> Answer:
        """Send a request and read the answer, into ``receive``'s sink when given.

        Raises:
            ConnectionFailed, TimeoutExceeded, ResponseError, ConfigurationError.
        """
        self._state.check()
        self._check_loop()
        raw = to_httpx(request, timeout, deadline)
        try:
            response = await self._handle(raw)
            try:
                headers = response.headers
                sink = (
                    receive(response.status_code, headers)
                    if receive
                    else Collector(headers, request.name, response.status_code)
                )
                async for chunk in cast(httpx.AsyncByteStream, response.stream):
                    sink.feed(chunk)
                    if time.monotonic() > deadline:
                        raise _expired(request)
            finally:
                await response.aclose()
        except httpx.TransportError as error:
            raise failure(error, request) from error
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
        self._state.closed = True
        if self._routes is not None:
            for transport in self._routes.transports.values():
                await transport.aclose()


class RawTransport(httpx.BaseTransport):
    """Let the raw client go through the facade's policies: same pool, same repetition, same errors."""

    def __init__(self, send: Callable[[Mapping[str, Any]], Answer]) -> None:
        self._send = send

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request of the raw client."""
        return raw_response(self._send(raw_request(request, request.read())))


class AsyncRawTransport(httpx.AsyncBaseTransport):
    """Let the raw client's async functions go through the facade's policies."""

    def __init__(self, send: Callable[[Mapping[str, Any]], Awaitable[Answer]]) -> None:
        self._send = send

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request of the raw client."""
        return raw_response(await self._send(raw_request(request, await request.aread())))


def raw_request(request: httpx.Request, body: bytes) -> dict[str, Any]:
    """Bring a request of httpx into the form that raw operations build."""
    result: dict[str, Any] = {
        "method": request.method,
        "url": request.url.raw_path.decode("ascii").partition("?")[0],
        "query": request.url.query.decode("ascii"),
        "extensions": request.extensions,
    }
    if body:
        result["json"] = json.loads(body)
    return result


def raw_response(answer: Answer) -> httpx.Response:
    """Bring an answer back into the form that the raw client reads."""
    headers = {name: text for name, text in answer.headers.items() if name.lower() not in DECODED}
    return httpx.Response(answer.status, headers=headers, content=answer.body)


def raw_client(send: Callable[[Mapping[str, Any]], Answer]) -> httpx.Client:
    """Make the httpx client that the raw client is given."""
    return httpx.Client(transport=RawTransport(send), base_url="https://raw.invalid")


def async_raw_client(send: Callable[[Mapping[str, Any]], Awaitable[Answer]]) -> httpx.AsyncClient:
    """Make the httpx client that the raw client's async functions are given."""
    return httpx.AsyncClient(transport=AsyncRawTransport(send), base_url="https://raw.invalid")
