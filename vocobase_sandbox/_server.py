"""A small HTTP/1.1 server on asyncio.

It exists because the faults that the sandbox offers (resets, truncated and slow answers) need the connection
itself, which no ASGI server hands out, and because it starts in milliseconds. `asgi.py` fits other servers.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, cast

from vocobase_sandbox._http import ApiError, Request, Response, failure
from vocobase_sandbox._objects import PREFIX as OBJECT_PREFIX
from vocobase_sandbox._router import BASE_PATH
from vocobase_sandbox._wire import (
    MAX_HEAD,
    MAX_JSON_BODY,
    MAX_OBJECT_BODY,
    Head,
    WireError,
    parse_head,
    read_chunks,
    write_head,
)

if TYPE_CHECKING:
    from vocobase_sandbox._sandbox import Sandbox

_LINGER_SECONDS = 1.0
_SLOW_STEPS = 20
_REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - nothing is bound here
_CODES = {413: "PAYLOAD_TOO_LARGE", 501: "NOT_IMPLEMENTED"}


class _Connection(asyncio.Protocol):
    """Read requests one after the other and answer each before the next."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server
        self._buffer = bytearray()
        self._body = bytearray()
        self._head: Head | None = None
        self._busy = False
        self._draining = False
        self._ended = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)

    def close(self) -> None:
        """Drop the connection."""
        self._transport.abort()

    def eof_received(self) -> bool:
        # A client may close its side and still wait for the answer.
        self._ended = True
        return self._busy

    def data_received(self, data: bytes) -> None:
        if self._draining:
            return
        self._buffer += data
        if self._busy:
            self._transport.pause_reading()
        else:
            self._serve()

    def _serve(self) -> None:
        try:
            while not self._busy and not self._draining and self._read_request():
                pass
        except WireError as error:
            code = _CODES.get(error.status, "VALIDATION_ERROR")
            self._refuse(failure(ApiError(error.status, code, error.message)))

    def _read_request(self) -> bool:
        head = self._head
        if head is None:
            head = self._read_head()
            if head is None:
                return False
        if head.length < 0:
            if not read_chunks(self._buffer, self._body, MAX_JSON_BODY):
                return False
            body = bytes(self._body)
        else:
            if len(self._buffer) < head.length:
                return False
            body = bytes(memoryview(self._buffer)[: head.length])
            del self._buffer[: head.length]
        self._head = None
        self._body.clear()
        self._answer(head, body)
        return True

    def _read_head(self) -> Head | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or end > MAX_HEAD:
            if len(self._buffer) > MAX_HEAD:
                raise WireError(431, "the head of the request is too large")
            return None
        head = self._head = parse_head(bytes(self._buffer[:end]))
        del self._buffer[: end + 4]
        to_store = head.path.startswith(OBJECT_PREFIX)
        if to_store and head.length < 0:
            self._head = None
            self._refuse(self._server.sandbox.handle(self._request(head, b""), guarded=True))
            return None
        if head.length > (MAX_OBJECT_BODY if to_store else MAX_JSON_BODY):
            raise WireError(413, "the body is too large")
        if head.headers.get("expect", "").lower() == "100-continue" and len(self._buffer) < abs(head.length):
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return head

    def _request(self, head: Head, body: bytes) -> Request:
        origin = "http://" + head.headers.get("host", "127.0.0.1")
        return Request(head.method, head.path, head.query, head.headers, body, origin)

    def _answer(self, head: Head, body: bytes) -> None:
        response = self._server.sandbox.handle(self._request(head, body), guarded=True)
        if response.deferred is None and response.fault is None:
            self._write(head, response)
            return
        self._busy = True
        self._server.spawn(self._answer_later(head, response))

    async def _answer_later(self, head: Head, response: Response) -> None:
        if response.deferred is not None:
            response = await asyncio.to_thread(response.deferred)
        fault = response.fault
        if fault is None:
            self._write(head, response)
        else:
            await asyncio.sleep(fault.delay)
            await self._write_badly(head, response)
        self._busy = False
        if not self._transport.is_closing():
            self._transport.resume_reading()
            self._serve()
        if self._ended and not self._busy:
            self._transport.close()

    def _write(self, head: Head, response: Response) -> None:
        start = write_head(response.status, response.headers, len(response.body), head.keep_alive)
        self._transport.write(start if head.method == "HEAD" else start + response.body)
        if not head.keep_alive:
            self._draining = True
            self._transport.close()

    async def _write_badly(self, head: Head, response: Response) -> None:
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
                self._transport.write(body[begin : begin + size])

    def _reset(self) -> None:
        connection: socket.socket = self._transport.get_extra_info("socket")
        # With a linger time of zero the kernel sends RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _refuse(self, response: Response) -> None:
        self._draining = True
        self._buffer.clear()
        self._transport.write(
            write_head(response.status, response.headers, len(response.body), False) + response.body
        )
        # Closing at once, with bytes of the body still arriving, would reset the connection.
        asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._transport.close)


class RunningServer:
    """Serve a sandbox from a thread with an event loop of its own."""

    def __init__(self, sandbox: Sandbox, host: str, port: int) -> None:
        self.sandbox = sandbox
        self.connections: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        if not 0 <= port <= 65535:
            raise OSError(f"{port} is not a port number")
        if not host:  # it would mean every address of this machine
            raise OSError("the address is empty")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=512)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        shown = _REACHABLE.get(host, f"[{host}]" if ":" in host else host)
        self.url = f"http://{shown}:{self.port}"
        self.base_url = self.url + BASE_PATH
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vocobase-sandbox-server", daemon=True)
        self._thread.start()
        self._listening.wait()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine beside the reading of its connection."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        starting = self._loop.create_server(lambda: _Connection(self), sock=self._socket)
        try:
            server = self._loop.run_until_complete(starting)
        finally:
            self._listening.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            self._loop.run_until_complete(self._drop_everything())
            self._loop.close()

    async def _drop_everything(self) -> None:
        # A socket accepted in the last round becomes a connection in the next, and an aborted one is closed.
        for _ in range(3):
            for connection in list(self.connections):
                connection.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.sleep(0)

    def close(self) -> None:
        """Stop listening, drop every connection and wait for the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
