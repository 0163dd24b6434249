"""Deliver webhooks to an ASGI or WSGI application in the same process, without a socket."""

from __future__ import annotations

import asyncio
import inspect
import io
import sys
from collections.abc import Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from vocobase_sandbox.kernel.settings import Sender

Message = MutableMapping[str, Any]
# Python 3.14 and later evaluate annotations when they are read, and some name types that exist only for type
# checkers. So they are read as text: 4 is `annotationlib.Format.STRING`.
_AS_TEXT: dict[str, Any] = {"annotation_format": 4} if sys.version_info >= (3, 14) else {}


def sender_to(app: Callable[..., Any]) -> Sender:
    """Return a sender that passes every request to an application.

    Args:
        app: An ASGI application (FastAPI, Starlette, Django's `get_asgi_application()`) or a WSGI application
            (Flask, Django's `get_wsgi_application()`).

    Raises:
        TypeError: it is neither.
    """
    is_asgi = _is_asgi(app)

    def send(url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        parts = urlsplit(url)
        if is_asgi:
            return _run(lambda: _call_asgi(app, parts, headers, body))
        return _call_wsgi(app, parts, headers, body)

    return send


def _is_asgi(app: Callable[..., Any]) -> bool:
    call = app if inspect.isroutine(app) else getattr(app, "__call__", None)  # noqa: B004 - the method itself
    if call is not None and inspect.iscoroutinefunction(call):
        return True
    try:
        parameters = list(inspect.signature(app, **_AS_TEXT).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    required = [each for each in parameters if each.kind in kinds and each.default is each.empty]
    if len(required) not in (2, 3):
        raise TypeError("deliver_to: pass an ASGI application or a WSGI application, such as app of FastAPI")
    return len(required) == 3


def _address(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _call_wsgi(app: Callable[..., Any], parts: SplitResult, headers: dict[str, str], body: bytes) -> int:
    host, port = _address(parts)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    statuses: list[str] = []

    def start_response(status: str, response_headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        statuses.append(status)
        return lambda data: None

    result = app(environ, start_response)
    try:
        for _ in result:
            pass
    finally:
        if hasattr(result, "close"):
            result.close()
    return int(statuses[-1].partition(" ")[0])


async def _call_asgi(
    app: Callable[..., Any], parts: SplitResult, headers: dict[str, str], body: bytes
) -> int:
    fields = {"host": parts.netloc, **headers, "content-length": str(len(body))}
    scope: Message = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": parts.scheme,
        "path": unquote_to_bytes(parts.path or "/").decode("utf-8", "replace"),
        "raw_path": (parts.path or "/").encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in fields.items()],
        "client": ("127.0.0.1", 1),
        "server": _address(parts),
    }
    statuses: list[int] = []
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[-1]


def _run(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run work on an event loop of its own, in a thread if this one has a loop that is running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    with ThreadPoolExecutor(1) as other:
        return other.submit(lambda: asyncio.run(work())).result()
