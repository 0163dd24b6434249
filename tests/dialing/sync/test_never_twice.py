# Derived from tests/dialing/aio/test_never_twice.py by scripts/derive_sync.py; edit that instead.
"""No fault, no crash and no other worker makes a phone ring twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import vocobase
from tests.dialing.crashes import Crash, Fragile, Interrupting, patch_pools
from tests.dialing.sizes import CRASHED_JOBS
from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS
from tests.transport.server import Server, answer
from vocobase import CallJob, DialList, LedgerError
from vocobase._dialing.scopes import DIALLED, scope_of
from vocobase._ledger import State

START = "POST /calls/start"


def jobs(world: World, number: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, to_number, **options) for to_number in NUMBERS[:number]]


LOST = ["reset_before_headers", "reset_after_headers", "truncated", "empty", "malformed_json"]


@pytest.mark.parametrize("fault", LOST)
def test_a_start_whose_answer_is_lost_is_found(world: World, fault: str) -> None:
    world.sandbox.faults.add(fault, START, count=1)
    report = world.dial(jobs(world, 3))
    assert report.started == 3
    assert world.dialled() == dict.fromkeys(NUMBERS[:3], 1)
    with DialList(world.ledger) as found, world.client() as vb:
        assert {job.call_id for job in found.jobs("started")} == {call.call_id for call in vb.calls.list()}


def test_a_start_that_answers_too_late_is_found(world: World) -> None:
    world.options["timeout"] = 3
    world.sandbox.faults.add("latency", START, count=1, seconds=60)
    assert (world.dial(jobs(world, 2))).started == 2
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 503}),
        ("status", {"status": 408}),
        ("html", {"status": 502}),
        ("html", {"status": 200}),
        ("reset_before_headers", {"execute": False}),
    ],
)
def test_a_start_that_may_have_been_carried_out_and_is_not_found_is_parked(
    world: World, fault: str, options: dict[str, Any]
) -> None:
    world.sandbox.faults.add(fault, START, count=1, **options)
    report = world.dial(jobs(world, 3))
    assert (report.started, report.parked) == (2, 1)
    assert world.dialled() == dict.fromkeys(NUMBERS[1:3], 1)
    assert (world.dial()).parked == 1
    assert world.dialled() == dict.fromkeys(NUMBERS[1:3], 1)


@pytest.mark.parametrize("status", [500, 502, 408])
def test_a_start_that_was_carried_out_in_spite_of_an_error_is_found(world: World, status: int) -> None:
    world.sandbox.faults.add("status", START, count=1, status=status, execute=True)
    assert (world.dial(jobs(world, 2))).started == 2
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


def test_an_answer_without_a_call_id_is_looked_up(world: World) -> None:
    with Server([answer(200, {"calls": [], "limit": 5, "active": 0, "call_id": ""})]) as server:
        world.elsewhere = server.url
        assert (world.dial(jobs(world, 1))).parked == 1
        assert sum(b"POST /calls/start" in request for request in server.requests) == 1


def test_a_page_between_the_client_and_the_api_ends_the_run(world: World) -> None:
    html = answer(404, b"<html>", Content_Type="text/html")
    with Server([answer(200, {"limit": 5, "active": 0}), html]) as server:
        world.elsewhere = server.url
        with pytest.raises(vocobase.NotFoundError):
            world.dial(jobs(world, 2))
        assert sum(b"POST /calls/start" in request for request in server.requests) == 1
    assert world.ledger.counts(scope_of("calls"))["waiting"] == 2


def test_a_server_that_cannot_be_reached_ends_the_run_and_loses_nothing(world: World) -> None:
    world.elsewhere = "http://127.0.0.1:1"
    with pytest.raises(vocobase.ConnectionFailedError):
        world.dial(jobs(world, 2))
    world.elsewhere = None
    assert (world.dial()).started == 2


def test_looking_survives_a_server_that_is_away_for_a_while(world: World) -> None:
    world.options["max_retries"] = 0
    world.sandbox.faults.add("reset_before_headers", START, count=1)
    world.sandbox.faults.add("status", "GET /calls", count=3, status=503)
    assert (world.dial(jobs(world, 1))).started == 1
    assert world.dialled() == {NUMBERS[0]: 1}


def test_looking_goes_on_in_the_next_run_when_the_server_stays_away(world: World) -> None:
    world.options["max_retries"] = 0
    world.sandbox.faults.add("reset_before_headers", START, count=1)
    fault = world.sandbox.faults.add("status", "GET /calls", status=503)
    with pytest.raises(vocobase.ServerError):
        world.dial(jobs(world, 2))
    world.sandbox.faults.remove(fault)
    assert (world.dial()).started == 2
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


def test_a_call_of_before_is_not_taken_for_the_one_that_is_looked_for(world: World) -> None:
    with world.client() as vb:
        vb.calls.start(world.agent_id, NUMBERS[0])
    world.sleep(45)
    world.sandbox.faults.add("status", START, count=1, status=500)
    assert (world.dial(jobs(world, 1))).parked == 1


def test_a_call_of_another_job_is_not_taken_for_the_one_that_is_looked_for(world: World) -> None:
    first, second = *jobs(world, 1, key="first"), *jobs(world, 1, key="second")
    assert (world.dial([first])).started == 1
    world.sandbox.faults.add("status", START, count=1, status=500)
    report = world.dial([second])
    assert (report.started, report.parked) == (1, 1)


def test_two_jobs_about_one_number_whose_outcome_is_unknown_share_no_call(world: World) -> None:
    world.sandbox.faults.add("status", START, count=1, status=500)
    world.sandbox.faults.add("reset_before_headers", START, count=1)
    todo = [*jobs(world, 1, key="first"), *jobs(world, 1, key="second")]
    report = world.dial(todo)
    assert (report.started, report.parked) == (0, 2)
    assert world.dialled() == {NUMBERS[0]: 1}
    with DialList(world.ledger) as found:
        assert "another job" in str([job.reason for job in found.jobs("parked")])


def rid_of(world: World) -> None:
    for file in world.place.parent.glob("ledger.sqlite*"):
        file.unlink()


HELD: tuple[State, ...] = ("claimed", "parked")


def check_recovery(world: World, number: int) -> None:
    """Run again after a crash: nothing rings twice, and what no one held at the crash is dialled."""
    held = {entry.key for state in HELD for entry in world.ledger.entries(scope_of("calls"), state)}
    report = world.dial(jobs(world, number))
    assert set(world.dialled().values()) <= {1}
    assert report.started == sum(world.dialled().values())
    assert report.started + report.parked == number
    with DialList(world.ledger) as found:
        assert {job.key for job in found.jobs("parked")} <= held
    rid_of(world)


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_use_of_the_ledger_makes_no_phone_ring_twice(
    make_world: Callable[..., World], after: bool
) -> None:
    number = CRASHED_JOBS["sync"]
    for at in itertools.count(1):
        world = make_world(concurrency=0, rate_limits=False)
        crashed = False
        try:
            world.dial(jobs(world, number), ledger=Fragile(world.ledger, at, after))
        except Crash:
            crashed = True
        check_recovery(world, number)
        if not crashed:
            break
    assert at > 15


@pytest.mark.parametrize("after", [False, True])
def test_an_interrupt_at_any_use_of_the_ledger_leaves_no_job_behind_that_was_not_sent(
    make_world: Callable[..., World], after: bool
) -> None:
    """Unlike a crash, an interrupt lets the dialer give back what it holds."""
    number = CRASHED_JOBS["sync"]
    for at in itertools.count(1):
        world = make_world(concurrency=0, rate_limits=False)
        interrupted = False
        try:
            world.dial(jobs(world, number), ledger=Interrupting(world.ledger, at, after))
        except KeyboardInterrupt:
            interrupted = True
        assert (world.dial(jobs(world, number))).started == number, at
        assert world.dialled() == dict.fromkeys(NUMBERS[:number], 1), at
        rid_of(world)
        if not interrupted:
            break
    assert at > 15


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_request_makes_no_phone_ring_twice(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    for at in itertools.count(1):
        world = make_world(concurrency=0, rate_limits=False)
        fault = world.sandbox.faults.add("status", START, count=1, status=500)
        # Once a request has crashed, the ledger is gone as well.
        ledger = Fragile(world.ledger, 10**9, False)
        crashed = False
        with monkeypatch.context() as patch:
            patch_pools(patch, ledger, at, after)
            try:
                world.dial(jobs(world, 3), ledger=ledger)
            except Crash:
                crashed = True
        world.sandbox.faults.remove(fault)
        check_recovery(world, 3)
        if not crashed:
            break
    assert at > 5


def test_a_claim_that_was_taken_over_while_its_start_was_slow_ends_as_started(
    world: World,
) -> None:
    """The other worker parks the job before the first one hears of its call."""
    scope = scope_of("calls")

    class Slow(Fragile):
        def __getattr__(self, name: str) -> Any:
            if name == "get" or name == "enter":
                # The start was answered: the next use of the ledger comes after others took the job over.
                for entry in list(world.ledger.entries(scope, "claimed")):
                    if world.dialled():
                        world.ledger.renew(scope, [entry.key], owner=entry.owner or "", lease=0)
                        world.ledger.take_over(scope, "other", 1, lease=60)
                        world.ledger.settle(scope, [entry.key], "parked", owner="other")
            return getattr(self.ledger, name)

    report = world.dial(jobs(world, 1), ledger=Slow(world.ledger, 0, False))
    assert (report.started, report.parked) == (1, 0)
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_machine_that_slept_does_not_dial_what_others_may_have_taken_over(world: World) -> None:
    class Sleepy(Fragile):
        slept = False

        def __getattr__(self, name: str) -> Any:
            method = getattr(self.ledger, name)
            if name != "claim":
                return method

            def claim(scope: str, *args: Any, **options: Any) -> Any:
                found = method(scope, *args, **options)
                if scope == scope_of("calls") and not self.slept:
                    self.slept = True
                    world.sleep(80)
                return found

            return claim

    ledger = Sleepy(world.ledger, 0, False)
    began = world.seconds
    assert (world.dial(jobs(world, 1), ledger=ledger)).started == 1
    assert world.seconds - began >= 80
    assert world.dialled() == {NUMBERS[0]: 1}


def test_two_workers_that_claim_the_last_slot_at_once_do_not_both_dial(
    make_world: Callable[..., World],
) -> None:
    world = make_world(concurrency=0, rate_limits=False)

    class Contended(Fragile):
        """Another worker claims a job right after this one has, and gives it back as this one does."""

        def __getattr__(self, name: str) -> Any:
            method = getattr(self.ledger, name)

            def use(scope: str, *args: Any, **options: Any) -> Any:
                result = method(scope, *args, **options)
                if name == "claim" and scope == scope_of("calls") and self.left:
                    self.left -= 1
                    others.extend(method(scope, "other", 1, lease=60))
                elif name == "settle" and others:
                    assert world.dialled() == {}
                    method(scope, [others.pop().key], "waiting", owner="other")
                return result

            return use if name in ("claim", "settle") else method

    others: list[Any] = []
    report = world.dial(jobs(world, 2), ledger=Contended(world.ledger, 1, False), concurrency=1)
    assert report.started == 2
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


def test_a_call_that_begins_while_calls_are_counted_is_counted(
    make_world: Callable[..., World],
) -> None:
    world = make_world(concurrency=0, rate_limits=False)
    scope, ledger = scope_of("calls"), world.ledger
    theirs: list[Any] = []
    settled: list[str] = []

    class Busy(Fragile):
        """Another worker claims a job as this one does; it is answered between the two counts."""

        def __getattr__(self, name: str) -> Any:
            method = getattr(self.ledger, name)

            def use(place: str, *args: Any, **options: Any) -> Any:
                result = method(place, *args, **options)
                if name == "claim" and place == scope and not settled:
                    theirs.extend(method(place, "other", 1, lease=60))
                elif name == "counts" and theirs:
                    ledger.enter(DIALLED, [("theirs", {"at": world.now()})])
                    ledger.settle(scope, [theirs.pop().key], "done", owner="other")
                elif name == "settle" and place == scope:
                    settled.append(args[1])
                return result

            return use if name in ("claim", "counts", "settle") else method

    world.dial(jobs(world, 2), ledger=Busy(ledger, 0, False), concurrency=1)
    assert settled == ["waiting", "done"]


def test_a_lookup_that_others_have_taken_over_is_left_to_them(world: World) -> None:
    class Stolen(Fragile):
        def __getattr__(self, name: str) -> Any:
            if name == "renew" and world.asked("/calls/start"):
                return lambda scope, keys, **options: list(keys)
            return getattr(self.ledger, name)

    world.sandbox.faults.add("status", START, count=1, status=500)
    until = world.sandbox.clock.now
    report = world.dial(
        jobs(world, 1), ledger=Stolen(world.ledger, 0, False), until=until + timedelta(seconds=30)
    )
    assert (report.dialling, report.parked) == (1, 0)
    assert world.asked("/calls/start", 500) == 1
    world.sleep(120)
    assert (world.dial()).parked == 1


def test_a_ledger_that_fails_ends_the_run_with_its_error(world: World) -> None:
    class Full(Fragile):
        def __getattr__(self, name: str) -> Any:
            def call(*args: Any, **options: Any) -> Any:
                self.left -= 1
                if self.left < 0:
                    raise LedgerError("ledger: the disk is full.")
                return getattr(self.ledger, name)(*args, **options)

            return call

    for at in range(1, 40):
        try:
            world.dial(jobs(world, 2), ledger=Full(world.ledger, at, False))
        except LedgerError as error:
            assert "disk is full" in str(error)
    report = world.dial()
    assert report.started + report.parked == 2
    assert set(world.dialled().values()) <= {1}


def test_calls_that_are_over_free_their_slots_even_when_no_page_shows_them(
    make_world: Callable[..., World],
) -> None:
    world = make_world(concurrency=0, rate_limits=False)
    world.ledger.enter(DIALLED, [("gone", {"at": world.now()}), ("old", {"at": world.now() - 10_000})])
    assert (world.dial(jobs(world, 1), concurrency=1)).started == 1
    assert world.ledger.counts(DIALLED)["done"] == 2


def test_a_call_that_lasts_keeps_its_slot_when_no_page_shows_it(
    make_world: Callable[..., World],
) -> None:
    world = make_world(concurrency=0, rate_limits=False)
    with world.client() as vb:
        endless = vb.calls.start(world.agent_id, "+12025550110").call_id
        world.ledger.enter(DIALLED, [(endless, {"at": world.now()})])
        for number in NUMBERS[100:205]:
            vb.calls.start(world.agent_id, number)
            world.sleep(1)
    until = world.sandbox.clock.now + timedelta(minutes=2)
    assert (world.dial(jobs(world, 1), concurrency=1, until=until)).started == 0
    with world.client() as vb:
        vb.calls.dismiss_stale()
    assert (world.dial(concurrency=1)).started == 1


def test_a_fault_while_looking_for_ends_is_waited_out(make_world: Callable[..., World]) -> None:
    world = make_world(concurrency=1, rate_limits=False, pace=0.2)
    world.options["max_retries"] = 0
    world.sandbox.faults.add("status", "GET /calls", status=503, count=2)
    world.sandbox.faults.add("status", "GET /calls/concurrency", status=503, count=1)
    assert (world.dial(jobs(world, 3))).started == 3
    assert world.dialled() == dict.fromkeys(NUMBERS[:3], 1)
