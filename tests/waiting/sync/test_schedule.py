# Derived from tests/waiting/aio/test_schedule.py by scripts/derive_sync.py; edit that instead.
"""Every wait keeps its time limit and its budgets, whatever a server or a pacer says."""

from __future__ import annotations

from contextlib import ExitStack

import httpx
import pytest

import vocobase
from tests.waiting.support import Clock, responses
from tests.waiting.sync.clients import client_for

NUMBER = "+12025550100"


def test_a_refusal_that_outlasts_the_wait_ends_it_in_time(stack: ExitStack) -> None:
    clock = Clock(stack)
    with client_for(respond=lambda _: httpx.Response(429, headers={"retry-after": "3600"})) as client:
        with pytest.raises(vocobase.WaitTimeoutError) as caught:
            client.calls.start("a", NUMBER, wait_for_slot=30)
        assert clock.seconds == pytest.approx(30)
        assert isinstance(caught.value.__cause__, vocobase.LimitReachedError)
        for wait in (
            lambda vb: vb.calls.wait("c", timeout=30),
            lambda vb: vb.sessions.wait("s", timeout=30),
            lambda vb: vb.agents.documents.wait_synced("a", timeout=30),
        ):
            began = clock.seconds
            with pytest.raises(vocobase.WaitTimeoutError):
                wait(client)
            assert clock.seconds - began == pytest.approx(30)


def test_a_wait_without_an_end_outlasts_any_pause_that_a_server_asks_for(stack: ExitStack) -> None:
    clock = Clock(stack)
    left = [httpx.Response(429, headers={"retry-after": "1e300"})]

    def respond(request: httpx.Request) -> httpx.Response:
        done = {"campaign_id": "c", "status": "completed"}
        return left.pop() if left else httpx.Response(200, json={"success": True, "data": done})

    with client_for(respond=respond) as client:
        (progress,) = [each for each in client.campaigns.watch("c")]
    assert progress.status == "completed"
    # No clock sleeps longer than some centuries; time.sleep raises an OverflowError.
    assert max(clock.pauses) <= 86400


def test_a_pacer_that_returns_a_negative_number_grants_a_permit_to_waits_too(stack: ExitStack) -> None:
    Clock(stack)

    class Late:
        asked = 0

        def try_acquire(self, budget: vocobase.Budget, account: str) -> float:
            self.asked += 1
            return -0.5 if self.asked % 2 else float("nan")

    pacer = Late()
    steps = responses({"campaign_id": "c", "status": "completed"})
    with client_for(respond=steps, pace=pacer) as client:
        for _ in range(2):
            (progress,) = [each for each in client.campaigns.watch("c", timeout=5)]
            assert progress.status == "completed"
    assert pacer.asked == 2
