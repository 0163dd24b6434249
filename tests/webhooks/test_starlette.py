"""The adapter for Starlette and FastAPI."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vocobase import ConfigurationError
from vocobase.webhooks import Event, MemoryDedupe, SessionCompleted, WebhookReceiver, sign
from vocobase.webhooks.starlette import webhook_endpoint

from .support import DATA, NEVER_RUN, SECRET, encode, post_asgi, receiver, serve_asgi, signed

BODY = encode()
HEADERS = signed(BODY)


def starlette_app(endpoint: Any) -> Any:
    return Starlette(routes=[Route("/hook", endpoint, methods=["POST"])])


def fastapi_app(endpoint: Any) -> Any:
    app = FastAPI()
    app.post("/hook")(endpoint)
    return app


def fastapi_route(endpoint: Any) -> Any:
    app = FastAPI()
    app.add_route("/hook", endpoint, methods=["POST"])
    return app


apps = pytest.mark.parametrize("make", [starlette_app, fastapi_app, fastapi_route])


def post(app: Any, body: bytes = BODY, headers: Any = HEADERS) -> httpx.Response:
    return post_asgi(app, "/hook", body, headers)


class Recorder:
    """Handlers of every kind that record their events and their threads."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.threads: list[str] = []

    def plain(self, event: Event) -> str:
        self.events.append(event)
        self.threads.append(threading.current_thread().name)
        return "ignored"

    async def coroutine(self, event: Event) -> None:
        await asyncio.sleep(0)
        self.plain(event)

    async def __call__(self, event: Event) -> None:
        await self.coroutine(event)

    def hidden(self, event: Event) -> Any:
        return self.coroutine(event)


@apps
@pytest.mark.parametrize("kind", ["plain", "coroutine", "callable", "partial", "hidden"])
def test_handlers_of_every_kind_get_the_event(make: Callable[[Any], Any], kind: str) -> None:
    seen = Recorder()
    handlers: dict[str, Any] = {
        "plain": seen.plain,
        "coroutine": seen.coroutine,
        "callable": seen,
        "partial": partial(seen.coroutine),
        "hidden": seen.hidden,
    }
    response = post(make(webhook_endpoint(receiver(), handlers[kind])))
    assert (response.status_code, response.json()) == (200, {"ok": True})
    assert [event.raw["data"] for event in seen.events] == [DATA]
    assert (seen.threads == ["MainThread"]) == (kind != "plain")


@apps
def test_a_bad_signature_is_a_400_without_details(make: Callable[[Any], Any]) -> None:
    seen = Recorder()
    app = make(webhook_endpoint(receiver(), seen.plain))
    for body, headers in [
        (BODY, {}),
        (BODY, signed(BODY, "whsec_other")),
        (BODY + b" ", HEADERS),
        (b"[]", signed(b"[]")),
        (BODY, [*HEADERS.items(), ("x-webhook-signature", "sha256=00")]),
    ]:
        response = post(app, body, headers)
        assert (response.status_code, response.content) == (400, b'{"ok":false}')
        assert response.headers["content-type"] == "application/json"
    assert seen.events == []


def test_a_duplicate_is_a_200_and_does_not_reach_the_handler() -> None:
    seen = Recorder()
    app = starlette_app(webhook_endpoint(receiver(dedupe=MemoryDedupe()), seen.plain))
    assert [post(app).status_code for _ in range(3)] == [200, 200, 200]
    assert len(seen.events) == 1


@pytest.mark.parametrize("is_async", [False, True])
def test_an_error_of_the_handler_propagates_and_releases_the_event(is_async: bool) -> None:
    failures = [ValueError("first"), None]
    seen = Recorder()

    def plain(event: Event) -> None:
        if failure := failures.pop(0):
            raise failure
        seen.plain(event)

    async def coroutine(event: Event) -> None:
        plain(event)

    app = starlette_app(webhook_endpoint(receiver(dedupe=MemoryDedupe()), coroutine if is_async else plain))
    with pytest.raises(ValueError, match="first"):
        post(app)
    assert post(app).status_code == 200
    assert len(seen.events) == 1


def test_an_event_that_is_in_progress_is_to_be_sent_again() -> None:
    inner: list[int] = []
    once = receiver(dedupe=MemoryDedupe())

    def handle(event: Event) -> None:
        thread = threading.Thread(target=lambda: inner.append(post(app).status_code))
        thread.start()
        thread.join(10)

    app = starlette_app(webhook_endpoint(once, handle))
    assert post(app).status_code == 200
    assert inner == [503]


def test_a_cancelled_handler_releases_the_event() -> None:
    started = asyncio.Event()
    once = receiver(dedupe=MemoryDedupe())

    async def handle(_: Event) -> None:
        started.set()
        await asyncio.Event().wait()

    async def scenario() -> None:
        app = starlette_app(webhook_endpoint(once, handle))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            task = asyncio.create_task(client.post("/hook", content=BODY, headers=HEADERS))
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(scenario())
    once.claim(BODY, HEADERS).release()


@pytest.mark.parametrize("handler", NEVER_RUN)
def test_a_handler_that_would_never_run_is_refused_instead_of_losing_every_event(handler: Any) -> None:
    with pytest.raises(ConfigurationError, match="handler must be"):
        webhook_endpoint(receiver(), handler)


def test_too_large_a_body_is_refused_while_it_arrives() -> None:
    taken = 0

    async def endless() -> Any:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield {"type": "http.request", "body": b" " * 1000, "more_body": True}

    chunks = endless()
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def run(app: Any) -> None:
        scope = {"type": "http", "method": "POST", "path": "/hook", "headers": [], "query_string": b""}
        await app(scope, chunks.__anext__, send)

    asyncio.run(run(starlette_app(webhook_endpoint(receiver(max_body=5000), print))))
    assert sent[0]["status"] == 413 and taken == 6


def test_a_sender_that_hangs_up_is_no_error_of_the_server() -> None:
    sent: list[Any] = []

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    app = starlette_app(webhook_endpoint(receiver(), print))
    scope = {"type": "http", "method": "POST", "path": "/hook", "headers": [], "query_string": b""}
    asyncio.run(app(scope, gone, send))
    assert sent[0]["status"] == 400


def test_a_failing_source_of_secrets_is_a_503_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def secrets() -> str:
        raise OSError("vault away")

    response = post(starlette_app(webhook_endpoint(receiver(secrets=secrets), print)))
    assert (response.status_code, response.content) == (503, b'{"ok":false}')
    assert "vault away" in caplog.text


def test_the_reason_is_logged_and_nothing_of_the_request(caplog: pytest.LogCaptureFixture) -> None:
    post(starlette_app(webhook_endpoint(receiver(), print)), BODY, signed(BODY, "whsec_other"))
    assert [record.getMessage() for record in caplog.records if record.name == "vocobase.webhooks"] == [
        "webhook refused: bad-signature"
    ]


@apps
def test_over_http(make: Callable[[Any], Any]) -> None:
    seen = Recorder()
    app = make(webhook_endpoint(WebhookReceiver(SECRET), seen.coroutine))
    with serve_asgi(app) as url:
        assert httpx.post(f"{url}/hook", content=BODY, headers=sign(BODY, SECRET)).status_code == 200
        assert httpx.post(f"{url}/hook", content=BODY, headers=HEADERS).status_code == 400
        assert httpx.get(f"{url}/hook").status_code == 405
    assert isinstance(seen.events[0], SessionCompleted)


@apps
def test_an_exception_handler_may_read_the_body(make: Callable[[Any], Any]) -> None:
    def fail(event: Event) -> None:
        raise LookupError

    read: list[bytes] = []

    async def on_error(request: Request, error: Exception) -> Response:
        read.append(await request.body())
        assert await request.json() == json.loads(BODY)
        return Response(status_code=500)

    app = make(webhook_endpoint(receiver(), fail))
    app.add_exception_handler(LookupError, on_error)
    assert post(app).status_code == 500
    assert read == [BODY]


@pytest.mark.parametrize("before", [True, False])
def test_a_dependency_may_read_the_body_before_or_after(before: bool) -> None:
    seen, read = Recorder(), list[bytes]()
    endpoint = webhook_endpoint(receiver(), seen.plain)

    async def log_body(request: Request) -> AsyncIterator[None]:
        if before:
            read.append(await request.body())
        yield
        read.append(await request.body())

    app = FastAPI(dependencies=[Depends(log_body)])
    app.post("/hook")(endpoint)
    assert post(app).status_code == 200
    assert read == [BODY] * (1 + before) and len(seen.events) == 1


def test_a_body_that_is_too_large_is_refused_with_413_and_its_handler_may_read() -> None:
    app = starlette_app(webhook_endpoint(receiver(max_body=5), print))
    assert post(app).status_code == 413
