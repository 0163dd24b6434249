"""A plan says what a run then does, and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vocobase
from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import NUMBERS, START
from vocobase import (
    CallJob,
    CallWindow,
    Consent,
    DialList,
    DialPlan,
    DoNotCall,
    PersonCap,
    Redial,
)
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase.records import CallRecord


async def plan(world: AsyncWorld, jobs: Any = (), **options: Any) -> DialPlan:
    options = {"ledger": world.ledger, "name": "calls", **options}
    async with world.caller() as vb:
        return await vb.calls.plan_many(jobs, **options)


def jobs(world: AsyncWorld, number: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, each, **options) for each in NUMBERS[:number]]


def code_of(found: DialPlan) -> dict[str, str]:
    return {row.to_number: row.code for row in found}


async def test_a_plan_dials_no_one_and_creates_no_file(world: AsyncWorld) -> None:
    place = world.place.with_name("other.sqlite")
    found = await plan(world, (job for job in jobs(world, 3)), ledger=place)
    assert (found.to_dial, found.counts) == (3, {"now": 3})
    assert not place.exists()
    assert world.dialled() == {}
    writes = [row for row in world.sandbox.events if row["type"] == "request" and row["method"] != "GET"]
    assert [row["path"] for row in writes] == ["/api/v2/agent"]


async def test_a_plan_leaves_the_file_of_a_ledger_as_it_is(world: AsyncWorld) -> None:
    await world.dial(jobs(world, 2))
    with DialList(world.ledger) as found:
        found.add(jobs(world, 4))
    before = world.place.read_bytes()
    assert (await plan(world, jobs(world, 6), ledger=world.place, person_cap=PersonCap(5))).to_dial == 4
    assert world.place.read_bytes() == before


async def test_an_entry_that_ends_before_the_dial_suppresses_no_one(world: AsyncWorld) -> None:
    with DoNotCall(world.ledger) as suppressed:
        suppressed.add(NUMBERS[0], valid_until=START + timedelta(hours=1))
        suppressed.add(NUMBERS[1], valid_until=START + timedelta(hours=3))
    found = await plan(world, jobs(world, 2, not_before=START + timedelta(hours=2)))
    assert code_of(found) == {NUMBERS[0]: "not_yet", NUMBERS[1]: "do_not_call"}


async def test_a_job_whose_time_comes_while_its_window_is_closed_waits_for_the_window(
    world: AsyncWorld,
) -> None:
    late = CallWindow(time(18), time(20), timezone="UTC")
    first, second = NUMBERS[:2]
    todo = [
        CallJob(world.agent_id, first, window=late, not_before=START + timedelta(hours=1)),
        CallJob(world.agent_id, second, window=late),
    ]
    found = await plan(world, todo)
    assert {row.dial_at for row in found if row.dial_at} >= {START.replace(hour=18)}
    assert all(row.dial_at and row.dial_at >= START.replace(hour=18) for row in found)


async def test_every_row_has_a_code(world: AsyncWorld) -> None:
    await world.dial(jobs(world, 1))
    with DoNotCall(world.ledger) as suppressed:
        suppressed.add(NUMBERS[1], reason="asked", source="letter")
    later = CallWindow(time(18), time(20))
    todo: list[Any] = [
        *jobs(world, 3),
        CallJob(world.agent_id, NUMBERS[2], key="other", variables={"name": "Asha"}),
        CallJob(world.agent_id, NUMBERS[2]),
        CallJob(world.agent_id, "12345"),
        CallJob("", NUMBERS[3]),
        CallJob(world.agent_id, NUMBERS[4], window=later),
        CallJob(world.agent_id, "+8888888888"),
        CallJob(world.agent_id, NUMBERS[5], not_after=START - timedelta(days=1)),
        CallJob(world.agent_id, NUMBERS[6], not_before=START + timedelta(hours=1)),
        CallJob("nobody", NUMBERS[7]),
        CallJob(world.agent_id, NUMBERS[8], key="x" * 600),
    ]
    found = await plan(world, todo)
    assert [row.code for row in found] == [
        "in_list", "do_not_call", "now", "now", "duplicate", "invalid_number", "invalid_job", "outside_hours",
        "no_hours", "expired", "not_yet", "NOT_FOUND", "invalid_job",
    ]  # fmt: skip
    assert found.next_opening == datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
    assert [row.dial_at is not None for row in found].count(True) == found.to_dial == 4
    assert found.counts["unknown_variables"] == 1
    assert len(found) == len(todo)
    assert found.to_dicts()[7]["dial_at"] == found.next_opening


async def test_variables_are_compared_with_those_that_each_agent_declares(world: AsyncWorld) -> None:
    with world.client() as vb:
        vb.agents.update(world.agent_id, variables=["name"])
    before = world.asked(f"/agent/{world.agent_id}")
    todo = [CallJob(world.agent_id, NUMBERS[0], variables={"name": "Asha"}), *jobs(world, 3)[1:]]
    found = await plan(world, todo)
    assert found.counts == {"now": 3, "unknown_variables": 2}
    assert found.rows[0].unknown_variables is None
    assert "missing" in (found.rows[1].unknown_variables or "")
    assert world.asked(f"/agent/{world.agent_id}") == before + 1


async def test_a_plan_is_read_without_seeing_numbers(world: AsyncWorld) -> None:
    found = await plan(world, jobs(world, 12))
    assert "+91" not in repr(found) + str(found)
    assert all(row.to_number not in repr(row) for row in found)
    assert repr(found).startswith("DialPlan('calls', to_dial=12, counts={'now': 12}, cost=")
    assert str(found).splitlines()[:2] == [
        "Plan of the list 'calls' at 2026-01-05 09:00 UTC: 12 of 12 jobs to dial",
        "         12  now",
    ]
    assert "no past calls" in str(found)


async def test_ten_calls_begin_in_a_minute(make_world: Callable[..., AsyncWorld]) -> None:
    world = make_world(concurrency=0)
    found = await plan(world, jobs(world, 100))
    assert found.ends_at is not None
    assert timedelta(minutes=10) <= found.ends_at[0] - START <= timedelta(minutes=11)
    # One request of the first minute reads the concurrency.
    assert sum((row.dial_at or START) == START for row in found) == 9


async def test_slots_and_the_length_of_calls_limit_a_run(world: AsyncWorld) -> None:
    one = await plan(world, jobs(world, 10), concurrency=1)
    assert one.ends_at is not None
    assert [end - START for end in one.ends_at] == [timedelta(seconds=270), timedelta(seconds=1890)]


async def test_a_list_that_takes_longer_than_its_hours_goes_on_in_the_morning(
    make_world: Callable[..., AsyncWorld],
) -> None:
    world = make_world(concurrency=0)
    window = CallWindow(time(9), time(9, 2), timezone="UTC", holidays={date(2026, 1, 6)})
    found = await plan(world, jobs(world, 39), window=window)
    days = Counter(row.dial_at.date() for row in found if row.dial_at)
    assert set(days) == {date(2026, 1, 5), date(2026, 1, 7)}


async def test_without_past_calls_the_cost_follows_from_the_assumptions(world: AsyncWorld) -> None:
    found = await plan(world, jobs(world, 10))
    assert found.cost == (Decimal("18.00"), Decimal("138.00"))
    assert found.dials == (10, 10)
    again = await plan(world, jobs(world, 10), redial=Redial(3), budget=100)
    assert (again.dials, again.cost) == ((10, 30), (Decimal("18.00"), Decimal("414.00")))
    assert "each job takes 1 to 3 attempts" in again.basis
    assert again.notes == ("the budget of 100.00 rupees may end the run before all jobs are dialled",)


async def test_past_calls_of_the_list_make_the_estimate(world: AsyncWorld) -> None:
    await world.dial(jobs(world, 20), wait_for_outcomes=True)
    with DialList(world.ledger) as found:
        spent = sum((result.cost or Decimal(0) for result in found.results()), Decimal(0))
    more = [CallJob(world.agent_id, number) for number in NUMBERS[20:40]]
    estimated = await plan(world, more)
    assert estimated.basis.startswith("20 past calls")
    assert estimated.cost[0] <= spent <= estimated.cost[1]


async def test_records_of_other_lists_make_the_estimate(world: AsyncWorld) -> None:
    past = [
        *(CallRecord(f"s{number}", disposition="completed", cost=Decimal(4)) for number in range(50)),
        *(CallRecord(f"t{number}", status="busy") for number in range(25)),
        *(CallRecord(f"v{number}", status="BUSY") for number in range(25)),
        CallRecord("u1", status="completed", duration_seconds=16.0),
        CallRecord("u2", status="completed"),
    ]
    found = await plan(world, jobs(world, 100), records=past, redial=Redial(2))
    assert found.basis == "101 past calls, 2.00 rupees and 0 s each on average"
    assert found.cost[0] < 200 < found.cost[1]
    # About half of the calls were busy.
    assert 100 < found.dials[1] < 165


async def test_a_paused_list_and_taken_slots_are_noted(make_world: Callable[..., AsyncWorld]) -> None:
    world = make_world(concurrency=1)
    with world.client() as vb:
        vb.calls.start(world.agent_id, NUMBERS[900])
    with DialList(world.ledger) as found:
        found.pause("lunch")
    notes = (await plan(world, jobs(world, 1))).notes
    assert notes == (
        "the list is paused, so a run dials nothing: lunch",
        "all concurrency slots are taken now",
    )


async def test_jobs_that_wait_in_the_list_are_planned_too(world: AsyncWorld) -> None:
    later = CallWindow(time(18), time(20))
    with DialList(world.ledger) as found:
        found.add(jobs(world, 3), window=later)
    waiting = await plan(world, jobs(world, 1))
    assert [row.to_number for row in waiting] == NUMBERS[:3]
    assert waiting.counts == {"outside_hours": 3}
    assert "Next opening: 2026-01-05 12:30 UTC" in str(waiting)


async def test_a_plan_without_dials_is_readable(world: AsyncWorld) -> None:
    nothing = await plan(world)
    assert (nothing.rows, nothing.ends_at, nothing.dials) == ((), None, (0, 0))
    assert "Last dial" not in str(nothing)


async def test_jobs_with_many_different_hours_are_planned(world: AsyncWorld) -> None:
    windows = [CallWindow(time(9), time(20, number % 60, number // 60)) for number in range(300)]
    todo = [CallJob(world.agent_id, NUMBERS[at], window=window) for at, window in enumerate(windows)]
    assert (await plan(world, todo)).counts == {"now": 300}


async def test_another_attempt_that_is_due_outside_the_hours_waits_for_them(world: AsyncWorld) -> None:
    short = CallWindow(time(14), time(15), timezone="Asia/Kolkata")
    found = await plan(world, jobs(world, 2), window=short, redial=Redial(2, {"busy": timedelta(hours=1)}))
    assert found.ends_at is not None
    assert [end.day for end in found.ends_at] == [5, 6]


async def test_rules_of_the_list_are_followed_and_others_refused(world: AsyncWorld) -> None:
    with DialList(world.ledger) as found:
        found.change(person_cap=PersonCap(1))
    todo = [CallJob(world.agent_id, NUMBERS[0], key=key) for key in "ab"]
    assert (await plan(world, todo)).counts == {"now": 1, "person_cap": 1}
    with pytest.raises(vocobase.ConfigurationError, match=r"calls\.plan_many: .*different person_cap"):
        await plan(world, todo, person_cap=PersonCap(2))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"jobs": 5}, "jobs must be a list of CallJob objects"),
        ({"jobs": ["+12025550100"]}, "jobs must be a list of CallJob objects"),
        ({"records": [5]}, "records must be an iterable of CallRecord objects"),
        ({"records": 5}, "records must be an iterable of CallRecord objects"),
        ({"window": "09:00-20:00"}, "window must be a CallWindow"),
        ({"name": ""}, "name must not be empty"),
        ({"concurrency": 0}, "concurrency must be"),
        ({"name": 5}, "name must be"),
        ({"do_not_call": "no"}, "do_not_call must be"),
        ({"do_not_call": [[NUMBERS[0]]]}, "do_not_call must not hold a list in a list"),
    ],
)
async def test_what_cannot_be_planned_is_one_clear_line(
    world: AsyncWorld, options: dict[str, Any], text: str
) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=rf"calls\.plan_many: {text}"):
        await plan(world, **options)


FILES = count()


@st.composite
def lists(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a list of jobs with all kinds of rules, whose times are far from the edges of hours."""
    # It is half past two in the afternoon in India. Short waits, as a run asks the ledger all the time.
    minute = timedelta(minutes=1)
    windows = [
        None,
        CallWindow.any_time(),
        CallWindow(time(14, 50), time(22)),
        CallWindow(time(15, 10), time(4)),
    ]
    job = st.fixed_dictionaries(
        {
            "to_number": st.sampled_from([*NUMBERS[:6], "+447700900123", "+8888888888"]),
            "key": st.sampled_from([None, *"abcd"]),
            "window": st.sampled_from(windows),
            "not_before": st.sampled_from([None, START + 10 * minute, START + 30 * minute]),
            "not_after": st.sampled_from([None, START - minute, START + 15 * minute, START + 35 * minute]),
            "priority": st.sampled_from([0, 0, 5]),
        }
    )
    ends = st.sampled_from([None, START - minute, START + 25 * minute, START + 600 * minute])
    suppressed = st.dictionaries(st.sampled_from(NUMBERS[:6]), ends, max_size=2)
    consents = st.dictionaries(st.sampled_from([*NUMBERS[:6], "+447700900123"]), ends, min_size=4)
    return {
        "jobs": draw(st.lists(job, max_size=12)),
        "window": draw(st.sampled_from(windows)),
        "person_cap": draw(st.sampled_from([None, PersonCap(1), PersonCap(1, days=0.01)])),
        "suppressed": draw(suppressed),
        "consents": draw(st.none() | consents),
        "known": draw(st.integers(0, 4)),
    }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=lists())
async def test_a_run_does_what_the_plan_said(
    make_world: Callable[..., AsyncWorld], drawn: dict[str, Any]
) -> None:
    world = make_world(concurrency=0)
    world.place = world.place.with_name(f"ledger {next(FILES)}.sqlite")
    world.ledger = SQLiteLedger(world.place, clock=world.now)
    todo = [CallJob(world.agent_id, **job) for job in drawn["jobs"]]
    consents = drawn["consents"]
    options = {
        "window": drawn["window"],
        "person_cap": drawn["person_cap"],
        "consent": None
        if consents is None
        else {number: Consent("form", date(2025, 1, 1), end) for number, end in consents.items()},
    }
    with DialList(world.ledger) as found:
        found.add(todo[: drawn["known"]], window=drawn["window"])
    with DoNotCall(world.ledger) as suppressed:
        for number, end in drawn["suppressed"].items():
            if end is None or end > START:
                suppressed.add(number, reason="asked", source="letter", valid_until=end)
    found = await plan(world, todo, **options)
    report = await world.dial(todo, **options)
    expected = Counter(row.to_number for row in found if row.dial_at)
    assert world.dialled() == expected
    assert report.waiting == 0
    with DialList(world.ledger) as after:
        refused = {(job.key, job.code) for job in after.results("refused")}
    assert refused == {
        (row.key, row.code) for row in found if not row.dial_at and row.code not in ("duplicate", "in_list")
    }
