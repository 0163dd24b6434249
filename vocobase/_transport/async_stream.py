"""Connections of the asynchronous client, over asyncio itself.

Between a check of the time limit and the write that it allows, nothing else may run: a process that was
stopped would go on with the write before the event loop notices what time it is. The streams of anyio, which
httpcore takes by default, let the event loop run before each write.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any, cast

import httpcore

from vocobase._transport.deadline import check_read, remaining
from vocobase._transport.line import PIECE, Line, attempt_of

# Bytes that may wait to be read before the server has to wait.
MOST_UNREAD = 256 * 1024
# Seconds after which the next address of a host is tried as well.
NEXT_ADDRESS = 0.25


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
    """What a server has sent and nobody has read."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.ended = False
        self.error: Exception | None = None
        self.changed = asyncio.Event()
        self.writable = asyncio.Event()
        self.writable.set()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Keep what has arrived."""
        self.data += data
        if len(self.data) > MOST_UNREAD:
            self.transport.pause_reading()
        self.changed.set()

    def take(self, most: int) -> bytes:
        """Return what has arrived."""
        data = bytes(self.data[:most])
        del self.data[:most]
        if not self.ended:
            self.transport.resume_reading()
        return data

    def eof_received(self) -> None:
        """Note that nothing more will come."""
        self.ended = True
        self.changed.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits."""
        self.error = exc
        self.eof_received()
        self.writable.set()

    def pause_writing(self) -> None:
        """Let writes wait until the system has taken the last one."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """Let writes go on."""
        self.writable.set()


class AsyncBackend(httpcore.AsyncNetworkBackend):
    """Opens connections that keep to deadlines."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that answers."""
        loop = asyncio.get_running_loop()
        # Other event loops do not know the option.
        own = isinstance(loop, asyncio.BaseEventLoop)
        options: dict[str, Any] = {"happy_eyeballs_delay": NEXT_ADDRESS} if own else {}
        async with within(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
            _, inbox = await loop.create_connection(Inbox, host, port, **options)
        return AsyncStream(inbox, timeout)


class AsyncStream(httpcore.AsyncNetworkStream):
    """A connection to which nothing is written after the deadline of a request."""

    def __init__(self, inbox: Inbox, first: float | None) -> None:
        self._inbox = inbox
        # For what has no limit of its own: the greeting of a SOCKS proxy.
        self._first = first
        self.line = Line()
        # So that a piece counts as written once the system has taken all of it. An encrypted transport with a
        # limit of 0 pauses when nothing is left, and does not go on.
        inbox.transport.set_write_buffer_limits(high=1)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within what remains."""
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
        """Write piece by piece, within what remains."""
        if not buffer:
            return
        attempt, is_request = attempt_of(buffer, timeout, self._first)
        timeout = self._first if timeout is None else timeout
        inbox = self._inbox
        # Once for what has arrived to be seen, once for it to be read.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for start in range(0, len(buffer), PIECE):
            if attempt is not None and is_request:
                self.line.admit(attempt, bool(inbox.data) or inbox.ended, bytes(inbox.data))
            elif attempt is not None:
                attempt.check()
            if inbox.ended:
                raise httpcore.WriteError("the server has hung up")
            inbox.transport.write(buffer[start : start + PIECE])
            if not inbox.writable.is_set():
                async with within(timeout, httpcore.WriteTimeout, httpcore.WriteError):
                    await inbox.writable.wait()

    async def aclose(self) -> None:
        """Close the connection, without sending what is still to be sent."""
        self._inbox.transport.abort()
        # Until the socket is closed.
        await asyncio.sleep(0)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt the connection, within what remains."""
        inbox = self._inbox
        if inbox.data:
            # It would be taken for something that came encrypted.
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
        """Tell about the connection."""
        inbox = self._inbox
        if info == "is_readable":
            return self.line.spoiled or bool(inbox.data) or inbox.ended
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return inbox.transport.get_extra_info(names.get(info, info))
