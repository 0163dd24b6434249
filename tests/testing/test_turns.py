"""Threads and event loops that sleep on the clock of a sandbox go on one after the other, in the order of time."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI

from vocobase import AsyncVocobase, CallJob, Vocobase, clock
from vocobase._base.runtime import async_current_runtime, current_runtime
from vocobase.testing import sandbox_time
from vocobase.testing._time import SandboxRuntime
from vocobase.testing._turns import MIN_CHECKS, Turns
from vocobase_sandbox import Sandbox

ANSWERS = "+12025550100"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 10, "the wait took real time"


@pytest.fixture
def agent_id(vocobase: Vocobase) -> str:
    return vocobase.agents.create("Desk", "Be kind.", voice_id=vocobase.voices.find().id).id


def run(*works: Callable[[], object]) -> None:
    """Run works in threads that begin in this order, and wait for all of them."""
    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()


@pytest.mark.parametrize("way", ["event", "queue", "futures", "as_completed", "join", "pool"])
def test_a_thread_that_waits_for_others_costs_no_time(vocobase_sandbox: Sandbox, way: str) -> None:
    over, items, future = threading.Event(), queue.Queue[None](), Future[None]()
    helper = threading.Thread(target=over.wait)
    helper.start()
    ways: dict[str, Callable[[], object]] = {
        "event": over.wait,
        "queue": items.get,
        "futures": lambda: wait([future]),
        "as_completed": lambda: list(as_completed([future])),
        "join": helper.join,
        "pool": int,
    }

    def sleep_and_wait() -> None:
        clock.sleep(1)
        ways[way]()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(sleep_and_wait)
        for _ in range(200):
            clock.sleep(1)
        over.set()
        items.put(None)
        future.set_result(None)
        helper.join()


def test_a_thread_that_is_blocked_in_c_costs_a_tenth_of_a_second_once(vocobase_sandbox: Sandbox) -> None:
    items = queue.SimpleQueue[None]()

    def sleep_and_wait() -> None:
        clock.sleep(1)
        items.get()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(sleep_and_wait)
        for _ in range(200):
            clock.sleep(1)
        items.put(None)


def test_a_thread_is_waited_for_whatever_its_functions_are_called(vocobase_sandbox: Sandbox) -> None:
    seen: list[float] = []
    awake = threading.Event()

    def gather() -> None:
        awake.set()
        time.sleep(0.03)
        seen.append(clock.monotonic())

    began = clock.monotonic()
    thread = threading.Thread(target=gather)
    thread.start()
    awake.wait()
    clock.sleep(60)
    thread.join()
    assert seen == [began]


def test_a_thread_that_was_just_started_or_notified_is_waited_for(vocobase_sandbox: Sandbox) -> None:
    began, seen = clock.monotonic(), list[float]()
    go = threading.Event()

    def note() -> None:
        go.wait()
        seen.append(clock.monotonic())

    threads = [threading.Thread(target=note) for _ in range(8)]
    for thread in threads:
        thread.start()
    go.set()
    clock.sleep(60)
    for thread in threads:
        thread.join()
    assert seen == [began] * 8


def test_work_that_was_just_given_to_a_pool_is_waited_for(vocobase_sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            began = clock.monotonic()
            futures = [pool.submit(clock.monotonic) for _ in range(4)]
            clock.sleep(60)
            assert {future.result() for future in futures} == {began}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_holds_nobody_up(vocobase_sandbox: Sandbox) -> None:
    def die() -> None:
        clock.sleep(1)
        raise ZeroDivisionError

    threads = [threading.Thread(target=die) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        clock.sleep(1)
    assert not any(thread.is_alive() for thread in threads)


def test_threads_of_the_test_runner_count_once_they_sleep() -> None:
    first, last, slept = queue.SimpleQueue[None](), queue.SimpleQueue[None](), list[float]()

    def sleep() -> None:
        first.get()
        clock.sleep(10)
        slept.append(clock.monotonic())
        last.get()

    thread = threading.Thread(target=sleep)
    thread.start()
    with Sandbox(clock="manual") as sandbox, sandbox_time(sandbox):
        turns, runtime = 0, current_runtime()
        assert isinstance(runtime, SandboxRuntime)
        clock.sleep(1)
        assert runtime._turns._blocked == {}, "a thread that was there before holds the clock up"
        first.put(None)
        while not slept:
            clock.sleep(1)
            turns += 1
        last.put(None)
        thread.join()
    assert turns >= 1


def test_threads_and_event_loops_agree_on_the_next_instant(vocobase_sandbox: Sandbox) -> None:
    order: list[tuple[str, int]] = []
    ready = threading.Barrier(4)

    def in_thread(name: str, lengths: list[int]) -> None:
        ready.wait()
        for seconds in lengths:
            clock.sleep(seconds)
            order.append((name, round(clock.monotonic() - began)))

    def in_loop(name: str, lengths: list[int]) -> None:
        async def main() -> None:
            await asyncio.gather(*(sleep(seconds) for seconds in lengths))

        async def sleep(seconds: int) -> None:
            await async_current_runtime().sleep(seconds)
            order.append((name, round(clock.monotonic() - began)))

        ready.wait()
        asyncio.run(main())

    began = clock.monotonic()
    run(
        lambda: in_thread("a", [10, 20]),
        lambda: in_thread("b", [25]),
        lambda: in_loop("c", [5, 28, 40]),
        lambda: in_loop("d", [15, 35]),
    )
    expected = [("c", 5), ("a", 10), ("d", 15), ("b", 25), ("c", 28), ("a", 30), ("d", 35), ("c", 40)]
    assert order == expected


def test_an_event_loop_whose_thread_is_blocked_holds_nobody_up(vocobase_sandbox: Sandbox) -> None:
    async def main() -> None:
        early = asyncio.create_task(async_current_runtime().sleep(5))
        await asyncio.sleep(0)
        # Both block the loop, so that the task cannot wake in time.
        clock.sleep(20)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(clock.sleep, 20).result()
        await early

    began = clock.monotonic()
    asyncio.run(main())
    assert clock.monotonic() - began == 40


def test_a_task_that_spins_does_not_stop_the_clock(vocobase_sandbox: Sandbox) -> None:
    async def main() -> None:
        sleeping = asyncio.create_task(async_current_runtime().sleep(60))
        while not sleeping.done():
            await asyncio.sleep(0)

    asyncio.run(main())


def test_a_closed_loop_with_a_sleeping_task_holds_nobody_up(vocobase_sandbox: Sandbox) -> None:
    loop = asyncio.new_event_loop()
    task = loop.create_task(async_current_runtime().sleep(5))
    loop.run_until_complete(asyncio.sleep(0))

    async def main() -> None:
        await async_current_runtime().sleep(60)

    asyncio.run(main())
    clock.sleep(60)
    loop.run_until_complete(task)
    loop.close()


def test_more_threads_than_the_pool_of_a_loop_has_may_sleep(vocobase_sandbox: Sandbox) -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(40):
                group.create_task(asyncio.to_thread(clock.sleep, 10 + number))
            for number in range(40):
                group.create_task(async_current_runtime().sleep(number))

    asyncio.run(main())


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_handler_in_another_thread_may_wait_for_a_call(
    vocobase: Vocobase,
    async_vocobase: AsyncVocobase,
    vocobase_sandbox: Sandbox,
    agent_id: str,
    asynchronous: bool,
) -> None:
    app, waited = FastAPI(), list[str]()

    @app.post("/hooks")
    def handle() -> None:  # FastAPI runs it in a thread of its own
        if not waited:
            waited.append("")
            call = vocobase.calls.start(agent_id, ANSWERS, provider="twilio")
            waited[0] = str(vocobase.calls.wait(call.call_id).status)

    vocobase_sandbox.deliver_to(app)
    vocobase.config.webhooks.create("app", url="https://app.example/hooks")
    call_id = vocobase.calls.start(agent_id, ANSWERS, provider="twilio").call_id
    if asynchronous:
        asyncio.run(async_wait(async_vocobase, call_id))
    else:
        vocobase.calls.wait(call_id)
        clock.sleep(600)
    assert waited == ["completed"]


async def async_wait(client: AsyncVocobase, call_id: str) -> None:
    await client.calls.wait(call_id)
    await async_current_runtime().sleep(600)


def test_a_handler_may_wait_for_the_loop_that_moves_the_clock(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, agent_id: str
) -> None:
    slept: list[float] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()

        def receive(url: str, headers: Any, body: bytes, timeout: float) -> int:
            began = clock.monotonic()
            asyncio.run_coroutine_threadsafe(async_current_runtime().sleep(30), loop).result()
            slept.append(clock.monotonic() - began)
            return 200

        object.__setattr__(vocobase_sandbox.settings, "sender", receive)
        vocobase.config.webhooks.create("main", "https://example.com/hook")
        vocobase.calls.start(agent_id, ANSWERS, provider="twilio")
        await async_current_runtime().sleep(600)

    asyncio.run(main())
    assert slept == [30.0]


def test_a_task_that_is_cancelled_before_its_turn_does_not_move_the_clock(vocobase_sandbox: Sandbox) -> None:
    async def main() -> None:
        early = asyncio.create_task(async_current_runtime().sleep(10))
        late = asyncio.create_task(async_current_runtime().sleep(20))
        await asyncio.sleep(0)
        early.cancel()
        await late
        assert early.cancelled()

    began = clock.monotonic()
    asyncio.run(main())
    assert clock.monotonic() - began == 20


def test_a_task_may_be_cancelled_by_the_handler_that_its_sleep_runs(
    vocobase: Vocobase, vocobase_sandbox: Sandbox, agent_id: str
) -> None:
    async def main() -> None:
        loop, cancelled = asyncio.get_running_loop(), threading.Event()

        def cancel() -> None:
            sleeping.cancel()
            cancelled.set()

        def receive(url: str, headers: Any, body: bytes, timeout: float) -> int:
            loop.call_soon_threadsafe(cancel)
            return 200 if cancelled.wait(5) else 500

        object.__setattr__(vocobase_sandbox.settings, "sender", receive)
        vocobase.config.webhooks.create("main", "https://example.com/hook")
        vocobase.calls.start(agent_id, ANSWERS, provider="twilio")
        sleeping = asyncio.create_task(async_current_runtime().sleep(600))
        with pytest.raises(asyncio.CancelledError):
            await sleeping
        await async_current_runtime().sleep(60)

    asyncio.run(main())
    assert [delivery["status"] for delivery in vocobase_sandbox.deliveries] == ["delivered"]


def test_runs_with_several_threads_are_the_same_every_time() -> None:
    def logged() -> str:
        start = datetime(2026, 1, 5, 9, tzinfo=UTC)
        with Sandbox(seed=3, clock="manual", start=start, concurrency=0) as sandbox, sandbox_time(sandbox):
            with Vocobase(
                sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()
            ) as client:
                agent_id = client.agents.create("Desk", "p", voice_id=client.voices.find().id).id

                def call(number: int) -> None:
                    clock.sleep(number)
                    started = client.calls.start(agent_id, ANSWERS, provider="twilio")
                    client.calls.wait(started.call_id)

                run(*(partial(call, number) for number in range(1, 7)))
            return sandbox.event_log()

    first = logged()
    assert first.count('"call.completed"') == 6
    assert [logged() for _ in range(3)] == [first] * 3


def test_a_list_of_thirty_calls_is_dialled_to_its_end_next_to_an_idle_pool(
    vocobase: Vocobase, agent_id: str, tmp_path: Any
) -> None:
    jobs = [CallJob(agent_id, f"+120255501{number:02d}", provider="twilio") for number in range(20, 50)]
    with ThreadPoolExecutor(2) as pool:
        pool.submit(clock.sleep, 1).result()
        report = vocobase.calls.start_many(jobs, ledger=tmp_path / "list.sqlite", wait_for_outcomes=True)
    assert report.finished == 30


async def test_a_list_of_thirty_calls_needs_few_threads(
    async_vocobase: AsyncVocobase, agent_id: str, tmp_path: Any
) -> None:
    jobs = [CallJob(agent_id, f"+120255501{number:02d}", provider="twilio") for number in range(20, 50)]
    loop, given = asyncio.get_running_loop(), list[object]()
    run_in_executor = loop.run_in_executor

    def count(executor: Any, work: Any, *args: Any) -> Any:
        given.append(work)
        return run_in_executor(executor, work, *args)

    loop.run_in_executor = count  # type: ignore[method-assign, assignment]
    try:
        report = await async_vocobase.calls.start_many(
            jobs, ledger=tmp_path / "list.sqlite", wait_for_outcomes=True
        )
    finally:
        loop.run_in_executor = run_in_executor  # type: ignore[method-assign]
    assert report.finished == 30
    # Each use of the ledger and each move of the clock took one, 2,400 in all.
    assert len(given) < 600


@pytest.mark.parametrize("works", [False, True])
def test_a_thread_that_is_busy_for_long_lets_the_others_go_on(works: bool) -> None:
    over, busy = threading.Event(), threading.Event()
    turns = Turns(blocked=0.01 if not works else 60, work=0.01 if works else 60)

    def spin() -> None:
        busy.set()
        while not over.is_set():
            pass

    thread = threading.Thread(target=(lambda: turns.run(spin)) if works else spin)
    thread.start()
    busy.wait()
    turns.wait(turns.next(1))
    over.set()
    thread.join()


@contextmanager
def thread_that_is_being_started() -> Generator[None]:
    thread = threading.Thread()
    limbo: dict[threading.Thread, threading.Thread] = vars(threading)["_limbo"]
    limbo[thread] = thread
    yield
    del limbo[thread]


@contextmanager
def thread_that_was_notified_and_has_not_run_yet() -> Generator[None]:
    condition = threading.Condition()
    waiters: Any = vars(condition)["_waiters"]

    def wait_for_notice() -> None:
        with condition:
            condition.wait()

    thread = threading.Thread(target=wait_for_notice)
    thread.start()
    while not waiters:
        time.sleep(0.001)
    waiter = waiters.popleft()
    yield
    waiter.release()
    thread.join()


@pytest.mark.parametrize("slow", [thread_that_is_being_started, thread_that_was_notified_and_has_not_run_yet])
def test_a_thread_that_a_busy_machine_does_not_run_yet_is_waited_for(
    slow: Callable[[], AbstractContextManager[None]],
) -> None:
    """It will run, so it is not one that may be blocked; the clock moved without it on a busy machine."""
    made: list[Turns] = []
    go_on, awake = threading.Event(), threading.Event()

    def sleep() -> None:
        # Here, so that the thread of the test counts as one that was there before.
        turns = Turns(blocked=0.01, work=60)
        made.append(turns)
        go_on.wait()
        turns.wait(turns.next(1))
        awake.set()

    thread = threading.Thread(target=sleep)
    thread.start()
    while not made:
        time.sleep(0.001)
    with slow():
        go_on.set()
        while not awake.is_set() and made[0]._checks < 3 * MIN_CHECKS:
            time.sleep(0.001)
        assert not awake.is_set()
    thread.join()
