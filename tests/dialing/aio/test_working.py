"""A worker that stays: it dials what others add, and ends cleanly."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.dialing.aio.world import AsyncWorld
from tests.dialing.lists import note
from tests.dialing.world import NUMBERS, coming
from vocobase import CallJob, DialList, InvalidArgumentError, LedgerLostError, PermissionDeniedError, Redial
from vocobase_sandbox import Conversation

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def add(world: AsyncWorld, *numbers: str) -> None:
    with DialList(world.ledger) as jobs:
        jobs.add([CallJob(world.agent_id, each) for each in numbers])


async def work(world: AsyncWorld, **options: Any) -> Any:
    async with world.caller() as vb:
        return await vb.calls.work(ledger=world.ledger, **options)


def after(world: AsyncWorld, seconds: float) -> Callable[[], bool]:
    """Stop at a time of the world."""
    end = world.seconds + seconds
    return lambda: world.seconds >= end


async def test_a_worker_dials_what_others_add_while_it_waits(world: AsyncWorld) -> None:
    additions = {10.0: NUMBERS[0], 100.0: NUMBERS[1], 200.0: NUMBERS[2]}

    def stop() -> bool:
        for at in [at for at in additions if world.seconds >= at]:
            add(world, additions.pop(at))
        return world.seconds >= 400

    times: list[float] = []

    def on_update(update: Any) -> None:
        if update.state == "started":
            times.append(world.seconds)

    report = await work(world, stop=stop, on_update=on_update)
    assert (report.started, report.finished) == (3, 3)
    assert world.dialled() == dict.fromkeys(NUMBERS[:3], 1)
    assert [at <= time < at + 10 for at, time in zip((10, 100, 200), times, strict=True)] == [True] * 3


async def test_a_worker_without_jobs_stays_until_it_is_stopped(world: AsyncWorld) -> None:
    await work(world, stop=after(world, 3600))
    assert 3600 <= world.seconds < 3605
    assert world.dialled() == {}


async def test_a_worker_takes_over_what_another_one_left(world: AsyncWorld) -> None:
    add(world, NUMBERS[0])
    world.ledger.claim("dial:calls", "dead", 1, lease=0)
    report = await work(world, stop=after(world, 60))
    assert (report.parked, report.dialling) == (1, 0), "it may have been dialled, so a person decides"


@pytest.mark.parametrize("event", [threading.Event, asyncio.Event])
async def test_an_event_stops_a_worker_before_its_next_job(world: AsyncWorld, event: Any) -> None:
    add(world, *NUMBERS[:5])
    stop = event()

    def on_update(update: Any) -> None:
        if update.to_number == NUMBERS[1]:
            stop.set()

    report = await work(world, stop=stop, on_update=on_update)
    assert (report.started, report.waiting, report.dialling) == (2, 3, 0)
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


async def test_a_stop_while_the_worker_waits_for_a_permit_ends_it_within_a_second(world: AsyncWorld) -> None:
    add(world, *NUMBERS[:30])
    began: list[float] = []

    def stop() -> bool:
        # The budget of ten starts a minute is used up: it waits for most of a minute.
        if len(world.dialled()) >= 9:
            began.append(world.seconds)
        return bool(began)

    report = await work(world, stop=stop)
    assert world.seconds - began[0] <= 1
    assert (report.dialling, report.started + report.waiting) == (0, 30)


async def test_a_stop_while_an_outcome_is_searched_leaves_the_job_to_the_next_worker(
    world: AsyncWorld,
) -> None:
    add(world, NUMBERS[0], NUMBERS[1])
    world.sandbox.faults.add("reset_before_headers", "POST /calls/start", count=1)
    stop: Callable[[], bool] = lambda: bool(world.dialled())  # noqa: E731 - the request was processed
    report = await work(world, stop=stop)
    assert (report.started, report.waiting, report.dialling) == (0, 1, 1)
    report = await work(world, stop=after(world, 60))
    assert (report.started, report.parked, report.dialling) == (2, 0, 0)
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


@pytest.mark.parametrize("number", SIGNALS)
async def test_a_signal_ends_a_worker_and_the_former_handlers_are_restored(
    world: AsyncWorld, number: signal.Signals
) -> None:
    add(world, *NUMBERS[:3])
    before = [signal.getsignal(each) for each in SIGNALS]

    def on_update(update: Any) -> None:
        signal.raise_signal(number)

    report = await work(world, on_update=on_update)
    assert (report.started, report.waiting) == (1, 2)
    assert [signal.getsignal(each) for each in SIGNALS] == before


async def test_a_second_signal_has_its_former_effect(world: AsyncWorld) -> None:
    add(world, *NUMBERS[:3])

    def on_update(update: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        await work(world, on_update=on_update)
    assert len(world.dialled()) == 1
    assert world.ledger.counts("dial:calls")["claimed"] == 0


@pytest.mark.parametrize(
    "stop", [5, "now", threading.Event, coming], ids=["number", "text", "class", "coroutine"]
)
async def test_what_cannot_stop_a_worker_is_refused(world: AsyncWorld, stop: Any) -> None:
    add(world, NUMBERS[0])
    with pytest.raises(InvalidArgumentError, match=r"calls\.work: stop") as error:
        await work(world, stop=stop)
    assert "\n" not in str(error.value)
    assert world.dialled() == {}


@pytest.mark.parametrize(
    "options",
    [
        {"concurrency": 0},
        {"name": "x" * 600},
        {"do_not_call": 5},
        {"redial": 3},
        {"budget": "much"},
        {"budget": -1},
    ],
)
async def test_a_refused_option_names_the_method_that_was_called(
    world: AsyncWorld, options: dict[str, Any]
) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^calls\.work: "):
        await work(world, **options)


async def test_a_worker_on_a_paused_list_waits_until_it_is_resumed(world: AsyncWorld) -> None:
    jobs = DialList(world.ledger)
    add(world, NUMBERS[0])
    jobs.pause("the script is wrong")
    steps: dict[float, Callable[[], object]] = {100: jobs.resume}

    def stop() -> bool:
        for at in [at for at in steps if world.seconds >= at]:
            assert world.dialled() == {}
            steps.pop(at)()
        return world.seconds >= 200

    times: list[float] = []
    report = await work(world, stop=stop, on_update=lambda update: times.append(world.seconds))
    assert (report.started, report.pause, report.stopped) == (1, None, "stop")
    assert 100 <= times[0] <= 106


async def test_a_low_balance_pauses_the_list_of_a_worker_and_keeps_its_jobs(
    make_world: Callable[..., AsyncWorld],
) -> None:
    world = make_world(balance=0)
    add(world, *NUMBERS[:2])
    report = await work(world, stop=after(world, 60))
    assert (report.waiting, report.started, report.stopped) == (2, 0, "stop")
    assert report.pause is not None and report.pause.code == "balance"
    assert "balance" in report.pause.reason.lower()
    assert world.asked("/calls/start") == 1
    assert world.dialled() == {}


async def test_a_worker_redials_and_asks_who_must_not_be_called(world: AsyncWorld) -> None:
    world.sandbox.script(NUMBERS[0], "busy", Conversation())
    with DialList(world.ledger) as jobs:
        redial = Redial(max_attempts=2, after={"busy": timedelta(minutes=10)})
        jobs.add([CallJob(world.agent_id, NUMBERS[0], redial=redial), CallJob(world.agent_id, NUMBERS[1])])
    report = await work(world, stop=after(world, 1800), do_not_call={NUMBERS[1]})
    assert world.dialled() == {NUMBERS[0]: 2}
    assert (report.finished, report.refused, report.waiting) == (1, 1, 0)


async def test_an_error_of_the_stop_goes_to_the_caller_and_loses_nothing(world: AsyncWorld) -> None:
    add(world, *NUMBERS[:2])

    def stop() -> bool:
        if world.dialled():
            raise OSError("the flag cannot be read")
        return False

    with pytest.raises(OSError, match="the flag"):
        await work(world, stop=stop)
    assert world.ledger.counts("dial:calls") == {
        "waiting": 1,
        "claimed": 0,
        "done": 1,
        "refused": 0,
        "parked": 0,
    }


async def test_a_worker_waits_at_the_budget_of_its_list_until_it_is_raised(world: AsyncWorld) -> None:
    add(world, NUMBERS[0])
    note(world.ledger, "earlier", cost="470", outcome="completed")

    def stop() -> bool:
        if world.seconds >= 60:
            DialList(world.ledger).change(budget=1000)
        return world.seconds >= 120

    times: list[float] = []
    await work(world, budget=500, stop=stop, on_update=lambda update: times.append(world.seconds))
    assert times
    assert 60 <= times[0] <= 70


async def test_errors_that_end_a_run_end_a_worker(world: AsyncWorld) -> None:
    add(world, *NUMBERS[:2])
    world.sandbox.faults.add("status", "POST /calls/start", status=403, count=1)
    with pytest.raises(PermissionDeniedError):
        await work(world, stop=after(world, 60))
    world.place.unlink()
    with pytest.raises(LedgerLostError):
        await work(world, stop=after(world, 60))
    assert world.dialled() == {}
