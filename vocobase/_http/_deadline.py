"""A deadline for everything that a synchronous request reads and writes.

httpx limits each wait for data but not their sum, so a server that drips its headers could hold a caller for
ever. The asynchronous client has asyncio.timeout; the synchronous one is told here, at the socket.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

# A read after the deadline fails at once, unless its data is already there.
SHORTEST = 0.001
PIECE = 64 * 1024


class Until(float):
    """A limit for one wait that knows when the whole request must have ended; httpx takes it for a float."""

    deadline: float

    def __new__(cls, seconds: float, deadline: float) -> Until:
        """Make a limit of some seconds, fewer once the deadline is nearer."""
        limit = super().__new__(cls, seconds)
        limit.deadline = deadline
        return limit


def remaining(timeout: float | None) -> float | None:
    """Return the seconds that one more wait may take."""
    if isinstance(timeout, Until):
        return max(SHORTEST, min(timeout, timeout.deadline - time.monotonic()))
    return timeout


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's transport, over sockets that keep to the deadline of a request."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # httpcore takes a backend, but httpx has no argument to pass one on.
        vars(self._pool)["_network_backend"] = Backend()


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
        """Connect, and wrap the stream."""
        return Stream(super().connect_tcp(host, port, remaining(timeout), local_address, socket_options))


class Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline of its request."""

    __slots__ = ("_stream",)

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within what remains."""
        return self._stream.read(max_bytes, remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, within what remains; piece by piece, as each write repeats its wait until all is taken."""
        for start in range(0, len(buffer), PIECE):
            self._stream.write(buffer[start : start + PIECE], remaining(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt the connection, within what remains."""
        return Stream(self._stream.start_tls(ssl_context, server_hostname, remaining(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """Tell about the connection."""
        return self._stream.get_extra_info(info)
