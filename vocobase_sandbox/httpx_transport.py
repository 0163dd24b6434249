"""Transports that connect httpx clients to a sandbox in the same process, including its object store."""

from __future__ import annotations

import time
from typing import Protocol

import httpx

from vocobase_sandbox.kernel.engine import SandboxClock
from vocobase_sandbox.kernel.messages import Request, Response, WireFault

_NOT_SENT = frozenset({"content-length", "transfer-encoding"})


class Emulator(Protocol):
    """The part of a sandbox that the transports need."""

    clock: SandboxClock

    def handle(self, request: Request) -> Response:
        """Handle one request."""
        ...


class SandboxTransport(httpx.BaseTransport):
    """Handle the requests of an `httpx.Client` in a sandbox, whatever their host."""

    def __init__(self, sandbox: Emulator) -> None:
        self._sandbox = sandbox

    def __repr__(self) -> str:
        return f"SandboxTransport({self._sandbox!r})"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Handle one request."""
        request.read()
        response = _complete(self._sandbox.handle(_convert(request)))
        pause = _pause(request, response.fault)
        if pause and self._sandbox.clock.manual:
            self._sandbox.clock.advance(pause)
        elif pause:
            time.sleep(pause)
        return _deliver(request, response, pause)


class AsyncSandboxTransport(httpx.AsyncBaseTransport):
    """Handle the requests of an `httpx.AsyncClient` in a sandbox, whatever their host."""

    def __init__(self, sandbox: Emulator) -> None:
        self._sandbox = sandbox

    def __repr__(self) -> str:
        return f"AsyncSandboxTransport({self._sandbox!r})"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Handle one request."""
        # This import takes 40 ms, which a synchronous client must not pay for.
        import asyncio

        await request.aread()
        response = self._sandbox.handle(_convert(request))
        if response.deferred is not None:
            response = await asyncio.to_thread(_complete, response)
        pause = _pause(request, response.fault)
        if pause and self._sandbox.clock.manual:
            await asyncio.to_thread(self._sandbox.clock.advance, pause)
        elif pause:
            await asyncio.sleep(pause)
        return _deliver(request, response, pause)


def _convert(request: httpx.Request) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    target = request.url.raw_path.decode("ascii")
    path, _, query = target.partition("?")
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    return Request(request.method, path, query, headers, request.content, origin)


def _complete(response: Response) -> Response:
    return response if response.deferred is None else response.deferred()


def _read_timeout(request: httpx.Request) -> float | None:
    limits: dict[str, float | None] = request.extensions.get("timeout", {})
    return limits.get("read")


def _pause(request: httpx.Request, fault: WireFault | None) -> float:
    """Return how long the client waits: until the response or until its timeout."""
    if fault is None:
        return 0.0
    timeout = _read_timeout(request)
    return fault.delay if timeout is None else min(fault.delay, timeout)


def _deliver(request: httpx.Request, response: Response, waited: float) -> httpx.Response:
    fault = response.fault
    if fault is not None:
        if waited < fault.delay:
            raise httpx.ReadTimeout("a fault of the sandbox delayed the response", request=request)
        if fault.reset == "before":
            raise httpx.ReadError("a fault of the sandbox reset the connection", request=request)
        if fault.reset == "after" or fault.truncate:
            raise httpx.RemoteProtocolError("a fault of the sandbox cut the response off", request=request)
    headers = {name: value for name, value in response.headers.items() if name not in _NOT_SENT}
    return httpx.Response(response.status, headers=headers, content=response.body, request=request)
