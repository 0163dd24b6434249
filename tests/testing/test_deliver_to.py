"""Webhooks go to the application under test, with signatures that a default receiver accepts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import flask
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from vocobase import Vocobase
from vocobase.webhooks import Event, WebhookReceiver
from vocobase.webhooks import flask as flask_adapter
from vocobase.webhooks import starlette as starlette_adapter
from vocobase_sandbox import Sandbox

ANSWERS = "+12025550100"
Build = Callable[[str, Callable[[Event], None]], Any]


def asgi(secret: str, handle: Callable[[Event], None]) -> Any:
    endpoint = starlette_adapter.webhook_endpoint(WebhookReceiver(secret), handle)
    return Starlette(routes=[Route("/hooks/vocobase", endpoint, methods=["POST"])])


def wsgi(secret: str, handle: Callable[[Event], None]) -> Any:
    app = flask.Flask("app")
    view = flask_adapter.webhook_endpoint(WebhookReceiver(secret), handle)
    app.add_url_rule("/hooks/vocobase", view_func=view, methods=["POST"], endpoint="vocobase")
    return app


def wrapped(secret: str, handle: Callable[[Event], None]) -> Any:
    return partial(asgi(secret, handle))


def plain_wsgi(secret: str, handle: Callable[[Event], None]) -> Any:
    app = wsgi(secret, handle)

    def application(environ: Any, start_response: Any) -> Any:
        return app(environ, start_response)

    return application


# Compiled without `from __future__ import annotations`; only type checkers know the types.
TYPED = (
    "def application(environ: Environ, start_response: StartResponse): return app(environ, start_response)"
)


def typed_wsgi(secret: str, handle: Callable[[Event], None]) -> Any:
    names: dict[str, Any] = {"app": wsgi(secret, handle)}
    exec(compile(TYPED, "typed.py", "exec", dont_inherit=True), names)
    return names["application"]


builds = pytest.mark.parametrize("build", [asgi, wsgi, wrapped, plain_wsgi])


def ring(vb: Vocobase, sandbox: Sandbox, build: Build) -> list[Event]:
    """Deliver to an application; return what it received once a call has begun."""
    endpoint = vb.config.webhooks.create("main", url="https://app.example/hooks/vocobase")
    received: list[Event] = []
    sandbox.deliver_to(build(endpoint.secret, received.append))
    agent = vb.agents.create("Desk", "Be kind.", voice_id=vb.voices.find().id)
    vb.calls.start(agent.id, ANSWERS, provider="twilio")
    return received


@builds
def test_an_application_receives_the_events_under_the_fixtures(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, build: Build
) -> None:
    received = ring(vocobase, vocobase_sandbox, build)
    vocobase.calls.wait(vocobase_sandbox.calls[0]["call_id"])
    vocobase_sandbox.clock.advance(1)
    assert [event.event for event in received] == ["session.completed"]
    assert [delivery["status"] for delivery in vocobase_sandbox.deliveries] == ["delivered"]


@pytest.fixture(params=["manual", "manual, long ago", "real"])
def plain(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Yield a sandbox whose time the process does not share."""
    start = datetime(2020, 1, 5, tzinfo=UTC) if "ago" in request.param else None
    clock = request.param.partition(",")[0]
    with Sandbox(clock="x1000" if clock == "real" else clock, start=start) as sandbox:
        yield sandbox


@builds
def test_an_application_receives_the_events_whatever_the_clock_of_the_sandbox(
    plain: Sandbox, build: Build
) -> None:
    with Vocobase(plain.api_key, base_url=plain.base_url, transport=plain.transport()) as vb:
        received = ring(vb, plain, build)
        if plain.clock.manual:
            plain.clock.advance(120)
        else:
            wait_until(lambda: bool(received) and plain.deliveries[0]["status"] == "delivered")
    assert [event.event for event in received] == ["session.completed"]


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for a clock that runs automatically; the test's own limit ends it."""
    pause = asyncio.Event()

    async def poll() -> None:
        while not done():
            try:
                await asyncio.wait_for(pause.wait(), 0.02)
            except TimeoutError:
                continue

    asyncio.run(asyncio.wait_for(poll(), 20))


@pytest.mark.skipif(sys.version_info < (3, 14), reason="Python 3.13 and older evaluate annotations at once")
def test_the_types_of_an_application_may_be_known_to_type_checkers_only(
    vocobase: Vocobase, vocobase_sandbox: Sandbox
) -> None:
    received = ring(vocobase, vocobase_sandbox, typed_wsgi)
    vocobase.calls.wait(vocobase_sandbox.calls[0]["call_id"])
    vocobase_sandbox.clock.advance(1)
    assert [event.event for event in received] == ["session.completed"]


def test_the_clock_may_move_inside_a_running_event_loop(
    vocobase: Vocobase, vocobase_sandbox: Sandbox
) -> None:
    received = ring(vocobase, vocobase_sandbox, asgi)

    async def main() -> None:
        vocobase_sandbox.clock.advance(120)

    asyncio.run(main())
    assert len(received) == 1


@pytest.mark.parametrize("build", [asgi, wsgi])
def test_a_handler_that_fails_is_a_failed_attempt_and_is_tried_again(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, build: Build
) -> None:
    failures = iter([RuntimeError("disk full")])

    def handle(event: Event) -> None:
        for failure in failures:
            raise failure

    endpoint = vocobase.config.webhooks.create("main", url="https://app.example/hooks/vocobase")
    vocobase_sandbox.deliver_to(build(endpoint.secret, handle))
    agent = vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id)
    vocobase.calls.start(agent.id, ANSWERS, provider="twilio")
    vocobase_sandbox.clock.advance(120)
    [delivery] = vocobase_sandbox.deliveries
    assert delivery["status"] == "delivered" and len(delivery["attempts"]) == 2


def test_none_delivers_over_http_again(vocobase: Vocobase, vocobase_sandbox: Sandbox) -> None:
    received = ring(vocobase, vocobase_sandbox, asgi)
    vocobase_sandbox.deliver_to(None)
    vocobase_sandbox.clock.advance(120)
    assert received == []
    assert [delivery["status"] for delivery in vocobase_sandbox.deliveries] == ["suppressed"]


@pytest.mark.parametrize("app", [object(), 5, lambda: None, print, "app:app"])
def test_what_is_no_application_is_refused(vocobase_sandbox: Sandbox, app: Any) -> None:
    with pytest.raises(TypeError, match="pass an ASGI application or a WSGI application"):
        vocobase_sandbox.deliver_to(app)
