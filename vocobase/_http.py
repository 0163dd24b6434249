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
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast
from urllib.request import getproxies, proxy_bypass

import httpx

from vocobase._config import Timeout, is_loopback
from vocobase._errors import ConfigurationError, ConnectionFailed, TimeoutExceeded, VocobaseError, one_line
from vocobase._wire import Answer, Collector, Request, Sink

T = TypeVar("T")
# Chooses what takes a body, by status and headers.
Receive = Callable[[int, Mapping[str, str]], Sink]
# What users may pass in; the only types of httpx that the public interface names.
Transport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport
HttpClient = httpx.Client
AsyncHttpClient = httpx.AsyncClient
# Never looked up: requests of the raw client take the facade's address.
RAW = "https://raw.invalid"
# Headers of an answer that no longer hold once its body was unpacked.
DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
# As many are kept as may be open: with fewer, busy threads would close and open connections all the time.
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=30.0)

# What went wrong, and whether the request may have got there by then; the first row that fits counts.
FAILURES: tuple[tuple[type[Exception], type[ConnectionFailed], bool, str], ...] = (
    (httpx.ConnectTimeout, TimeoutExceeded, False, "no connection to {host} within the time limit"),
    (httpx.PoolTimeout, TimeoutExceeded, False, "no free connection within the time limit"),
    (httpx.TimeoutException, TimeoutExceeded, True, "no answer from {host} within the time limit"),
    (httpx.ConnectError, ConnectionFailed, False, "cannot connect to {host}: {cause}"),
    (httpx.ProxyError, ConnectionFailed, False, "the proxy refused: {cause}"),
    (httpx.UnsupportedProtocol, ConnectionFailed, False, "{cause}"),
    # The text of h11 quotes header values.
    (httpx.LocalProtocolError, ConnectionFailed, False, "the request is not valid HTTP; check the headers"),
    (httpx.TransportError, ConnectionFailed, True, "the connection to {host} broke: {cause}"),
    (Exception, ConnectionFailed, True, "the transport failed: {cause}"),
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


def failure(error: Exception, request: Request) -> ConnectionFailed:
    """Translate an error of httpx; its text never holds the query of the URL."""
    _, ours, sent, text = next(row for row in FAILURES if isinstance(error, row[0]))
    cause = one_line(error).rstrip(".") or type(error).__name__
    what = text.format(host=httpx.URL(request.url).host, cause=cause)
    return ours(f"{request.name}: {what}.", sent=sent, operation=request.name)


class Routes(Generic[T]):
    """Which transport serves which host: a direct one, and one for each proxy."""

    def __init__(self, make: Callable[[str | None], T], proxy: str | None = None) -> None:
        self._fixed = proxy
        self._environment = {} if proxy is not None else getproxies()
        self.transports: dict[str | None, T] = {}
        for url in {None, proxy, *map(self._named, ("http", "https"))}:
            try:
                self.transports[url] = make(url)
            except (ValueError, ImportError) as error:
                # The address may hold a password, and the text of the error may quote it.
                raise ConfigurationError(
                    f"proxy: the address cannot be used ({type(error).__name__}); give one such as http://host:3128."
                ) from None

    def _named(self, scheme: str) -> str | None:
        found = self._environment.get(scheme) or self._environment.get("all")
        return f"http://{found}" if found and "://" not in found else found

    def choose(self, url: httpx.URL) -> T:
        """Return the transport for an address."""
        if self._fixed is not None:
            return self.transports[self._fixed]
        # What stays on this machine goes to no proxy: the key would leave it in the clear.
        if is_loopback(url.host):
            return self.transports[None]
        proxy = self._named(url.scheme)
        return self.transports[None if proxy is None or proxy_bypass(url.host) else proxy]

    @classmethod
    def only(cls, transport: T) -> Routes[T]:
        """Send everything through one transport."""
        routes = cls.__new__(cls)
        routes._fixed, routes._environment = None, {}
        routes.transports = {None: transport}
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

    def check(self, also_closed: bool) -> None:
        if self.closed or also_closed:
            raise ConfigurationError("This client is closed; make a new one, or keep the `with` block open.")


def expired(request: Request) -> TimeoutExceeded:
    """Make the error for an answer that was not complete in time."""
    text = f"{request.name}: the answer was not complete within the time limit."
    return TimeoutExceeded(text, sent=True, operation=request.name)


def make_sink(request: Request, status: int, headers: Mapping[str, str], receive: Receive | None) -> Sink:
    """Return what takes the body: the caller's sink, or one that collects it."""
    return receive(status, headers) if receive else Collector(headers, request.name, status)


class _Whole(list[bytes]):
    """A body that was read before."""

    def __init__(self, content: bytes) -> None:
        super().__init__([content])
        self.content = content


def body_of(response: httpx.Response) -> object:
    """Return the pieces of a body; a hook of a caller's client may have read it, decoded, before us."""
    return _Whole(response.content) if _was_read(response) else response.stream


def headers_of(response: httpx.Response) -> Mapping[str, str]:
    """Return the headers that hold for what `body_of` gives."""
    if not _was_read(response):
        return response.headers
    return {name: text for name, text in response.headers.items() if name not in DECODED}


def _was_read(response: httpx.Response) -> bool:
    # A response that was made with its content counts as read, but its stream still has the undecoded bytes.
    return response.is_stream_consumed and not isinstance(response.stream, httpx.ByteStream)


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
        receive: Receive | None = None,
    ) -> Answer:
        """Send a request and read the answer, into ``receive``'s sink when given.

        Raises:
            ConnectionFailed, TimeoutExceeded, ResponseError, ConfigurationError.
        """
        self._state.check(self._client is not None and self._client.is_closed)
        raw = to_httpx(request, timeout, deadline)
        try:
            response = self._handle(raw)
            try:
                headers, chunks = headers_of(response), cast(Iterable[bytes], body_of(response))
                sink = make_sink(request, response.status_code, headers, receive)
                for chunk in chunks:
                    sink.feed(chunk)
                    if time.monotonic() > deadline:
                        raise expired(request)
            finally:
                response.close()
        except VocobaseError:
            raise
        except (httpx.HTTPError, OSError) as error:
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
        receive: Receive | None = None,
    ) -> Answer:
        """Send a request and read the answer, into ``receive``'s sink when given.

        Raises:
            ConnectionFailed, TimeoutExceeded, ResponseError, ConfigurationError.
        """
        self._state.check(self._client is not None and self._client.is_closed)
        self._check_loop()
        raw = to_httpx(request, timeout, deadline)
        try:
            # httpx limits each wait for data but not their sum, and a server may drip for ever.
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                return await self._exchange(raw, request, receive)
        except VocobaseError:
            raise
        except TimeoutError as error:
            raise expired(request) from error
        except (httpx.HTTPError, OSError) as error:
            raise failure(error, request) from error

    async def _exchange(self, raw: httpx.Request, request: Request, receive: Receive | None) -> Answer:
        response = await self._handle(raw)
        try:
            headers, body = headers_of(response), body_of(response)
            sink = make_sink(request, response.status_code, headers, receive)
            if isinstance(body, _Whole):
                sink.feed(body.content)
            else:
                async for chunk in cast(AsyncIterable[bytes], body):
                    sink.feed(chunk)
        finally:
            await response.aclose()
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


class RawClient(httpx.Client):
    """Lets the raw client go through the facade's policies: same pool, same repetition, same errors."""

    def __init__(self, forward: Callable[[Mapping[str, Any]], Answer]) -> None:
        super().__init__(base_url=RAW, trust_env=False)
        self._forward = forward

    def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """Hand a request to the facade."""
        return raw_response(self._forward(raw_request(request, request.read())))


class AsyncRawClient(httpx.AsyncClient):
    """Lets the raw client's async functions go through the facade's policies."""

    def __init__(self, forward: Callable[[Mapping[str, Any]], Awaitable[Answer]]) -> None:
        super().__init__(base_url=RAW, trust_env=False)
        self._forward = forward

    async def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        """Hand a request to the facade."""
        return raw_response(await self._forward(raw_request(request, await request.aread())))


def raw_request(request: httpx.Request, body: bytes) -> dict[str, Any]:
    """Bring a request of httpx into the form that raw operations build."""
    result: dict[str, Any] = {
        "method": request.method,
        "url": request.url.raw_path.decode("ascii").partition("?")[0],
        "query": request.url.query.decode("ascii"),
        "extensions": {"operation": f"{request.method} (custom)", "path": "(custom)", **request.extensions},
    }
    if body:
        result["json"] = json.loads(body)
    return result


def raw_response(answer: Answer) -> httpx.Response:
    """Bring an answer back into the form that the raw client reads."""
    headers = {name: text for name, text in answer.headers.items() if name.lower() not in DECODED}
    return httpx.Response(answer.status, headers=headers, content=answer.body)
