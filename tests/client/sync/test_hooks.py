# Derived from tests/client/aio/test_hooks.py by scripts/derive_sync.py; edit that instead.
"""`on_event`: retries, waits for permits and unknown outcomes, without the values of a request."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import vocobase
from tests.client.hostile import Reply
from tests.fake_time import FakeClock, FakeRuntime
from vocobase import (
    Budget,
    ClientEvent,
    OutcomeUnknown,
    OutcomeUnknownError,
    PermitWaited,
    RetryScheduled,
    Vocobase,
)
from vocobase._policy.pacers import account_of

KEY = "rg_live_hooks"
NUMBER = "+12025550100"
Call = Callable[[Any], Any]
Respond = Callable[[httpx.Request], httpx.Response]


def run(call: Call, respond: Respond, clock: FakeClock, **options: Any) -> Any:
    """Return what a call gives with a client whose time is that of the clock."""
    runtime = FakeRuntime(clock, clock.sleep)
    with Vocobase(KEY, transport=Reply(respond), runtime=runtime, **options) as vb:
        return call(vb)


def responses(*statuses: int, data: Any = None) -> Respond:
    left = [*statuses]
    body = {"success": True, "data": data or {"id": "a", "call_id": "c"}}
    return lambda _: httpx.Response(left.pop(0), json=body)


def test_a_retry_says_why_and_how_long() -> None:
    clock, events = FakeClock(), list[ClientEvent]()
    run(lambda vb: vb.agents.get("secret-id"), responses(503, 200), clock, on_event=events.append)
    [event] = events
    assert event == RetryScheduled(
        "agents.get", "GET", "/agent/{id}", 1, "ServerError", 503, seconds=clock.pauses[0]
    )
    assert "secret-id" not in repr(event)
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.seconds = 0  # type: ignore[misc]


def test_a_retry_without_a_response_has_no_status() -> None:
    clock, events = FakeClock(), list[ClientEvent]()
    answers: list[Any] = [
        httpx.Response(503),
        httpx.ConnectError("no"),
        httpx.Response(200, json={"id": "a"}),
    ]

    def respond(_: httpx.Request) -> httpx.Response:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    run(lambda vb: vb.agents.get("a"), respond, clock, on_event=events.append)
    assert [
        (each.error, each.status, each.attempt) for each in events if isinstance(each, RetryScheduled)
    ] == [
        ("ServerError", 503, 1),
        ("ConnectionFailedError", None, 2),
    ]


def test_a_wait_for_a_permit_is_told_and_a_free_permit_is_not() -> None:
    clock, events = FakeClock(), list[ClientEvent]()
    pacer = vocobase.LocalPacer(clock.monotonic)

    def exhaust(budget: Budget) -> None:
        while not pacer.try_acquire(budget, account_of(KEY)):
            pass

    run(lambda vb: vb.agents.get("a"), responses(200), clock, pace=pacer, on_event=events.append)
    assert events == []
    exhaust(Budget.GENERAL)
    run(lambda vb: vb.agents.get("a"), responses(200), clock, pace=pacer, on_event=events.append)
    assert events == [PermitWaited("agents.get", Budget.GENERAL, 60.0)]


def test_a_wait_while_others_use_the_budget_is_a_retry() -> None:
    clock, events = FakeClock(), list[ClientEvent]()
    run(lambda vb: vb.agents.get("a"), responses(429, 200), clock, pace=True, on_event=events.append)
    assert events == [RetryScheduled("agents.get", "GET", "/agent/{id}", 1, "RateLimitError", 429, 60.0)]


@pytest.mark.parametrize(
    ("respond", "error", "status"),
    [
        (lambda _: httpx.Response(500), "ServerError", 500),
        (lambda _: httpx.Response(200, content=b"{"), "ResponseError", 200),
    ],
    ids=["500", "unreadable"],
)
def test_an_unknown_outcome_is_told(respond: Respond, error: str, status: int) -> None:
    events = list[ClientEvent]()
    with pytest.raises(OutcomeUnknownError):
        run(lambda vb: vb.calls.start("a", NUMBER), respond, FakeClock(), on_event=events.append)
    assert events == [OutcomeUnknown("calls.start", "POST", "/calls/start", 1, error, status)]
    assert NUMBER not in repr(events)


def test_a_known_failure_is_no_unknown_outcome() -> None:
    events = list[ClientEvent]()
    with pytest.raises(vocobase.NotFoundError):
        run(lambda vb: vb.calls.start("a", NUMBER), responses(404), FakeClock(), on_event=events.append)
    assert events == []


def test_a_retry_of_an_upload_does_not_name_its_address() -> None:
    clock, events, puts = FakeClock(), list[ClientEvent](), [503, 200]

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            return httpx.Response(puts.pop(0))
        data = {
            "document_id": "d",
            "id": "d",
            "status": "ready",
            "upload_url": "https://store.example/o?X-Amz-Signature=kanarie",
            "expires_in": 900,
        }
        return httpx.Response(200, json={"success": True, "data": data})

    def upload(vb: Any) -> Any:
        return vb.documents.upload(b"hello", name="a.md")

    run(upload, respond, clock, on_event=events.append)
    assert events == [
        RetryScheduled(
            "documents.upload", "PUT", "(presigned URL)", 1, "UploadRejectedError", 503, clock.pauses[0]
        )
    ]


def test_a_hook_that_raises_breaks_no_request_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(event: ClientEvent) -> None:
        raise KeyError("bug")

    with caplog.at_level(logging.ERROR, "vocobase"):
        found = run(lambda vb: vb.agents.get("a"), responses(503, 503, 200), FakeClock(), on_event=broken)
    assert found.id == "a"
    assert [record.getMessage() for record in caplog.records] == [
        "on_event failed for RetryScheduled; later failures of this hook are not logged"
    ]


def test_a_view_has_a_hook_of_its_own() -> None:
    events = list[ClientEvent]()
    run(
        lambda vb: vb.with_options(on_event=events.append).agents.get("a"),
        responses(503, 200),
        FakeClock(),
        on_event=lambda _: pytest.fail("the hook of the client was called"),
    )
    assert len(events) == 1


@pytest.mark.parametrize("pace", [True, False])
def test_no_event_and_no_log_holds_the_path_of_a_request_without_an_operation(
    pace: bool, caplog: pytest.LogCaptureFixture
) -> None:
    events = list[ClientEvent]()
    answers = [
        httpx.Response(429, headers={"retry-after": "90"}),
        httpx.Response(200, json={"success": True, "data": {}}),
    ]
    with caplog.at_level(logging.DEBUG, "vocobase"):
        run(
            lambda vb: vb.with_options(timeout=100).request("GET", f"/numbers/{NUMBER}"),
            lambda _: answers.pop(0),
            FakeClock(),
            pace=pace,
            on_event=events.append,
        )
    assert [each.operation for each in events] == ["GET (custom)"]
    assert "asks to wait 90 s" in caplog.text
    assert NUMBER not in caplog.text + repr(events)
