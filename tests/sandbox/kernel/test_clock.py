"""How clocks start and move."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas
import pytest

from tests.sandbox.support import Api
from vocobase_sandbox import Sandbox


@pytest.mark.parametrize(
    "clock",
    ["sometimes", "x0", "x-1", 0, "xx", pytest.param(10**5000, id="digits"), "x1e999", True, None, []],
)
def test_a_bad_clock_is_rejected(clock: Any) -> None:
    with pytest.raises(ValueError, match="clock must be"):
        Sandbox(clock=clock)


@pytest.mark.parametrize("start", [datetime(2026, 1, 5), pandas.NaT, "2026-01-05", 5])
def test_a_bad_start_is_rejected(start: Any) -> None:
    with pytest.raises(ValueError, match="start needs a time zone"):
        Sandbox(clock="manual", start=start)


@pytest.mark.parametrize(
    "seconds",
    ["x", "5", True, None, -1, float("nan"), float("inf"), pytest.param(10**5000, id="digits"), timedelta(1)],
)
def test_a_clock_moves_by_a_number_of_seconds(seconds: Any) -> None:
    with Sandbox(clock="manual") as sandbox:
        before = sandbox.clock.now
        with pytest.raises(ValueError, match="seconds must be a number of at least 0"):
            sandbox.clock.advance(seconds)
        assert sandbox.clock.now == before


def test_a_running_clock_that_jumps_runs_every_transition() -> None:
    with Sandbox(clock="x10", rate_limits=False, ring_seconds=1000) as sandbox:
        api = Api(sandbox, None)  # type: ignore[arg-type]
        call = api.call(api.agent()["id"])
        sandbox.clock.advance(1199)
        pause = threading.Event()

        def answered() -> bool:
            # Not the status of the call, which a busy machine may see when it is over.
            mine = [row["type"] for row in sandbox.events if row.get("call_id") == call["call_id"]]
            return "call.in_progress" in mine

        for _ in range(500):
            if answered():
                break
            pause.wait(0.01)
        assert answered()
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
