"""Between our requests, answers and errors and those of httpx."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping

import httpx

from vocobase._config import Timeout
from vocobase._errors import ConfigurationError, ConnectionFailed, TimeoutExceeded, one_line
from vocobase._http._cancelled import OURS
from vocobase._http._deadline import SHORTEST, Until
from vocobase._secrets import drop_frames
from vocobase._wire import BODIES, Collector, Request, Sink

# Chooses what takes a body, by status and headers.
Receive = Callable[[int, Mapping[str, str]], Sink]
# Headers of an answer that no longer hold once its body was unpacked.
DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})

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


def to_httpx(
    request: Request, timeout: Timeout, deadline: float, watched: WatchedStream | None = None
) -> httpx.Request:
    """Make httpx's request; no part of the timeout is longer than what remains of the whole."""
    remaining = max(SHORTEST, deadline - time.monotonic())
    parts = {
        "connect": Until(min(timeout.connect, remaining), deadline),
        "read": Until(min(timeout.read, remaining), deadline),
        "write": Until(min(timeout.write, remaining), deadline),
        "pool": min(timeout.connect, remaining),
    }
    try:
        result = httpx.Request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body,
            extensions={"timeout": parts, OURS: request},
        )
        if watched is not None:
            result.stream = watched
        return veiled(result)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        fault = f"{request.name}: the request cannot be written: {error}."
    raise ConfigurationError(fault)


class VeiledURL(httpx.URL):
    """An address that shows neither user nor query; everything else reads it as it is."""

    def __str__(self) -> str:
        return str(self.copy_with(userinfo=b"", query=None, fragment=None)) + "?***"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


def veiled(request: httpx.Request) -> httpx.Request:
    """Keep a presigned address, which is a secret, out of what httpx.Client logs and what is traced."""
    if "authorization" not in request.headers:
        request.url = VeiledURL(request.url)
    return request


def returned(error: BaseException, handled: BaseException | None) -> None:
    """Take the frames of httpx off an error that came back from there; see ``drop_frames``."""
    drop_frames(error, handled, BODIES)


def failure(error: Exception, request: Request) -> ConnectionFailed:
    """Translate an error of httpx; its text never holds the query of the URL."""
    _, ours, sent, text = next(row for row in FAILURES if isinstance(error, row[0]))
    cause = one_line(error).rstrip(".") or type(error).__name__
    what = text.format(host=httpx.URL(request.url).host, cause=cause)
    return ours(f"{request.name}: {what}.", sent=sent, operation=request.name)


class WatchedStream(httpx.ByteStream):
    """A body that knows whether it was taken; before that, no server can have carried the request out.

    Only httpx's own transport takes it in this way; one of a user's may read the content as a whole.
    """

    taken = False

    @classmethod
    def of(cls, request: Request) -> WatchedStream | None:
        """Watch the body of a request; one without a body may be complete with its headers."""
        return cls(request.body) if isinstance(request.body, bytes) and request.body else None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.taken = True
        async for chunk in super().__aiter__():
            yield chunk


def expired(request: Request, sent: bool = True) -> TimeoutExceeded:
    """Make the error for an answer that was not complete in time."""
    what = "the answer was not complete" if sent else "the request could not be sent"
    return TimeoutExceeded(
        f"{request.name}: {what} within the time limit.", sent=sent, operation=request.name
    )


def make_sink(request: Request, status: int, headers: Mapping[str, str], receive: Receive | None) -> Sink:
    """Return what takes the body: the caller's sink, or one that collects it."""
    return receive(status, headers) if receive else Collector(headers, request.name, status)


class Whole(list[bytes]):
    """A body that was read before."""

    def __init__(self, content: bytes) -> None:
        super().__init__([content])
        self.content = content


def body_of(response: httpx.Response) -> object:
    """Return the pieces of a body; a hook of a caller's client may have read it, decoded, before us."""
    return Whole(response.content) if was_read(response) else response.stream


def headers_of(response: httpx.Response) -> Mapping[str, str]:
    """Return the headers that hold for what `body_of` gives."""
    if not was_read(response):
        return response.headers
    return {name: text for name, text in response.headers.items() if name not in DECODED}


def was_read(response: httpx.Response) -> bool:
    # A response that was made with its content counts as read, but its stream still has the undecoded bytes.
    return response.is_stream_consumed and not isinstance(response.stream, httpx.ByteStream)
