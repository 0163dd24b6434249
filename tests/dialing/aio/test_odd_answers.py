"""Answers that no one expects neither stop a list forever nor make a phone ring twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

import vocobase
from tests.dialing.aio.world import AsyncWorld
from tests.dialing.conftest import Change
from tests.dialing.world import NUMBERS
from vocobase import CallJob, DialList
from vocobase._dialing.jobs import item_of
from vocobase._dialing.scopes import scope_of
from vocobase._ledger.sqlite import SQLiteLedger

START = "POST /calls/start"


def jobs(world: AsyncWorld, number: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, to_number, **options) for to_number in NUMBERS[:number]]


ODD_IDS: list[Any] = [None, 5, "x" * 600, "a\0b", "\ud800", ["a"]]


@pytest.mark.parametrize("odd", ODD_IDS, ids=repr)
async def test_a_start_whose_answer_has_no_usable_id_is_looked_up(
    world: AsyncWorld, spoil: Callable[[str, Change], None], odd: Any
) -> None:
    spoil("calls.start", lambda data: data.update(call_id=odd))
    assert (await world.dial(jobs(world, 2))).started == 2
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


@pytest.mark.parametrize("odd", ODD_IDS, ids=repr)
async def test_a_call_without_a_usable_id_parks_its_job_and_holds_no_other_one_up(
    world: AsyncWorld, spoil: Callable[[str, Change], None], odd: Any
) -> None:
    spoil("calls.list", lambda data: [call.update(call_id=odd) for call in data["calls"]])
    world.sandbox.faults.add("reset_before_headers", START, count=1)
    report = await world.dial(jobs(world, 3))
    assert (report.started, report.parked) == (2, 1)
    assert world.dialled() == dict.fromkeys(NUMBERS[:3], 1)


@pytest.mark.parametrize(
    ("limit", "active"),
    [(None, "3"), (0, 0), (-1, 0), ("5", None), (True, 7), ([], -7), (1.5, 2.5), (5, "3"), (5, None)],
)
async def test_a_concurrency_that_makes_no_sense_leaves_the_rest_to_the_server(
    world: AsyncWorld, spoil: Callable[[str, Change], None], limit: Any, active: Any
) -> None:
    spoil("calls.concurrency", lambda data: data.update(limit=limit, active=active))
    until = world.sandbox.clock.now + timedelta(minutes=30)
    assert (await world.dial(jobs(world, 2), until=until)).started == 2


@pytest.mark.parametrize("status", ["IN_PROGRESS", "Ringing", "queued", None])
async def test_a_call_in_a_state_that_is_not_known_keeps_its_slot(
    make_world: Callable[..., AsyncWorld], spoil: Callable[[str, Change], None], status: Any
) -> None:
    world = make_world(concurrency=0, rate_limits=False)
    spoil("calls.list", lambda data: [call.update(status=status) for call in data["calls"]])
    until = world.sandbox.clock.now + timedelta(minutes=2)
    assert (await world.dial(jobs(world, 2), concurrency=1, until=until)).started == 1


@pytest.mark.parametrize("route", ["GET /calls", "GET /calls/concurrency", "GET /calls/{id}"])
@pytest.mark.parametrize("fault", ["html", "empty", "malformed_json"])
async def test_a_read_that_cannot_be_understood_is_repeated(
    make_world: Callable[..., AsyncWorld], route: str, fault: str
) -> None:
    world = make_world(concurrency=1, rate_limits=False, pace=0.2)
    world.sandbox.faults.add(fault, route, count=2, status=200)
    world.sandbox.faults.add("reset_before_headers", START, count=1)
    assert (await world.dial(jobs(world, 3))).started == 3
    assert world.dialled() == dict.fromkeys(NUMBERS[:3], 1)


async def test_a_read_that_is_refused_for_good_ends_the_run_before_anything_is_dialled(
    world: AsyncWorld,
) -> None:
    world.sandbox.faults.add("status", "GET /calls/concurrency", status=401, count=1)
    with pytest.raises(vocobase.AuthenticationError):
        await world.dial(jobs(world, 2))
    assert world.dialled() == {}
    assert world.ledger.counts(scope_of("calls"))["waiting"] == 2


@pytest.mark.parametrize("wished", ["1e300", "86400"])
async def test_a_long_wait_that_a_server_asks_for_does_not_outlast_the_run(
    world: AsyncWorld, wished: str
) -> None:
    world.sandbox.faults.add("status", START, status=429, headers={"retry-after": wished})
    began = world.seconds
    report = await world.dial(jobs(world, 1), until=world.sandbox.clock.now + timedelta(minutes=3))
    assert (report.started, report.waiting) == (0, 1)
    assert 170 < world.seconds - began < 200


@pytest.mark.parametrize("wished", ["1000000000", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"])
async def test_a_list_goes_on_after_a_minute_whatever_wait_a_server_asks_for(
    world: AsyncWorld, wished: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A budget is there again after its window; a longer wait would stop a list for years, and no one would know."""
    world.sandbox.faults.add("status", START, status=429, headers={"retry-after": wished}, count=2)
    began = world.seconds
    assert (await world.dial(jobs(world, 1))).started == 1
    assert 120 <= world.seconds - began < 180
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(told) == 2
    assert all("calls.start: the server asks to wait" in text and "waiting 60 s" in text for text in told)


@pytest.mark.parametrize("header", ["-1000000000", "nan", "inf", "-inf", "soon"])
async def test_a_wait_that_makes_no_sense_counts_as_none(world: AsyncWorld, header: str) -> None:
    headers = {"retry-after": header, "retry-after-ms": header}
    world.sandbox.faults.add("status", START, status=429, headers=headers, count=1)
    began = world.seconds
    assert (await world.dial(jobs(world, 1))).started == 1
    assert world.seconds - began <= 60


@pytest.mark.parametrize("status", [402, 405, 410, 426, 451])
async def test_a_refusal_that_is_not_about_one_job_does_not_use_up_the_list(
    world: AsyncWorld, status: int
) -> None:
    world.sandbox.faults.add("status", START, status=status)
    with pytest.raises(vocobase.APIError):
        await world.dial(jobs(world, 3))
    assert world.ledger.counts(scope_of("calls"))["waiting"] == 3
    assert world.asked("/calls/start") == 1


async def test_a_call_that_was_made_much_later_is_not_taken_for_the_one_that_is_looked_for(
    world: AsyncWorld,
) -> None:
    world.ledger.enter(scope_of("calls"), [item_of(jobs(world, 1)[0], None, 0)])
    world.ledger.claim(scope_of("calls"), "dead", 1, lease=90)
    world.sleep(3600)
    with world.client() as vb:
        vb.calls.start(world.agent_id, NUMBERS[0])
    assert (await world.dial()).parked == 1


async def test_a_call_that_was_noted_is_known_without_asking(world: AsyncWorld) -> None:
    """The process died after it had noted the call, and before it had noted the end of the job."""
    (key, payload), scope = item_of(jobs(world, 1)[0], None, 0), scope_of("calls")
    world.ledger.enter(scope, [(key, payload)])
    world.ledger.claim(scope, "dead", 1, lease=0)
    world.ledger.enter("dialled", [("call-1", {"scope": scope, "job": key, "at": world.now()})])
    assert (await world.dial()).started == 1
    with DialList(world.ledger) as found:
        assert [job.call_id for job in found.jobs("started")] == ["call-1"]


@pytest.mark.parametrize(
    "options",
    [{"variables": "name"}, {"variables": 5}, {"window": "9-20"}, {"provider": 5}, {"connection_id": []}],
)
async def test_a_job_of_the_wrong_types_is_refused_before_anything_is_dialled(
    world: AsyncWorld, options: dict[str, Any]
) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match="start_many"):
        await world.dial([*jobs(world, 1), CallJob(world.agent_id, NUMBERS[1], **options)])
    assert world.dialled() == {}


async def test_a_machine_that_was_suspended_does_not_dial_what_others_have_taken_over(
    world: AsyncWorld,
) -> None:
    """Its own clock stood still meanwhile, so only the ledger can tell."""
    scope = scope_of("calls")

    class Suspended:
        def __getattr__(self, name: str) -> Any:
            method = getattr(world.ledger, name)

            def use(*args: Any, **options: Any) -> Any:
                found = method(*args, **options)
                if name == "claim" and args[0] == scope and found:
                    world.sandbox.clock.advance(7200)
                    (entry,) = world.ledger.take_over(scope, "other", 1, lease=60)
                    world.ledger.settle(scope, [entry.key], "parked", owner="other")
                return found

            return use

    report = await world.dial(jobs(world, 1), ledger=Suspended())
    assert (report.started, report.parked) == (0, 1)
    assert world.dialled() == {}


async def test_a_clock_that_is_set_back_does_not_stop_a_list_for_as_long(world: AsyncWorld) -> None:
    with closing(SQLiteLedger(world.place, clock=lambda: world.now() + 86_400)) as ahead:
        assert (await world.dial(jobs(world, 12), ledger=ahead)).started == 12
    began = world.seconds
    assert (await world.dial(jobs(world, 14))).started == 14
    assert world.seconds - began < 200
