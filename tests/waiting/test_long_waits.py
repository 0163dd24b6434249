"""No server makes a program wait for longer than the window of its budgets; a longer Retry-After is logged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import vocobase
from tests.client.hostile import NUMBER, FreeBudget
from tests.waiting.support import Client, Clock, both
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


def refusal(**headers: str) -> httpx.Response:
    return httpx.Response(429, headers={name.replace("_", "-"): text for name, text in headers.items()})


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


def refusing(times: int, then: dict[str, Any], **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    left = [refusal(**headers) for _ in range(times)]
    return lambda _: left.pop() if left else httpx.Response(200, json={"success": True, "data": then})


@both
def test_a_retry_waits_at_most_for_the_window_and_logs_it(
    kind: str, stack: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(stack)
    respond = refusing(1, {"id": "a"}, retry_after="1000000000")
    with Client(kind, respond=respond, timeout=vocobase.Timeout(total=1e9)) as client:
        assert client.call(lambda vb: vb.agents.get("a")).id == "a"
    assert clock.pauses == [WINDOW_SECONDS]
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told.startswith("agents.get: the server asks to wait 1e+09 s (status 429); waiting 60 s")


@both
def test_a_shorter_wait_is_kept_and_not_worth_a_warning(
    kind: str, stack: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(stack)
    with Client(kind, respond=refusing(1, {"id": "a"}, retry_after="7")) as client:
        client.call(lambda vb: vb.agents.get("a"))
    assert clock.pauses == [7.0]
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


@both
@pytest.mark.parametrize("headers", [{"retry_after": "1e300"}, {"retry_after_ms": "1e300"}])
@pytest.mark.parametrize(
    ("then", "wait"),
    [
        ({"campaign_id": "c", "status": "completed"}, lambda vb: vb.campaigns.watch("c")),
        (
            {"calls": [{"call_id": "c", "status": "failed"}], "total": 1},
            lambda vb: vb.calls.wait_all(["c"], timeout=1e8),
        ),
        ({"calls": [], "total": 0}, lambda vb: vb.events.poll(timeout=300)),
    ],
)
def test_a_wait_polls_again_after_the_window(
    kind: str,
    headers: dict[str, str],
    then: dict[str, Any],
    wait: Callable[[Any], Any],
    stack: ExitStack,
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock(stack)
    with Client(kind, respond=refusing(2, then, **headers)) as client:
        found = [*client.iterate(wait)]
    assert clock.pauses[:2] == [WINDOW_SECONDS, WINDOW_SECONDS]
    assert len(found) == (0 if then.get("calls") == [] else 1)
    assert sum("asks to wait 1e+" in record.getMessage() for record in caplog.records) == 2


@both
def test_a_start_that_waits_for_a_slot_tries_again_after_the_window(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    respond = refusing(1, {"call_id": "c", "limit": 0}, retry_after="1000000000")
    with Client(kind, respond=respond) as client:
        assert client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=1e8)).call_id == "c"
    assert clock.pauses == [WINDOW_SECONDS]


@both
def test_an_import_waits_for_the_window_at_most(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    left = [refusal(retry_after="1e300"), refusal(retry_after_ms="1e300")]

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and left:
            return left.pop()
        data = {"campaign_id": "c", "status": "draft", "added": 1, "duplicates": 0}
        return httpx.Response(200, json={"success": True, "data": data})

    options: dict[str, Any] = {"timeout": vocobase.Timeout(total=1e9), "pace": FreeBudget()}
    with Client(kind, respond=respond, **options) as client:
        report = client.call(lambda vb: vb.campaigns.import_contacts("c", [{"phone": NUMBER}]))
    assert report.added == 1
    assert clock.pauses == [WINDOW_SECONDS, WINDOW_SECONDS]


@pytest.mark.parametrize(
    ("told", "waited"),
    [(1e9, WINDOW_SECONDS), (float("inf"), WINDOW_SECONDS), (-5.0, 0.0), (float("nan"), 0.0), (3, 3)],
)
def test_a_pacer_that_is_far_away_is_asked_again_after_the_window(told: float, waited: float) -> None:
    class Far:
        def reserve(self, budget: vocobase.Budget, account: str) -> float:
            return told

    assert ask(Far(), vocobase.Budget.CALLS, "a") == waited
