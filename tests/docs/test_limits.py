"""docs/limits.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from vocobase._policy.cadence import (
    CALLS_INTERVAL_SECONDS,
    SESSION_FINAL_SECONDS,
    SESSIONS_INTERVAL_SECONDS,
)
from vocobase._policy.operations import OPERATIONS, PER_MINUTE, Budget
from vocobase._policy.retry import MAX_BUDGET_WAITS

TEXT = Path("docs/limits.md").read_text(encoding="utf-8")


def test_the_budgets_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (.*) \|$", TEXT, re.MULTILINE)
    assert {name: int(size) for name, size, _ in rows} == {
        "calls": PER_MINUTE[Budget.CALLS],
        "WebRTC": PER_MINUTE[Budget.WEBRTC],
        "general": PER_MINUTE[Budget.GENERAL],
    }
    named = {name: set(re.findall(r"`(\w+\.\w+)`", text)) for name, _, text in rows}
    for name, budget in (("calls", Budget.CALLS), ("WebRTC", Budget.WEBRTC)):
        assert named[name] == {key for key, operation in OPERATIONS.items() if operation.budget is budget}


def test_the_times_follow_from_the_intervals() -> None:
    assert (
        f"about {1000 * CALLS_INTERVAL_SECONDS / 60:.0f} minutes, at {60 / CALLS_INTERVAL_SECONDS:.0f} calls"
        in TEXT
    )
    assert (
        f"about {1000 / PER_MINUTE[Budget.GENERAL]:.0f} minutes, at {PER_MINUTE[Budget.GENERAL]} a minute"
        in TEXT
    )
    a_minute = 60 / SESSIONS_INTERVAL_SECONDS + 60 / CALLS_INTERVAL_SECONDS
    minutes = SESSION_FINAL_SECONDS / 60 + 1000 / a_minute
    assert f"about {minutes:.0f} minutes, at {a_minute:.0f} calls" in TEXT
    assert MAX_BUDGET_WAITS == 10 and "at most ten times" in TEXT
