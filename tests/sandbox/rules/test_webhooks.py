"""Webhook endpoints and deliveries."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.sandbox.support import Api, Delivery
from vocobase_sandbox import Sandbox
from vocobase_sandbox.rules import webhooks


def verify(delivery: Delivery, secret: str) -> bool:
    signed = delivery.headers["X-Webhook-Timestamp"].encode() + b"." + delivery.body
    expected = "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return delivery.headers["X-Webhook-Signature"] == expected


def finish_a_call(api: Api) -> None:
    api.call(api.agent()["id"])
    api.advance(4)


def test_secrets_are_shown_once(api: Api) -> None:
    made = api.webhook()
    assert made["secret"].startswith("whsec_")
    listed = api.ok("GET", "/config/webhooks")["webhooks"]
    assert listed[0]["id"] == made["id"] and "secret" not in listed[0]
    rotated = api.ok("POST", f"/config/webhooks/{made['id']}/rotate-secret")
    assert rotated["secret"] != made["secret"]
    assert made["secret"] not in str(api.ok("GET", "/config")) and rotated["secret"] not in str(
        api.ok("GET", "/config")
    )


def test_every_enabled_endpoint_gets_the_event_signed_with_its_own_secret(api: Api) -> None:
    first, second = api.webhook("one", "https://one.example/"), api.webhook("two", "https://two.example/")
    off = api.webhook("off", "https://off.example/")
    api.ok("PUT", f"/config/webhooks/{off['id']}", {"enabled": False})
    finish_a_call(api)
    by_url = {delivery.url: delivery for delivery in api.receiver.received}
    assert set(by_url) == {"https://one.example/", "https://two.example/"}
    assert verify(by_url["https://one.example/"], first["secret"])
    assert verify(by_url["https://two.example/"], second["secret"])
    assert not verify(by_url["https://two.example/"], first["secret"])
    event = by_url["https://one.example/"].event
    assert event["event"] == "session.completed" and event["data"]["processing_complete"] is True
    shown = api.ok("GET", "/config/webhooks")["webhooks"][0]
    assert shown["last_delivery_status"] == "success" and shown["last_delivery_at"]


def test_failures_are_retried_after_one_two_and_four_seconds(api: Api) -> None:
    endpoint = api.webhook()
    api.receiver.answers = [500, OSError("refused"), 302, 404]
    finish_a_call(api)
    api.advance(60)
    stamps = [delivery.headers["X-Webhook-Timestamp"] for delivery in api.receiver.received]
    seconds = [int(stamp[17:19]) for stamp in stamps]
    assert [later - sooner for sooner, later in itertools.pairwise(seconds)] == [1, 2, 4]
    assert len({delivery.body for delivery in api.receiver.received}) == 1
    assert all(verify(delivery, endpoint["secret"]) for delivery in api.receiver.received)
    assert api.ok("GET", "/config/webhooks")["webhooks"][0]["last_delivery_status"] == "failed"


def test_any_success_status_ends_the_attempts(api: Api) -> None:
    api.webhook()
    api.receiver.answers = [503, 204]
    finish_a_call(api)
    api.advance(60)
    assert len(api.receiver.received) == 2


def test_pending_deliveries_keep_address_and_secret(api: Api) -> None:
    endpoint = api.webhook()
    api.receiver.answers = [500, 500]
    finish_a_call(api)
    api.ok("POST", f"/config/webhooks/{endpoint['id']}/rotate-secret")
    api.advance(1)
    api.ok("DELETE", f"/config/webhooks/{endpoint['id']}")
    api.advance(2)
    assert len(api.receiver.received) == 3
    assert all(verify(delivery, endpoint["secret"]) for delivery in api.receiver.received)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "ftp://127.0.0.1/",
        "https://",
        "https://host:99999/",
        "nothing",
    ],
)
def test_addresses_must_be_https_outside_of_this_machine(api: Api, url: str) -> None:
    api.fails(400, "POST", "/config/webhooks", {"label": "main", "url": url})
    api.fails(400, "PUT", "/config/webhook", {"webhook_url": url})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://localhost/", "http://[::1]:8000/", "http://127.8.8.8/"]
)
def test_plain_http_is_accepted_for_loopback(api: Api, url: str) -> None:
    assert api.webhook(url=url)["url"] == url


@pytest.mark.parametrize("label", ["", "Main", "-x", "a_b", "x" * 32, "a\n"])
def test_labels_follow_the_documented_pattern(api: Api, label: str) -> None:
    api.fails(400, "POST", "/config/webhooks", {"label": label, "url": "https://example.com/"})


def test_labels_are_unique_and_default_is_reserved(api: Api) -> None:
    endpoint = api.webhook()
    body = {"label": "main", "url": "https://example.com/"}
    api.fails(409, "POST", "/config/webhooks", body)
    api.fails(400, "POST", "/config/webhooks", {**body, "label": "default"})
    api.fails(400, "PUT", f"/config/webhooks/{endpoint['id']}", {"label": "default"})
    assert api.ok("PUT", f"/config/webhooks/{endpoint['id']}", {"label": "main"})["label"] == "main"
    api.fails(400, "PUT", f"/config/webhooks/{endpoint['id']}", {})
    other = api.webhook("other")
    assert api.fails(409, "PUT", f"/config/webhooks/{other['id']}", {"label": "main"})["code"] == "CONFLICT"


def test_there_are_at_most_five_endpoints(api: Api) -> None:
    for number in range(5):
        api.webhook(f"hook{number}")
    body = {"label": "sixth", "url": "https://example.com/"}
    assert "5" in api.fails(400, "POST", "/config/webhooks", body)["message"]
    api.fails(400, "PUT", "/config/webhook", {"webhook_url": "https://example.com/"})


def test_the_legacy_route_keeps_one_endpoint_and_renews_its_secret(api: Api) -> None:
    assert api.ok("GET", "/config")["webhook"] == {"configured": False, "url": None, "secret": None}
    first = api.ok("PUT", "/config/webhook", {"webhook_url": "https://one.example/"})
    second = api.ok("PUT", "/config/webhook", {"webhook_url": "https://two.example/"})
    assert first["webhook_secret"] != second["webhook_secret"]
    listed = api.ok("GET", "/config/webhooks")["webhooks"]
    assert [(row["label"], row["url"]) for row in listed] == [("default", "https://two.example/")]
    legacy = api.ok("GET", "/config")["webhook"]
    assert legacy["configured"] and legacy["secret"] != second["webhook_secret"] and "*" in legacy["secret"]


@contextmanager
def http_receiver(status: int = 200) -> Iterator[tuple[str, list[Delivery]]]:
    received: list[Delivery] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append(Delivery(self.path, dict(self.headers), body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", received
    finally:
        server.shutdown()
        server.server_close()


def test_deliveries_are_real_http_requests(build: Callable[..., Api]) -> None:
    api = build(sender=None)
    with http_receiver() as (url, received):
        secret = api.webhook(url=url)["secret"]
        finish_a_call(api)
    assert len(received) == 1
    assert received[0].headers["Content-Type"] == "application/json"
    assert verify(received[0], secret)


def test_a_refused_connection_counts_as_a_failed_attempt(build: Callable[..., Api]) -> None:
    api = build(sender=None)
    with http_receiver() as (url, _):
        pass
    api.webhook(url=url)
    finish_a_call(api)
    assert api.ok("GET", "/config/webhooks")["webhooks"][0]["last_delivery_status"] == "failed"


def test_nothing_leaves_this_machine_unless_allowed(build: Callable[..., Api]) -> None:
    api = build(sender=None)
    api.webhook(url="https://example.com/hook")
    finish_a_call(api)
    delivery = next(api.sandbox.world.store.rows("deliveries"))
    assert delivery["status"] == "suppressed" and "allow-remote" in delivery["attempts"][0]["error"]


def test_a_receiver_may_call_the_sandbox_back(build: Callable[..., Api]) -> None:
    """A receiver that reads the call while it handles the event must not block."""
    statuses: list[str] = []

    def sender(url: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
        def look() -> None:
            statuses.append(api.ok("GET", "/calls")["calls"][0]["status"])

        thread = threading.Thread(target=look)
        thread.start()
        thread.join(5)
        return 200

    api = build(sender=sender)
    api.webhook()
    finish_a_call(api)
    assert statuses == ["completed"]


def test_under_the_real_clock_everything_happens_automatically() -> None:
    with http_receiver() as (url, received), Sandbox(clock="x50", rate_limits=False) as sandbox:
        api = Api(sandbox, None)  # type: ignore[arg-type]
        api.webhook(url=url)
        api.call(api.agent()["id"])
        pause = threading.Event()
        for _ in range(500):
            if received:
                break
            pause.wait(0.01)
    assert received[0].event["event"] == "session.completed"


def test_an_endpoint_can_move(api: Api) -> None:
    endpoint = api.webhook()
    moved = api.ok("PUT", f"/config/webhooks/{endpoint['id']}", {"url": "https://new.example/"})
    assert moved["url"] == "https://new.example/"
    api.fails(400, "PUT", f"/config/webhooks/{endpoint['id']}", {"url": "http://new.example/"})


def test_a_receiver_that_does_not_speak_http_counts_as_a_failed_attempt(build: Callable[..., Api]) -> None:
    api = build(sender=None)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            listening.close()  # the next attempt must not wait for an answer that never comes
            with connection:
                connection.recv(65536)
                connection.sendall(b"hello\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        api.webhook(url=f"http://127.0.0.1:{listening.getsockname()[1]}/?x=1")
        finish_a_call(api)
        thread.join(5)
    assert "not HTTP" in api.sandbox.deliveries[0]["attempts"][0]["error"]


def test_only_the_latest_thousand_deliveries_are_kept(api: Api) -> None:
    api.webhook()
    world = api.sandbox.world
    for _ in range(1005):
        webhooks.publish(world, "session.completed", {"session_id": "s"})
    assert len(api.sandbox.deliveries) == 1000
    world.outbox.append(next(iter(world.store.table("deliveries"))))
    webhooks.conclude(world, "gone", 200, None)
    assert webhooks.prepare(world, "gone") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:9/x",
        "http://localhost./",
        "http://app.localhost:9/",
        "http://[::ffff:127.0.0.1]/",
        "http://app:9000/hook",
        "http://APP.:9000/hook",
    ],
)
def test_plain_http_is_accepted_for_this_machine_in_any_form_and_for_named_hosts(
    build: Callable[..., Api], url: str
) -> None:
    api = build(webhook_hosts={"App"})
    assert api.webhook(url=url)["url"] == url
    assert api.ok("PUT", "/config/webhook", {"webhook_url": url})["webhook_url"] == url


@pytest.mark.parametrize(
    "url",
    ["http://other/", "http://app.example/", "http://app@other/", "http://127.0.0.1./", "http://[::2]/"],
)
def test_naming_a_host_opens_no_other_one(build: Callable[..., Api], url: str) -> None:
    api = build(webhook_hosts={"app"}, allow_remote=True)
    assert (
        "--webhook-host"
        in api.fails(400, "POST", "/config/webhooks", {"label": "main", "url": url})["message"]
    )


def test_a_named_host_gets_its_deliveries_and_no_other_machine_does(
    build: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def connect(address: tuple[str, int], *_: Any) -> Any:
        sent.append(address[0])
        raise OSError("nothing listens")

    monkeypatch.setattr(socket, "create_connection", connect)
    api = build(sender=None, webhook_hosts={"app"})
    for label, url in (("a", "http://app:9/"), ("b", "https://other/"), ("c", "http://x.localhost:9/")):
        api.webhook(label, url)
    finish_a_call(api)
    assert {row["url"]: row["status"] for row in api.sandbox.deliveries} == {
        "http://app:9/": "pending",
        "https://other/": "suppressed",
        "http://x.localhost:9/": "pending",
    }
    assert set(sent) == {"app", "localhost"}
