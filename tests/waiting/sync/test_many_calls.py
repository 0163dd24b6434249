# Derived from tests/waiting/aio/test_many_calls.py by scripts/derive_sync.py; edit that instead.
"""Waiting for many calls: results come from calls and sessions at once, as fast as both budgets allow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

import vocobase
from tests.waiting.rows import ended, rows, unprocessed
from tests.waiting.support import Clock, busiest_minute, counted, dial
from tests.waiting.sync.clients import client_for
from vocobase._policy.cadence import SESSION_FINAL_SECONDS, SESSIONS_INTERVAL_SECONDS
from vocobase.testing import sandbox_time
from vocobase.types import CallDetails
from vocobase_sandbox import Sandbox

NUMBER = "+919876543210"
# What only calls.get reports: neither a row of the list nor a session has it.
ONLY_IN_CALLS = ("answered_by",)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account with its rate limits and without a cap, whose clock the tests move."""
    with Sandbox(seed=1, clock="manual", concurrency=0, balance=100_000) as running:
        yield running


@pytest.fixture
def agent_id(vb: vocobase.Vocobase) -> str:
    """An agent that extracts a value."""
    extraction: Any = {"prompt": "Extract.", "keys": [{"name": "goal", "type": "boolean"}]}
    agent = vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id)
    return vb.agents.update(agent.id, extraction_config=extraction).id


def test_a_thousand_connected_calls_take_less_than_twenty_minutes(sandbox: Sandbox, agent_id: str) -> None:
    with sandbox_time(sandbox):
        with client_for(sandbox, max_retries=0) as client:
            began = sandbox.clock.now
            ids = dial(sandbox, agent_id, *[NUMBER] * 1000)
            results = [each for each in client.calls.wait_all(ids, timeout=1800)]
            taken = (sandbox.clock.now - began).total_seconds()
    assert sorted(result.call_id for result in results) == sorted(ids)
    assert all(result.unwrap().session.transcript for result in results)
    assert taken <= 20 * 60
    assert busiest_minute(sandbox, calls=False) <= 60
    assert busiest_minute(sandbox, calls=True) <= 9
    # No result is read twice.
    sessions = [path for path in counted(sandbox) if path.startswith("GET /sessions/")]
    calls = [path for path in counted(sandbox) if path.startswith("GET /calls/")]
    assert sum(counted(sandbox)[path] for path in sessions + calls) == 1000


def test_a_result_from_a_session_equals_that_of_its_call(
    sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    ids = dial(sandbox, agent_id, *[NUMBER] * 30, *["+12025550103", "+12025550101"])
    with client_for(sandbox) as client:
        results = [each for each in client.calls.wait_all(ids, timeout=600)]
        paths = counted(sandbox)
        from_sessions = [result for result in results if not paths[f"GET /calls/{result.call_id}"]]
        for result in from_sessions:
            if result.error is None:
                clock.sleep(6.1)  # as fast as the budget of the calls allows
                truth = client.calls.get(result.call_id)
                assert comparable(result.call) == comparable(truth)
                assert "answered_by" in result.call.absent
    assert sum(result.error is None for result in from_sessions) >= 10


def comparable(call: CallDetails) -> dict[str, Any]:
    """Return a call without what only calls.get reports, and without links, which are new in every response."""
    shown = {name: value for name, value in call.to_dict().items() if name not in ONLY_IN_CALLS}
    for name in ("recording_url", "pipeline_completed_at"):
        shown["session"].pop(name, None)
    return shown


def serve(count: int, *, calls: Any, sessions: Any) -> Any:
    """Respond with ended calls, and to single reads with what the functions return: a status or data."""

    def respond(request: httpx.Request) -> httpx.Response:
        kind, _, name = request.url.path.removeprefix("/api/v2/").partition("/")
        single = calls if kind == "calls" else sessions
        data = single(name) if name else {"calls": rows(count)}
        if isinstance(data, int):
            return httpx.Response(data)
        return httpx.Response(200, json={"success": True, "data": data})

    return respond


def final(call_id: str) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "status": "completed",
        "session": {"transcript": [], "processing_complete": True},
    }


def test_a_session_is_not_read_before_the_processing_is_likely_to_be_over(stack: ExitStack) -> None:
    clock = Clock(stack)
    times: list[float] = []

    def session(name: str) -> Any:
        times.append(clock.seconds)
        return ended(name)

    respond = serve(40, calls=final, sessions=session)
    with client_for(respond=respond) as client:
        results = [each for each in client.calls.wait_all([f"c{n}" for n in range(40)])]
    assert len(results) == 40
    assert times[0] >= SESSION_FINAL_SECONDS
    # About fifty a minute from then on, besides eight calls.
    assert clock.seconds <= SESSION_FINAL_SECONDS + 40 * SESSIONS_INTERVAL_SECONDS


def test_calls_whose_processing_takes_long_delay_the_reads_of_sessions(stack: ExitStack) -> None:
    clock = Clock(stack)
    times: list[float] = []

    def session(name: str) -> Any:
        times.append(clock.seconds)
        return ended(name)

    def call(name: str) -> Any:
        return final(name) if clock.seconds > 200 else unprocessed(name)

    respond = serve(100, calls=call, sessions=session)
    with client_for(respond=respond) as client:
        results = [each for each in client.calls.wait_all([f"c{n}" for n in range(100)])]
    assert all(result.error is None for result in results)
    assert times[0] >= 2 * 190


@pytest.mark.parametrize(
    "odd",
    [
        404,
        500,
        pytest.param({"processing_complete": False}, id="unprocessed"),
        pytest.param({"ended_at": None}, id="not ended"),
    ],
)
def test_a_session_that_says_nothing_final_leaves_the_result_to_the_call(odd: Any, stack: ExitStack) -> None:
    Clock(stack)
    bad = {"s38", "s39"}

    def session(name: str) -> Any:
        if name not in bad:
            return ended(name)
        return odd if isinstance(odd, int) else ended(name) | odd

    respond = serve(40, calls=final, sessions=session)
    with client_for(respond=respond) as client:
        results = [each for each in client.calls.wait_all([f"c{n}" for n in range(40)])]
    assert len(results) == 40
    assert all(result.error is None for result in results)
