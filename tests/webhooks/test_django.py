"""The adapter for Django."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory, override_settings

from vocobase import ConfigurationError
from vocobase.webhooks import Event, MemoryDedupe, SessionCompleted, WebhookReceiver, sign
from vocobase.webhooks.django import webhook_endpoint

from . import django_site
from .support import NEVER_RUN, SECRET, encode, receiver, serve_asgi, serve_wsgi, signed

BODY = encode()
HEADERS = signed(BODY)

Handle = Callable[[Event], None]


def mount(handler: Any, **options: Any) -> None:
    django_site.mount(webhook_endpoint(options.pop("with_", None) or receiver(**options), handler))


def post(body: bytes = BODY, headers: Any = HEADERS) -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post("/hook", body, content_type="application/json", headers=headers)


def post_async(body: bytes = BODY, headers: Any = HEADERS) -> Any:
    client = AsyncClient(enforce_csrf_checks=True)
    sending: Any = client.post("/hook", body, content_type="application/json", headers=headers)
    return asyncio.run(sending)


def made(kind: str, work: Handle) -> Any:
    """Create a plain or an async handler of the same work."""

    async def handle(event: Event) -> None:
        work(event)

    return handle if kind == "async" else work


kinds = pytest.mark.parametrize("kind", ["plain", "async"])
ways = pytest.mark.parametrize("send", [post, post_async])


@kinds
@ways
def test_handlers_of_every_kind_get_the_event(kind: str, send: Any) -> None:
    seen: list[Event] = []
    mount(made(kind, seen.append))
    response = send()
    assert (response.status_code, response.content) == (200, b'{"ok":true}')
    assert response["content-type"] == "application/json"
    assert isinstance(seen[0], SessionCompleted)


@kinds
@ways
def test_a_bad_signature_is_a_400_without_details(kind: str, send: Any) -> None:
    seen: list[Event] = []
    mount(made(kind, seen.append))
    for body, headers in [
        (BODY, {}),
        (BODY, signed(BODY, "whsec_other")),
        (BODY + b" ", HEADERS),
        (b"[]", signed(b"[]")),
    ]:
        response = send(body, headers)
        assert (response.status_code, response.content) == (400, b'{"ok":false}')
        assert response["content-type"] == "application/json"
    assert seen == []


@kinds
def test_a_duplicate_is_a_200_and_does_not_reach_the_handler(kind: str) -> None:
    seen: list[Event] = []
    mount(made(kind, seen.append), dedupe=MemoryDedupe())
    assert [post().status_code for _ in range(3)] == [200, 200, 200]
    assert len(seen) == 1


@kinds
@ways
def test_an_error_of_the_handler_propagates_and_releases_the_event(kind: str, send: Any) -> None:
    failures = [ValueError("first"), None]

    def work(_: Event) -> None:
        if failure := failures.pop(0):
            raise failure

    mount(made(kind, work), dedupe=MemoryDedupe())
    with pytest.raises(ValueError, match="first"):
        send()
    assert send().status_code == 200


@kinds
def test_an_event_that_is_in_progress_is_to_be_sent_again(kind: str) -> None:
    inner: list[int] = []

    def work(_: Event) -> None:
        thread = threading.Thread(target=lambda: inner.append(post().status_code))
        thread.start()
        thread.join(10)

    mount(made(kind, work), dedupe=MemoryDedupe())
    assert post().status_code == 200
    assert inner == [503]


def test_a_cancelled_handler_releases_the_event() -> None:
    once = receiver(dedupe=MemoryDedupe())
    started = asyncio.Event()

    async def handle(_: Event) -> None:
        started.set()
        await asyncio.Event().wait()

    async def scenario() -> None:
        request: Any = AsyncRequestFactory().post(
            "/hook", BODY, content_type="application/json", headers=HEADERS
        )
        view: Any = webhook_endpoint(once, handle)
        task = asyncio.ensure_future(view(request))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    once.claim(BODY, HEADERS).release()


@kinds
def test_other_methods_are_refused(kind: str) -> None:
    mount(made(kind, lambda _: None))
    response = Client().get("/hook")
    assert response.status_code == 405 and response["allow"] == "POST"


def test_the_limit_is_that_of_the_receiver_not_of_the_project() -> None:
    """Long transcripts can exceed what Django accepts by default."""
    mount(lambda _: None, max_body=len(BODY))
    assert post().status_code == 200
    assert post(BODY + b" ").status_code == 413


def test_a_large_body_is_not_copied_again_with_every_piece() -> None:
    """If every chunk copied the body, the copies would add up to 8 GiB."""
    body = b" " * 2**25
    request = RequestFactory().post("/hook", body, content_type="application/json", headers=HEADERS)
    began = time.process_time()
    response: Any = webhook_endpoint(receiver(max_body=2**25), print)
    assert response(request).status_code == 400
    assert time.process_time() - began < 2


def test_a_body_that_was_read_before_still_counts() -> None:
    view: Any = webhook_endpoint(receiver(), print)
    request = RequestFactory().post("/hook", BODY, content_type="application/json", headers=HEADERS)
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=None):
        assert request.body == BODY
    assert view(request).status_code == 200


def test_a_sender_that_hangs_up_is_no_error_of_the_server() -> None:
    class Gone(HttpRequest):
        def read(self, *_: Any, **__: Any) -> bytes:
            raise UnreadablePostError

    view: Any = webhook_endpoint(receiver(), print)
    gone = Gone()
    gone.method = "POST"
    assert view(gone).status_code == 400


@pytest.mark.parametrize("handler", NEVER_RUN)
def test_a_handler_that_would_never_run_is_refused_instead_of_losing_every_event(handler: Any) -> None:
    with pytest.raises(ConfigurationError, match="handler must be"):
        webhook_endpoint(receiver(), handler)


def test_a_handler_that_hides_a_coroutine_fails_instead_of_losing_the_event() -> None:
    async def handle(_: Event) -> None:
        raise AssertionError

    mount(lambda event: handle(event))
    with pytest.raises(TypeError, match="async def"):
        post()


@kinds
@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_over_http(kind: str, server: str) -> None:
    seen: list[Event] = []
    mount(made(kind, seen.append), with_=WebhookReceiver(SECRET))
    running = serve_wsgi(get_wsgi_application()) if server == "wsgi" else serve_asgi(get_asgi_application())
    with running as url:
        assert httpx.post(f"{url}/hook", content=BODY, headers=sign(BODY, SECRET)).status_code == 200
        assert httpx.post(f"{url}/hook", content=BODY, headers=HEADERS).status_code == 400
        assert httpx.get(f"{url}/hook").status_code == 405
    assert isinstance(seen[0], SessionCompleted)


READ: list[object] = []


def reading(get_response: Any) -> Any:
    """Read the body after the view, as middleware that logs requests does."""

    def middleware(request: HttpRequest) -> Any:
        response = get_response(request)
        READ.append(request.body)
        READ.append(dict(request.POST))
        return response

    return middleware


@kinds
@ways
@pytest.mark.parametrize(
    ("body", "headers", "status"), [(BODY, HEADERS, 200), (BODY, {}, 400), (b"", signed(b""), 400)]
)
def test_middleware_may_read_the_body_after_the_view(
    kind: str, send: Callable[..., Any], body: bytes, headers: Any, status: int
) -> None:
    READ.clear()
    mount(made(kind, lambda event: None))
    with override_settings(MIDDLEWARE=[f"{__name__}.reading"]):
        assert send(body, headers).status_code == status
    assert [body, {}] == READ


@ways
def test_middleware_that_reads_the_body_after_a_view_that_refused_its_size_does_not_fail(
    send: Callable[..., Any],
) -> None:
    READ.clear()
    mount(lambda event: None, max_body=5)
    with override_settings(MIDDLEWARE=[f"{__name__}.reading"]):
        assert send().status_code == 413
    assert BODY.startswith(READ[0])  # type: ignore[arg-type] - bytes here
