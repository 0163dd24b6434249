"""From a call to the handler: the emulator delivers over HTTP to each framework."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette
from starlette.routing import Route

from vocobase import Vocobase
from vocobase.types import CallStatus, TranscriptRole
from vocobase.webhooks import MemoryDedupe, SessionCompleted, WebhookReceiver
from vocobase.webhooks import django as django_adapter
from vocobase.webhooks import flask as flask_adapter
from vocobase.webhooks import starlette as starlette_adapter
from vocobase_sandbox import Sandbox

from . import django_site
from .support import serve_asgi, serve_wsgi

Server = Callable[[WebhookReceiver, Any], Any]


def fastapi_server(receiver: WebhookReceiver, handler: Any) -> Any:
    app = FastAPI()
    app.post("/hook")(starlette_adapter.webhook_endpoint(receiver, handler))
    return serve_asgi(app)


def flask_server(receiver: WebhookReceiver, handler: Any) -> Any:
    app = Flask(__name__)
    view = flask_adapter.webhook_endpoint(receiver, handler)
    app.add_url_rule("/hook", view_func=view, methods=["POST"])
    return serve_wsgi(app)


def django_server(receiver: WebhookReceiver, handler: Any) -> Any:
    django_site.mount(django_adapter.webhook_endpoint(receiver, handler))
    return serve_wsgi(get_wsgi_application())


def awaited(handler: Any) -> Any:
    async def handle(event: Any) -> None:
        handler(event)

    return handle


def starlette_server(receiver: WebhookReceiver, handler: Any) -> Any:
    endpoint = starlette_adapter.webhook_endpoint(receiver, awaited(handler))
    return serve_asgi(Starlette(routes=[Route("/hook", endpoint, methods=["POST"])]))


def django_asgi_server(receiver: WebhookReceiver, handler: Any) -> Any:
    django_site.mount(django_adapter.webhook_endpoint(receiver, awaited(handler)))
    return serve_asgi(get_asgi_application())


frameworks = pytest.mark.parametrize(
    "server", [fastapi_server, starlette_server, flask_server, django_server, django_asgi_server]
)


class Partner:
    """The program of a partner: the SDK, a receiver, and a handler that can be made to fail."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.vb = Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport())
        self.secrets = ["whsec_of_another_endpoint"]
        self.receiver = WebhookReceiver(
            lambda: self.secrets, dedupe=MemoryDedupe(), clock=lambda: sandbox.clock.now.timestamp()
        )
        self.events: list[Any] = []
        self.failures = 0

    def handle(self, event: Any) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the database is away")
        self.events.append(event)

    def call(self) -> str:
        voice = self.vb.voices.find(language="en")
        agent = self.vb.agents.create(
            agent_name="Asha", prompt="Sell shoes.", voice_id=voice.id, agent_type="outbound"
        )
        return self.vb.calls.start(agent.id, "+919876543210").call_id

    def deliveries(self) -> list[Any]:
        with httpx.Client(transport=self.sandbox.transport()) as client:
            response = client.get("http://sandbox.localhost/_sandbox/deliveries").json()
        return list(response["data"]["deliveries"])

    def replay(self, delivery: Any) -> None:
        with httpx.Client(transport=self.sandbox.transport()) as client:
            where = f"http://sandbox.localhost/_sandbox/deliveries/{delivery['id']}/replay"
            assert client.post(where).status_code == 201


@pytest.fixture
def partner(server: Server) -> Generator[Partner]:
    with Sandbox(clock="manual", rate_limits=False) as sandbox:
        partner = Partner(sandbox)
        with partner.vb, server(partner.receiver, partner.handle) as url:
            endpoint = partner.vb.config.webhooks.create(label="main", url=f"{url}/hook")
            partner.secrets.append(endpoint.secret)
            yield partner


def statuses(delivery: Any) -> list[int]:
    return [attempt["status"] for attempt in delivery["attempts"]]


@frameworks
def test_a_finished_call_reaches_the_handler_as_a_typed_event(partner: Partner) -> None:
    call_id = partner.call()
    partner.sandbox.clock.advance(60)
    (event,) = partner.events
    assert isinstance(event, SessionCompleted)
    assert event.call is not None and event.call.call_id == call_id
    assert (event.call.status, event.call.to_number) == (CallStatus.COMPLETED, "+919876543210")
    assert {turn.role for turn in event.transcript} == {TranscriptRole.BOT, TranscriptRole.USER}
    details = partner.vb.calls.get(call_id)
    assert details.session is not None and details.session.session_id == event.session_id
    assert [statuses(delivery) for delivery in partner.deliveries()] == [[200]]


@frameworks
def test_a_handler_that_fails_gets_the_event_again(partner: Partner) -> None:
    partner.failures = 2
    partner.call()
    partner.sandbox.clock.advance(60)
    assert len(partner.events) == 1
    assert [statuses(delivery) for delivery in partner.deliveries()] == [[500, 500, 200]]


@frameworks
def test_a_replayed_delivery_is_acknowledged_but_not_handled_again(partner: Partner) -> None:
    partner.call()
    partner.sandbox.clock.advance(60)
    partner.replay(partner.deliveries()[0])
    assert [statuses(delivery) for delivery in partner.deliveries()] == [[200], [200]]
    assert len(partner.events) == 1


@frameworks
def test_a_wrong_secret_is_refused_until_it_is_corrected(partner: Partner) -> None:
    right = partner.secrets.pop()
    partner.call()
    partner.sandbox.clock.advance(60)
    assert [statuses(delivery) for delivery in partner.deliveries()] == [[400, 400, 400, 400]]
    partner.secrets.append(right)
    partner.replay(partner.deliveries()[0])
    assert len(partner.events) == 1


@frameworks
def test_old_and_new_secret_both_work_while_one_is_replaced(partner: Partner) -> None:
    endpoint = partner.vb.config.webhooks.list()[0]
    partner.failures = 1
    first = partner.call()
    while partner.failures:
        partner.sandbox.clock.advance(0.1)
    partner.secrets.append(partner.vb.config.webhooks.rotate_secret(endpoint.id).secret)
    partner.sandbox.clock.advance(60)
    second = partner.vb.calls.start(partner.vb.agents.list()[0].id, "+919876543210").call_id
    partner.sandbox.clock.advance(60)
    assert [event.call.call_id for event in partner.events] == [first, second]
