"""What fails inside or behind the sandbox fails alone: deliveries, transitions, writes; and threads do not meet."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from vocobase_sandbox import Sandbox
from vocobase_sandbox.front.schema import compile_schema
from vocobase_sandbox.kernel.clock import Clock
from vocobase_sandbox.kernel.messages import ApiError, Request, Row
from vocobase_sandbox.kernel.world import World, action
from vocobase_sandbox.rules import webhooks

from .support import Api
from .test_webhooks import finish_a_call


def outcome(api: Api) -> Row:
    """The first attempt of the only delivery."""
    [delivery] = api.sandbox.deliveries
    return delivery["attempts"][0]


@contextmanager
def receiver(respond: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on loopback that does what it likes with every connection."""
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
    """Whether it is refused when it is given or when something is sent, the clock goes on."""
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
def test_an_address_that_is_none_is_refused(url: str) -> None:
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
        began = time.monotonic()
        with pytest.raises(OSError):
            webhooks.send_http(f"http://127.0.0.1:{port}/", {}, b"{}", 0.5)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "response",
    [b"", b"HTTP/1.1 2", b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 099 x\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"hello\r\n\r\n",
     b"HTTP/1.1 -200 OK\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", b"HTTP/1.1 \xd9\xa2\xd9\xa0\xd9\xa0 OK\r\n\r\n",
     b"HTTP/1.1 100 Continue\r\n\r\n", b"SSH-2.0-x\r\n\r\n"],
)  # fmt: skip
def test_a_response_that_is_none_is_an_os_error(response: bytes) -> None:
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
def test_whatever_a_sender_raises_is_a_failed_delivery(build: Callable[..., Api], error: Exception) -> None:
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


@action("test.broken")
def _broken(world: World, arguments: Row) -> None:
    raise ZeroDivisionError("a broken transition")


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def test_a_broken_transition_is_recorded_and_the_next_ones_run(
    build: Callable[..., Api], caplog: pytest.LogCaptureFixture
) -> None:
    api = build()
    api.sandbox.world.schedule(0.1, "test.broken")
    call = api.call(api.agent()["id"])
    api.advance(60)
    assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"
    [event] = [event for event in api.sandbox.events if event["type"] == "transition.failed"]
    assert (event["action"], event["error"]) == ("test.broken", "ZeroDivisionError")
    assert "a broken transition" in caplog.text


def test_the_thread_of_a_running_clock_survives_errors(caplog: pytest.LogCaptureFixture) -> None:
    with Sandbox(clock="x1000", rate_limits=False) as sandbox:
        world, engine = sandbox.world, sandbox._engine
        with engine.lock:
            world.schedule(1, "test.broken")
            world.schedule(2, "no.such.action")
            world.schedule(3, "webhook.attempt", delivery_id="nobody")
        until(lambda: world.next_due() is None)
        assert [event["action"] for event in sandbox.events if event["type"] == "transition.failed"] == [
            "test.broken",
            "no.such.action",
        ]


def test_a_clock_goes_on_after_a_write_that_failed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A full disk for a moment costs neither the clock nor anything that was written before or after."""
    state = tmp_path / "state"
    with Sandbox(clock="x100", state=state, rate_limits=False) as sandbox:
        sandbox._engine.pause_seconds = 0.01
        connection = sandbox._file._connection  # type: ignore[union-attr]
        connection.execute("PRAGMA query_only = ON")
        with sandbox._engine.lock:
            sandbox.world.schedule(0.1, "test.broken")
            sandbox.world.store.put("notes", {"id": "n"})
        until(lambda: "the clock goes on" in caplog.text)
        headers = {"authorization": f"Bearer {sandbox.api_key}", "content-type": "application/json"}
        request = Request("POST", "/api/v2/projects", "", headers, b'{"name": "p"}', sandbox.base_url)
        assert sandbox.handle(request).status == 500
        connection.execute("PRAGMA query_only = OFF")
        assert sandbox.handle(request).status in (201, 409)
    with Sandbox(clock="manual", state=state) as again:
        assert again.world.store.get("notes", "n")
        assert any(row["name"] == "p" for row in again.world.store.rows("projects"))


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_a_state_file_and_what_lies_next_to_it_can_be_read_by_the_owner_only(
    tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        with Sandbox(state=tmp_path / "state", clock="manual") as sandbox:
            sandbox.clock.advance(1)
            found = modes(tmp_path)
    finally:
        os.umask(before)
    assert "state-wal" in found and set(found.values()) == {0o600}
    assert modes(tmp_path) == {"state": 0o600}


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_state_file_that_others_could_read_is_narrowed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    Sandbox(state=state, clock="manual").close()
    state.chmod(0o644)
    (tmp_path / "state-wal").touch(mode=0o644)
    (tmp_path / "link").symlink_to(state)
    with Sandbox(state=tmp_path / "link", clock="manual"):
        assert all(mode == 0o600 for name, mode in modes(tmp_path).items())


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_an_empty_file_and_a_link_to_nothing_become_private_as_well(tmp_path: Path) -> None:
    (tmp_path / "empty").touch(mode=0o666)
    (tmp_path / "link").symlink_to(tmp_path / "new")
    for name in ("empty", "link"):
        Sandbox(state=tmp_path / name, clock="manual").close()
    assert (tmp_path / "empty").stat().st_mode & 0o777 == (tmp_path / "new").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_foreign_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "theirs"
    sqlite3.connect(path).execute("CREATE TABLE t (x)").connection.close()
    path.chmod(0o644)
    with pytest.raises(ValueError, match="it was left as it is"):
        Sandbox(state=path, clock="manual")
    assert path.stat().st_mode & 0o777 == 0o644


@contextmanager
def hurried() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def race(*works: Callable[[], object], seconds: float = 0.6) -> list[BaseException]:
    """Run each again and again in a thread of its own; return what they raise."""
    errors: list[BaseException] = []
    end = time.monotonic() + seconds

    def repeat(work: Callable[[], object]) -> None:
        try:
            while time.monotonic() < end and not errors:
                work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
    with hurried():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return errors


def test_faults_can_be_listed_while_requests_of_others_end_them(build: Callable[..., Api]) -> None:
    api = build()
    faults = api.sandbox.faults

    def come_and_go() -> None:
        keys = [faults.add("latency", "GET /agent", count=1) for _ in range(20)]
        while faults.take("GET /agent"):
            pass
        assert not any(faults.remove(key) for key in keys)

    assert race(faults.list, faults.list, come_and_go) == []


def test_faults_keep_the_limit_and_their_own_names_among_threads(build: Callable[..., Api]) -> None:
    faults = build().sandbox.faults
    given: list[str] = []

    def add() -> None:
        try:
            given.append(faults.add("empty"))
        except ValueError:
            time.sleep(0.001)

    assert race(add, add, add, seconds=0.2) == []
    assert len(given) == len(set(given)) == len(faults.list()) == 100


def test_requests_can_be_listed_while_others_begin_and_end(build: Callable[..., Api]) -> None:
    api = build()
    log = api.sandbox.requests
    request = Request("GET", "/api/v2/agent", "", {}, b"", "")
    response = api.sandbox.handle(request)

    def add() -> None:
        log.add(request, response, 0, 0.0, None)

    assert race(lambda: log.newest(1000), add, add, lambda: log.newest(10)) == []
    numbers = [row["seq"] for row in log.newest(1000)]
    assert numbers == sorted(set(numbers), reverse=True)


def test_a_running_clock_never_goes_back_while_another_thread_leaps_forward() -> None:
    clock = Clock(0, speed=1000)
    seen: dict[int, int] = {}

    def look() -> None:
        key = threading.get_ident()
        now = clock.now_ms()
        assert now >= seen.get(key, 0)
        seen[key] = now

    def leap() -> None:
        wanted = clock.now_ms() + 1
        clock.advance_to(wanted)
        assert clock.now_ms() >= wanted

    assert race(look, look, leap, leap) == []


def test_a_leap_takes_nothing_off_the_time_that_passes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread may stand still between any two steps of a leap: here every look at the machine takes 50 ms."""
    looks = 0

    def monotonic() -> float:
        nonlocal looks
        looks += 1
        return looks * 0.05

    monkeypatch.setattr("time.monotonic", monotonic)
    clock = Clock(0)
    clock.advance_to(51)
    assert clock.now_ms() >= (looks - 1) * 50


def test_an_instant_that_has_passed_does_not_put_a_clock_back() -> None:
    clock = Clock(1_000_000)
    clock.advance_to(10)
    assert clock.now_ms() >= 1_000_000


def test_the_deliveries_that_were_shown_do_not_change(build: Callable[..., Api]) -> None:
    api = build(sender=lambda *_: 500)
    api.webhook()
    finish_a_call(api)
    [shown] = api.sandbox.deliveries
    count = len(shown["attempts"])
    api.advance(10)
    assert len(shown["attempts"]) == count


@pytest.mark.parametrize("kind", ["uri", "email"])
def test_the_time_to_check_a_format_grows_with_the_length(kind: str) -> None:
    check = compile_schema({"type": "string", "format": kind})
    for text in ("https://" + "a" * 300_000 + " ", "a@" + "." * 300_000 + "@", "a@" + "b." * 150_000 + " "):
        began = time.thread_time()
        assert check(text, "x", []) is not None
        assert time.thread_time() - began < 2
    for good in ("a@b.c", "a@.b.c", "a@b..c"):
        assert (check(good, "x", []) is None) is (kind == "email")
    for bad in ("a@b", "a@b.", "a@.b", "@b.c", "a@b@c.d"):
        assert check(bad, "x", []) is not None
