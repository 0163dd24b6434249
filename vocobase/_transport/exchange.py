"""Between our requests, answers and errors and those of httpx."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeVar

import httpx

from vocobase._base.errors import (
    ConfigurationError,
    ConnectionFailedError,
    TimeoutExceededError,
    VocobaseError,
    one_line,
)
from vocobase._base.runtime import Deadline
from vocobase._base.secrets import drop_frames
from vocobase._policy.messages import Request
from vocobase._policy.options import Timeout
from vocobase._transport.attempt import OURS, Attempt, Kind, WatchedRequest, WatchedStream
from vocobase._transport.bodies import BODIES, Collector, Sink, is_of_body
from vocobase._transport.deadline import SHORTEST, Until
from vocobase._transport.inside import nothing_left
from vocobase._transport.line import Line

E = TypeVar("E", bound=BaseException)
# Chooses what takes a body, by status and headers.
Receive = Callable[[int, Mapping[str, str]], Sink]
# What a hostile server or proxy can make raise something: Python, and what carries HTTP.
STACK = sys.stdlib_module_names | {
    "anyio",
    "h11",
    "h2",
    "hpack",
    "httpcore",
    "httpx",
    "hyperframe",
    "idna",
    "sniffio",
    "socksio",
}
# Headers of an answer that no longer hold once its body was unpacked.
DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})

Failures = tuple[tuple[type[Exception], type[VocobaseError], str], ...]
# What went wrong before any part of a request was sent; the first row that fits counts.
UNSENT: Failures = (
    (httpx.ConnectTimeout, TimeoutExceededError, "no connection to {host} within the time limit"),
    (httpx.PoolTimeout, TimeoutExceededError, "no free connection within the time limit"),
    (httpx.TimeoutException, TimeoutExceededError, "the request could not be sent within the time limit"),
    (httpx.ConnectError, ConnectionFailedError, "cannot connect to {host}: {cause}"),
    (httpx.ProxyError, ConnectionFailedError, "the proxy refused: {cause}"),
    (httpx.UnsupportedProtocol, ConnectionFailedError, "{cause}"),
    # The text of h11 quotes header values.
    (httpx.LocalProtocolError, ConnectionFailedError, "the request is not valid HTTP; check the headers"),
    (
        httpx.TransportError,
        ConnectionFailedError,
        "the connection to {host} broke before the request: {cause}",
    ),
    (ConfigurationError, ConfigurationError, "{cause}"),
    # Of a client that was closed, or whose event loop was.
    (
        RuntimeError,
        ConfigurationError,
        "the http client cannot be used here: {cause}. Make one client for each "
        "event loop, and keep it open; nothing was sent",
    ),
    (Exception, ConnectionFailedError, "the request could not be sent: {cause}"),
)
# What went wrong when a server may have the request.
SENT: Failures = (
    (httpx.TimeoutException, TimeoutExceededError, "no answer from {host} within the time limit"),
    (httpx.TransportError, ConnectionFailedError, "the connection to {host} broke: {cause}"),
    (Exception, ConnectionFailedError, "the transport failed: {cause}"),
)


def to_httpx(attempt: Attempt, timeout: Timeout, deadline: Deadline) -> httpx.Request:
    """Make httpx's request; no part of the timeout is longer than what remains of the whole."""
    request, remaining = attempt.request, max(SHORTEST, deadline.remaining())
    parts: dict[str, float] = {
        name: Until(min(seconds, remaining), deadline, attempt)
        for name, seconds in (("connect", timeout.connect), ("read", timeout.read), ("write", timeout.write))
    }
    extensions = {"timeout": {**parts, "pool": min(timeout.connect, remaining)}, OURS: request}
    try:
        result = WatchedRequest(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body,
            extensions=extensions,
        )
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        fault = f"{request.name}: the request cannot be written: {error}."
    else:
        if attempt.kind is not Kind.OWN:
            result.attempt = attempt
            if isinstance(request.body, bytes):
                result.stream = WatchedStream(request.body, attempt)
        return veiled(result)
    raise attempt.fail(ConfigurationError(fault))


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


def translated(error: Exception, attempt: Attempt) -> Exception:
    """Return the error for what a transport raised.

    What the body of an upload raises, and a callback inside of it, is the caller's, and so is a bug in a
    transport of the caller; but after a request that must not be sent twice, only its unknown outcome counts.
    """
    if error is attempt.raised:
        return error
    is_network = isinstance(error, httpx.HTTPError | OSError) and not isinstance(error, VocobaseError)
    # A bug in a transport of the caller, or what a tool raises instead of sending, is not hidden; but once a
    # request that must not be sent twice may have left, only its unknown outcome counts.
    is_callers = attempt.kind in (Kind.MOCK, Kind.CUSTOM) and not attempt.request.once
    is_tools = type(error).__module__.partition(".")[0] not in STACK
    is_foreign = is_callers or (is_tools and not (attempt.request.once and attempt.begun))
    return error if is_of_body(error) or (is_foreign and not is_network) else failure(error, attempt)


def failure(error: Exception, attempt: Attempt) -> VocobaseError:
    """Translate an error of a transport; its text never holds the query of the URL."""
    unsent = attempt.is_unsent(error)
    _, ours, text = next(row for row in (UNSENT if unsent else SENT) if isinstance(error, row[0]))
    cause = one_line(error).rstrip(".") or type(error).__name__
    name, host = attempt.request.name, httpx.URL(attempt.request.url).host
    details = {} if ours is ConfigurationError else {"sent": not unsent, "operation": name}
    return ours(f"{name}: {text.format(host=host, cause=cause)}.", **details)


def reraise(error: Exception, attempt: Attempt) -> NoReturn:
    """Raise the error for what a transport raised."""
    found = translated(error, attempt)
    if found is error:
        raise error
    raise found from error


def returned(error: BaseException, handled: BaseException | None) -> None:
    """Take the frames of httpx off an error that came back from there; see ``drop_frames``."""
    drop_frames(error, handled, BODIES)


def check_early(response: httpx.Response, attempt: Attempt) -> None:
    """Refuse a success that arrived before the whole request was sent: it may be the response to another."""
    if attempt.early and response.status_code < 400:
        name = attempt.request.name
        text = f"{name}: the server responded before the whole request was sent."
        raise ConnectionFailedError(text, sent=True, operation=name)


def settle(response: httpx.Response, attempt: Attempt) -> None:
    """Let no other request use a connection on which anything is left behind a response."""
    line: Line | None = getattr(response.extensions.get("network_stream"), "line", None)
    if line is not None:
        line.settle(clean=not attempt.early and nothing_left(response))


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
