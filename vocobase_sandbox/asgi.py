"""Serve a sandbox from any ASGI server: `uvicorn.run(application(sandbox))`.

The server of `python -m vocobase_sandbox` starts faster and can break connections. Over ASGI, a reset or a
truncated response is an error of the application, which the server turns into a closed connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from vocobase_sandbox.front.http1.heads import MAX_JSON_BODY, MAX_OBJECT_BODY
from vocobase_sandbox.kernel import paths
from vocobase_sandbox.kernel.messages import ApiError, Request, Response, failure
from vocobase_sandbox.sandbox import Sandbox

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class ConnectionBroken(Exception):
    """Abort a response because a fault asked for it."""


def application(sandbox: Sandbox) -> Application:
    """Return an ASGI application for a sandbox."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await _send(await _response(sandbox, scope, receive), send)

    return app


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _response(sandbox: Sandbox, scope: Message, receive: Receive) -> Response:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
    limit = MAX_OBJECT_BODY if path.startswith(paths.OBJECTS) else MAX_JSON_BODY
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            return failure(ApiError(413, "PAYLOAD_TOO_LARGE", "the body is too large"))
    origin = f"{scope.get('scheme', 'http')}://{headers.get('host', '127.0.0.1')}"
    query = scope["query_string"].decode("latin-1")
    request = Request(scope["method"], path, query, headers, bytes(body), origin)
    response = sandbox.handle(request, guarded=True)
    return response if response.deferred is None else await asyncio.to_thread(response.deferred)


async def _send(response: Response, send: Send) -> None:
    fault, body = response.fault, response.body
    if fault is not None:
        await asyncio.sleep(fault.delay + fault.slow)
        if fault.reset == "before":
            raise ConnectionBroken("reset before the headers")
    fields = {**response.headers, "content-length": str(len(body)), "x-content-type-options": "nosniff"}
    pairs = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": pairs})
    if fault is not None and (fault.reset or fault.truncate):
        half = body[: len(body) // 2] if fault.truncate else b""
        await send({"type": "http.response.body", "body": half, "more_body": True})
        raise ConnectionBroken("cut off")
    await send({"type": "http.response.body", "body": body})
