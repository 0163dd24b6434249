"""Transports that connect httpx clients to a sandbox in the same process, object store included."""

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
        """Answer one request."""
        ...


class SandboxTransport(httpx.BaseTransport):
    """Answer the requests of an `httpx.Client` from a sandbox, whatever host they are for."""

    def __init__(self, sandbox: Emulator) -> None:
        self._sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        request.read()
        response = _finish(self._sandbox.handle(_convert(request)))
        pause = _pause(request, response.fault)
        if pause and self._sandbox.clock.manual:
            self._sandbox.clock.advance(pause)
        elif pause:
            time.sleep(pause)
        return _answer(request, response, pause)


class AsyncSandboxTransport(httpx.AsyncBaseTransport):
    """Answer the requests of an `httpx.AsyncClient` from a sandbox, whatever host they are for."""

    def __init__(self, sandbox: Emulator) -> None:
        self._sandbox = sandbox

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        # A synchronous client must not pay for the 40 ms that this import takes.
        import asyncio

        await request.aread()
        response = self._sandbox.handle(_convert(request))
        if response.deferred is not None:
            response = await asyncio.to_thread(_finish, response)
        pause = _pause(request, response.fault)
        if pause and self._sandbox.clock.manual:
            await asyncio.to_thread(self._sandbox.clock.advance, pause)
        elif pause:
            await asyncio.sleep(pause)
        return _answer(request, response, pause)


def _convert(request: httpx.Request) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    target = request.url.raw_path.decode("ascii")
    path, _, query = target.partition("?")
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    return Request(request.method, path, query, headers, request.content, origin)


def _finish(response: Response) -> Response:
    return response if response.deferred is None else response.deferred()


def _read_timeout(request: httpx.Request) -> float | None:
    limits: dict[str, float | None] = request.extensions.get("timeout", {})
    return limits.get("read")


def _pause(request: httpx.Request, fault: WireFault | None) -> float:
    """Return how long the client really waits: until the answer or until its patience ends."""
    if fault is None:
        return 0.0
    patience = _read_timeout(request)
    return fault.delay if patience is None else min(fault.delay, patience)


def _answer(request: httpx.Request, response: Response, waited: float) -> httpx.Response:
    fault = response.fault
    if fault is not None:
        if waited < fault.delay:
            raise httpx.ReadTimeout("the sandbox was told to be slow", request=request)
        if fault.reset == "before":
            raise httpx.ReadError("the sandbox was told to reset the connection", request=request)
        if fault.reset == "after" or fault.truncate:
            raise httpx.RemoteProtocolError("the sandbox was told to cut the answer off", request=request)
    headers = {name: value for name, value in response.headers.items() if name not in _NOT_SENT}
    return httpx.Response(response.status, headers=headers, content=response.body, request=request)
