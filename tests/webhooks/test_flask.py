"""The adapter for Flask."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

import httpx
import pytest
from flask import Flask

from vocobase import ConfigurationError
from vocobase.webhooks import Event, MemoryDedupe, SessionCompleted, WebhookReceiver, sign
from vocobase.webhooks.flask import webhook_endpoint

from .support import NEVER_RUN, SECRET, encode, receiver, serve_wsgi, signed

BODY = encode()
HEADERS = signed(BODY)


def app_with(handler: Any, **options: Any) -> Flask:
    app = Flask(__name__)
    app.testing = True
    app.add_url_rule("/hook", view_func=webhook_endpoint(receiver(**options), handler), methods=["POST"])
    return app


def post(app: Flask, body: bytes = BODY, headers: Any = HEADERS, **options: Any) -> Any:
    return app.test_client().post("/hook", data=body, headers=headers, **options)


def test_the_handler_gets_the_event() -> None:
    seen: list[Event] = []
    response = post(app_with(seen.append))
    assert (response.status_code, response.json, response.mimetype) == (200, {"ok": True}, "application/json")
    assert isinstance(seen[0], SessionCompleted)


def test_async_handlers_are_awaited() -> None:
    seen: list[Event] = []

    async def handle(event: Event) -> None:
        seen.append(event)

    class Handler:
        async def __call__(self, event: Event) -> None:
            seen.append(event)

    assert post(app_with(handle)).status_code == 200
    assert post(app_with(Handler())).status_code == 200
    assert len(seen) == 2


@pytest.mark.parametrize("handler", NEVER_RUN)
def test_a_handler_that_would_never_run_is_refused_instead_of_losing_every_event(handler: Any) -> None:
    with pytest.raises(ConfigurationError, match="handler must be"):
        webhook_endpoint(receiver(), handler)


def test_a_handler_that_hides_a_coroutine_fails_instead_of_losing_the_event() -> None:
    async def handle(_: Event) -> None:
        raise AssertionError

    class Future:
        def __await__(self) -> Any:
            raise AssertionError

    for hidden in (lambda event: handle(event), lambda event: Future()):
        with pytest.raises(TypeError, match="async def"):
            post(app_with(hidden))


def test_a_bad_signature_is_a_400_without_details() -> None:
    seen: list[Event] = []
    app = app_with(seen.append)
    for body, headers in [
        (BODY, {}),
        (BODY, signed(BODY, "whsec_other")),
        (BODY + b" ", HEADERS),
        (b"[]", signed(b"[]")),
        (b"", {**HEADERS, "X-Webhook-Timestamp": "9" * 1000}),
    ]:
        response = post(app, body, headers)
        assert (response.status_code, response.data, response.mimetype) == (
            400,
            b'{"ok":false}',
            "application/json",
        )
    assert seen == []


def test_a_duplicate_is_a_200_and_does_not_reach_the_handler() -> None:
    seen: list[Event] = []
    app = app_with(seen.append, dedupe=MemoryDedupe())
    assert [post(app).status_code for _ in range(3)] == [200, 200, 200]
    assert len(seen) == 1


def test_an_error_of_the_handler_propagates_and_releases_the_event() -> None:
    failures = [ValueError("first"), None]

    def handle(_: Event) -> None:
        if failure := failures.pop(0):
            raise failure

    app = app_with(handle, dedupe=MemoryDedupe())
    with pytest.raises(ValueError, match="first"):
        post(app)
    assert post(app).status_code == 200


def test_an_event_that_is_in_progress_is_to_be_sent_again() -> None:
    inner: list[int] = []

    def handle(_: Event) -> None:
        thread = threading.Thread(target=lambda: inner.append(post(app).status_code))
        thread.start()
        thread.join(10)

    app = app_with(handle, dedupe=MemoryDedupe())
    assert post(app).status_code == 200
    assert inner == [503]


def test_the_limit_is_that_of_the_receiver_not_of_the_application() -> None:
    app = app_with(lambda _: None, max_body=len(BODY))
    app.config["MAX_CONTENT_LENGTH"] = 10
    assert post(app).status_code == 200
    assert post(app, BODY + b" ").status_code == 413
    assert post(app, BODY + b"  ").status_code == 413
    stream = BytesIO(BODY + b" " * 100_000)
    chunked = {"wsgi.input_terminated": True, "wsgi.input": stream, "CONTENT_LENGTH": None}
    response = app.test_client().post("/hook", headers=HEADERS, environ_overrides=chunked)
    assert response.status_code == 413
    assert stream.tell() == len(BODY) + 1


def test_a_body_that_was_read_before_still_counts() -> None:
    app = app_with(lambda _: None)

    @app.before_request
    def look() -> None:
        from flask import request

        request.get_data()

    assert post(app).status_code == 200


def test_two_endpoints_fit_into_one_application() -> None:
    app = Flask(__name__)

    def first(_: Event) -> None: ...

    def second(_: Event) -> None: ...

    for handler in (first, second):
        view = webhook_endpoint(receiver(), handler)
        app.add_url_rule(f"/{handler.__name__}", view_func=view, methods=["POST"])
    for name in ("first", "second"):
        assert app.test_client().post(f"/{name}", data=BODY, headers=HEADERS).status_code == 200


def test_over_http() -> None:
    seen: list[Event] = []
    app = Flask(__name__)
    view = webhook_endpoint(WebhookReceiver(SECRET), seen.append)
    app.add_url_rule("/hook", view_func=view, methods=["POST"])
    with serve_wsgi(app) as url:
        assert httpx.post(f"{url}/hook", content=BODY, headers=sign(BODY, SECRET)).status_code == 200
        assert httpx.post(f"{url}/hook", content=BODY, headers=HEADERS).status_code == 400
        assert httpx.get(f"{url}/hook").status_code == 405
    assert isinstance(seen[0], SessionCompleted)
