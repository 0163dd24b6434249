"""The clock of the sandbox moves when clients sleep, whatever threads and tasks there are.

What clients wait for is tested in `aio/` and `sync/`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vocobase import (
    RateLimitError,
    Vocobase,
)
from vocobase._base.runtime import async_current_runtime, current_runtime
from vocobase.testing import sandbox_time
from vocobase.testing._sandbox_time import SandboxTime
from vocobase.testing._tasks import Sleepers
from vocobase.testing._turns import Turns
from vocobase.webhooks import MemoryDedupe, WebhookReceiver
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


def test_an_event_loop_whose_queue_cannot_be_read_is_idle_after_some_turns(vocobase_sandbox: Sandbox) -> None:
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
        await Sleepers(loop, SandboxTime(vocobase_sandbox), Turns()).sleep(60)
        assert vocobase_sandbox.clock.now - began == timedelta(seconds=60)

    asyncio.run(main())


def test_the_package_has_no_other_names() -> None:
    import vocobase.testing

    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = vocobase.testing.nothing_like_it
