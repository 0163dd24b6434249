"""Deliver webhooks to an ASGI or WSGI application in the same process, without a socket."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from vocobase_sandbox.kernel.settings import Sender


def sender_to(app: Callable[..., Any]) -> Sender:
    """Return a sender that passes every request to an application.

    Args:
        app: An ASGI application (FastAPI, Starlette, Django's `get_asgi_application()`) or a WSGI application
            (Flask, Django's `get_wsgi_application()`).

    Raises:
        TypeError: It is neither.
    """
    return _asgi(app) if _is_asgi(app) else _wsgi(app)


def _is_asgi(app: Callable[..., Any]) -> bool:
    call = app if inspect.isroutine(app) else getattr(app, "__call__", None)  # noqa: B004 - the method itself
    if call is not None and inspect.iscoroutinefunction(call):
        return True
    try:
        required = [
            parameter
            for parameter in inspect.signature(app).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        required = []
    if len(required) not in (2, 3):
        raise TypeError("deliver_to: pass an ASGI application or a WSGI application, such as app of FastAPI")
    return len(required) == 3


def _wsgi(app: Callable[..., Any]) -> Sender:
    def send(url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        with httpx.Client(transport=httpx.WSGITransport(app=app)) as client:
            return client.post(url, headers=headers, content=body).status_code

    return send


def _asgi(app: Callable[..., Any]) -> Sender:
    def send(url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        async def post() -> int:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
                return (await client.post(url, headers=headers, content=body)).status_code

        return _run(post)

    return send


def _run(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run work on an event loop of its own, in a thread if this one has a loop that is running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    with ThreadPoolExecutor(1) as other:
        return other.submit(lambda: asyncio.run(work())).result()
