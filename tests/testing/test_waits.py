"""With the shipped fixtures, waiting takes no real time: the clock of the sandbox moves instead.

Each test has a second of real time; the waits in it take minutes or hours of the sandbox.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

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
from vocobase._base.runtime import async_current_runtime, current_runtime
from vocobase.testing import sandbox_time
from vocobase.webhooks import MemoryDedupe, WebhookReceiver
from vocobase_sandbox import Sandbox

ANSWERS = "+12025550100"
Both = Callable[[Callable[[Any], Any]], Any]


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 5, "the wait took real time"


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest, vocobase: Vocobase, async_vocobase: AsyncVocobase) -> Both:
    """Run the same lines with the client of either kind; what they return is awaited or walked."""

    def use(work: Callable[[Any], Any]) -> Any:
        if request.param == "sync":
            found = work(vocobase)
            return list(found) if hasattr(found, "__next__") else found

        async def main() -> Any:
            found = work(async_vocobase)
            return [item async for item in found] if hasattr(found, "__anext__") else await found

        return asyncio.run(main())

    return use


@pytest.fixture
def agent_id(vocobase: Vocobase) -> str:
    return vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id).id


@pytest.fixture
def dial(vocobase: Vocobase, agent_id: str) -> Callable[[], str]:
    return lambda: vocobase.calls.start(agent_id, ANSWERS, provider="twilio").call_id


def test_a_call_is_waited_for(use: Both, dial: Callable[[], str], vocobase_sandbox: Sandbox) -> None:
    call_id, began = dial(), vocobase_sandbox.clock.now
    assert use(lambda vb: vb.calls.wait(call_id)).status == "completed"
    assert vocobase_sandbox.clock.now - began >= timedelta(seconds=1)


@pytest.mark.vocobase(concurrency=0)
def test_many_calls_are_waited_for(use: Both, dial: Callable[[], str]) -> None:
    call_ids = [dial() for _ in range(8)]
    results = use(lambda vb: vb.calls.wait_all(call_ids))
    assert {result.call_id: result.unwrap().status for result in results} == dict.fromkeys(
        call_ids, "completed"
    )


def test_a_wait_ends_when_its_time_is_over(
    use: Both, dial: Callable[[], str], vocobase_sandbox: Sandbox
) -> None:
    call_id, began = dial(), vocobase_sandbox.clock.now
    with pytest.raises(WaitTimeoutError):
        use(lambda vb: vb.calls.wait(call_id, timeout=3))
    assert timedelta(seconds=3) <= vocobase_sandbox.clock.now - began < timedelta(seconds=4)


def test_a_session_is_waited_for(use: Both, dial: Callable[[], str], vocobase: Vocobase) -> None:
    call = vocobase.calls.wait(dial())
    assert call.session
    session_id = call.session.session_id
    assert use(lambda vb: vb.sessions.wait(session_id)).status == "completed"


def test_a_campaign_is_watched_to_its_end(use: Both, vocobase: Vocobase, agent_id: str) -> None:
    campaign = vocobase.campaigns.create("Reminders", agent_id, provider="twilio")
    vocobase.campaigns.add_contacts(campaign.campaign_id, [{"phone": ANSWERS}])
    vocobase.campaigns.start(campaign.campaign_id)
    assert use(lambda vb: vb.campaigns.watch(campaign.campaign_id, timeout=3600))[-1].status == "completed"


def test_documents_are_waited_for(use: Both, vocobase: Vocobase, agent_id: str) -> None:
    document = vocobase.documents.upload(b"# Hours\n9 to 5", name="hours.md")
    vocobase.agents.documents.link(agent_id, [document.id])
    (synced,) = use(lambda vb: vb.agents.documents.wait_synced(agent_id))
    assert synced.sync_status == "synced"


def test_events_are_polled_until_the_time_is_over(use: Both, dial: Callable[[], str]) -> None:
    dial()
    events = use(lambda vb: vb.events.poll(timeout=600))
    assert [event.event for event in events] == ["session.completed"]


@pytest.mark.vocobase(concurrency=1)
def test_a_slot_is_waited_for(use: Both, dial: Callable[[], str], agent_id: str) -> None:
    dial()
    with pytest.raises(ConcurrencyLimitError):
        dial()
    started = use(lambda vb: vb.calls.start(agent_id, ANSWERS, provider="twilio", wait_for_slot=600))
    assert started.call_id


@pytest.mark.vocobase(rate_limits=True)
def test_a_paced_client_waits_for_its_budget(
    use: Both, vocobase_sandbox: Sandbox, dial: Callable[[], str]
) -> None:
    call_id, began = dial(), vocobase_sandbox.clock.now

    def work(vb: Any) -> Any:
        paced = vb.with_options(pace=True)
        if isinstance(vb, Vocobase):
            return [paced.calls.get(call_id) for _ in range(25)][-1]

        async def many() -> Any:
            for _ in range(24):
                await paced.calls.get(call_id)
            return await paced.calls.get(call_id)

        return many()

    assert use(work).call_id == call_id
    assert timedelta(minutes=2) <= vocobase_sandbox.clock.now - began < timedelta(minutes=4)


@pytest.mark.vocobase(rate_limits=True)
def test_a_paced_client_waits_while_others_use_up_the_budget_of_the_key(
    use: Both, vocobase: Vocobase, vocobase_sandbox: Sandbox, dial: Callable[[], str]
) -> None:
    call_id = dial()
    for _ in range(9):
        vocobase.calls.get(call_id)
    with pytest.raises(RateLimitError):
        vocobase.with_options(max_retries=0).calls.get(call_id)
    began = vocobase_sandbox.clock.now
    found = use(lambda vb: vb.with_options(pace=True, max_retries=0, timeout=5).calls.get(call_id))
    assert found.call_id == call_id
    assert timedelta(seconds=50) <= vocobase_sandbox.clock.now - began <= timedelta(seconds=70)


def test_a_paced_call_is_started_once_after_the_wait(
    use: Both, vocobase_sandbox: Sandbox, agent_id: str
) -> None:
    vocobase_sandbox.faults.add("status", "calls.start", status=429, headers={"retry-after": "40"}, count=3)
    began = vocobase_sandbox.clock.now
    use(lambda vb: vb.with_options(pace=True).calls.start(agent_id, ANSWERS, provider="twilio"))
    assert vocobase_sandbox.clock.now - began >= timedelta(seconds=120)
    assert [event["type"] for event in vocobase_sandbox.events].count("call.pending") == 1


def test_a_paced_client_does_not_wait_for_ever(use: Both, vocobase_sandbox: Sandbox) -> None:
    vocobase_sandbox.faults.add("status", "GET /agent", status=429, headers={"retry-after": "60"})
    began = vocobase_sandbox.clock.now
    with pytest.raises(RateLimitError):
        use(lambda vb: vb.with_options(pace=True).agents.list())
    assert timedelta(minutes=10) <= vocobase_sandbox.clock.now - began <= timedelta(minutes=12)


def test_a_refusal_for_the_rate_is_waited_for(use: Both, vocobase_sandbox: Sandbox) -> None:
    vocobase_sandbox.faults.add("status", "GET /agent", status=429, headers={"retry-after": "20"}, count=1)
    began = vocobase_sandbox.clock.now
    assert len(use(lambda vb: vb.with_options(timeout=60).agents.list())) == 0
    assert vocobase_sandbox.clock.now - began >= timedelta(seconds=20)


@pytest.mark.vocobase(start=datetime(2026, 1, 5, 8, 55, tzinfo=UTC), rate_limits=True)
def test_a_list_waits_for_its_window(
    use: Both, vocobase_sandbox: Sandbox, agent_id: str, tmp_path: Path
) -> None:
    window = CallWindow(clock_time(9), clock_time(17), timezone="UTC")
    jobs = [CallJob(agent_id, f"+120255501{number:02d}", provider="twilio") for number in range(20, 25)]
    report = use(
        lambda vb: vb.calls.start_many(
            jobs, ledger=tmp_path / "list.sqlite", window=window, wait_for_windows=True
        )
    )
    assert (report.started, report.waiting, report.parked) == (5, 0, 0)
    starts = [event["at"] for event in vocobase_sandbox.events if event["type"] == "call.pending"]
    assert len(starts) == 5
    assert min(starts) >= "2026-01-05T09:00:00"


@pytest.mark.vocobase(rate_limits=True)
def test_without_a_pace_the_rate_limit_is_an_error(vocobase: Vocobase, dial: Callable[[], str]) -> None:
    call_id = dial()
    with pytest.raises(RateLimitError):
        for _ in range(11):
            vocobase.calls.get(call_id)


def test_the_clock_begins_at_the_present(vocobase_sandbox: Sandbox) -> None:
    assert abs(datetime.now(UTC) - vocobase_sandbox.clock.now) < timedelta(minutes=1)


def test_a_default_receiver_accepts_deliveries_whatever_was_waited(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, dial: Callable[[], str]
) -> None:
    arrived: list[tuple[bytes, dict[str, str]]] = []

    def receive(url: str, headers: Any, body: bytes, timeout: float) -> int:
        arrived.append((body, dict(headers)))
        receiver.receive(body, dict(headers))
        return 200

    vocobase_sandbox.clock.advance(86_400)
    object.__setattr__(vocobase_sandbox.settings, "sender", receive)
    endpoint = vocobase.config.webhooks.create("main", "https://example.com/hook")
    receiver = WebhookReceiver(str(endpoint.secret), dedupe=MemoryDedupe())
    vocobase.calls.wait(dial())
    assert len(arrived) == 1
    assert vocobase_sandbox.deliveries[0]["attempts"][0]["status"] == 200


def test_advancing_the_clock_still_works(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, dial: Callable[[], str]
) -> None:
    call_id = dial()
    vocobase_sandbox.clock.advance(120)
    assert vocobase.calls.get(call_id).status == "completed"


def test_threads_that_sleep_at_once_share_the_time(vocobase_sandbox: Sandbox) -> None:
    began, early = vocobase_sandbox.clock.now, list[float]()
    lengths = (50.0, 10.0, 30.0, 30.0, 20.0)
    ready = threading.Barrier(len(lengths))

    def sleep(seconds: float) -> None:
        runtime = current_runtime()
        runtime.sleep(0.001)  # known from now on
        ready.wait()
        until = runtime.monotonic() + seconds
        runtime.sleep(seconds)
        early.append(until - runtime.monotonic())

    threads = [threading.Thread(target=sleep, args=(seconds,)) for seconds in lengths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(early) == len(lengths)
    assert max(early) <= 0, "nobody wakes before the time"
    assert 50 <= (vocobase_sandbox.clock.now - began).total_seconds() < 51


def test_tasks_that_sleep_at_once_wake_in_order_and_share_the_time(vocobase_sandbox: Sandbox) -> None:
    began, woke = vocobase_sandbox.clock.now, list[float]()

    async def sleep(seconds: float) -> None:
        runtime = async_current_runtime()
        await runtime.run_blocking(time.sleep, 0.001)
        await runtime.sleep(seconds)
        woke.append(seconds)

    async def main() -> None:
        lengths: list[Awaitable[None]] = [sleep(seconds) for seconds in (50.0, 10.0, 30.0, 20.0)]
        await asyncio.gather(*lengths)

    asyncio.run(main())
    assert woke == [10.0, 20.0, 30.0, 50.0]
    assert 50 <= (vocobase_sandbox.clock.now - began).total_seconds() < 51


def test_a_cancelled_sleeper_holds_nobody_up(vocobase_sandbox: Sandbox) -> None:
    async def main() -> None:
        runtime = async_current_runtime()
        task = asyncio.create_task(runtime.sleep(10))
        await asyncio.sleep(0)
        task.cancel()
        await runtime.sleep(20)
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_two_runs_wait_the_same(
    dial: Callable[[], str], vocobase: Vocobase, vocobase_sandbox: Sandbox
) -> None:
    durations: list[timedelta] = []
    fresh = vocobase_sandbox.snapshot()
    for _ in range(2):
        vocobase_sandbox.restore(fresh)
        began = vocobase_sandbox.clock.now
        vocobase.calls.wait(dial())
        durations.append(vocobase_sandbox.clock.now - began)
    assert durations[1] - durations[0] < timedelta(seconds=2)


def test_a_clock_that_moves_on_its_own_is_refused() -> None:
    with Sandbox() as sandbox, pytest.raises(ValueError, match="manual"):
        with sandbox_time(sandbox):
            pass


@pytest.mark.vocobase(clock="x1000")
def test_a_marker_chooses_another_clock(vocobase_sandbox: Sandbox, vocobase: Vocobase) -> None:
    assert not vocobase_sandbox.clock.manual
    assert len(vocobase.voices.list()) > 0


def test_a_thread_that_wakes_later_lets_the_other_go_first(vocobase_sandbox: Sandbox) -> None:
    runtime, order = current_runtime(), list[str]()
    asleep = threading.Event()

    def late() -> None:
        asleep.set()
        runtime.sleep(3600)
        order.append("late")

    def early() -> None:
        runtime.sleep(0.001)
        thread = threading.Thread(target=late)
        thread.start()
        asleep.wait()
        for _ in range(50):
            runtime.sleep(1)
        order.append("early")
        thread.join()

    early()
    assert order == ["early", "late"]


def test_what_a_move_runs_may_sleep_itself(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, dial: Callable[[], str]
) -> None:
    slept: list[float] = []

    def receive(url: str, headers: Any, body: bytes, timeout: float) -> int:
        began = current_runtime().monotonic()
        current_runtime().sleep(5)
        slept.append(current_runtime().monotonic() - began)
        return 200

    object.__setattr__(vocobase_sandbox.settings, "sender", receive)
    vocobase.config.webhooks.create("main", "https://example.com/hook")
    vocobase.calls.wait(dial())
    current_runtime().sleep(60)
    assert slept == [5.0]


def test_a_clock_that_cannot_move_wakes_the_sleeping_task_with_the_error(vocobase_sandbox: Sandbox) -> None:
    def broken(seconds: float) -> None:
        raise RuntimeError("broken")

    async def main() -> None:
        runtime = async_current_runtime()
        vocobase_sandbox.clock.advance = broken  # type: ignore[method-assign]
        with pytest.raises(RuntimeError, match="broken"):
            await runtime.sleep(1)

    asyncio.run(main())


def test_work_that_must_not_be_abandoned_holds_the_clock(vocobase_sandbox: Sandbox) -> None:
    async def main() -> None:
        runtime = async_current_runtime()
        sleeper = asyncio.create_task(runtime.sleep(60))
        await asyncio.sleep(0)
        before = vocobase_sandbox.clock.now
        seen = await runtime.run_shielded(lambda: vocobase_sandbox.clock.now)
        assert seen == before
        await sleeper

    asyncio.run(main())


def test_a_thread_that_sleeps_longer_leaves_the_clock_to_the_first(vocobase_sandbox: Sandbox) -> None:
    from vocobase.testing import _time

    runtime = _time.SandboxRuntime(_time.SandboxTime(vocobase_sandbox))
    began = vocobase_sandbox.clock.now
    # Another thread, which is to wake first, and goes away without moving the clock.
    runtime._sleeping[0] = _time.SandboxTime(vocobase_sandbox).after(10)
    gone = threading.Timer(0.05, runtime._sleeping.pop, [0])
    gone.start()
    runtime.sleep(50)
    assert not gone.is_alive()
    assert vocobase_sandbox.clock.now - began == timedelta(seconds=50)


def test_an_event_loop_whose_queue_cannot_be_read_is_idle_after_some_turns(vocobase_sandbox: Sandbox) -> None:
    from vocobase.testing import _time

    class Opaque:
        """An event loop of another kind."""

        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            self._loop = loop

        def __getattr__(self, name: str) -> Any:
            if name == "_ready":
                raise AttributeError(name)
            return getattr(self._loop, name)

    async def main() -> None:
        loop: Any = Opaque(asyncio.get_running_loop())
        began = vocobase_sandbox.clock.now
        await _time._Sleepers(loop, _time.SandboxTime(vocobase_sandbox)).sleep(60)
        assert vocobase_sandbox.clock.now - began == timedelta(seconds=60)

    asyncio.run(main())


def test_the_package_has_no_other_names() -> None:
    import vocobase.testing

    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = vocobase.testing.nothing_like_it
