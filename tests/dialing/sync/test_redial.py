# Derived from tests/dialing/aio/test_redial.py by scripts/derive_sync.py; edit that instead.
"""People are dialled again as the rules say, after the known outcome of the last attempt, and never otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS, START
from tests.transport.server import Server, answer, error
from vocobase import CallJob, CallWindow, DialList, JobUpdate, OptOut, PersonCap, Redial
from vocobase._dialing.attempts import UNKNOWN, Attempt, attempt_of, attempts_of, call_note, with_attempts
from vocobase._dialing.jobs import items_of
from vocobase._dialing.person_caps import release, reserve
from vocobase._dialing.redial import call_back_fault, next_attempt
from vocobase._dialing.scopes import DIALLED, LISTS, PEOPLE, outcomes_of, scope_of
from vocobase._ledger import Entry, State
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase_sandbox import Conversation

HOUR = timedelta(hours=1)
NOW = START


def jobs(world: World, number: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, to_number, **options) for to_number in NUMBERS[:number]]


def rings(world: World, number: str) -> list[datetime]:
    """Return when a number was dialled."""
    return [
        datetime.fromisoformat(row["created_at"]) for row in world.sandbox.calls if row["to_number"] == number
    ]


def test_busy_and_unanswered_people_are_dialled_again_after_their_delays(world: World) -> None:
    world.sandbox.script(NUMBERS[0], "busy", "no_answer", "no_answer", Conversation(turns=[("user", "Hi")]))
    world.sandbox.script(NUMBERS[1], "busy")
    rules = Redial(3, {"busy": timedelta(minutes=15), "no_answer": 2 * HOUR})
    report = world.dial(jobs(world, 3), redial=rules)
    assert world.dialled() == {NUMBERS[0]: 3, NUMBERS[1]: 3, NUMBERS[2]: 1}
    assert (report.started, report.finished, report.waiting) == (3, 3, 0)
    first, second, third = rings(world, NUMBERS[0])
    assert second - first >= timedelta(minutes=15)
    assert third - second >= 2 * HOUR
    assert all(late - early >= timedelta(minutes=15) for early, late in pairwise(rings(world, NUMBERS[1])))
    with DialList(world.ledger) as found:
        result = found.get(f"{world.agent_id} {NUMBERS[0]}")
        assert result is not None
        assert [dial.outcome for dial in result.dials] == ["busy", "no_answer", "no_answer"]
    assert (world.dial()).run is not None
    assert world.dialled()[NUMBERS[0]] == 3, "the second run dials no one"


def test_updates_name_each_step_of_a_job_that_is_dialled_again(world: World) -> None:
    world.sandbox.script(NUMBERS[0], "busy", Conversation(turns=[("user", "Hi")]))
    updates: list[JobUpdate] = []
    world.dial(jobs(world, 1), redial=Redial(), on_update=updates.append)
    assert [(each.state, each.attempts, each.outcome) for each in updates] == [
        ("started", 1, None),
        ("waiting", 1, "busy"),
        ("started", 2, None),
        ("finished", 2, "completed"),
    ]
    assert updates[1].reason == "busy; attempt 2 of 3"
    assert updates[1].not_before is not None


def test_a_job_that_is_moved_before_its_next_attempt_waits_for_its_time(world: World) -> None:
    world.sandbox.script(NUMBERS[0], "busy")
    rules = Redial(2, {"busy": HOUR})
    world.dial(jobs(world, 1), redial=rules, until=world.sandbox.clock.now + timedelta(minutes=10))
    (job,) = world.ledger.entries(scope_of("calls"), "waiting")
    world.ledger.revise(scope_of("calls"), [job.key], "waiting", was="waiting", result=job.result)
    world.dial(redial=rules)
    early, late = rings(world, NUMBERS[0])
    assert late - early >= HOUR


class Exhausted:
    """No permit is left as soon as a call was dialled."""

    def __init__(self, world: World) -> None:
        self._world = world

    def try_acquire(self, budget: object, account: str) -> float:
        return 3600.0 if self._world.dialled() else 0.0


def test_a_run_ends_at_its_time_although_an_outcome_waits_for_a_permit(world: World) -> None:
    world.pacer = Exhausted(world)  # type: ignore[assignment]
    end = world.sandbox.clock.now + timedelta(minutes=10)
    report = world.dial(jobs(world, 1), redial=Redial(2), until=end)
    assert (report.started, report.stopped) == (1, "until")
    assert abs(world.sandbox.clock.now - end) < timedelta(seconds=1)


def test_outcomes_without_a_rule_are_not_dialled_again(world: World) -> None:
    world.sandbox.script(NUMBERS[0], Conversation(disposition="gone fishing"))
    world.sandbox.script(NUMBERS[1], Conversation(disposition="Not Now"))
    world.dial(jobs(world, 2), redial=Redial(2, {"NOT now": HOUR}))
    assert world.dialled() == {NUMBERS[0]: 1, NUMBERS[1]: 2}


def test_a_job_may_have_rules_of_its_own(world: World) -> None:
    for number in NUMBERS[:2]:
        world.sandbox.script(number, "busy")
    own = CallJob(world.agent_id, NUMBERS[1], redial=Redial(2))
    assert (world.dial([*jobs(world, 1), own])).finished >= 1
    assert world.dialled() == {NUMBERS[0]: 1, NUMBERS[1]: 2}


# At the start, it is 14:30 in India.
def test_a_person_is_called_back_when_asked_for(world: World) -> None:
    wanted = "2026-01-05T17:00:00"
    talk = Conversation(turns=[("user", "Later")], extraction={"callback_at": wanted})
    world.sandbox.script(NUMBERS[0], talk, Conversation(turns=[("user", "Hi")], extraction={}))
    world.dial(jobs(world, 1), redial=Redial(call_back="callback_at"))
    _, second = rings(world, NUMBERS[0])
    due = datetime.fromisoformat(wanted).replace(tzinfo=ZoneInfo("Asia/Kolkata"))
    assert due <= second < due + timedelta(minutes=2)


def test_a_time_that_cannot_be_used_is_named_in_the_attempt(world: World) -> None:
    talk = Conversation(turns=[("user", "Later")], extraction={"callback_at": "tomorrow"})
    world.sandbox.script(NUMBERS[0], talk)
    world.dial(jobs(world, 1), redial=Redial(2, {"completed": HOUR}, call_back="callback_at"))
    early, late = rings(world, NUMBERS[0])
    assert HOUR <= late - early < 2 * HOUR
    with DialList(world.ledger) as found:
        result = found.get(f"{world.agent_id} {NUMBERS[0]}")
    assert result is not None
    assert [dial.reason for dial in result.dials] == ["callback_at is not a time with a known zone"] * 2


def ended(extraction: dict[str, Any] | None) -> Attempt:
    return Attempt(1, NOW, "call", "completed", NOW, extraction=extraction)


def test_a_time_without_a_zone_needs_one(world: World) -> None:
    rules, last = Redial(call_back="at"), ended({"at": "2026-01-05T23:00:00"})
    assert next_attempt(rules, [last], None) is None
    assert call_back_fault(rules, last, None) == "at is not a time with a known zone"
    assert call_back_fault(Redial(), last, None) is None
    assert call_back_fault(rules, ended(None), None) is None


def test_the_highest_cap_is_reached(world: World) -> None:
    prepared(world, "waiting")
    (job,) = world.ledger.entries(scope_of("calls"), "waiting")
    for number in range(1005):
        decision = reserve(
            world.ledger, replace(job, claimed_at=float(number)), "calls", PersonCap(1000), NOW
        )
        assert (decision is None) == (number < 1000)


def test_a_list_of_an_earlier_version_keeps_rules_that_are_written_otherwise_today(
    world: World,
) -> None:
    entry = {
        "person_cap": {"dials": 5000, "days": None},
        "opt_out": {"dispositions": ["STOP"], "extraction": None},
    }
    world.ledger.enter(LISTS, [("calls", {})])
    world.ledger.revise(LISTS, ["calls"], "done", was="waiting", result=entry)
    given = {"person_cap": PersonCap(1000), "opt_out": OptOut(["stop"], None)}
    assert (world.dial(jobs(world, 1), **given)).started == 1


def test_calls_behind_the_newest_pages_are_read_before_they_are_given_up(
    make_world: Callable[..., World],
) -> None:
    """A list that is continued on the next day, on an account that has made many calls meanwhile."""
    world = make_world(concurrency=0, rate_limits=False)
    for number in NUMBERS[:24]:
        world.sandbox.script(number, "no_answer")
    report = world.dial(jobs(world, 24))
    assert (report.started, report.finished) == (24, 0)
    others(world)
    before = world.asked("/calls")
    report = world.dial(redial=Redial(1))
    assert (report.finished, report.parked) == (24, 0)
    assert world.asked("/calls") - before <= 8, "rows of older pages are kept for the next outcomes"


def test_a_call_that_no_page_shows_is_read_alone(make_world: Callable[..., World]) -> None:
    """The clock of the ledger is ahead, so the pages are left too early; others no longer exist."""
    world = make_world(concurrency=0, rate_limits=False)
    world.sandbox.script(NUMBERS[0], "no_answer")
    world.dial(jobs(world, 1))
    others(world)
    ledger = SQLiteLedger(world.place, clock=lambda: world.now() + 3600)
    (note,) = ledger.entries(outcomes_of("calls"), "waiting")
    note.payload["at"] += 7200
    ledger.enter(outcomes_of("ahead"), [(note.key, note.payload)])
    ledger.enter(outcomes_of("ahead"), [("gone", {**note.payload, "job": "gone", "at": ledger.now()})])
    ledger.enter(scope_of("ahead"), [*items_of([CallJob(world.agent_id, NUMBERS[9], key="gone")], None)])
    attempt = Attempt(1, NOW, "gone")
    ledger.claim(scope_of("ahead"), "me", 1, lease=60)
    result = {"call_id": "gone", "attempts": [attempt.to_json()]}
    ledger.settle(scope_of("ahead"), ["gone"], "done", owner="me", result=result)
    world.dial(ledger=ledger, name="ahead", redial=Redial())
    with DialList(ledger, "ahead") as found:
        (lost,) = found.jobs("parked")
    assert lost.reason == "the end of its call was never seen"
    assert world.asked(f"/calls/{note.key}", 200) == 1
    assert (world.dial(ledger=ledger, name="ahead")).waiting == 0
    ledger.close()


def others(world: World) -> None:
    """Let others make more calls than a page shows, and three hours pass."""
    with world.client() as vb:
        for number in NUMBERS[100:225]:
            vb.calls.start(world.agent_id, number)
            world.sleep(1)
    world.sleep(3 * 3600)


def test_the_call_of_an_earlier_attempt_is_not_taken_for_a_later_one(world: World) -> None:
    """The clock of the ledger was set back, so the earlier call seems to be the newer one."""
    job = f"{world.agent_id} {NUMBERS[0]}"
    prepared(world, "waiting", Attempt(1, NOW, "old", "busy", NOW))
    noted = {"scope": scope_of("calls"), "job": job, "attempt": 1, "at": world.now() + 500}
    world.ledger.enter(DIALLED, [("old", noted)])
    world.sandbox.faults.add("status", "POST /calls/start", count=1, status=500)
    assert (world.dial(redial=Redial())).parked == 1
    with DialList(world.ledger) as found:
        result = found.get(job)
    assert result is not None
    assert [(dial.call_id, dial.outcome) for dial in result.dials] == [("old", "busy"), (None, UNKNOWN)]


@pytest.mark.parametrize("state", ["parked", "waiting", "refused"])
def test_a_call_that_is_noted_after_its_job_was_parked_is_read(world: World, state: State) -> None:
    """The worker that dialled was slower than the one that searched; a person may have moved the job since."""
    with world.client() as vb:
        call = vb.calls.start(world.agent_id, NUMBERS[0]).call_id
    prepared(world, state, Attempt(1, NOW, None, UNKNOWN), not_before=world.now() + 1800)
    job = world.ledger.get(scope_of("calls"), f"{world.agent_id} {NUMBERS[0]}")
    assert job is not None
    world.ledger.enter(outcomes_of("calls"), [(call, call_note(job, Attempt(1, NOW, call)))])
    report = world.dial(redial=Redial(1), until=world.sandbox.clock.now + timedelta(minutes=20))
    counts = (report.finished, report.waiting, report.refused)
    assert counts == {"parked": (1, 0, 0), "waiting": (0, 1, 0), "refused": (0, 0, 1)}[state]
    after = world.ledger.get(scope_of("calls"), job.key)
    assert after is not None
    (attempt,) = attempts_of(after)
    assert (attempt.call_id, attempt.outcome) == (call, "completed")


@pytest.mark.parametrize("attempts", [[], [Attempt(1, NOW, "other", "busy", NOW)]])
def test_a_call_whose_job_does_not_wait_for_it_changes_nothing(world: World, attempts: list[Attempt]) -> None:
    with world.client() as vb:
        call = vb.calls.start(world.agent_id, NUMBERS[0]).call_id
    prepared(world, "parked", *attempts)
    job = world.ledger.get(scope_of("calls"), f"{world.agent_id} {NUMBERS[0]}")
    assert job is not None
    gone = {**call_note(job, Attempt(1, NOW, call)), "job": "gone"}
    notes = [(call, call_note(job, Attempt(1, NOW, call))), ("gone", gone)]
    world.ledger.enter(outcomes_of("calls"), notes[: len(attempts) + 1])
    assert (world.dial(redial=Redial())).parked == 1
    assert world.ledger.get(scope_of("calls"), job.key) == job


def prepared(world: World, state: State, *attempts: Attempt, not_before: float = 0.0) -> None:
    """Bring the first job into a state with attempts."""
    ledger, scope = world.ledger, scope_of("calls")
    ledger.enter(scope, items_of(jobs(world, 1), None))
    (job,) = ledger.claim(scope, "me", 1, lease=60)
    result = with_attempts(job, [*attempts], reason="prepared")
    ledger.settle(scope, [job.key], state, owner="me", result=result, not_before=not_before)


class Slow:
    """A ledger on which others park the job of a start that is slow, and a person may move it on."""

    def __init__(self, world: World, *moves: State) -> None:
        self._world = world
        self._moves = moves

    def __getattr__(self, name: str) -> Any:
        ledger, scope = self._world.ledger, scope_of("calls")
        if name == "enter" and self._world.dialled():
            for entry in list(ledger.entries(scope, "claimed")):
                ledger.renew(scope, [entry.key], owner=entry.owner or "", lease=0)
                (lost,) = ledger.take_over(scope, "other", 1, lease=60)
                parked = with_attempts(lost, [attempt_of(lost, outcome=UNKNOWN)])
                ledger.settle(scope, [entry.key], "parked", owner="other", result=parked)
                for number, state in enumerate(self._moves, 2):
                    more = [Attempt(number, NOW, None, UNKNOWN)] if state == "parked" else []
                    result = with_attempts(lost, [attempt_of(lost, outcome=UNKNOWN), *more])
                    was = "parked" if number == 2 else self._moves[number - 3]
                    ledger.revise(scope, [entry.key], state, was=was, result=result, not_before=10.0**10)
        return getattr(ledger, name)


@pytest.mark.parametrize(
    ("moves", "state", "calls"),
    [((), "done", 1), (("waiting",), "waiting", 0), (("refused", "parked"), "parked", 0)],
)
def test_a_slow_worker_notes_its_call_only_where_the_job_still_misses_it(
    world: World, moves: tuple[State, ...], state: str, calls: int
) -> None:
    world.dial(jobs(world, 1), ledger=Slow(world, *moves), wait_for_windows=False)
    job = world.ledger.get(scope_of("calls"), f"{world.agent_id} {NUMBERS[0]}")
    assert job is not None
    assert job.state == state
    assert sum(attempt.call_id is not None for attempt in attempts_of(job)) == calls
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_job_that_cannot_be_dialled_in_time_is_refused_at_once(world: World) -> None:
    """It is 09:00 UTC."""
    late = CallWindow(time(14), time(15), timezone="UTC")
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    world.sandbox.script(NUMBERS[2], "no_answer")
    todo = [
        CallJob(world.agent_id, NUMBERS[0], window=late, not_after=noon),
        CallJob(world.agent_id, NUMBERS[1], not_before=noon, not_after=noon - HOUR),
        CallJob(world.agent_id, NUMBERS[2], redial=Redial(3, {"no_answer": 4 * HOUR}), not_after=noon),
        CallJob(world.agent_id, NUMBERS[3], not_after=noon - 4 * HOUR),
        CallJob(world.agent_id, NUMBERS[4], not_after=datetime.max.replace(tzinfo=UTC)),
        CallJob(world.agent_id, NUMBERS[5], not_before=noon - HOUR),
    ]
    report = world.dial(todo)
    assert (report.refused, report.waiting) == (3, 0)
    assert world.dialled() == {NUMBERS[2]: 1, NUMBERS[4]: 1, NUMBERS[5]: 1}
    assert rings(world, NUMBERS[5])[0] >= noon - HOUR
    with DialList(world.ledger) as found:
        assert {result.code for result in found.results() if result.state == "refused"} == {"expired"}


def test_a_person_is_not_dialled_more_often_than_the_cap_over_all_lists(world: World) -> None:
    world.sandbox.script(NUMBERS[0], "busy")
    world.dial(jobs(world, 2), name="first", redial=Redial(2), person_cap=PersonCap(3))
    report = world.dial(jobs(world, 2), name="second", redial=Redial(3), person_cap=PersonCap(3))
    assert world.dialled() == {NUMBERS[0]: 3, NUMBERS[1]: 2}
    assert (report.finished, report.refused, report.waiting) == (2, 0, 0)
    third = world.dial(jobs(world, 1), name="third", person_cap=PersonCap(3))
    assert (third.refused, world.dialled()[NUMBERS[0]]) == (1, 3)


def test_a_cap_for_a_period_lets_the_person_be_dialled_later(world: World) -> None:
    world.dial(jobs(world, 1), name="first")
    world.dial(jobs(world, 1), name="second", person_cap=PersonCap(1, days=1))
    early, late = rings(world, NUMBERS[0])
    assert late - early >= timedelta(days=1)


def test_a_job_that_ends_before_its_cap_does_is_refused_at_once(world: World) -> None:
    world.dial(jobs(world, 1), name="first")
    soon = world.sandbox.clock.now + timedelta(hours=2)
    job = CallJob(world.agent_id, NUMBERS[0], not_after=soon)
    report = world.dial([job], name="second", person_cap=PersonCap(1, days=1))
    assert (report.refused, report.waiting) == (1, 0)
    with DialList(world.ledger, "second") as found:
        assert [result.code for result in found.results()] == ["expired"]
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_dial_that_was_certainly_not_sent_does_not_count(world: World) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", count=1, status=429)
    assert (world.dial(jobs(world, 1), person_cap=PersonCap(1))).started == 1
    assert world.dialled() == {NUMBERS[0]: 1}


class Hooked:
    """A ledger on which something happens before the first call of a method in a scope, or after it."""

    def __init__(
        self, world: World, name: str, scope: str, hook: Callable[[], object], *, after: bool = False
    ) -> None:
        self._ledger = world.ledger
        self._place = (name, scope)
        self._hook: Callable[[], object] | None = hook
        self._after = after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ledger, name)

        def call(*args: Any, **options: Any) -> Any:
            hook = self._hook if (name, *args[:1]) == self._place else None
            if hook is None:
                return method(*args, **options)
            if not self._after:
                self._hook = None
                hook()
                return method(*args, **options)
            result = method(*args, **options)
            # The first one that has taken something.
            if result:
                self._hook = None
                hook()
            return result

        return call


def pending(world: World, state: State = "done") -> tuple[str, str]:
    """Let the first job wait for the outcome of a call that is there; return the job and the call."""
    with world.client() as vb:
        call = vb.calls.start(world.agent_id, NUMBERS[0]).call_id
    attempt = Attempt(1, world.sandbox.clock.now, call)
    prepared(world, state, attempt)
    job = world.ledger.get(scope_of("calls"), f"{world.agent_id} {NUMBERS[0]}")
    assert job is not None
    world.ledger.enter(outcomes_of("calls"), [(call, call_note(job, attempt))])
    return job.key, call


def test_an_outcome_waits_while_a_worker_holds_its_job(world: World) -> None:
    key, call = pending(world, "waiting")
    (job,) = world.ledger.claim(scope_of("calls"), "other", 1, lease=200)
    world.dial(redial=Redial(1), until=world.sandbox.clock.now + timedelta(minutes=3))
    assert world.ledger.get(outcomes_of("calls"), call).state == "waiting"  # type: ignore[union-attr]
    world.ledger.settle(scope_of("calls"), [key], "done", owner="other", result=job.result)
    assert (world.dial()).finished == 1


def test_an_outcome_is_noted_in_a_job_that_changes_meanwhile(world: World) -> None:
    key, _ = pending(world)
    scope = scope_of("calls")

    def change() -> None:
        job = world.ledger.get(scope, key)
        assert job is not None
        result = {**(job.result or {}), "note": "theirs"}
        assert not world.ledger.revise(scope, [key], "done", was="done", result=result)

    ledger = Hooked(world, "revise", scope, change)
    assert (world.dial(ledger=ledger, redial=Redial(1))).finished == 1


def test_an_outcome_that_another_worker_has_taken_over_is_left_to_it(world: World) -> None:
    key, call = pending(world)
    scope = outcomes_of("calls")

    def take() -> None:
        (held,) = world.ledger.entries(scope, "claimed")
        world.ledger.renew(scope, [call], owner=held.owner or "", lease=0)
        world.ledger.take_over(scope, "other", 1, lease=60)

    until = world.sandbox.clock.now + timedelta(minutes=10)
    ledger = Hooked(world, "renew", scope, take)
    assert (world.dial(ledger=ledger, redial=Redial(1), until=until)).finished == 1
    assert world.ledger.get(scope_of("calls"), key).state == "done"  # type: ignore[union-attr]


def test_an_interrupted_worker_gives_back_the_outcomes_that_it_holds(world: World) -> None:
    _, call = pending(world)

    def interrupt() -> None:
        raise KeyboardInterrupt

    scope = outcomes_of("calls")
    world.ledger.enter(scope, [("theirs", {"redial": False})])
    world.ledger.claim(scope, "other", 1, lease=60, key="theirs")
    ledger = Hooked(world, "claim", scope, interrupt, after=True)
    with pytest.raises(KeyboardInterrupt):
        world.dial(ledger=ledger, redial=Redial(1))
    assert world.ledger.get(scope, call).state == "waiting"  # type: ignore[union-attr]
    assert world.ledger.get(scope, "theirs").state == "claimed"  # type: ignore[union-attr]


def test_a_call_behind_all_pages_is_asked_for_alone(world: World) -> None:
    _, call = pending(world)
    row = {"status": "completed", "created_at": "2026-01-05T10:00:00Z"}
    pages = [
        answer(
            200, {"calls": [{**row, "call_id": f"{page}-{number}"} for number in range(100)], "total": 900}
        )
        for page in range(5)
    ]
    with Server([*pages, error(404, "NOT_FOUND", "gone")]) as server:
        world.elsewhere = server.url
        world.sleep(3 * 3600)
        assert (world.dial(redial=Redial(1))).parked == 1
        asked = [request.split(b" ")[1] for request in server.requests]
    assert [path.split(b"?")[0] for path in asked] == [b"/calls"] * 5 + [b"/calls/" + call.encode()]


def test_two_workers_that_note_dials_to_one_person_at_once_lose_none(world: World) -> None:
    job = Entry("mine", {"to_number": NUMBERS[0]}, claimed_at=1.0)
    other = Entry("theirs", {"to_number": NUMBERS[0]}, claimed_at=2.0)
    now = world.sandbox.clock.now

    def rival() -> None:
        assert reserve(world.ledger, other, "second", None, now) is None

    ledger: Any = Hooked(world, "revise", PEOPLE, rival)
    assert reserve(ledger, job, "first", PersonCap(2), now) is None
    assert [dial["key"] for dial in dials(world)] == ["theirs", "mine"]
    third = Entry("third", {"to_number": NUMBERS[0]}, claimed_at=3.0)
    assert reserve(world.ledger, third, "first", PersonCap(2), now) is not None

    def leave() -> None:
        release(world.ledger, other, "second")

    release(Hooked(world, "revise", PEOPLE, leave), job, "first")  # type: ignore[arg-type]
    assert dials(world) == []
    release(world.ledger, job, "first")


def dials(world: World) -> list[dict[str, Any]]:
    entry = world.ledger.get(PEOPLE, NUMBERS[0])
    assert entry is not None
    return (entry.result or {})["dials"]


def test_a_list_that_is_dialled_at_any_time_is_redialled_without_the_package_of_zones(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    number = "+919876599999"
    talk = Conversation(turns=[("user", "Later")], extraction={"callback_at": "2026-01-05T23:00:00"})
    world.sandbox.script(number, talk)
    rules = Redial(2, {"completed": HOUR}, call_back="callback_at")
    world.dial([CallJob(world.agent_id, number)], redial=rules, window=CallWindow.any_time())
    early, late = rings(world, number)
    assert HOUR <= late - early < 2 * HOUR
