# Derived from tests/testing/aio/test_endless.py by scripts/derive_sync.py; edit that instead.
"""With the shipped fixtures, a wait that can never end is an error, and not a test that hangs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest

from vocobase import CallJob, CallWindow, Vocobase, WaitTimeoutError, clock
from vocobase._base.runtime import current_runtime
from vocobase_sandbox import Sandbox

NEVER_ENDS = "+12025550110"
DAY = 86_400


@pytest.fixture
def owner(vocobase: Vocobase) -> Vocobase:
    """A client that prepares the account."""
    return vocobase


@pytest.fixture
def agent_id(vocobase: Vocobase) -> str:
    return vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id).id


@pytest.fixture
def draft(vocobase: Vocobase, agent_id: str) -> str:
    return vocobase.campaigns.create("Reminders", agent_id, provider="twilio").campaign_id


def test_a_watch_of_a_draft_ends_with_an_error(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, draft: str
) -> None:
    began = vocobase_sandbox.clock.now
    with pytest.raises(RuntimeError, match="this wait does not end: in 24 hours") as caught:
        for _ in vocobase.campaigns.watch(draft, interval=60):
            pass
    assert "\n" not in str(caught.value) and "pass a timeout" in str(caught.value)
    assert vocobase_sandbox.clock.now - began < timedelta(days=2)


def test_a_watch_of_a_call_that_never_ends_is_an_error(
    vocobase: Vocobase, owner: Vocobase, draft: str
) -> None:
    owner.campaigns.add_contacts(draft, [{"phone": NEVER_ENDS}])
    owner.campaigns.start(draft)
    with pytest.raises(RuntimeError, match="this wait does not end"):
        for _ in vocobase.campaigns.watch(draft, interval=60):
            pass


def test_each_wait_without_a_limit_has_a_day_of_its_own(
    vocobase: Vocobase, owner: Vocobase, vocobase_sandbox: Sandbox, draft: str
) -> None:
    for _ in range(2):
        began = vocobase_sandbox.clock.now
        with pytest.raises(RuntimeError, match="this wait does not end"):
            for _ in vocobase.campaigns.watch(draft, interval=600):
                pass
        assert vocobase_sandbox.clock.now - began > timedelta(hours=23)


def test_a_wait_without_a_limit_goes_on_as_long_as_something_is_due(
    vocobase: Vocobase, owner: Vocobase, vocobase_sandbox: Sandbox, draft: str
) -> None:
    owner.campaigns.add_contacts(draft, [{"phone": "+12025550100"}])
    statuses = []
    for progress in vocobase.campaigns.watch(draft, interval=3600):
        statuses.append(str(progress.status))
        if progress.status == "draft":
            vocobase_sandbox.clock.advance(3 * DAY)
            owner.campaigns.start(draft)
    assert statuses[0] == "draft" and statuses[-1] == "completed"


def test_a_wait_without_a_limit_goes_on_while_a_thread_sleeps(
    vocobase: Vocobase, owner: Vocobase, draft: str
) -> None:
    owner.campaigns.add_contacts(draft, [{"phone": "+12025550100"}])

    def start() -> None:
        clock.sleep(3 * DAY)
        owner.campaigns.start(draft)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(start)
        statuses = [progress.status for progress in vocobase.campaigns.watch(draft, interval=3600)]
    assert statuses[-1] == "completed"


def test_a_wait_with_a_limit_ends_by_it_however_long_it_is(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, draft: str
) -> None:
    began = vocobase_sandbox.clock.now
    with pytest.raises(WaitTimeoutError):
        for _ in vocobase.campaigns.watch(draft, timeout=20 * DAY, interval=3600):
            pass
    assert timedelta(days=20) <= vocobase_sandbox.clock.now - began < timedelta(days=21)


def test_code_that_polls_for_ever_ends_after_thirty_days_in_which_nothing_became_due(
    vocobase_sandbox: Sandbox,
) -> None:
    began = vocobase_sandbox.clock.now
    runtime = current_runtime()
    with pytest.raises(RuntimeError, match="this wait does not end: in 720 hours"):
        while True:
            runtime.sleep(300)
    assert timedelta(days=30) <= vocobase_sandbox.clock.now - began < timedelta(days=31)
    runtime.sleep(300)


def test_long_sleeps_are_no_endless_wait(vocobase_sandbox: Sandbox) -> None:
    for _ in range(100):
        current_runtime().sleep(30 * DAY)


def test_what_becomes_due_begins_the_thirty_days_again(
    owner: Vocobase, vocobase_sandbox: Sandbox, agent_id: str
) -> None:
    for _ in range(2):
        owner.calls.start(agent_id, "+12025550100", provider="twilio")
        for _ in range(29 * DAY // 300):
            current_runtime().sleep(300)


@pytest.mark.vocobase(start=datetime(2026, 1, 2, 16, 59, tzinfo=UTC))
def test_a_list_waits_over_a_weekend_and_a_holiday(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, agent_id: str, tmp_path: Path
) -> None:
    window = CallWindow(clock_time(9), clock_time(9, 30), [0], "UTC", holidays=[date(2026, 1, 5)])
    jobs = [CallJob(agent_id, f"+120255501{number}", provider="twilio") for number in range(20, 25)]
    report = vocobase.calls.start_many(
        jobs, ledger=tmp_path / "list.sqlite", window=window, wait_for_windows=True
    )
    assert report.started == 5
    assert vocobase_sandbox.clock.now >= datetime(2026, 1, 12, 9, tzinfo=UTC)
