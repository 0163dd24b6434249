"""The connections of a synchronous client: one pool for it and all its views."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterable, Iterator
from typing import Any, cast

import httpx

from vocobase._base.clock import Deadline
from vocobase._base.errors import ConfigurationError, VocobaseError
from vocobase._base.secrets import Secret
from vocobase._policy.messages import Request, Response
from vocobase._policy.options import Timeout
from vocobase._transport.attempt import Attempt, Kind, expired, kind_of
from vocobase._transport.bodies import Collector
from vocobase._transport.exchange import (
    Receive,
    body_of,
    check_early,
    headers_of,
    is_interruption,
    make_sink,
    reraise,
    returned,
    settle,
    to_httpx,
)
from vocobase._transport.inside import transport_of
from vocobase._transport.own_transport import OwnTransport
from vocobase._transport.routes import Routes
from vocobase._transport.tls import check_context, tls

# Keep as many as may be open: with fewer, busy threads would constantly close and open connections.
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=30.0)


class Open:
    """Whether a pool may still be used."""

    def __init__(self) -> None:
        self.closed = False

    def check(self, also_closed: bool) -> None:
        if self.closed or also_closed:
            raise ConfigurationError(
                "This client is closed; create a new one, or keep the `with` block open."
            )


def check_kind(given: object, wanted: type, what: str) -> None:
    """Require a transport or client of the right kind: others would fail far from the mistake."""
    if given is not None and not isinstance(given, wanted):
        raise ConfigurationError(
            f"{what} must be an httpx.{wanted.__name__}, not {type(given).__name__}: "
            "synchronous ones belong to Vocobase, asynchronous ones to AsyncVocobase."
        )


def _pieces(chunks: Iterable[bytes], attempt: Attempt) -> Iterator[bytes]:
    try:
        yield from chunks
    except Exception as error:  # noqa: BLE001 - a transport of the caller may raise anything
        reraise(error, attempt)


def check_owner(ssl_context: object, is_own: bool) -> None:
    """Refuse TLS settings for connections that the client does not open."""
    if ssl_context is not None and not is_own:
        raise ConfigurationError(
            "ssl_context does not apply to your own transport or http_client; pass it there."
        )


class Pool:
    """The connections of a synchronous client; thread-safe, and safe to use in a forked process.

    Args:
        transport: Used in place of connections of its own.
        http_client: The same.
        proxy: The proxy for every address; by default, the environment names one for some of them.
        ssl_context: TLS settings; by default, those that the environment names.
        http_hosts: Hosts other than this machine to which plain HTTP is allowed.
        address: The address of the API, for which a wrong setting is an error immediately.
    """

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
        proxy: Secret[Any] | None = None,
        ssl_context: ssl.SSLContext | None = None,
        http_hosts: frozenset[str] = frozenset(),
        address: str,
    ) -> None:
        check_kind(transport, httpx.BaseTransport, "transport")
        check_kind(http_client, httpx.Client, "http_client")
        check_context(ssl_context)
        self.http_hosts = http_hosts
        self._state = Open()
        self._client = http_client
        self._proxy = proxy
        self._ssl_context = ssl_context
        self._is_own = transport is None and http_client is None
        check_owner(ssl_context, self._is_own)
        self._kind = Kind.OWN if self._is_own else kind_of(transport)
        # The process that sent the first request; before it, there is no connection to share.
        self._process = 0
        self._routes: Routes[httpx.BaseTransport] | None = None
        if transport is not None:
            self._routes = Routes[httpx.BaseTransport].only(transport)
        elif http_client is None:
            self._routes = self._open()
            self._routes.check(address)

    def _open(self) -> Routes[httpx.BaseTransport]:
        context = self._ssl_context or tls()
        return Routes(
            lambda url: OwnTransport(verify=context, limits=LIMITS, proxy=url),
            self._proxy,
            context=context,
            http_hosts=self.http_hosts,
        )

    def _check_process(self) -> None:
        """Leave connections to the process that opened them: shared ones would mix up responses."""
        if self._process:
            if not self._is_own:
                raise ConfigurationError(
                    "This client was used in another process, over a transport or http client of yours, whose"
                    " connections it would share; create one in each process."
                )
            # Without a lock, which a thread may have held at the fork: of two threads, one drops its routes.
            self._routes = self._open()
        self._process = os.getpid()

    def send(
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
        if self._process != os.getpid():
            self._check_process()
        kind = kind_of(transport_of(self._client, request.url)) if self._client else self._kind
        attempt = Attempt(request, deadline, kind)
        attempt.check()
        handled = sys.exception()
        try:
            response = self._transmit(attempt, timeout, deadline)
            return self._read(response, attempt, deadline, receive)
        except BaseException as error:
            if is_interruption(error):
                self._forget(request)
            returned(error, handled)
            if isinstance(error, VocobaseError) or not isinstance(error, Exception):
                raise
            reraise(error, attempt)

    def _forget(self, request: Request) -> None:
        """Close the connections that an interrupted request may have left in any state."""
        for transport in list(self._routes.transports.values()) if self._routes else ():
            if isinstance(transport, OwnTransport):
                transport.forget(request)

    def _transmit(self, attempt: Attempt, timeout: Timeout, deadline: Deadline) -> httpx.Response:
        try:
            return self._handle(to_httpx(attempt, timeout, deadline, self.http_hosts), attempt)
        except Exception as error:  # noqa: BLE001 - a transport of the caller may raise anything
            reraise(error, attempt)

    def _handle(self, request: httpx.Request, attempt: Attempt) -> httpx.Response:
        if attempt.kind is not Kind.OWN:
            request.extensions["trace"] = attempt.trace
        if self._routes is None:
            assert self._client is not None
            return self._client.send(request, stream=True, auth=None, follow_redirects=False)
        return self._routes.choose(request.url).handle_request(request)

    def _read(
        self, response: httpx.Response, attempt: Attempt, deadline: Deadline, receive: Receive | None
    ) -> Response:
        try:
            check_early(response, attempt)
            headers, chunks = Secret(headers_of(response)), cast(Iterable[bytes], body_of(response))
            sink = make_sink(attempt.request, response.status_code, headers.reveal(), receive)
            # A body may contain secrets, so no piece of it becomes a variable.
            for _ in map(sink.feed, _pieces(chunks, attempt)):
                if deadline.remaining() < 0:
                    raise expired(attempt.request)
        finally:
            settle(response, attempt)
            response.close()
            if self._state.closed and self._is_own:
                # Closed during this request: the pool does not close connections that were opened later.
                response.extensions["network_stream"].close()
        body = sink.body() if isinstance(sink, Collector) else b""
        return Response(response.status_code, headers.reveal(), body)

    def close(self) -> None:
        """Close the connections; a caller's own client stays open."""
        self._state.closed = True
        # Not those of a parent process, in which a thread may have held their lock at the fork.
        if self._routes is not None and self._process in (0, os.getpid()):
            for transport in list(self._routes.transports.values()):
                transport.close()
