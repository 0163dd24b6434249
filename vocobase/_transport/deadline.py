"""A deadline for everything that a synchronous request reads and writes.

httpx limits each wait for data but not their sum, so a server that drips its headers could hold a caller for
ever. The asynchronous client has asyncio.timeout; the synchronous one is told here, at the socket.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore
import httpx

from vocobase._base.runtime import Deadline
from vocobase._transport.attempt import Attempt
from vocobase._transport.inside import use_backend
from vocobase._transport.line import PIECE, Line, attempt_of

# The shortest limit that is passed on; 0 would mean not to wait at all.
SHORTEST = 0.001


class Until(float):
    """A limit for one wait that knows when the whole request must have ended; httpx takes it for a float."""

    deadline: Deadline
    attempt: Attempt | None

    def __new__(cls, seconds: float, deadline: Deadline, attempt: Attempt | None = None) -> Until:
        """Make a limit of some seconds, fewer once the deadline is nearer."""
        limit = super().__new__(cls, seconds)
        limit.deadline = deadline
        limit.attempt = attempt
        return limit


def remaining(timeout: float | None) -> float | None:
    """Return the seconds that one more wait may take."""
    if isinstance(timeout, Until):
        return max(SHORTEST, min(timeout, timeout.deadline.remaining()))
    return timeout


def check_read(timeout: float | None) -> None:
    """Refuse to read after the deadline; httpcore would read on as long as there is data without meaning."""
    if isinstance(timeout, Until) and timeout.deadline.remaining() <= 0:
        raise httpcore.ReadTimeout("the time of the request is over")


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's transport, over sockets that keep to the deadline of a request."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        use_backend(self, Backend())


class Backend(httpcore.SyncBackend):
    """Opens connections that keep to deadlines."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers, and wrap the stream."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(error) from error
        # One by one, as the system's own loop would give each of them all of the time.
        *others, last = dict.fromkeys(str(row[4][0]) for row in found)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._connect(address, port, timeout, local_address, socket_options)
        return self._connect(last, port, timeout, local_address, socket_options)

    def _connect(
        self,
        address: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[Any] | None,
    ) -> httpcore.NetworkStream:
        limit = remaining(timeout)
        return Stream(super().connect_tcp(address, port, limit, local_address, socket_options), timeout)


class Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline of its request."""

    __slots__ = ("_ahead", "_first", "_stream", "line")

    def __init__(self, stream: httpcore.NetworkStream, first: float | None) -> None:
        self._stream = stream
        # For what has no limit of its own: the greeting of a SOCKS proxy.
        self._first = first
        self._ahead = b""
        self.line = Line()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within what remains."""
        timeout = self._first if timeout is None else timeout
        check_read(timeout)
        if self._ahead:
            data, self._ahead = self._ahead[:max_bytes], self._ahead[max_bytes:]
            return data
        return self._stream.read(max_bytes, remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, within what remains; piece by piece, as each write repeats its wait until all is taken."""
        if not buffer:
            return
        attempt, is_request = attempt_of(buffer, timeout, self._first)
        timeout = self._first if timeout is None else timeout
        for start in range(0, len(buffer), PIECE):
            if attempt is not None and is_request:
                self.line.admit(attempt, self._listen(), self._ahead)
            elif attempt is not None:
                attempt.check()
            self._stream.write(buffer[start : start + PIECE], remaining(timeout))

    def _listen(self) -> bool:
        """Take what the server has sent already; return whether there is anything, or it has hung up."""
        encrypted = self._stream.get_extra_info("ssl_object") is not None
        if self._ahead or not (encrypted or self._stream.get_extra_info("is_readable")):
            return bool(self._ahead)
        try:
            # Without waiting. Of an encrypted connection that has data, all of it may be of the encryption.
            self._ahead = self._stream.read(PIECE, 0)
        except httpcore.ReadError as error:
            return not isinstance(error.__cause__, (BlockingIOError, ssl.SSLWantReadError))
        return True

    def close(self) -> None:
        """Close the connection; a thread that waits for data would not notice without the shutdown."""
        connection: socket.socket = self._stream.get_extra_info("socket")
        with suppress(OSError):
            # Not the method of an encrypted one, which would go on in the clear.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt the connection, within what remains."""
        return Stream(self._stream.start_tls(ssl_context, server_hostname, remaining(timeout)), timeout)

    def get_extra_info(self, info: str) -> Any:
        """Tell about the connection."""
        if info == "is_readable" and (self.line.spoiled or self._ahead):
            return True
        return self._stream.get_extra_info(info)
