"""A small HTTP/1.1 server on asyncio.

It exists because faults (resets, truncated and slow responses) need the connection itself, which ASGI servers
do not expose, and because it starts in milliseconds. For other servers, use `asgi.py`.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from typing import Any, Protocol

from vocobase_sandbox.front.http1.connection import Connection, Limits
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.messages import Request, Response

_REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - nothing is bound here
_DEFAULT_LIMITS = Limits()


class Emulator(Protocol):
    """The part of a sandbox that the server needs."""

    def handle(self, request: Request, *, guarded: bool) -> Response:
        """Handle one request."""
        ...


class RunningServer:
    """Serve a sandbox from a thread with an event loop of its own."""

    def __init__(self, sandbox: Emulator, host: str, port: int, limits: Limits = _DEFAULT_LIMITS) -> None:
        self.sandbox = sandbox
        self.connections: set[Connection] = set()
        self._limits = limits
        self._tasks: set[asyncio.Task[None]] = set()
        if not 0 <= port <= 65535:
            raise OSError(f"{port} is not a port number")
        if not host:  # the system would listen on every address
            raise OSError("the address is empty")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=512)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        shown = _REACHABLE.get(host, f"[{host}]" if ":" in host else host)
        self.url = f"http://{shown}:{self.port}"
        self.base_url = self.url + paths.API
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vocobase-sandbox-server", daemon=True)
        self._thread.start()
        self._listening.wait()

    def __repr__(self) -> str:
        return f"RunningServer({vars(self).get('url')!r})"

    def handle(self, request: Request) -> Response:
        """Handle one request if it comes from this machine."""
        return self.sandbox.handle(request, guarded=True)

    def now(self) -> float:
        """Return the time of the event loop in seconds."""
        return self._loop.time()

    def admit(self, connection: Connection) -> bool:
        """Register a connection; at the limit, close another one for it, or return False to refuse it."""
        full = len(self.connections) >= self._limits.connections
        waiting = {other: other.closing_order for other in self.connections} if full else {}
        self.connections.add(connection)
        if not full:
            return True
        found = min(
            ((order, other) for other, order in waiting.items() if order is not None),
            key=lambda pair: pair[0],
            default=None,
        )
        if found is None:
            return False
        found[1].close()
        self.connections.discard(found[1])
        return True

    def forget(self, connection: Connection) -> None:
        """Unregister a closed connection."""
        self.connections.discard(connection)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine while its connection continues to read."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        starting = self._loop.create_server(lambda: Connection(self), sock=self._socket)
        try:
            server = self._loop.run_until_complete(starting)
        finally:
            self._listening.set()
        self._sweep()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            self._loop.run_until_complete(self._drop_everything())
            self._loop.close()

    def _sweep(self) -> None:
        """Check all connections for clients that take too long: one timer, at no cost for a request."""
        now = self._loop.time()
        for connection in list(self.connections):
            connection.check_time(now, self._limits)
        self._loop.call_later(self._limits.sweep_seconds, self._sweep)

    async def _drop_everything(self) -> None:
        # A socket accepted in this turn of the loop becomes a connection in the next one.
        for _ in range(3):
            for connection in list(self.connections):
                connection.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.sleep(0)

    def close(self) -> None:
        """Stop listening, abort every connection and wait for the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
