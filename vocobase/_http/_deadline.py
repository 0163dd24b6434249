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

# The shortest limit that is passed on; 0 would mean not to wait at all.
SHORTEST = 0.001
PIECE = 64 * 1024


class Until(float):
    """A limit for one wait that knows when the whole request must have ended; httpx takes it for a float."""

    deadline: Deadline

    def __new__(cls, seconds: float, deadline: Deadline) -> Until:
        """Make a limit of some seconds, fewer once the deadline is nearer."""
        limit = super().__new__(cls, seconds)
        limit.deadline = deadline
        return limit


def remaining(timeout: float | None) -> float | None:
    """Return the seconds that one more wait may take."""
    if isinstance(timeout, Until):
        return max(SHORTEST, min(timeout, timeout.deadline.remaining()))
    return timeout


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's transport, over sockets that keep to the deadline of a request."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # httpcore takes a backend, but httpx has no argument to pass one on.
        inside = vars(self._pool)
        assert "_network_backend" in inside, "this version of httpcore keeps its backend elsewhere"
        inside["_network_backend"] = Backend()


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

    __slots__ = ("_first", "_stream")

    def __init__(self, stream: httpcore.NetworkStream, first: float | None) -> None:
        self._stream = stream
        # For what has no limit of its own: the greeting of a SOCKS proxy.
        self._first = first

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within what remains."""
        timeout = self._first if timeout is None else timeout
        if isinstance(timeout, Until) and timeout.deadline.remaining() <= 0:
            # Data may always be there, and httpcore reads on as long as it means nothing.
            raise httpcore.ReadTimeout("the time of the request is over")
        return self._stream.read(max_bytes, remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, within what remains; piece by piece, as each write repeats its wait until all is taken."""
        timeout = self._first if timeout is None else timeout
        for start in range(0, len(buffer), PIECE):
            self._stream.write(buffer[start : start + PIECE], remaining(timeout))

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
        return self._stream.get_extra_info(info)
