# Derived from tests/dialing/aio/test_lists.py by scripts/derive_sync.py; edit that instead.
"""A list is an object: people fill it, read it, pause it and change it, while workers dial."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.dialing.lists import finish, note
from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS, START
from vocobase import (
    CallJob,
    CallWindow,
    CircuitBreaker,
    DialList,
    DialReport,
    InvalidArgumentError,
    JobUpdate,
    ListSettings,
    PersonCap,
    Redial,
    RunReport,
    SpendCap,
)
from vocobase._dialing.scopes import scope_of


def jobs(world: World, count: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, number, **options) for number in NUMBERS[:count]]


def key_of(world: World, number: int) -> str:
    return f"{world.agent_id} {NUMBERS[number]}"


def test_jobs_are_added_without_dialling_and_dialled_by_the_next_run(world: World) -> None:
    assert DialList(world.ledger).add(iter(jobs(world, 3))) == 3
    assert DialList(world.ledger).add(jobs(world, 4)) == 1
    assert world.dialled() == {}
    assert DialList(world.ledger).report() == DialReport(0, 0, 0, 4, 0, None)
    assert (world.dial()).started == 4
    assert world.dialled() == dict.fromkeys(NUMBERS[:4], 1)


def test_a_list_names_all_lists_of_its_ledger(world: World) -> None:
    assert DialList(world.ledger).names() == []
    for name in ("reminders", "é: x", "calls"):
        DialList(world.ledger, name).add(jobs(world, 1))
    assert DialList(world.ledger).names() == ["calls", "reminders", "é: x"]


def test_jobs_are_added_with_their_hours(world: World) -> None:
    window = CallWindow(time(15), time(20), timezone="Asia/Kolkata")
    DialList(world.ledger).add(jobs(world, 1), window=window)
    report = world.dial(wait_for_windows=False)
    assert (report.stopped, report.waiting) == ("hours", 1)


@pytest.mark.parametrize("wrong", [False, 0, "", {}, []])
def test_hours_of_another_type_are_not_the_default_hours(world: World, wrong: Any) -> None:
    with DialList(world.ledger) as found:
        with pytest.raises(InvalidArgumentError, match=r"DialList\.add: window must be a CallWindow"):
            found.add(jobs(world, 1), window=wrong)
        with pytest.raises(InvalidArgumentError, match=r"calls\.start_many: window must be a CallWindow"):
            world.dial([], window=wrong)
        with pytest.raises(InvalidArgumentError, match=r"DialList: name must not be empty"):
            DialList(world.ledger, "")
        with pytest.raises(InvalidArgumentError, match="job 0: window must be a CallWindow"):
            found.add(jobs(world, 1, window=wrong))
        with pytest.raises(InvalidArgumentError, match=r"DialList\.to_dicts: flat must be True or False"):
            found.to_dicts(flat=wrong or None)


def test_a_job_that_cannot_be_used_is_named(world: World) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=r"DialList\.add: job 0: .* not in E\.164 form"):
        DialList(world.ledger).add([CallJob(world.agent_id, "5550100")])


def test_one_job_is_found_by_its_key(world: World) -> None:
    DialList(world.ledger).add(jobs(world, 1, variables={"name": "Asha"}, key="asha"))
    found = DialList(world.ledger).get("asha")
    assert (found.key, found.to_number, found.state, found.attempts) == ("asha", NUMBERS[0], "waiting", 0)
    assert found.variables == {"name": "Asha"}
    assert DialList(world.ledger).get("ravi") is None
    assert NUMBERS[0] not in repr(found)
    assert "Asha" not in repr(found)


def test_jobs_are_listed_in_every_state(world: World) -> None:
    found = DialList(world.ledger)
    found.add(jobs(world, 6))
    scope = scope_of("calls")
    finish(world.ledger, key_of(world, 0), outcome="completed")
    finish(world.ledger, key_of(world, 1))
    for number, state in ((2, "refused"), (3, "parked")):
        world.ledger.claim(scope, "worker", 1, lease=60)
        world.ledger.settle(scope, [key_of(world, number)], state, owner="worker")  # type: ignore[arg-type]
    world.ledger.claim(scope, "worker", 1, lease=60)
    states: list[Any] = ["finished", "started", "refused", "parked", "dialling", "waiting"]
    for number, state in enumerate(states):
        (job,) = [each for each in found.jobs(state)]
        assert (job.to_number, job.state) == (NUMBERS[number], state)
        (result,) = [each for each in found.results(state)]
        assert (result.to_number, result.state) == (NUMBERS[number], state)
    assert [each.state for each in found.results()] == states
    gone: Any = "gone"
    for method in (found.jobs, found.results):
        with pytest.raises(
            vocobase.InvalidArgumentError, match="state must be one of waiting, dialling, started"
        ):
            [each for each in method(state=gone)]
    with pytest.raises(
        vocobase.InvalidArgumentError, match="state must be one of waiting, dialling, started"
    ):
        found.to_dicts(state=gone)
    with pytest.raises(
        vocobase.InvalidArgumentError, match="state must be one of waiting, dialling, started"
    ):
        found.to_csv("unused.csv", state=gone)


FACTS: dict[str, Any] = {
    "outcome": "completed",
    "ended_at": datetime(2026, 1, 5, 9, 1, tzinfo=UTC),
    "duration_seconds": 19.0,
    "cost": Decimal("1.80"),
    "extraction": {"paid": True, "note": '=HYPERLINK("x")', "tags": ["a", "é"]},
}


def test_results_show_what_came_of_each_person(world: World) -> None:
    DialList(world.ledger).add(jobs(world, 2, variables={"name": "Asha"}))
    finish(world.ledger, key_of(world, 0), **FACTS)
    first, second = [each for each in DialList(world.ledger).results()]
    assert (first.state, first.attempts, first.outcome, first.cost) == (
        "finished",
        1,
        "completed",
        Decimal("1.80"),
    )
    assert (first.first_at, first.last_at, first.ended_at) == (START, START, FACTS["ended_at"])
    assert (first.duration_seconds, first.call_id, first.extraction) == (19.0, "call", FACTS["extraction"])
    assert (second.attempts, second.outcome, second.cost, second.dials) == (0, None, None, ())
    (row, other) = DialList(world.ledger).to_dicts()
    assert (row["variables.name"], row["extraction.paid"], row["cost"]) == ("Asha", True, Decimal("1.80"))
    assert "dials" not in row
    assert "extraction.paid" not in other
    (whole,) = DialList(world.ledger).to_dicts(flat=False, state="finished")
    assert whole["extraction"] == FACTS["extraction"]
    assert whole["dials"][0]["outcome"] == "completed"


def test_results_are_written_as_csv_without_formulas(world: World, tmp_path: Path) -> None:
    DialList(world.ledger).add(jobs(world, 2))
    finish(world.ledger, key_of(world, 0), **FACTS)
    target = tmp_path / "results.csv"
    assert DialList(world.ledger).to_csv(target) == 2
    with target.open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["to_number"], first["cost"], first["attempts"]) == (NUMBERS[0], "1.80", "1")
    assert (first["extraction.paid"], first["extraction.tags"]) == ("true", '["a", "é"]')
    assert first["extraction.note"].startswith("'=")
    assert first["first_at"] == "2026-01-05T09:00:00.000+00:00"
    assert (second["outcome"], second["extraction.paid"]) == ("", "")
    assert DialList(world.ledger).to_csv(target, state="waiting") == 1
    with pytest.raises(
        vocobase.ConfigurationError, match=r"DialList\.to_csv: .* cannot be written: No such file"
    ):
        DialList(world.ledger).to_csv(tmp_path / "missing" / "results.csv")


def test_moved_jobs_keep_their_attempts(world: World) -> None:
    DialList(world.ledger).add(jobs(world, 2))
    scope, key = scope_of("calls"), key_of(world, 0)
    finish(world.ledger, key, **FACTS)
    world.ledger.revise(scope, [key], "parked", was="done")
    assert DialList(world.ledger).retry([key, key, "unknown"]) == 1
    found = DialList(world.ledger).get(key)
    assert (found.state, found.attempts, found.cost, found.reason) == (
        "waiting",
        1,
        Decimal("1.80"),
        "retried",
    )
    assert DialList(world.ledger).drop([key]) == 1
    found = DialList(world.ledger).get(key)
    assert (found.state, found.attempts, found.code) == ("refused", 1, "dropped")
    assert DialList(world.ledger).drop([key]) == 0


def test_a_paused_list_returns_at_once_until_it_is_resumed(world: World) -> None:
    DialList(world.ledger).pause("the script is wrong")
    report = world.dial(jobs(world, 2))
    assert (report.stopped, report.waiting, world.seconds) == ("paused", 2, 0)
    assert report.pause is not None
    assert (report.pause.code, report.pause.reason) == ("paused", "the script is wrong")
    assert report.pause.since == START
    assert world.dialled() == {}
    assert DialList(world.ledger).resume() is True
    assert DialList(world.ledger).resume() is False
    assert (world.dial()).stopped == "done"
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


def test_the_reason_of_a_pause_is_a_text(world: World) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=r"DialList\.pause: reason must be a string"):
        DialList(world.ledger).pause(None)


def test_a_pause_during_a_run_lets_no_further_call_begin(world: World) -> None:
    def pause(update: JobUpdate) -> None:
        if update.to_number == NUMBERS[2]:
            with vocobase.DialList(world.ledger) as found:
                found.pause("enough")

    report = world.dial(jobs(world, 9), on_update=pause)
    assert (report.stopped, report.started, report.waiting) == ("paused", 3, 6)


def test_a_worker_that_waits_for_a_permit_stops_within_five_seconds(
    make_world: Callable[..., World],
) -> None:
    world = make_world(concurrency=0)
    sleep, paused = world.sleep, []

    def pause_when_the_budget_is_used_up(seconds: float) -> None:
        if sum(world.dialled().values()) == 9 and not paused:
            paused.append(world.seconds)
            with vocobase.DialList(world.ledger) as found:
                found.pause("enough")
        sleep(seconds)

    world.sleep = pause_when_the_budget_is_used_up  # type: ignore[method-assign]
    report = world.dial(jobs(world, 20))
    assert (report.stopped, report.started, report.dialling) == ("paused", 9, 0)
    assert world.seconds - paused[0] <= 5


def test_a_pause_between_the_claim_and_the_dial_is_obeyed(world: World) -> None:
    claim = world.ledger.claim

    def claim_and_pause(scope: str, *args: Any, **options: Any) -> Any:
        found = claim(scope, *args, **options)
        if scope == scope_of("calls"):
            with vocobase.DialList(world.ledger) as other:
                other.pause("enough")
        return found

    world.ledger.claim = claim_and_pause  # type: ignore[method-assign]
    report = world.dial(jobs(world, 2))
    assert (report.stopped, report.waiting, report.dialling) == ("paused", 2, 0)
    assert world.dialled() == {}


def test_a_report_distinguishes_this_run_from_the_list(world: World) -> None:
    first = world.dial([*jobs(world, 2), CallJob("nobody", NUMBERS[5])])
    assert first.run == RunReport(started=2, refused=1)
    second = world.dial(jobs(world, 3))
    assert (second.started, second.refused, second.stopped) == (3, 1, "done")
    assert second.run == RunReport(started=1)
    whole = DialList(world.ledger).report()
    assert whole == second, "it is the same list"
    assert (whole.run, whole.stopped) == (None, None)


def test_a_report_counts_finished_jobs_and_rupees(world: World) -> None:
    DialList(world.ledger).add(jobs(world, 3))
    DialList(world.ledger).change(budget=SpendCap(500, 10))
    for number, facts in enumerate([FACTS, {}]):
        finish(world.ledger, key_of(world, number), **facts)
    note(world.ledger, "call", cost="1.80", outcome="completed")
    note(world.ledger, "other")
    report = DialList(world.ledger).report()
    assert (report.started, report.finished, report.waiting) == (2, 1, 1)
    assert (report.spent, report.reserved) == (Decimal("1.80"), Decimal("10.00"))


def test_a_list_ends_at_its_budget(world: World) -> None:
    note(world.ledger, "earlier", cost="470", outcome="completed")
    report = world.dial(jobs(world, 2), budget=500)
    assert (report.stopped, report.waiting, report.spent) == ("budget", 2, Decimal(470))
    assert report.pause is None
    assert world.dialled() == {}


def test_a_run_says_why_it_ended(world: World) -> None:
    window = CallWindow(time(1), time(2), timezone="UTC")
    assert (world.dial(jobs(world, 1), window=window, until=START)).stopped == "until"
    assert (world.dial(wait_for_windows=False)).stopped == "hours"
    assert (world.dial(name="empty")).stopped == "done"


def test_settings_are_changed_for_all_workers(world: World) -> None:
    breaker, redial = CircuitBreaker(calls=5), Redial(max_attempts=2)
    DialList(world.ledger).change(budget=500, circuit_breaker=breaker, redial=redial)
    assert DialList(world.ledger).settings() == ListSettings(redial, None, SpendCap(500), breaker)
    DialList(world.ledger).change(budget=None, person_cap=PersonCap(2))
    assert DialList(world.ledger).settings() == ListSettings(redial, PersonCap(2), None, breaker)
    DialList(world.ledger).change()
    with pytest.raises(
        vocobase.InvalidArgumentError, match="circuit_breaker must be of the type CircuitBreaker"
    ):
        DialList(world.ledger).change(circuit_breaker=0.5)


def test_a_change_keeps_the_pause(world: World) -> None:
    DialList(world.ledger).pause("lunch")
    DialList(world.ledger).change(budget=500)
    assert (DialList(world.ledger).report()).pause.reason == "lunch"


def test_an_empty_balance_keeps_the_job_and_the_list(make_world: Callable[..., World]) -> None:
    world = make_world(balance=0)
    with pytest.raises(vocobase.InsufficientBalanceError):
        world.dial(jobs(world, 3), budget=500)
    report = DialList(world.ledger).report()
    assert (report.waiting, report.dialling, report.pause) == (3, 0, None)
    assert world.dialled() == {}
