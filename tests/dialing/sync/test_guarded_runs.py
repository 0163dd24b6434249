# Derived from tests/dialing/aio/test_guarded_runs.py by scripts/derive_sync.py; edit that instead.
"""Runs whose list has guards, against the sandbox: what calls cost and how they end decides what is dialled."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS
from vocobase import CallJob, CircuitBreaker, DialList, JobUpdate, Redial, RunReport, SpendCap
from vocobase_sandbox import Conversation

# Two buckets of 15 seconds at 3.60 rupees a minute.
TALK = Conversation(turns=[("user", "Hello")], duration=19, extraction={"paid": True})
COST = Decimal("1.80")


def jobs(world: World, count: int) -> list[CallJob]:
    return [CallJob(world.agent_id, number) for number in NUMBERS[:count]]


def script(world: World, count: int, *outcomes: Any) -> None:
    for number in NUMBERS[:count]:
        world.sandbox.script(number, *outcomes)


def charged(world: World) -> Decimal:
    """Return what the account was charged."""
    return 500 - Decimal(world.sandbox.world.account["balance_paise"]) / 100


def test_a_run_stops_when_the_next_call_may_pass_its_budget(world: World) -> None:
    script(world, 9, TALK)
    report = world.dial(jobs(world, 9), budget=SpendCap(10, Decimal("1.80")))
    assert (report.stopped, report.started, report.finished, report.waiting) == ("budget", 5, 5, 4)
    assert (report.spent, report.reserved) == (5 * COST, 0)
    assert charged(world) == 5 * COST
    again = world.dial()
    assert (again.stopped, again.run) == ("budget", RunReport())
    DialList(world.ledger).change(budget=SpendCap(12, 2))
    assert (world.dial()).started == 6
    assert charged(world) == 6 * COST


def test_a_run_waits_for_the_costs_of_live_calls_instead_of_stopping(world: World) -> None:
    """Each call may cost 46 rupees, so two fit in at once; all of them cost 16.20."""
    script(world, 9, TALK)
    most: list[Decimal] = []

    def watch(update: JobUpdate) -> None:
        with DialList(world.ledger) as found:
            report = found.report()
            most.append(report.spent + report.reserved)

    report = world.dial(jobs(world, 9), budget=110, on_update=watch)
    assert (report.stopped, report.finished, report.spent) == ("done", 9, 9 * COST)
    assert max(most) <= 110


def test_calls_that_do_not_connect_spend_nothing(world: World) -> None:
    script(world, 4, "busy", "no_answer")
    rules = Redial(2, {"busy": timedelta(minutes=15)})
    report = world.dial(jobs(world, 4), budget=50, redial=rules)
    assert (report.stopped, report.finished, report.spent, report.reserved) == ("done", 4, 0, 0)
    assert report.run == RunReport(started=8, finished=4, requeued=4)
    assert world.dialled() == dict.fromkeys(NUMBERS[:4], 2)


@pytest.mark.parametrize("redial", [None, Redial(2, {"failed": timedelta(minutes=1)})])
def test_a_circuit_breaker_stops_a_run_whose_calls_fail(
    make_world: Callable[..., World], redial: Redial | None
) -> None:
    world = make_world(concurrency=1)
    script(world, 3, "busy")
    for number in NUMBERS[3:30]:
        world.sandbox.script(number, "failed")
    breaker = CircuitBreaker(0.5, 6)
    report = world.dial(jobs(world, 30), circuit_breaker=breaker, redial=redial)
    assert report.stopped == "circuit_breaker"
    assert report.pause is not None
    assert report.pause.reason == "3 of the last 6 calls failed"
    dialled = sum(world.dialled().values())
    # Those that began before the sixth outcome was read.
    assert 6 <= dialled <= 12
    assert (world.dial()).stopped == "circuit_breaker"
    assert sum(world.dialled().values()) == dialled
    assert DialList(world.ledger).resume()
    assert (world.dial()).stopped == "circuit_breaker", "the next calls fail as well"
    assert sum(world.dialled().values()) >= dialled + 6, "calls of before the resume do not count"


def test_results_show_what_the_calls_of_a_run_brought(world: World, tmp_path: Path) -> None:
    world.sandbox.script(NUMBERS[0], "busy", TALK)
    world.sandbox.script(NUMBERS[1], "no_answer")
    world.dial(jobs(world, 2), redial=Redial(2, {"busy": timedelta(minutes=15)}))
    first, second = [each for each in DialList(world.ledger).results()]
    assert (first.state, first.attempts, first.outcome, first.cost) == ("finished", 2, "completed", COST)
    assert (first.duration_seconds, [dial.outcome for dial in first.dials]) == (19, ["busy", "completed"])
    assert first.last_at - first.first_at >= timedelta(minutes=15)
    assert (second.state, second.attempts, second.outcome, second.cost) == ("finished", 1, "no_answer", None)
    DialList(world.ledger).to_csv(tmp_path / "results.csv")
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["to_number"], row["attempts"], row["cost"]) for row in rows] == [
        (NUMBERS[0], "2", "1.8"),
        (NUMBERS[1], "1", ""),
    ]


def test_rules_that_change_during_a_run_hold_for_its_next_attempts(world: World) -> None:
    script(world, 2, "busy")

    def change(update: JobUpdate) -> None:
        if update.state == "waiting":
            with DialList(world.ledger) as found:
                found.change(redial=None)

    rules = Redial(9, {"busy": timedelta(minutes=15)})
    world.dial(jobs(world, 2), redial=rules, on_update=change)
    assert sum(world.dialled().values()) <= 4
