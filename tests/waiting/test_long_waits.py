"""A wait that a server or a pacer requests is limited to the window of the budgets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import vocobase
from vocobase._policy.operations import OPERATIONS, WINDOW_SECONDS
from vocobase._policy.pacers import ask
from vocobase._policy.retry import delay, parse_retry_after, requested_wait

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WISHES = [
    {"retry-after": "1000000000"},
    {"retry-after": "1e300"},
    {"retry-after": "9" * 400},
    {"retry-after": "61"},
    {"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"},
    {"retry-after-ms": "1000000000000"},
    {"retry-after-ms": "1e308", "retry-after": "1"},
]
SENSELESS = [
    "-1",
    "-1000000000",
    "nan",
    "inf",
    "-inf",
    "Jan 99999999999999999999 Jan 23:59:59 -2400",
    "",
    "\u00b2",
]


@pytest.mark.parametrize("headers", WISHES)
def test_a_requested_wait_is_kept_and_limited_to_the_window(headers: dict[str, str]) -> None:
    wished = parse_retry_after(headers, NOW)
    if wished is None:  # beyond what a float holds
        assert headers == {"retry-after": "9" * 400}
        return
    assert wished > WINDOW_SECONDS
    fault = vocobase.RateLimitError("x", status=429, retry_after=wished)
    assert requested_wait(fault) == WINDOW_SECONDS
    again: dict[str, Any] = {"attempt": 1, "max_retries": 2, "random": lambda: 1.0}
    assert delay(OPERATIONS["calls.list"], fault, remaining=1e9, **again) == WINDOW_SECONDS


@pytest.mark.parametrize("text", SENSELESS)
def test_a_malformed_retry_after_is_none(text: str) -> None:
    assert parse_retry_after({"retry-after": text}, NOW) is None
    assert parse_retry_after({"retry-after-ms": text}, NOW) is None
    assert parse_retry_after({"retry-after-ms": text, "retry-after": "5"}, NOW) == 5.0


@pytest.mark.parametrize(
    ("told", "waited"),
    [(1e9, WINDOW_SECONDS), (float("inf"), WINDOW_SECONDS), (-5.0, 0.0), (float("nan"), 0.0), (3, 3)],
)
def test_a_pacer_that_is_far_away_is_asked_again_after_the_window(told: float, waited: float) -> None:
    class Far:
        def try_acquire(self, budget: vocobase.Budget, account: str) -> float:
            return told

    assert ask(Far(), vocobase.Budget.CALLS, "a") == waited
