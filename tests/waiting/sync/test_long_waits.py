# Derived from tests/waiting/aio/test_long_waits.py by scripts/derive_sync.py; edit that instead.
"""No server makes a program wait for longer than the window of its budgets; a longer Retry-After is logged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

import vocobase
from tests.client.hostile import NUMBER, FreeBudget
from tests.waiting.support import Clock
from tests.waiting.sync.clients import client_for
from vocobase._policy.operations import WINDOW_SECONDS


def refusal(**headers: str) -> httpx.Response:
    return httpx.Response(429, headers={name.replace("_", "-"): text for name, text in headers.items()})


def refusing(times: int, then: dict[str, Any], **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    left = [refusal(**headers) for _ in range(times)]
    return lambda _: left.pop() if left else httpx.Response(200, json={"success": True, "data": then})


def test_a_retry_waits_at_most_for_the_window_and_logs_it(
    stack: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(stack)
    respond = refusing(1, {"id": "a"}, retry_after="1000000000")
    with client_for(respond=respond, timeout=vocobase.Timeout(total=1e9)) as client:
        assert (client.agents.get("a")).id == "a"
    assert clock.pauses == [WINDOW_SECONDS]
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told.startswith("agents.get: the server asks to wait 1e+09 s (status 429); waiting 60 s")


def test_a_shorter_wait_is_kept_and_not_worth_a_warning(
    stack: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(stack)
    with client_for(respond=refusing(1, {"id": "a"}, retry_after="7")) as client:
        client.agents.get("a")
    assert clock.pauses == [7.0]
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


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
    headers: dict[str, str],
    then: dict[str, Any],
    wait: Callable[[Any], Any],
    stack: ExitStack,
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock(stack)
    with client_for(respond=refusing(2, then, **headers)) as client:
        found = [each for each in wait(client)]
    assert clock.pauses[:2] == [WINDOW_SECONDS, WINDOW_SECONDS]
    assert len(found) == (0 if then.get("calls") == [] else 1)
    assert sum("asks to wait 1e+" in record.getMessage() for record in caplog.records) == 2


def test_a_start_that_waits_for_a_slot_tries_again_after_the_window(stack: ExitStack) -> None:
    clock = Clock(stack)
    respond = refusing(1, {"call_id": "c", "limit": 0}, retry_after="1000000000")
    with client_for(respond=respond) as client:
        assert (client.calls.start("a", NUMBER, wait_for_slot=1e8)).call_id == "c"
    assert clock.pauses == [WINDOW_SECONDS]


def test_an_import_waits_for_the_window_at_most(stack: ExitStack) -> None:
    clock = Clock(stack)
    left = [refusal(retry_after="1e300"), refusal(retry_after_ms="1e300")]

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and left:
            return left.pop()
        data = {"campaign_id": "c", "status": "draft", "added": 1, "duplicates": 0}
        return httpx.Response(200, json={"success": True, "data": data})

    options: dict[str, Any] = {"timeout": vocobase.Timeout(total=1e9), "pace": FreeBudget()}
    with client_for(respond=respond, **options) as client:
        report = client.campaigns.import_contacts("c", [{"phone": NUMBER}])
    assert report.added == 1
    assert clock.pauses == [WINDOW_SECONDS, WINDOW_SECONDS]
