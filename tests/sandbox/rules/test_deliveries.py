"""Deliveries to receivers that misbehave: each failure is a failed attempt, in time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.sandbox.support import Api
from tests.stopwatch import Stopwatch
from vocobase_sandbox.kernel.messages import ApiError, Row
from vocobase_sandbox.rules import webhooks

from .test_webhooks import finish_a_call


def outcome(api: Api) -> Row:
    """The first attempt of the only delivery."""
    [delivery] = api.sandbox.deliveries
    return delivery["attempts"][0]


@contextmanager
def receiver(respond: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on loopback that treats every connection as given."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(65536)
                        respond(connection)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize("target", ["/caf\u00e9", "/?q=\u0928\u092e", "/a%20b", "/\U0001f600?\u00fc=%41"])
def test_an_address_with_other_characters_is_delivered_to(build: Callable[..., Api], target: str) -> None:
    seen: list[bytes] = []

    def respond(connection: socket.socket) -> None:
        seen.append(b"")
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    with receiver(respond) as port:
        api = build(sender=None)
        api.webhook(url=f"http://127.0.0.1:{port}{target}")
        finish_a_call(api)
        assert outcome(api)["status"] == 200 and len(seen) == 1


UNUSABLE = [
    "http://localhost:1/\u00e9",
    "https://b\u00fccher.example/\u00e9",
    "https://\u00fc.localhost/",
    "https://xn--a.invalid/",
    "https://" + "a" * 64 + ".invalid/",
    "https://" + "a." * 200 + "invalid/",
    "https://a..b/",
    "https://.../",
    "https://[::1%25nowhere]/",
    "http://[::1%nowhere]:1/",
    "http://user:secret@localhost:1/",
    "http://localhost:0/",
    "http://localhost:65535/",
    "http://localhost:1/" + "x" * 100_000,
    "http://localhost:1/\ud7ff",
    "https://\uff0e\uff0e/",
    "https://\u2488com/",
]


@pytest.mark.parametrize("url", UNUSABLE)
def test_an_address_that_cannot_be_reached_is_a_failed_delivery(build: Callable[..., Api], url: str) -> None:
    """Whether it is rejected on registration or on delivery, the clock continues."""
    api = build(sender=None, allow_remote=True)
    [row] = [api.webhook()]
    # As if an older version had taken it, so that every address gets as far as the sending.
    stored = api.sandbox.world.store.get("webhooks", row["id"])
    assert stored is not None
    stored["url"] = url
    finish_a_call(api)
    api.advance(10)
    [delivery] = api.sandbox.deliveries
    assert (delivery["status"], len(delivery["attempts"])) == ("failed", 4)
    assert all(attempt["status"] is None and attempt["error"] for attempt in delivery["attempts"])


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost\x01/", "https://a b/", "https://example.com/\x7f", "https://example.com/\n", "https://a\\b/",
        "https://[::1/", "https://:80/", "https:///x", "https://a:99999/", "https://a:x/", "", "x", "https:", "//a/",
        "http://example.com/", "http://127.0.0.1.example.com/", "ftp://localhost/", "http://localhost@evil.example/",
    ],
)  # fmt: skip
def test_an_invalid_address_is_rejected(url: str) -> None:
    with pytest.raises(ApiError, match="url"):
        webhooks.check_url(url)
    with pytest.raises(OSError):
        webhooks.send_http(url if "localhost" in url and "\x01" in url else "http://[::1", {}, b"", 1)


def never_ending(start: bytes, part: bytes) -> Callable[[socket.socket], None]:
    def respond(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(part)
            time.sleep(0.0005)

    return respond


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (b"HTTP/1.1 ", b"2"),
        (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 100),
        (b"HTTP/1.1 200 OK\r\nx: ", b"y"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n" * 50),
        (b"", b"\r\n"),
        (b"", b"\x00\xff" * 1000),
    ],
)
def test_a_receiver_that_never_ends_is_a_failed_attempt_in_time(start: bytes, part: bytes) -> None:
    with receiver(never_ending(start, part)) as port:
        with Stopwatch() as watch, pytest.raises(OSError):
            webhooks.send_http(f"http://127.0.0.1:{port}/", {}, b"{}", 0.5)
        assert watch.seconds < 3


@pytest.mark.parametrize(
    "response",
    [b"", b"HTTP/1.1 2", b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 099 x\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"hello\r\n\r\n",
     b"HTTP/1.1 -200 OK\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", b"HTTP/1.1 \xd9\xa2\xd9\xa0\xd9\xa0 OK\r\n\r\n",
     b"HTTP/1.1 100 Continue\r\n\r\n", b"SSH-2.0-x\r\n\r\n"],
)  # fmt: skip
def test_an_invalid_response_is_an_os_error(response: bytes) -> None:
    with receiver(lambda connection: connection.sendall(response)) as port, pytest.raises(OSError):
        webhooks.send_http(f"http://127.0.0.1:{port}/", {}, b"{}", 5)


def test_interim_responses_are_skipped() -> None:
    def respond(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\na: b\r\n\r\nHTTP/1.0 204\r\n\r\n")

    with receiver(respond) as port:
        assert webhooks.send_http(f"http://127.0.0.1:{port}/", {}, b"{}", 5) == 204


@pytest.mark.parametrize(
    "error", [ValueError("v"), KeyError("k"), RecursionError(), UnicodeError("u"), AssertionError()]
)
def test_any_exception_of_a_sender_is_a_failed_delivery(build: Callable[..., Api], error: Exception) -> None:
    def sender(*_: Any) -> int:
        raise error

    api = build(sender=sender)
    api.webhook()
    finish_a_call(api)
    api.advance(10)
    [delivery] = api.sandbox.deliveries
    assert delivery["status"] == "failed" and type(error).__name__ in delivery["attempts"][0]["error"]


@pytest.mark.parametrize("status", [None, "200", 200.0])
def test_a_sender_that_returns_no_status_is_a_failed_delivery(build: Callable[..., Api], status: Any) -> None:
    api = build(sender=lambda *_: status)
    api.webhook()
    finish_a_call(api)
    assert "sender must return the status" in outcome(api)["error"]


def test_returned_deliveries_do_not_change(build: Callable[..., Api]) -> None:
    api = build(sender=lambda *_: 500)
    api.webhook()
    finish_a_call(api)
    [shown] = api.sandbox.deliveries
    count = len(shown["attempts"])
    api.advance(10)
    assert len(shown["attempts"]) == count
