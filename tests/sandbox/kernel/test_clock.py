"""How clocks start and move."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.support import Api
from vocobase_sandbox import Sandbox


@pytest.mark.parametrize("clock", ["sometimes", "x0", "x-1", 0, "xx"])
def test_a_bad_clock_is_rejected(clock: str | float) -> None:
    with pytest.raises(ValueError, match="clock must be"):
        Sandbox(clock=clock)


def test_a_running_clock_that_jumps_runs_every_transition() -> None:
    with Sandbox(clock="x10", rate_limits=False, ring_seconds=1000) as sandbox:
        api = Api(sandbox, None)  # type: ignore[arg-type]
        call = api.call(api.agent()["id"])
        sandbox.clock.advance(1199)
        pause = threading.Event()
        for _ in range(500):
            if sandbox.world.store.table("calls")[call["call_id"]]["status"] == "in_progress":
                break
            pause.wait(0.01)
        assert sandbox.world.store.table("calls")[call["call_id"]]["status"] == "in_progress"
        sandbox.reset()
        assert api.ok("GET", "/calls")["total"] == 0


def test_a_manual_clock_starts_at_the_current_time_by_default() -> None:
    with Sandbox(clock="manual") as sandbox:
        assert abs(datetime.now(UTC) - sandbox.clock.now) < timedelta(minutes=1)
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with Sandbox(clock="manual", start=start) as sandbox:
        assert sandbox.clock.now == start
        sandbox.clock.advance(60)
        sandbox.reset()
        assert sandbox.clock.now == start


def test_a_start_without_a_time_zone_is_rejected() -> None:
    with pytest.raises(ValueError, match="start needs a time zone"):
        Sandbox(start=datetime(2026, 1, 5, 9))
