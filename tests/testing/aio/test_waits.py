"""With the shipped fixtures, waiting takes no real time: the clock of the sandbox moves instead.

Each test has a few seconds of real time; the waits in it take minutes or hours of the sandbox.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest

from vocobase import (
    AsyncVocobase,
    CallJob,
    CallWindow,
    ConcurrencyLimitError,
    RateLimitError,
    Vocobase,
    WaitTimeoutError,
)
from vocobase_sandbox import Sandbox

ANSWERS = "+12025550100"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 5, "the wait took real time"


@pytest.fixture
def agent_id(vocobase: Vocobase) -> str:
    return vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id).id


@pytest.fixture
def dial(vocobase: Vocobase, agent_id: str) -> Callable[[], str]:
    return lambda: vocobase.calls.start(agent_id, ANSWERS, provider="twilio").call_id


async def test_a_call_is_waited_for(
    async_vocobase: AsyncVocobase, dial: Callable[[], str], vocobase_sandbox: Sandbox
) -> None:
    call_id, began = dial(), vocobase_sandbox.clock.now
    assert (await async_vocobase.calls.wait(call_id)).status == "completed"
    assert vocobase_sandbox.clock.now - began >= timedelta(seconds=1)


@pytest.mark.vocobase(concurrency=0)
async def test_many_calls_are_waited_for(async_vocobase: AsyncVocobase, dial: Callable[[], str]) -> None:
    call_ids = [dial() for _ in range(8)]
    results = [result async for result in async_vocobase.calls.wait_all(call_ids)]
    assert {result.call_id: result.unwrap().status for result in results} == dict.fromkeys(
        call_ids, "completed"
    )


async def test_a_wait_ends_when_its_time_is_over(
    async_vocobase: AsyncVocobase, dial: Callable[[], str], vocobase_sandbox: Sandbox
) -> None:
    call_id, began = dial(), vocobase_sandbox.clock.now
    with pytest.raises(WaitTimeoutError):
        await async_vocobase.calls.wait(call_id, timeout=3)
    assert timedelta(seconds=3) <= vocobase_sandbox.clock.now - began < timedelta(seconds=4)


async def test_a_session_is_waited_for(async_vocobase: AsyncVocobase, dial: Callable[[], str]) -> None:
    call = await async_vocobase.calls.wait(dial())
    assert call.session
    assert (await async_vocobase.sessions.wait(call.session.session_id)).status == "completed"


async def test_a_campaign_is_watched_to_its_end(async_vocobase: AsyncVocobase, agent_id: str) -> None:
    campaigns = async_vocobase.campaigns
    campaign_id = (await campaigns.create("Reminders", agent_id, provider="twilio")).campaign_id
    await campaigns.add_contacts(campaign_id, [{"phone": ANSWERS}])
    await campaigns.start(campaign_id)
    seen = [progress.status async for progress in campaigns.watch(campaign_id, timeout=3600)]
    assert seen[-1] == "completed"


async def test_documents_are_waited_for(async_vocobase: AsyncVocobase, agent_id: str) -> None:
    document = await async_vocobase.documents.upload(b"# Hours\n9 to 5", name="hours.md")
    documents = async_vocobase.agents.documents
    await documents.link(agent_id, [document.id])
    (synced,) = await documents.wait_synced(agent_id)
    assert synced.sync_status == "synced"


async def test_events_are_polled_until_the_time_is_over(
    async_vocobase: AsyncVocobase, dial: Callable[[], str]
) -> None:
    dial()
    events = [event.event async for event in async_vocobase.events.poll(timeout=600)]
    assert events == ["session.completed"]


@pytest.mark.vocobase(concurrency=1)
async def test_a_slot_is_waited_for(
    async_vocobase: AsyncVocobase, dial: Callable[[], str], agent_id: str
) -> None:
    dial()
    with pytest.raises(ConcurrencyLimitError):
        dial()
    assert (await async_vocobase.calls.start(agent_id, ANSWERS, provider="twilio", wait_for_slot=600)).call_id


@pytest.mark.vocobase(rate_limits=True)
async def test_a_paced_client_waits_for_its_budget(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox, dial: Callable[[], str]
) -> None:
    call_id, began = dial(), vocobase_sandbox.clock.now
    paced = async_vocobase.with_options(pace=True)
    for _ in range(25):
        assert (await paced.calls.get(call_id)).call_id == call_id
    assert timedelta(minutes=2) <= vocobase_sandbox.clock.now - began < timedelta(minutes=4)


@pytest.mark.vocobase(rate_limits=True)
async def test_a_paced_client_waits_while_others_use_up_the_budget_of_the_key(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox, dial: Callable[[], str]
) -> None:
    call_id = dial()
    for _ in range(9):
        await async_vocobase.calls.get(call_id)
    with pytest.raises(RateLimitError):
        await async_vocobase.with_options(max_retries=0).calls.get(call_id)
    began = vocobase_sandbox.clock.now
    paced = async_vocobase.with_options(pace=True, max_retries=0, timeout=5)
    assert (await paced.calls.get(call_id)).call_id == call_id
    assert timedelta(seconds=50) <= vocobase_sandbox.clock.now - began <= timedelta(seconds=70)


async def test_a_paced_call_is_started_once_after_the_wait(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox, agent_id: str
) -> None:
    vocobase_sandbox.faults.add("status", "calls.start", status=429, headers={"retry-after": "40"}, count=3)
    began = vocobase_sandbox.clock.now
    await async_vocobase.with_options(pace=True).calls.start(agent_id, ANSWERS, provider="twilio")
    assert vocobase_sandbox.clock.now - began >= timedelta(seconds=120)
    assert [event["type"] for event in vocobase_sandbox.events].count("call.pending") == 1


async def test_a_paced_client_does_not_wait_for_ever(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox
) -> None:
    vocobase_sandbox.faults.add("status", "GET /agent", status=429, headers={"retry-after": "60"})
    began = vocobase_sandbox.clock.now
    with pytest.raises(RateLimitError):
        await async_vocobase.with_options(pace=True).agents.list()
    assert timedelta(minutes=10) <= vocobase_sandbox.clock.now - began <= timedelta(minutes=12)


async def test_a_refusal_for_the_rate_is_waited_for(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox
) -> None:
    vocobase_sandbox.faults.add("status", "GET /agent", status=429, headers={"retry-after": "20"}, count=1)
    began = vocobase_sandbox.clock.now
    assert len(await async_vocobase.with_options(timeout=60).agents.list()) == 0
    assert vocobase_sandbox.clock.now - began >= timedelta(seconds=20)


@pytest.mark.vocobase(start=datetime(2026, 1, 5, 8, 55, tzinfo=UTC), rate_limits=True)
async def test_a_list_waits_for_its_window(
    async_vocobase: AsyncVocobase, vocobase_sandbox: Sandbox, agent_id: str, tmp_path: Path
) -> None:
    window = CallWindow(clock_time(9), clock_time(17), timezone="UTC")
    jobs = [CallJob(agent_id, f"+120255501{number:02d}", provider="twilio") for number in range(20, 25)]
    report = await async_vocobase.calls.start_many(
        jobs, ledger=tmp_path / "list.sqlite", window=window, wait_for_windows=True
    )
    assert (report.started, report.waiting, report.parked) == (5, 0, 0)
    starts = [event["at"] for event in vocobase_sandbox.events if event["type"] == "call.pending"]
    assert len(starts) == 5
    assert min(starts) >= "2026-01-05T09:00:00"
