"""One attempt to send a request: its deadline, and whether a server can have received any part of it.

A request counts as not sent only if that is certain. Our own transports report the first byte that they write
to a socket. A transport of the caller is trusted only for a few errors, and only if it never took the
request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from enum import Enum
from typing import Any, TypeVar, cast

import httpx

from vocobase._base.clock import Deadline
from vocobase._base.errors import ConnectionFailedError, TimeoutExceededError, VocobaseError
from vocobase._policy.messages import Request

E = TypeVar("E", bound=VocobaseError)
# The extension with which a request of httpx carries the request of ours.
OUR_REQUEST = "vocobase"
# The step of httpcore before the first byte of a request, in HTTP/1.1 and HTTP/2.
FIRST_STEP = "send_request_headers.started"
CONNECTING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Kind(Enum):
    """Kinds of transports, with the errors that prove that a request which they never took was not sent."""

    OWN = (Exception,)
    STOCK = (*CONNECTING, httpx.ProxyError, httpx.UnsupportedProtocol, RuntimeError)
    MOCK = (*CONNECTING, httpx.UnsupportedProtocol)
    CUSTOM = CONNECTING


KINDS: Mapping[type, Kind] = {
    httpx.HTTPTransport: Kind.STOCK,
    httpx.AsyncHTTPTransport: Kind.STOCK,
    httpx.MockTransport: Kind.MOCK,
}


def kind_of(transport: object) -> Kind:
    """Return the kind of a caller's transport; a subclass may do anything."""
    return KINDS.get(type(transport), Kind.CUSTOM)


class Attempt:
    """The state of one attempt.

    Attributes:
        begun: Whether a part of the request may have left this process.
        early: Whether a response arrived before the whole request was sent.
        raised: The error that ended the attempt, where it was raised here.
    """

    def __init__(self, request: Request, deadline: Deadline, kind: Kind = Kind.OWN) -> None:
        self.request = request
        self.kind = kind
        # Without a body, a custom transport does not show when it takes the request.
        self.begun = kind is Kind.CUSTOM and not isinstance(request.body, bytes)
        self.early = False
        self.raised: VocobaseError | None = None
        self._deadline = deadline
        self._headers_sent = self._body_taken = False

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self._deadline.remaining() <= 0

    def is_unsent(self, error: Exception) -> bool:
        """Return whether an error proves that no part of the request was sent."""
        proofs = cast("tuple[type[Exception], ...]", self.kind.value)
        return not self.begun and isinstance(error, proofs)

    def check(self) -> None:
        """Raise an error once the deadline has passed: another process may have taken over the work."""
        if self.is_over:
            raise self.fail(expired(self.request, sent=self.begun))

    def fail(self, error: E) -> E:
        """Record the error that ends the attempt."""
        self.raised = error
        return error

    def send_headers(self) -> None:
        """Record that the request is about to be sent; refuse it if it is late, or was already sent."""
        self._begin(self._headers_sent)
        self._headers_sent = True

    def take_body(self) -> None:
        """Record that the body is about to be sent; refuse it if it is late, or was already sent."""
        self._begin(self._body_taken)
        self._body_taken = True

    def _begin(self, again: bool) -> None:
        self.check()
        if again and self.request.once:
            # httpcore sends a request again if an HTTP/2 server says that it was not processed.
            text = f"{self.request.name}: the transport tried to send the request a second time."
            raise self.fail(ConnectionFailedError(text, sent=True, operation=self.request.name))
        self.begun = True

    def trace(self, step: str, details: Mapping[str, Any]) -> None:
        """Follow httpcore through its public `trace` extension."""
        if step.endswith(FIRST_STEP) and details["request"].method != b"CONNECT":
            self.send_headers()

    async def async_trace(self, step: str, details: Mapping[str, Any]) -> None:
        """Follow the asynchronous httpcore."""
        self.trace(step, details)


def expired(request: Request, sent: bool = True) -> TimeoutExceededError:
    """Return the error for a response that was not complete in time."""
    what = "the response was not complete" if sent else "the request could not be sent"
    return TimeoutExceededError(
        f"{request.name}: {what} within the timeout.", sent=sent, operation=request.name
    )


class WatchedStream(httpx.ByteStream):
    """A body that reports when a transport takes it."""

    def __init__(self, body: bytes, attempt: Attempt) -> None:
        super().__init__(body)
        self._attempt = attempt

    def __iter__(self) -> Iterator[bytes]:
        self._attempt.take_body()
        yield from super().__iter__()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._attempt.take_body()
        async for piece in super().__aiter__():
            yield piece


class WatchedRequest(httpx.Request):
    """A request that reports when a caller's transport reads its body."""

    attempt: Attempt | None = None

    @property
    def content(self) -> bytes:
        """The whole body."""
        if self.attempt is not None:
            self.attempt.begun = True
        return super().content

    def read(self) -> bytes:
        """Return the whole body."""
        self._note_read()
        return super().read()

    async def aread(self) -> bytes:
        """Return the whole body."""
        self._note_read()
        return await super().aread()

    def _note_read(self) -> None:
        # httpx.MockTransport reads every body, whether its handler uses it or not.
        if self.attempt is not None and self.attempt.kind is not Kind.MOCK:
            self.attempt.begun = True
