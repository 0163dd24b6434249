# Derived from tests/dialing/aio/test_dialing.py by scripts/derive_sync.py; edit that instead.
"""A list of jobs is dialled once, within slots, budgets and hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

import vocobase
from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS
from vocobase import CallJob, CallWindow, DialList, DialReport, JobUpdate, VariablesWarning
from vocobase._dialing.scopes import scope_of
from vocobase._policy.variables import Declared


def jobs(world: World, number: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, to_number, **options) for to_number in NUMBERS[:number]]


def test_every_job_is_dialled_once_in_order(world: World) -> None:
    report = world.dial(jobs(world, 12))
    assert report == DialReport(started=12, refused=0, parked=0, waiting=0, dialling=0, next_opening=None)
    assert list(world.dialled().items()) == [(number, 1) for number in NUMBERS[:12]]
    assert world.refused_for_rate() == 0


def test_a_second_run_dials_nothing_again(world: World) -> None:
    world.dial(jobs(world, 3))
    assert (world.dial(jobs(world, 5))).started == 5
    assert (world.dial()).started == 5
    assert world.dialled() == dict.fromkeys(NUMBERS[:5], 1)


def test_a_number_that_is_listed_twice_is_dialled_once(world: World) -> None:
    assert (world.dial([*jobs(world, 2), *jobs(world, 2)])).started == 2
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


@pytest.mark.parametrize(
    "wrong", [None, 5, [{"agent_id": "a", "to_number": NUMBERS[0]}], CallJob("a", NUMBERS[0])]
)
def test_what_is_no_list_of_jobs_is_refused(world: World, wrong: Any) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match="jobs must be a list of CallJob objects"):
        world.dial(wrong)


def test_a_list_has_a_text_for_its_name(world: World) -> None:
    """The name of an object may differ from run to run, and with it the list: all would be dialled again."""
    for name in (object(), None, 5):
        with pytest.raises(vocobase.InvalidArgumentError, match=r"calls\.start_many: name must be a string"):
            world.dial(jobs(world, 1), name=name)
        with pytest.raises(vocobase.InvalidArgumentError, match="name must be a string"):
            DialList(world.place, name)  # type: ignore[arg-type]
    assert world.dialled() == {}


def test_keys_tell_jobs_about_one_number_apart(world: World) -> None:
    assert (world.dial([*jobs(world, 1, key="monday"), *jobs(world, 1, key="tuesday")])).started == 2
    assert world.dialled() == {NUMBERS[0]: 2}


def test_lists_with_other_names_are_left_alone(world: World) -> None:
    with DialList(world.ledger, "other") as other:
        assert (world.dial(jobs(world, 1))).started == 1
        assert other.report() == DialReport(0, 0, 0, 0, 0, None)
    assert (world.dial(jobs(world, 1), name="other")).started == 1
    assert world.dialled() == {NUMBERS[0]: 2}


def test_everything_that_a_start_takes_is_passed_on(world: World) -> None:
    with world.client() as vb:
        vb.agents.update(world.agent_id, variables=["name"])
    world.dial([CallJob(world.agent_id, NUMBERS[0], variables={"name": "Asha"}, provider="twilio")])
    with world.client() as vb:
        (call,) = vb.calls.list()
        assert call.provider == "twilio"
        assert vb.sessions.get(call.session_id).variables == {"name": "Asha"}


def test_updates_tell_what_became_of_each_job(world: World) -> None:
    updates: list[JobUpdate] = []
    world.dial([*jobs(world, 1), CallJob("nobody", NUMBERS[1])], on_update=updates.append)
    with world.client() as vb:
        (call,) = vb.calls.list()
    first, second = updates
    assert (first.state, first.call_id, first.to_number) == ("started", call.call_id, NUMBERS[0])
    assert (second.state, second.call_id, second.agent_id) == ("refused", None, "nobody")
    assert "404" in (second.reason or "")


def test_an_update_that_fails_ends_the_run_and_leaves_the_ledger_true(world: World) -> None:
    def fail(update: JobUpdate) -> None:
        (theirs,) = world.ledger.claim("dial:calls", "other", 1, lease=60)
        assert theirs.payload["to_number"] == NUMBERS[1]
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError, match="no disk"):
        world.dial(jobs(world, 2), on_update=fail)
    (theirs,) = world.ledger.entries("dial:calls", "claimed")
    assert theirs.owner == "other"
    world.ledger.settle("dial:calls", [theirs.key], "waiting", owner="other")
    assert (world.dial()).started == 2
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


def test_the_budget_of_ten_a_minute_is_kept(make_world: Callable[..., World]) -> None:
    world = make_world(concurrency=0)
    began = world.seconds
    assert (world.dial(jobs(world, 35))).started == 35
    assert world.refused_for_rate() == 0
    # One request asked for the concurrency, 35 started calls.
    assert 180 <= world.seconds - began <= 200


def test_no_more_calls_are_live_than_the_account_may_have(
    make_world: Callable[..., World],
) -> None:
    world = make_world(concurrency=2, rate_limits=False, pace=1)
    assert (world.dial(jobs(world, 8))).started == 8
    assert most_live(world) == 2
    assert world.refused_for_rate() == 0
    assert world.asked("/calls/concurrency") < 8


def test_no_more_calls_are_live_than_were_asked_for(make_world: Callable[..., World]) -> None:
    world = make_world(concurrency=0, pace=1)
    assert (world.dial(jobs(world, 6), concurrency=1)).started == 6
    assert most_live(world) == 1


def most_live(world: World) -> int:
    live, most = set(), 0
    for row in world.sandbox.events:
        if row["type"] == "call.pending":
            live.add(row["call_id"])
        elif row["type"].startswith("call.") and row["type"] not in ("call.ringing", "call.in_progress"):
            live.discard(row.get("call_id"))
        most = max(most, len(live))
    return most


def test_calls_of_others_occupy_slots(make_world: Callable[..., World]) -> None:
    world = make_world(concurrency=2)
    with world.client() as vb:
        for _ in range(2):
            vb.calls.start(world.agent_id, "+12025550110")
    report = world.dial(jobs(world, 2), until=world.sandbox.clock.now + timedelta(minutes=5))
    assert (report.started, report.waiting) == (0, 2)
    assert world.asked("/calls/concurrency") <= 6
    with world.client() as vb:
        vb.calls.dismiss_stale()
    assert (world.dial()).started == 2
    assert world.refused_for_rate() == 0


def test_a_refusal_for_lack_of_a_slot_is_waited_out(make_world: Callable[..., World]) -> None:
    world = make_world(concurrency=2, rate_limits=False, pace=1)

    def others_dial(update: JobUpdate) -> None:
        if update.to_number == NUMBERS[0]:
            with world.client() as vb:
                vb.calls.start(world.agent_id, NUMBERS[900])

    assert (world.dial(jobs(world, 3), on_update=others_dial)).started == 3
    assert [*world.dialled()] == [NUMBERS[0], NUMBERS[900], *NUMBERS[1:3]]
    assert world.asked("/calls/start", 429) > 0
    assert world.asked("/calls/concurrency") > 1


def test_a_refusal_for_the_rate_is_waited_out(world: World) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", status=429, count=2)
    world.sandbox.faults.add("status", "POST /calls/start", status=429, headers={"retry-after": "7"}, count=1)
    assert (world.dial(jobs(world, 2))).started == 2
    assert list(world.dialled().items()) == [(NUMBERS[0], 1), (NUMBERS[1], 1)]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_what_is_refused_for_good_does_not_stop_the_others(world: World, status: int) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", status=status, count=1)
    report = world.dial(jobs(world, 3))
    assert (report.started, report.refused) == (2, 1)
    assert world.dialled() == dict.fromkeys(NUMBERS[1:3], 1)
    with DialList(world.ledger) as found:
        (refused,) = found.jobs("refused")
    assert str(status) in (refused.reason or "")


@pytest.mark.parametrize("status", [401, 403])
def test_what_concerns_all_jobs_stops_the_run_and_refuses_none(world: World, status: int) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", status=status, count=1)
    with pytest.raises((vocobase.PermissionDeniedError, vocobase.AuthenticationError)):
        world.dial(jobs(world, 3))
    assert (world.dial()).started == 3
    assert world.dialled() == dict.fromkeys(NUMBERS[:3], 1)


def test_an_empty_balance_stops_the_run_before_the_next_job(
    make_world: Callable[..., World],
) -> None:
    world = make_world(balance=0)
    with pytest.raises(vocobase.InsufficientBalanceError):
        world.dial(jobs(world, 50))
    with DialList(world.ledger) as found:
        assert found.report() == DialReport(0, 0, 0, 50, 0, None)


def test_variables_that_cannot_be_sent_are_refused_before_anything_is_dialled(
    world: World,
) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match="JSON"):
        world.dial([CallJob(world.agent_id, NUMBERS[0], variables={"name": object()})])
    assert world.dialled() == {}


def test_a_job_in_the_ledger_that_the_client_rejects_is_refused(world: World) -> None:
    """Another version may have entered it; the rest of the list is dialled."""
    odd = {"agent_id": world.agent_id, "to_number": NUMBERS[0], "provider": 5}
    world.ledger.enter(scope_of("calls"), [("odd", odd)])
    report = world.dial(jobs(world, 2)[1:])
    assert (report.started, report.refused) == (1, 1)
    assert world.dialled() == {NUMBERS[1]: 1}


def test_a_job_that_json_cannot_express_is_named_before_anything_is_dialled(world: World) -> None:
    odd = CallJob(world.agent_id, NUMBERS[0], variables={"name": "\ud800"}, key="odd")
    with pytest.raises(vocobase.InvalidArgumentError, match=r"job 2 \(key 'odd'\): variables\.name contains"):
        world.dial([*jobs(world, 2), odd])
    assert world.dialled() == {}


@pytest.mark.parametrize(
    "number",
    ["", "98765", "+91 98765 43210", "+0123456789", "9876543210", "+91" + "1" * 14, "+٩١٩٨٧٦٥٠٠٠٠١", None],
)
def test_numbers_in_another_form_are_refused_before_anything_is_dialled(world: World, number: str) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=r"E\.164"):
        world.dial([*jobs(world, 1), CallJob(world.agent_id, number)])
    assert world.dialled() == {}


@pytest.mark.parametrize(
    "options",
    [
        {"concurrency": 0},
        {"concurrency": "many"},
        {"concurrency": True},
        {"until": datetime(2026, 1, 1)},
        {"jobs": ["+919876543210"]},
        {"jobs": [CallJob("", NUMBERS[0])]},
        {"jobs": [CallJob("a", NUMBERS[0], priority=1.5)]},  # type: ignore[arg-type]
        {"jobs": [CallJob("a", NUMBERS[0], priority=10**9)]},
        {"name": "x" * 600},
    ],
)
def test_options_that_make_no_sense_are_refused(world: World, options: dict[str, Any]) -> None:
    with pytest.raises(vocobase.InvalidArgumentError):
        world.dial(**{"jobs": jobs(world, 1), **options})
    assert world.dialled() == {}


def test_a_path_opens_a_ledger_and_closes_it(world: World) -> None:
    assert (world.dial(jobs(world, 1), ledger=world.place.with_name("other"))).started == 1
    assert world.place.with_name("other").exists()


def test_a_run_ends_at_its_time(make_world: Callable[..., World]) -> None:
    world = make_world(concurrency=0)
    report = world.dial(jobs(world, 50), until=world.sandbox.clock.now + timedelta(seconds=90))
    assert report.started + report.waiting == 50
    assert 10 <= report.started <= 20
    assert (world.dial()).started == 50


def test_jobs_wait_for_their_window(world: World) -> None:
    # The clock of the sandbox begins on Monday at 09:00 UTC, 14:30 in India.
    window = CallWindow(time(15), time(20), timezone="Asia/Kolkata")
    own = CallWindow(time(9), time(10), timezone="UTC")
    todo = [*jobs(world, 2), CallJob(world.agent_id, NUMBERS[2], window=own)]
    report = world.dial(todo, window=window, wait_for_windows=False)
    assert (report.started, report.waiting) == (1, 2)
    assert world.dialled() == {NUMBERS[2]: 1}
    assert report.next_opening is not None
    assert report.next_opening.isoformat() == "2026-01-05T09:30:00+00:00"
    with DialList(world.ledger) as found:
        assert [job.not_before for job in found.jobs("waiting")] == [report.next_opening] * 2
    assert (world.dial()).started == 3
    assert timedelta(minutes=30) <= timedelta(seconds=world.seconds) < timedelta(minutes=32)


def test_jobs_outside_of_their_windows_hold_nothing_up_and_cost_no_request(world: World) -> None:
    closed = CallWindow(time(1), time(2), timezone="UTC")
    todo = [CallJob(world.agent_id, f"+9188{number:08d}", window=closed) for number in range(6000)]
    report = world.dial([*todo, *jobs(world, 1)], wait_for_windows=False)
    assert (report.started, report.waiting) == (1, 6000)
    assert world.seconds == 0
    assert world.asked("/calls/concurrency") == 1


def test_jobs_that_are_left_when_their_window_closes_wait_for_the_next_day(
    make_world: Callable[..., World],
) -> None:
    world = make_world(concurrency=0)
    window = CallWindow(time(9), time(9, 2), timezone="UTC")
    report = world.dial(jobs(world, 40), window=window, wait_for_windows=False)
    assert 10 <= report.started <= 30
    assert report.started + report.waiting == 40
    assert report.next_opening is not None
    assert report.next_opening.isoformat() == "2026-01-06T09:00:00+00:00"
    assert report.started == sum(world.dialled().values())


def test_the_zone_follows_from_the_number(world: World) -> None:
    window = CallWindow(time(9), time(10))
    report = world.dial(
        [CallJob(world.agent_id, "+442079460000"), *jobs(world, 1)], window=window, wait_for_windows=False
    )
    assert world.dialled() == {"+442079460000": 1}
    assert report.next_opening is not None
    assert report.next_opening.isoformat() == "2026-01-06T03:30:00+00:00"


@pytest.mark.parametrize("number", ["+99912345678", "+8888888888"])
def test_a_number_in_no_known_zone_is_refused(world: World, number: str) -> None:
    report = world.dial([CallJob(world.agent_id, number)], window=CallWindow(time(0), time(23)))
    assert (report.refused, world.dialled()) == (1, {})
    with DialList(world.ledger) as found:
        (job,) = found.jobs("refused")
    assert job.reason is not None
    assert job.reason.startswith("the time zone of the number is not known; set the timezone of its window")


def test_a_window_that_never_opens_is_refused(world: World) -> None:
    # A number of all American zones, from Puerto Rico to Guam.
    report = world.dial([CallJob(world.agent_id, "+18005550199")], window=CallWindow(time(9), time(9, 30)))
    assert (report.refused, world.dialled()) == (1, {})


def test_a_person_decides_about_parked_jobs(world: World) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", status=500, count=3)
    assert (world.dial(jobs(world, 3))).parked == 3
    assert world.dialled() == {}
    with DialList(world.place) as found:
        parked = list(found.jobs("parked"))
        assert [job.to_number for job in parked] == NUMBERS[:3]
        assert all(
            job.claimed_at is not None and "may have been dialled" in (job.reason or "") for job in parked
        )
        assert found.retry([parked[0].key]) == 1
        assert found.drop([parked[1].key, "unknown"]) == 1
        assert found.retry(["unknown"]) == 0
        for wrong in (parked[2].key, parked, None, [5], ["a\ud800"]):
            with pytest.raises(vocobase.InvalidArgumentError):
                found.retry(wrong)  # type: ignore[arg-type]
        with pytest.raises(vocobase.InvalidArgumentError, match="waiting, dialling, started, finished"):
            found.jobs("done")  # type: ignore[arg-type]
        assert str(world.place) in repr(found)
    report = world.dial()
    assert (report.started, report.refused, report.parked) == (1, 1, 1)
    assert world.dialled() == {NUMBERS[0]: 1}
    with DialList(world.ledger) as found:
        assert [job.state for job in found.jobs("started")] == ["started"]
        assert [job.reason for job in found.jobs("refused")] == ["dropped"]
        assert found.retry(job.key for job in parked[1:2]) == 1
    assert (world.dial()).started == 2


def test_warnings_that_are_errors_leave_the_job_to_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise VariablesWarning("calls.start: variables")

    with monkeypatch.context() as strict:
        strict.setattr(Declared, "check", refuse)
        with pytest.raises(VariablesWarning):
            world.dial([CallJob(world.agent_id, NUMBERS[0])])
    assert (world.dial()).started == 1
    assert world.dialled() == {NUMBERS[0]: 1}
