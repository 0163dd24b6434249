"""Connections of the asynchronous client, over asyncio itself.

Nothing may run between the check of the deadline and the write that it allows: a process that was suspended
would continue with the write before the event loop notices the time. The streams of anyio, which httpcore
uses by default, let the event loop run before each write.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any, cast

import httpcore

from vocobase._transport.deadline import check_read, remaining
from vocobase._transport.line import PIECE_BYTES, Line, attempt_of, target_of

# With more unread bytes, the server has to wait.
MAX_UNREAD_BYTES = 256 * 1024
# Then the next address of a host is tried too.
NEXT_ADDRESS_SECONDS = 0.25


@asynccontextmanager
async def within(
    timeout: float | None, late: type[Exception], broken: type[Exception]
) -> AsyncGenerator[None]:
    """Translate the errors of asyncio into those of httpcore."""
    try:
        async with asyncio.timeout(remaining(timeout)):
            yield
    except TimeoutError as error:
        raise late(error) from error
    except (OSError, UnicodeError) as error:
        raise broken(error) from error


class Inbox(asyncio.Protocol):
    """Data that has arrived from a server and has not been read."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.ended = False
        self.error: Exception | None = None
        self.changed = asyncio.Event()
        self.writable = asyncio.Event()
        self.writable.set()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Store new data."""
        self.data += data
        if len(self.data) > MAX_UNREAD_BYTES:
            self.transport.pause_reading()
        self.changed.set()

    def take(self, most: int) -> bytes:
        """Remove and return the oldest data."""
        data = bytes(self.data[:most])
        del self.data[:most]
        if not self.ended:
            self.transport.resume_reading()
        return data

    def eof_received(self) -> None:
        """Record that no more data will arrive."""
        self.ended = True
        self.changed.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake every waiting task."""
        self.error = exc
        self.eof_received()
        self.writable.set()

    def pause_writing(self) -> None:
        """Make writes wait until the system has taken the last one."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """Let writes continue."""
        self.writable.set()


class AsyncBackend(httpcore.AsyncNetworkBackend):
    """Open connections that keep to deadlines."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that accepts."""
        loop = asyncio.get_running_loop()
        # Other event loops do not know the option.
        own = isinstance(loop, asyncio.BaseEventLoop)
        options: dict[str, Any] = {"happy_eyeballs_delay": NEXT_ADDRESS_SECONDS} if own else {}
        async with within(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
            _, inbox = await loop.create_connection(Inbox, target_of(host, timeout), port, **options)
        return AsyncStream(inbox, timeout)


class AsyncStream(httpcore.AsyncNetworkStream):
    """A connection to which nothing is written after the deadline of the request."""

    def __init__(self, inbox: Inbox, first: float | None) -> None:
        self._inbox = inbox
        # For the greeting of a SOCKS proxy, which has no timeout of its own.
        self._first = first
        self.line = Line()
        # A piece then counts as written once the system has taken all of it. With a limit of 0, an encrypted
        # transport pauses when nothing is left, and does not resume.
        inbox.transport.set_write_buffer_limits(high=1)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read available data, within the remaining time."""
        timeout = self._first if timeout is None else timeout
        check_read(timeout)
        inbox = self._inbox
        if not inbox.data and not inbox.ended:
            inbox.changed.clear()
            async with within(timeout, httpcore.ReadTimeout, httpcore.ReadError):
                await inbox.changed.wait()
        if not inbox.data and inbox.error is not None:
            raise httpcore.ReadError(inbox.error) from inbox.error
        return inbox.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write in pieces, within the remaining time."""
        if not buffer:
            return
        attempt, is_request = attempt_of(buffer, timeout, self._first)
        timeout = self._first if timeout is None else timeout
        inbox = self._inbox
        for start in range(0, len(buffer), PIECE_BYTES):
            # The event loop detects new data in the first turn, and reads it in the second.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if attempt is not None and is_request:
                self.line.admit(attempt, bool(inbox.data) or inbox.ended, bytes(inbox.data))
            elif attempt is not None:
                attempt.check()
            if inbox.ended:
                raise httpcore.WriteError("the server has hung up")
            inbox.transport.write(buffer[start : start + PIECE_BYTES])
            if not inbox.writable.is_set():
                async with within(timeout, httpcore.WriteTimeout, httpcore.WriteError):
                    await inbox.writable.wait()

    async def aclose(self) -> None:
        """Close the connection without sending the rest."""
        self._inbox.transport.abort()
        # Until the socket is closed.
        await asyncio.sleep(0)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt the connection, within the remaining time."""
        inbox = self._inbox
        if inbox.data:
            # It would count as data that arrived encrypted.
            await self.aclose()
            raise httpcore.ConnectError("the server sent data before the connection was encrypted")
        loop = asyncio.get_running_loop()
        try:
            async with within(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
                found = await loop.start_tls(
                    inbox.transport, inbox, ssl_context, server_hostname=server_hostname
                )
        except BaseException:
            await self.aclose()
            raise
        assert found is not None
        inbox.transport = found
        return AsyncStream(inbox, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Return a property of the connection."""
        inbox = self._inbox
        if info == "is_readable":
            return self.line.spoiled or bool(inbox.data) or inbox.ended
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return inbox.transport.get_extra_info(names.get(info, info))
