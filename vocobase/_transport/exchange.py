"""Translate between our requests, responses and errors and those of httpx."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NoReturn, TypeVar

import httpx

from vocobase._base.clock import Deadline
from vocobase._base.errors import (
    CertificateError,
    ConfigurationError,
    ConnectionFailedError,
    TimeoutExceededError,
    VocobaseError,
    one_line,
)
from vocobase._base.secrets import drop_frames
from vocobase._policy.hosts import may_use_http
from vocobase._policy.messages import Request
from vocobase._policy.options import Timeout, plain_http_fault
from vocobase._transport.attempt import OUR_REQUEST, Attempt, Kind, WatchedRequest, WatchedStream
from vocobase._transport.bodies import BODIES, Collector, Sink, is_of_body
from vocobase._transport.deadline import MIN_TIMEOUT_SECONDS, DeadlineTimeout
from vocobase._transport.inside import nothing_left
from vocobase._transport.line import Line

E = TypeVar("E", bound=BaseException)
# Returns the sink for a body, by status and headers.
Receive = Callable[[int, Mapping[str, str]], Sink]
# Modules in which a hostile server or proxy can cause errors: Python and the HTTP stack.
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
# Headers of a response that are no longer true once its body was decoded.
DECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})

Failures = tuple[tuple[type[Exception], type[VocobaseError], str], ...]
# Errors before any part of a request was sent; the first matching row counts.
UNSENT: Failures = (
    (httpx.ConnectTimeout, TimeoutExceededError, "no connection to {host} within the timeout"),
    (httpx.PoolTimeout, TimeoutExceededError, "no free connection within the timeout"),
    (httpx.TimeoutException, TimeoutExceededError, "the request could not be sent within the timeout"),
    (httpx.ConnectError, ConnectionFailedError, "cannot connect to {host}: {cause}"),
    (httpx.ProxyError, ConnectionFailedError, "the proxy refused: {cause}"),
    (httpx.UnsupportedProtocol, ConnectionFailedError, "{cause}"),
    # Not the text of h11, which quotes header values.
    (httpx.LocalProtocolError, ConnectionFailedError, "the request is not valid HTTP; check the headers"),
    (
        httpx.TransportError,
        ConnectionFailedError,
        "the connection to {host} broke before the request: {cause}",
    ),
    (ConfigurationError, ConfigurationError, "{cause}"),
    # The client, or its event loop, was closed.
    (
        RuntimeError,
        ConfigurationError,
        "the http client cannot be used here: {cause}. Create one client for each "
        "event loop, and keep it open; nothing was sent",
    ),
    (Exception, ConnectionFailedError, "the request could not be sent: {cause}"),
)
# Errors after a server may have received the request.
SENT: Failures = (
    (httpx.TimeoutException, TimeoutExceededError, "no response from {host} within the timeout"),
    (httpx.TransportError, ConnectionFailedError, "the connection to {host} broke: {cause}"),
    (Exception, ConnectionFailedError, "the transport failed: {cause}"),
)
# A separate failure: no retry helps, and companies may not expect the default certificates.
UNTRUSTED = (
    "the certificate of {host}, or of a proxy, cannot be verified: {cause}. If your network inspects TLS, set"
    " SSL_CERT_FILE to a file with its certificate authority, or pass ssl_context="
)


def to_httpx(
    attempt: Attempt, timeout: Timeout, deadline: Deadline, http_hosts: frozenset[str]
) -> httpx.Request:
    """Create the request of httpx; no part of the timeout exceeds the remaining time.

    Raises:
        ConfigurationError: it cannot be written, or it would expose the key.
    """
    request, remaining = attempt.request, max(MIN_TIMEOUT_SECONDS, deadline.remaining())
    parts: dict[str, float] = {
        name: DeadlineTimeout(min(seconds, remaining), deadline, attempt)
        for name, seconds in (("connect", timeout.connect), ("read", timeout.read), ("write", timeout.write))
    }
    extensions = {"timeout": {**parts, "pool": min(timeout.connect, remaining)}, OUR_REQUEST: request}
    is_presigned = "authorization" not in request.headers
    try:
        result = WatchedRequest(
            request.method,
            request.url if is_presigned else parsed(request.url),
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
        # Checked here as well, on the host that httpx connects to: no key is worth a difference of parsers.
        if result.url.scheme != "http" or may_use_http(result.url.host, http_hosts):
            return veiled(result) if is_presigned else result
        fault = f"{request.name}: {plain_http_fault(result.url.host)}"
    raise attempt.fail(ConfigurationError(fault))


@lru_cache(maxsize=64)
def parsed(url: str) -> httpx.URL:
    """Return a URL of httpx. Parsing is slow, and most requests of a program go to a few addresses."""
    return httpx.URL(url)


class VeiledURL(httpx.URL):
    """A URL that shows neither user nor query; httpx still reads all of it."""

    def __str__(self) -> str:
        return str(self.copy_with(userinfo=b"", query=None, fragment=None)) + "?***"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


def veiled(request: httpx.Request) -> httpx.Request:
    """Keep a presigned URL, which is a secret, out of the logs and traces of httpx."""
    request.url = VeiledURL(request.url)
    return request


def translated(error: Exception, attempt: Attempt) -> Exception:
    """Return the translation of an error that a transport raised.

    Errors of the body of an upload, including its callback, belong to the caller, and so does a bug in a
    transport of the caller. After a request that must not be sent twice, only its unknown outcome counts.
    """
    if error is attempt.raised:
        return error
    is_network = isinstance(error, httpx.HTTPError | OSError) and not isinstance(error, VocobaseError)
    # Visible errors: a bug in a transport of the caller, and those of a tool that does not send.
    is_callers = attempt.kind in (Kind.MOCK, Kind.CUSTOM) and not attempt.request.once
    is_tools = type(error).__module__.partition(".")[0] not in STACK
    is_foreign = is_callers or (is_tools and not (attempt.request.once and attempt.begun))
    return error if is_of_body(error) or (is_foreign and not is_network) else failure(error, attempt)


def failure(error: Exception, attempt: Attempt) -> VocobaseError:
    """Translate an error of a transport; the message never contains the query of the URL."""
    unsent = attempt.is_unsent(error)
    _, ours, text = next(row for row in (UNSENT if unsent else SENT) if isinstance(error, row[0]))
    if is_untrusted(error):
        ours, text = CertificateError, UNTRUSTED
    cause = one_line(error).rstrip(".") or type(error).__name__
    name, host = attempt.request.name, httpx.URL(attempt.request.url).host
    details = {} if ours is ConfigurationError else {"sent": not unsent, "operation": name}
    return ours(f"{name}: {text.format(host=host, cause=cause)}.", **details)


def is_untrusted(error: BaseException | None) -> bool:
    """Return whether an error is a certificate that could not be verified."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        # httpcore drops the cause of its error, which remains its argument.
        error = error.__cause__ or next((each for each in error.args if isinstance(each, Exception)), None)
    return error is not None


def is_interruption(error: BaseException) -> bool:
    """Return whether an error came from outside the HTTP stack, which has then not cleaned up after itself.

    A signal handler raises such errors anywhere: KeyboardInterrupt, or those of time limits, as in Celery.
    Unlike in `raise_if_interrupted`, errors of Python's own library count too: to close idle connections does
    no harm.
    """
    found = error.__cause__ if isinstance(error, VocobaseError) else error
    return not isinstance(found, httpx.HTTPError | None)


def raise_if_interrupted(unknown: VocobaseError) -> None:
    """Raise the error of an unknown outcome again if a signal handler has caused it.

    The program wants to end, for instance at its time limit, so nothing must verify the outcome and continue.
    """
    cause = unknown.__cause__
    found = cause.__cause__ if isinstance(cause, VocobaseError) else cause
    if found is not None and type(found).__module__.partition(".")[0] not in (*STACK, "vocobase"):
        raise unknown


def reraise(error: Exception, attempt: Attempt) -> NoReturn:
    """Raise the translation of an error that a transport raised."""
    found = translated(error, attempt)
    if found is error:
        raise error
    raise found from error


def returned(error: BaseException, handled: BaseException | None) -> None:
    """Remove the frames of httpx from an error that it raised; see ``drop_frames``."""
    drop_frames(error, handled, BODIES)


def check_early(response: httpx.Response, attempt: Attempt) -> None:
    """Refuse a success that arrived before the whole request was sent: it may be the response to another."""
    if attempt.early and response.status_code < 400:
        name = attempt.request.name
        text = f"{name}: the server responded before the whole request was sent."
        raise ConnectionFailedError(text, sent=True, operation=name)


def settle(response: httpx.Response, attempt: Attempt) -> None:
    """Prevent other requests from using a connection that has data left after a response."""
    line: Line | None = getattr(response.extensions.get("network_stream"), "line", None)
    if line is not None:
        line.settle(clean=not attempt.early and nothing_left(response))


def make_sink(request: Request, status: int, headers: Mapping[str, str], receive: Receive | None) -> Sink:
    """Return the sink for the body: that of the caller, or one that collects it."""
    return receive(status, headers) if receive else Collector(headers, request.name, status)


class Whole(list[bytes]):
    """A body that has already been read."""

    def __init__(self, content: bytes) -> None:
        super().__init__([content])
        self.content = content


def body_of(response: httpx.Response) -> object:
    """Return the pieces of a body; a hook of a caller's client may already have read and decoded it."""
    return Whole(response.content) if was_read(response) else response.stream


def headers_of(response: httpx.Response) -> Mapping[str, str]:
    """Return the headers that are true for the result of `body_of`, with names in lower case."""
    headers = dict(response.headers.items())
    if was_read(response):
        for name in DECODED:
            headers.pop(name, None)
    return headers


def was_read(response: httpx.Response) -> bool:
    # A response that was created with its content counts as read, but its stream still has the encoded bytes.
    return response.is_stream_consumed and not isinstance(response.stream, httpx.ByteStream)
