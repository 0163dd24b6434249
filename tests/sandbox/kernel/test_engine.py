"""A transition or a write that fails does not stop the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandbox.support import Api
from vocobase_sandbox import Sandbox
from vocobase_sandbox.kernel.messages import Request, Row
from vocobase_sandbox.kernel.world import World, action


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
    """A disk that is full for a moment stops neither the clock nor earlier or later writes."""
    state = tmp_path / "state"
    with Sandbox(clock="x100", state=state, rate_limits=False) as sandbox:
        sandbox._engine.pause_seconds = 0.01
        connection = sandbox._file._connection  # type: ignore[union-attr]
        connection.execute("PRAGMA query_only = ON")
        with sandbox._engine.lock:
            sandbox.world.schedule(0.1, "test.broken")
            sandbox.world.store.put("notes", {"id": "n"})
        until(lambda: "the clock continues" in caplog.text)
        headers = {"authorization": f"Bearer {sandbox.api_key}", "content-type": "application/json"}
        request = Request("POST", "/api/v2/projects", "", headers, b'{"name": "p"}', sandbox.base_url)
        assert sandbox.handle(request).status == 500
        connection.execute("PRAGMA query_only = OFF")
        assert sandbox.handle(request).status in (201, 409)
    with Sandbox(clock="manual", state=state) as again:
        assert again.world.store.get("notes", "n")
        assert any(row["name"] == "p" for row in again.world.store.rows("projects"))
