"""One HTTP connection: read requests in order, and write each response before the next.

A client that does not read its responses, never stops sending, or is slow gets no more than its share:
reading stops while responses wait to be sent, a turn is short, and every state has a time limit.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, cast

from vocobase_sandbox.front.http1.framing import RequestReader
from vocobase_sandbox.front.http1.heads import MAX_JSON_BODY, MAX_OBJECT_BODY, Head, WireError, write_head
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.messages import ApiError, Request, Response, failure

logger = logging.getLogger("vocobase_sandbox")
_LINGER_SECONDS = 1.0
_SLOW_STEPS = 20
_TURN_REQUESTS = 16
_CODES = {408: "REQUEST_TIMEOUT", 413: "PAYLOAD_TOO_LARGE", 501: "NOT_IMPLEMENTED", 503: "UNAVAILABLE"}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the server and of each client; durations are in seconds."""

    connections: int = 512
    """Maximum number of connections; beyond it, one that waits for its client is closed for a new one."""
    idle_seconds: float = 300.0
    """Maximum time between two requests."""
    head_seconds: float = 60.0
    """Maximum time from the first byte of a head to its last."""
    body_seconds: float = 600.0
    """Maximum time from the first byte of a request to the last byte of its body."""
    unread_seconds: float = 60.0
    """Maximum time without the client reading a byte of a response."""
    sweep_seconds: float = 5.0
    """Interval at which all connections are checked."""


class Server(Protocol):
    """The server that a connection belongs to."""

    def now(self) -> float:
        """Return the time of the event loop in seconds."""
        ...

    def admit(self, connection: Connection) -> bool:
        """Register a connection, unless there are too many."""
        ...

    def forget(self, connection: Connection) -> None:
        """Unregister a closed connection."""
        ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine while the connection continues to read."""
        ...

    def handle(self, request: Request) -> Response:
        """Handle one request."""
        ...


class Connection(asyncio.Protocol):
    """Serve one client."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._reader = RequestReader()
        self._since = server.now()
        self._unsent = 0
        self._responding = False
        self._blocked = False
        self._waiting = False
        self._refused = False
        self._ended = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if not self._server.admit(self):
            self._refuse(WireError(503, "there are too many connections; close some"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._refused = True
        self._server.forget(self)

    def close(self) -> None:
        """Abort the connection."""
        self._transport.abort()

    @property
    def closing_order(self) -> tuple[bool, float] | None:
        """Sort key for closing connections: idle ones first, then slow ones; None for one that must stay."""
        if self._held or self._refused or self._ended or self._unsent:
            return None
        return self._reader.begun, self._since

    @property
    def _held(self) -> bool:
        """Whether the next request has to wait."""
        return self._responding or self._blocked or self._waiting

    def check_time(self, now: float, limits: Limits) -> None:
        """End the connection when its client takes too long."""
        unsent = self._transport.get_write_buffer_size()
        if unsent < self._unsent or (unsent and not self._unsent):
            self._since = now
        self._unsent = unsent
        passed = now - self._since
        if unsent or self._refused or self._ended:
            if passed > limits.unread_seconds and not self._responding:
                self.close()
        elif self._held:
            return
        elif not self._reader.begun:
            if passed > limits.idle_seconds:
                self._transport.close()
        elif passed > (limits.body_seconds if self._reader.head else limits.head_seconds):
            self._refuse(WireError(408, "the request did not arrive in time"))

    def eof_received(self) -> bool:
        # A client can close its sending side and still wait for the response.
        self._ended = True
        self._end_if_done()
        return True

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if not self._reader.begun:
            self._since = self._server.now()
        self._reader.feed(data)
        if self._held:
            self._transport.pause_reading()
        else:
            self._serve()

    def pause_writing(self) -> None:
        """Stop serving a client that does not read its responses."""
        self._blocked = True
        self._since = self._server.now()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Continue after the client has read."""
        self._blocked = False
        self._continue()

    def _continue(self) -> None:
        if self._held or self._refused or self._transport.is_closing():
            return
        self._since = self._server.now()
        self._transport.resume_reading()
        self._serve()
        self._end_if_done()

    def _end_if_done(self) -> None:
        if self._ended and not self._held:
            self._transport.close()

    def _serve(self) -> None:
        try:
            for _ in range(_TURN_REQUESTS):
                if not self._read_request() or self._responding or self._blocked or self._refused:
                    return
                if not self._reader.begun:
                    return
        except WireError as error:
            self._refuse(error)
            return
        # Other connections get their turn first.
        self._waiting = True
        self._transport.pause_reading()
        asyncio.get_running_loop().call_soon(self._next_turn)

    def _next_turn(self) -> None:
        self._waiting = False
        self._continue()

    def _read_request(self) -> bool:
        head = self._reader.head
        if head is None:
            head = self._read_head()
            if head is None:
                return False
        body = self._reader.read_body()
        if body is None:
            return False
        self._since = self._server.now()
        self._respond(head, body)
        return True

    def _read_head(self) -> Head | None:
        head = self._reader.read_head()
        if head is None:
            return None
        to_store = head.path.startswith(paths.OBJECTS)
        if to_store and head.length < 0:
            self._end_with(self._server.handle(self._request(head, b"")))
            return None
        if head.length > (MAX_OBJECT_BODY if to_store else MAX_JSON_BODY):
            raise WireError(413, "the body is too large")
        if "expect" in head.headers and self._awaits_continue(head):
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return head

    def _awaits_continue(self, head: Head) -> bool:
        awaited = head.headers["expect"].lower() == "100-continue"
        return awaited and self._reader.buffered < abs(head.length)

    def _request(self, head: Head, body: bytes) -> Request:
        origin = "http://" + head.headers.get("host", "127.0.0.1")
        return Request(head.method, head.path, head.query, head.headers, body, origin)

    def _respond(self, head: Head, body: bytes) -> None:
        response = self._server.handle(self._request(head, body))
        if response.deferred is None and response.fault is None:
            self._write(head, response)
            return
        self._responding = True
        self._server.spawn(self._respond_later(head, response))

    async def _respond_later(self, head: Head, response: Response) -> None:
        try:
            if response.deferred is not None:
                response = await asyncio.to_thread(response.deferred)
            if response.fault is None:
                self._write(head, response)
            else:
                await asyncio.sleep(response.fault.delay)
                await self._write_with_fault(head, response)
        except Exception:
            logger.exception("a response could not be sent")
            self.close()
        self._responding = False
        self._continue()

    def _write(self, head: Head, response: Response) -> None:
        start = write_head(response.status, response.headers, len(response.body), head.keep_alive)
        self._transport.write(start if head.method == "HEAD" else start + response.body)
        if not head.keep_alive:
            self._refused = True
            self._transport.close()

    async def _write_with_fault(self, head: Head, response: Response) -> None:
        fault = response.fault
        assert fault is not None
        if fault.reset == "before":
            self._reset()
            return
        if not (fault.reset or fault.truncate or fault.slow):
            self._write(head, response)
            return
        body = response.body
        self._transport.write(write_head(response.status, response.headers, len(body), head.keep_alive))
        if fault.reset:
            await asyncio.sleep(0.05)
            self._reset()
        elif fault.truncate:
            self._transport.write(body[: len(body) // 2])
            self._transport.close()
        else:
            size = max(1, -(-len(body) // _SLOW_STEPS))
            for begin in range(0, len(body), size):
                await asyncio.sleep(fault.slow / _SLOW_STEPS)
                if self._transport.is_closing():
                    return
                self._transport.write(body[begin : begin + size])

    def _reset(self) -> None:
        connection: socket.socket = self._transport.get_extra_info("socket")
        # With a linger time of zero, the kernel sends RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _refuse(self, error: WireError) -> None:
        code = _CODES.get(error.status, "VALIDATION_ERROR")
        self._end_with(failure(ApiError(error.status, code, error.message)))

    def _end_with(self, response: Response) -> None:
        """Send the last response of this connection and ignore further input."""
        self._refused = True
        self._reader.clear()
        self._since = self._server.now()
        self._transport.write(
            write_head(response.status, response.headers, len(response.body), False) + response.body
        )
        # Closing immediately, while the body still arrives, would reset the connection.
        asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._transport.close)
