"""A deadline for everything that a synchronous request reads and writes.

httpx limits each wait for data but not their sum, so a server that sends its headers byte by byte could hold
a caller forever. The asynchronous client uses asyncio.timeout; the synchronous one enforces the deadline
here, at the socket.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore

from vocobase._base.clock import Deadline
from vocobase._transport.attempt import Attempt
from vocobase._transport.line import PIECE_BYTES, Line, attempt_of, target_of

# The shortest timeout that is passed to a socket; 0 would mean not to wait at all.
MIN_TIMEOUT_SECONDS = 0.001


class DeadlineTimeout(float):
    """The timeout of one wait, with the deadline of the whole request; httpx treats it as a float."""

    deadline: Deadline
    attempt: Attempt | None

    def __new__(cls, seconds: float, deadline: Deadline, attempt: Attempt | None = None) -> DeadlineTimeout:
        """Create a timeout of some seconds, fewer once the deadline is closer."""
        timeout = super().__new__(cls, seconds)
        timeout.deadline = deadline
        timeout.attempt = attempt
        return timeout


def remaining(timeout: float | None) -> float | None:
    """Return the seconds that one more wait may take."""
    if isinstance(timeout, DeadlineTimeout):
        return max(MIN_TIMEOUT_SECONDS, min(timeout, timeout.deadline.remaining()))
    return timeout


def check_read(timeout: float | None) -> None:
    """Refuse to read after the deadline; httpcore would read as long as meaningless data arrives."""
    if isinstance(timeout, DeadlineTimeout) and timeout.deadline.remaining() <= 0:
        raise httpcore.ReadTimeout("the deadline of the request has passed")


class Backend(httpcore.SyncBackend):
    """Open connections that keep to deadlines."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that accepts, and wrap the stream."""
        try:
            found = socket.getaddrinfo(target_of(host, timeout), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(error) from error
        # One by one: the loop of the standard library would grant each address the full timeout.
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
    """A connection on which every wait ends at the deadline of the request."""

    __slots__ = ("_ahead", "_first", "_stream", "line")

    def __init__(self, stream: httpcore.NetworkStream, first: float | None) -> None:
        self._stream = stream
        # For the greeting of a SOCKS proxy, which has no timeout of its own.
        self._first = first
        self._ahead = b""
        self.line = Line()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read available data, within the remaining time."""
        timeout = self._first if timeout is None else timeout
        check_read(timeout)
        if self._ahead:
            data, self._ahead = self._ahead[:max_bytes], self._ahead[max_bytes:]
            return data
        return self._stream.read(max_bytes, remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write in pieces, within the remaining time; each write waits until all of its data is taken."""
        if not buffer:
            return
        attempt, is_request = attempt_of(buffer, timeout, self._first)
        timeout = self._first if timeout is None else timeout
        for start in range(0, len(buffer), PIECE_BYTES):
            if attempt is not None and is_request:
                self.line.admit(attempt, self._listen(), self._ahead)
            elif attempt is not None:
                attempt.check()
            self._stream.write(buffer[start : start + PIECE_BYTES], remaining(timeout))

    def _listen(self) -> bool:
        """Read data that has already arrived; return whether there is any, or the server has hung up."""
        encrypted = self._stream.get_extra_info("ssl_object") is not None
        if self._ahead or not (encrypted or self._stream.get_extra_info("is_readable")):
            return bool(self._ahead)
        try:
            # Without waiting. On an encrypted connection, all available data may belong to the encryption.
            self._ahead = self._stream.read(PIECE_BYTES, 0)
        except httpcore.ReadError as error:
            return not isinstance(error.__cause__, (BlockingIOError, ssl.SSLWantReadError))
        return True

    def close(self) -> None:
        """Close the connection; without the shutdown, a thread that waits for data would not notice."""
        connection: socket.socket = self._stream.get_extra_info("socket")
        with suppress(OSError):
            # Not the method of an encrypted socket, which would continue in the clear.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt the connection, within the remaining time."""
        return Stream(self._stream.start_tls(ssl_context, server_hostname, remaining(timeout)), timeout)

    def get_extra_info(self, info: str) -> Any:
        """Return a property of the connection."""
        if info == "is_readable" and (self.line.spoiled or self._ahead):
            return True
        return self._stream.get_extra_info(info)
