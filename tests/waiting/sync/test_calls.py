# Derived from tests/waiting/aio/test_calls.py by scripts/derive_sync.py; edit that instead.
"""Waiting for calls: to the end, in time, within the budgets, and through temporary errors."""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

import vocobase
from tests.stopwatch import Stopwatch
from tests.transport.server import Server, answer, silence, trickle
from tests.waiting.support import Clock, ShakyPacer, busiest_minute, counted, dial
from tests.waiting.sync.clients import client_for
from vocobase._policy.states import CALL
from vocobase_sandbox import Sandbox

NUMBER = "+919876543210"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account with its rate limits and without a cap, whose clock the tests move."""
    with Sandbox(seed=1, clock="manual", concurrency=0, balance=100_000) as running:
        yield running


def test_waiting_ends_with_the_final_call(sandbox: Sandbox, agent_id: str) -> None:
    (call_id,) = dial(sandbox, agent_id, NUMBER)
    seen: list[str] = []
    with client_for(sandbox) as client:
        done = client.calls.wait(call_id, on_update=lambda call: seen.append(call.status))
    assert done.status == "completed"
    assert done.session.transcript
    assert done.session.processing_complete is True
    assert (seen[0], seen[-1]) == ("pending", "completed")
    assert len(seen) == len(set(seen))


def test_waiting_ends_in_time_with_the_call_as_it_was_read_last(
    sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    (call_id,) = dial(sandbox, agent_id, NUMBER)
    for timeout in (0, 0.5, 1):
        began = clock.seconds
        with client_for(sandbox) as client:
            with pytest.raises(vocobase.WaitTimeoutError, match="is still") as caught:
                client.calls.wait(call_id, timeout=timeout)
        assert caught.value.last.call_id == call_id
        assert clock.seconds - began == pytest.approx(timeout)
        assert pickle.loads(pickle.dumps(caught.value)).last.call_id == call_id


@pytest.mark.parametrize("ending", ["01", "02", "04", "05", "08"])
def test_a_call_that_failed_raises_with_the_call(ending: str, sandbox: Sandbox, agent_id: str) -> None:
    (call_id,) = dial(sandbox, agent_id, f"+120255501{ending}")
    with client_for(sandbox) as client:
        with pytest.raises(vocobase.CallFailedError) as caught:
            client.calls.wait(call_id)
    call = caught.value.call
    assert call.status in CALL.failed
    assert str(call.status) in str(caught.value)
    assert call.session is None
    assert pickle.loads(pickle.dumps(caught.value)).call.status == call.status
    # No one talked, so there was nothing to read under /calls/.
    assert counted(sandbox)[f"GET /calls/{call_id}"] == 0


def test_waiting_for_an_unknown_call_is_not_found_at_once(sandbox: Sandbox, clock: Clock) -> None:
    with client_for(sandbox) as client:
        with pytest.raises(vocobase.NotFoundError):
            client.calls.wait("nobody")
    assert clock.pauses == []


@pytest.mark.parametrize("timeout", [float("nan"), -1.0, "5", None, True, pytest.param(10**400, id="huge")])
def test_a_wait_that_would_never_end_is_refused(timeout: Any) -> None:
    with client_for() as client:
        for use in (
            lambda vb: vb.calls.wait("c1", timeout=timeout),
            lambda vb: vb.calls.wait_all(["c1"], timeout=timeout),
        ):
            with pytest.raises(vocobase.InvalidArgumentError):
                use(client)


def scripted(answers: dict[str, list[Any]]) -> Callable[[httpx.Request], httpx.Response]:
    """Respond to each path with its list, the last entry forever: a status, an exception or data."""

    def respond(request: httpx.Request) -> httpx.Response:
        key = request.url.path.rsplit("/", 1)[-1]
        found = answers[key].pop(0) if len(answers[key]) > 1 else answers[key][0]
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return httpx.Response(found, headers={"retry-after": "20"} if found == 429 else {})
        return httpx.Response(200, json={"success": True, "data": found})

    return respond


def test_a_new_call_that_is_not_listed_yet_goes_back_to_the_pages(stack: ExitStack) -> None:
    Clock(stack)
    live = call_row("ringing")
    answers: dict[str, list[Any]] = {
        "calls": [{"calls": []}, {"calls": [live]}, {"calls": [live]}, {"calls": [call_row()]}],
        "c1": [live, FINAL],
    }
    with client_for(respond=scripted(answers)) as client:
        assert (client.calls.wait("c1")).status == "completed"
    assert {key: len(left) for key, left in answers.items()} == {"calls": 1, "c1": 1}
    # A call that is missing twice is old, and pages are not read for it.
    answers = {"calls": [{"calls": []}, {"calls": []}, 401], "c1": [live, live, live, live, FINAL]}
    with client_for(respond=scripted(answers)) as client:
        assert (client.calls.wait("c1")).status == "completed"


def call_row(status: str = "completed", **more: Any) -> dict[str, Any]:
    return {"call_id": "c1", "status": status, "duration_seconds": 5, **more}


FINAL = call_row(session={"transcript": [], "processing_complete": True})


def test_temporary_errors_do_not_end_a_wait(stack: ExitStack) -> None:
    clock = Clock(stack)
    live = {"calls": [call_row("in_progress")]}
    answers: dict[str, list[Any]] = {
        "calls": [503, httpx.ReadError("gone"), live, 500, 408, "text", live, 429, {"calls": [call_row()]}],
        "c1": [500, httpx.ConnectError("no"), 429, httpx.ReadTimeout("slow"), FINAL],
    }
    with client_for(respond=scripted(answers)) as client:
        assert (client.calls.wait("c1")).session.processing_complete is True
    assert {key: len(left) for key, left in answers.items()} == {"calls": 1, "c1": 1}
    # Both 429 responses had a Retry-After.
    assert sum(pause > 19.9 for pause in clock.pauses) == 2


def test_a_wait_that_met_only_errors_has_the_last_as_its_cause(stack: ExitStack) -> None:
    clock = Clock(stack)
    with client_for(respond=scripted({"calls": [503]})) as client:
        with pytest.raises(vocobase.WaitTimeoutError, match="not seen") as caught:
            client.calls.wait("c1", timeout=20)
    assert isinstance(caught.value.__cause__, vocobase.ServerError)
    assert caught.value.last is None
    assert clock.seconds == pytest.approx(20)


@pytest.mark.parametrize("status", [401, 403])
def test_permanent_errors_end_a_wait(status: int, stack: ExitStack) -> None:
    Clock(stack)
    for answers in ({"calls": [status]}, {"calls": [{"calls": [call_row()]}], "c1": [status]}):
        with client_for(respond=scripted(answers)) as client:
            with pytest.raises(vocobase.APIError) as caught:
                client.calls.wait("c1")
        assert caught.value.status == status


@pytest.mark.parametrize(
    ("unfinished", "final"),
    [
        ({"session": None}, {"session": {"transcript": []}}),
        ({"session": {"processing_complete": False}}, {"session": {"processing_complete": True}}),
        ({"session": {}, "processing_complete": False}, {"session": {}, "processing_complete": True}),
        ({"session": None, "processing_complete": True}, {"session": {}, "processing_complete": True}),
        (
            {"session": {"processing_complete": True}, "processing_complete": False},
            {"session": {"processing_complete": True}, "processing_complete": True},
        ),
    ],
)
def test_a_completed_call_is_returned_when_its_results_are_final(
    unfinished: dict[str, Any], final: dict[str, Any], stack: ExitStack
) -> None:
    Clock(stack)
    answers: dict[str, list[Any]] = {
        "calls": [{"calls": [call_row()]}],
        "c1": [call_row(**unfinished), call_row(**unfinished), call_row(**final)],
    }
    with client_for(respond=scripted(copy.deepcopy(answers))) as client:
        assert (client.calls.wait("c1")).to_dict() == call_row(**final)
    answers["c1"].pop()
    with client_for(respond=scripted(answers)) as client:
        with pytest.raises(vocobase.WaitTimeoutError, match="not final"):
            client.calls.wait("c1", timeout=60)


def test_a_call_that_failed_after_talk_comes_with_its_session(stack: ExitStack) -> None:
    Clock(stack)
    failed = call_row("failed", session={"processing_complete": True, "credits_used": 1.5})
    answers = {"calls": [{"calls": [call_row("failed")]}], "c1": [failed]}
    with client_for(respond=scripted(answers)) as client:
        with pytest.raises(vocobase.CallFailedError) as caught:
            client.calls.wait("c1")
    assert caught.value.call.session.credits_used == 1.5
    # It has failed, even if nothing more can be read.
    with client_for(respond=scripted({**answers, "c1": [500]})) as client:
        with pytest.raises(vocobase.CallFailedError):
            client.calls.wait("c1", timeout=30)


@pytest.mark.parametrize(("drawn", "first"), [(0.0, 0.45), (0.5, 0.5), (1.0, 0.55)])
def test_intervals_have_jitter_and_grow(drawn: float, first: float, stack: ExitStack) -> None:
    clock = Clock(stack, random=drawn)
    with client_for(respond=scripted({"calls": [{"calls": [call_row("ringing")]}]})) as client:
        with pytest.raises(vocobase.WaitTimeoutError):
            client.calls.wait("c1", timeout=60)
    assert clock.pauses[:2] == pytest.approx([first, first * 1.5])
    assert max(clock.pauses) == pytest.approx(first * 10)


def test_an_exception_of_on_update_ends_the_wait(sandbox: Sandbox, agent_id: str) -> None:
    def broken(call: Any) -> None:
        raise KeyError("bug")

    (call_id,) = dial(sandbox, agent_id, NUMBER)
    with client_for(sandbox) as client:
        with pytest.raises(KeyError):
            client.calls.wait(call_id, on_update=broken)


def test_waiting_for_fifty_calls_stays_within_the_budgets(
    sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    outcomes = ["00", "01", "03", "04", "06"]
    ids = dial(sandbox, agent_id, *[f"+120255501{outcomes[number % 5]}" for number in range(50)])
    with client_for(sandbox, max_retries=0) as client:
        results = [each for each in client.calls.wait_all([*ids, *ids])]
    assert sorted(result.call_id for result in results) == sorted(ids)
    good = [result for result in results if result.error is None]
    assert len(good) == 30
    assert all(result.unwrap().session.processing_complete for result in good)
    assert {type(result.error) for result in results} == {type(None), vocobase.CallFailedError}
    statuses = [entry["status"] for entry in sandbox.events if entry["type"] == "request"]
    assert 429 not in statuses
    # One of the ten is left for programs that start calls at the same time.
    assert busiest_minute(sandbox, calls=True) <= 9
    assert busiest_minute(sandbox, calls=False) <= 20
    assert clock.seconds < 300


def test_results_come_as_calls_end_and_failures_do_not_affect_the_others(
    sandbox: Sandbox, agent_id: str
) -> None:
    slow, busy, fast, stuck = dial(
        sandbox, agent_id, "+12025550106", "+12025550101", "+12025550100", "+12025550110"
    )
    with client_for(sandbox) as client:
        results = [
            each for each in client.calls.wait_all([slow, busy, "no/body", fast, stuck, ".."], timeout=120)
        ]
    found = {result.call_id: result for result in results}
    order = [result.call_id for result in results]
    assert order.index(busy) < order.index(fast) < order.index(slow) < order.index(stuck)
    assert found[slow].unwrap().status == found[fast].unwrap().status == "completed"
    assert isinstance(found["no/body"].error, vocobase.NotFoundError | vocobase.InvalidArgumentError)
    assert isinstance(found[".."].error, vocobase.InvalidArgumentError)
    for call_id, error in ((busy, vocobase.CallFailedError), (stuck, vocobase.WaitTimeoutError)):
        with pytest.raises(error):
            found[call_id].unwrap()
        assert pickle.loads(pickle.dumps(found[call_id])).call == found[call_id].call
    assert found[stuck].call.status == "ringing"


@pytest.mark.parametrize("seed", range(4))
def test_no_call_is_lost_whatever_goes_wrong_on_the_way(
    seed: int, sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    chance = random.Random(seed)
    endings = [chance.choice(["00", "01", "02", "03", "04", "06", "07", "10"]) for _ in range(30)]
    ids = dial(sandbox, agent_id, *[f"+120255501{ending}" for ending in endings])
    for fault in ("status", "reset_before_headers", "truncated", "malformed_json", "empty", "html"):
        sandbox.faults.add(fault, "GET /calls*", probability=0.06)
    sandbox.faults.add("latency", "GET /calls*", probability=0.2, seconds=3)
    with client_for(sandbox) as client:
        results = [each for each in client.calls.wait_all([*ids, "nobody"], timeout=900)]
    assert sorted(result.call_id for result in results) == sorted([*ids, "nobody"])
    found = {result.call_id: result for result in results}
    assert isinstance(found["nobody"].error, vocobase.NotFoundError)
    for call_id, ending in zip(ids, endings, strict=True):
        error = found[call_id].error
        if ending == "10":
            assert isinstance(error, vocobase.WaitTimeoutError)
        elif ending in {"01", "02", "04"}:
            assert isinstance(error, vocobase.CallFailedError)
        else:
            assert found[call_id].unwrap().session.processing_complete is True
    assert clock.seconds <= 901


def test_waiting_for_no_call_sends_nothing() -> None:
    with client_for() as client:
        assert [each for each in client.calls.wait_all([])] == []


@pytest.mark.parametrize("ids", ["abc", b"abc", [5], [None], None, 5, [["c1"]], [{}]])
def test_malformed_lists_of_ids_are_refused(ids: Any) -> None:
    with client_for() as client:
        with pytest.raises(vocobase.InvalidArgumentError, match="call_ids"):
            client.calls.wait_all(ids)


def test_calls_behind_the_newest_pages_are_found(sandbox: Sandbox, agent_id: str) -> None:
    old = dial(sandbox, agent_id, *["+12025550106"] * 5)
    ancient, middle = old[0], old[1:]
    dial(sandbox, agent_id, *["+12025550101"] * 250)
    with client_for(sandbox) as client:
        results = [each for each in client.calls.wait_all(old)]
        assert {result.call_id for result in results if result.error is None} == {ancient, *middle}
        # A single call is read directly instead of searched on more pages.
        before = counted(sandbox)["GET /calls"]
        assert (client.calls.wait(ancient)).status == "completed"
        assert counted(sandbox)["GET /calls"] == before + 1


def test_a_call_that_comes_back_to_the_pages_is_read_there_again(stack: ExitStack) -> None:
    Clock(stack)
    live, other = call_row("ringing"), call_row("ringing", call_id="c2")
    answers: dict[str, list[Any]] = {
        "calls": [
            {"calls": [other]},
            {"calls": [other]},
            {"calls": [other, live]},
            {"calls": [other, live]},
            {"calls": [other, call_row("busy", duration_seconds=0)]},
            {"calls": [call_row("busy", call_id="c2", duration_seconds=0)]},
        ],
        "c1": [live],
    }
    with client_for(respond=scripted(answers)) as client:
        results = [each for each in client.calls.wait_all(["c1", "c2"])]
    assert [result.call_id for result in results] == ["c1", "c2"]


def test_waiting_leaves_an_iterator_that_is_left_early(sandbox: Sandbox, agent_id: str) -> None:
    ids = dial(sandbox, agent_id, "+12025550101", NUMBER)
    with client_for(sandbox) as client:
        steps = client.calls.wait_all(ids)
        assert (next(steps)).call_id == ids[0]
        steps.close()
        before = counted(sandbox)
        sandbox.clock.advance(60)
        assert counted(sandbox) == before


def test_waiting_shares_the_budget_with_all_that_is_paced(
    sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    from vocobase import Budget
    from vocobase._policy.budgets import shared_pacer
    from vocobase._policy.pacers import account_of

    account = account_of(sandbox.api_key)
    (call_id,) = dial(sandbox, agent_id, NUMBER)
    sandbox.clock.advance(20)
    for budget, number in ((Budget.GENERAL, 60), (Budget.CALLS, 10)):
        clock.shared.clear()
        for _ in range(number):
            shared_pacer(clock).try_acquire(budget, account)
        with client_for(sandbox) as client:
            began = clock.seconds
            with pytest.raises(vocobase.WaitTimeoutError):
                client.calls.wait(call_id, timeout=30)
            assert clock.seconds - began <= 30
            assert (client.calls.wait(call_id)).status == "completed"
            assert 60 <= clock.seconds - began <= 75


@pytest.mark.parametrize("behave", [silence, trickle])
def test_no_wait_exceeds_its_time_over_a_socket(behave: Any) -> None:
    # On a busy machine, the first time may be over before there was a response.
    for seconds in (1.0, 10.0):
        with Server([answer(200, {"calls": [call_row("ringing")]}), behave]) as server:
            with Stopwatch() as watch, pytest.raises(vocobase.WaitTimeoutError) as caught:
                with client_for(url=server.url) as client:
                    client.calls.wait("c1", timeout=seconds)
        assert watch.seconds < seconds + 1.0 + 2.0
        if caught.value.last is not None:
            break
    assert caught.value.last.status == "ringing"
    assert isinstance(caught.value.__cause__, vocobase.TimeoutExceededError)


@pytest.mark.parametrize("seconds", [0.2, 2.0, 25.0, 100.0])
def test_no_wait_exceeds_its_time_when_every_response_is_late(
    seconds: float, sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    ids = dial(sandbox, agent_id, "+12025550110", "+12025550110")
    sandbox.faults.add("latency", "GET /calls*", seconds=seconds)
    with client_for(sandbox) as client:
        for timeout in (0.0, 0.3, 5.0, 40.0):
            began = clock.seconds
            with pytest.raises(vocobase.WaitTimeoutError):
                client.calls.wait(ids[0], timeout=timeout)
            assert clock.seconds - began <= timeout + 1.01
            began = clock.seconds
            results = [each for each in client.calls.wait_all(ids, timeout=timeout)]
            assert [type(result.error) for result in results] == [vocobase.WaitTimeoutError] * 2
            assert clock.seconds - began <= timeout + 1.01


def test_a_pacer_that_is_unreachable_for_a_moment_ends_no_wait(stack: ExitStack) -> None:
    Clock(stack)

    answers = {"calls": [{"calls": [call_row()]}], "c1": [FINAL]}
    with client_for(respond=scripted(answers), pace=ShakyPacer(lambda asked: asked % 2 == 1)) as client:
        assert (client.calls.wait("c1")).status == "completed"


ODD: list[Any] = [None, 5, 1.5, True, "", "new value", [], ["x"], {}, {"x": 1}]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_members_in_responses_end_no_wait_that_another_poll_can_finish(
    odd: Any, stack: ExitStack
) -> None:
    Clock(stack)
    page = {"calls": [call_row()]}
    answers: dict[str, list[Any]] = {
        # A row with an odd identifier belongs to another call; a call with an odd state is still ongoing.
        "calls": [{"calls": [call_row(call_id=odd), call_row(odd)]}, page],
        "c1": [call_row(odd, session=None), call_row(session=None), FINAL],
    }
    with client_for(respond=scripted(answers)) as client:
        assert (client.calls.wait("c1")).session.processing_complete is True
    if odd != {} and odd != {"x": 1}:
        answers = {"calls": [page], "c1": [call_row(session=odd), FINAL]}
        with client_for(respond=scripted(answers)) as client:
            assert (client.calls.wait("c1")).session.processing_complete is True
        assert len(answers["c1"]) == 1


@pytest.mark.parametrize("call_id", [None, 5, ["c1"], b"c1"])
def test_a_malformed_identifier_is_refused(call_id: Any) -> None:
    with client_for() as client:
        with pytest.raises(vocobase.InvalidArgumentError, match="call_id"):
            client.calls.wait(call_id)


def test_a_list_that_is_behind_the_call_itself_does_not_hide_its_end(stack: ExitStack) -> None:
    clock = Clock(stack)
    # The list shows the end already; the call itself comes from a server that has not seen it.
    answers: dict[str, list[Any]] = {
        "calls": [{"calls": [call_row()]}],
        "c1": [call_row("in_progress"), call_row("in_progress"), FINAL],
    }
    with client_for(respond=scripted(answers)) as client:
        assert (client.calls.wait("c1")).status == "completed"
    assert clock.seconds < 40


def big_page(offset: int) -> dict[str, Any]:
    rows = [call_row("busy", call_id=f"c{n}", duration_seconds=0) for n in range(offset, offset + 100)]
    return {"calls": rows, "total": 1000, "limit": 100, "offset": offset}


@pytest.mark.parametrize("timeout", [0.0, 1.0])
@pytest.mark.parametrize("in_time", [False, True])
def test_no_page_is_begun_when_the_time_is_over_and_pages_that_were_read_count(
    timeout: float, in_time: bool, stack: ExitStack
) -> None:
    clock = Clock(stack)
    asked: list[int] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(int(request.url.params["offset"]))
        limit = request.extensions["timeout"]["read"]
        clock.elapsed += min(0.9, limit)
        if limit < 0.9 and not in_time:
            raise httpx.ReadTimeout("late")
        return httpx.Response(200, json={"success": True, "data": big_page(asked[-1])})

    ids = [f"c{n}" for n in range(500)]
    with client_for(respond=respond) as client:
        results = [each for each in client.calls.wait_all(ids, timeout=timeout)]
    # 0.9 s a page: those count that end within a second more. The last one breaks off, or ends with that second.
    pages = (1 if timeout == 0 else 2) + in_time
    assert asked == [100 * page for page in range(pages + 1 - in_time)]
    assert [result.call_id for result in results] == ids
    kinds = [type(result.error) for result in results]
    assert kinds == [vocobase.CallFailedError] * pages * 100 + [vocobase.WaitTimeoutError] * (
        500 - pages * 100
    )


def test_pages_that_were_read_count_when_there_is_no_permit_for_more_in_time(stack: ExitStack) -> None:
    clock = Clock(stack)
    left = [0.0]

    class Full:
        def try_acquire(self, budget: vocobase.Budget, account: str) -> float:
            return left.pop() if left else 60.0

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"success": True, "data": big_page(0)})

    with client_for(respond=respond, pace=Full()) as client:
        results = [each for each in client.calls.wait_all(["c1", *[f"x{n}" for n in range(9)]], timeout=30)]
    assert clock.seconds == pytest.approx(30)
    assert [type(result.error) for result in results] == [vocobase.CallFailedError] + [
        vocobase.WaitTimeoutError
    ] * 9


def test_waiting_for_hundreds_of_calls_leaves_most_of_the_budget_to_others(
    sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    ids = dial(sandbox, agent_id, *["+12025550110"] * 450)
    with client_for(sandbox, max_retries=0) as client:
        results = [each for each in client.calls.wait_all(iter(ids), timeout=300)]
    assert [result.call_id for result in results] == ids
    assert {type(result.error) for result in results} == {vocobase.WaitTimeoutError}
    # Polls are frequent in the first minute; five pages for each at the interval of one page would use all 60.
    assert busiest_minute(sandbox, calls=False) <= 40
    assert counted(sandbox)["GET /calls"] <= 40 + 4 * 15
    assert clock.seconds <= 301


def test_a_call_that_has_an_end_is_over_with_an_unknown_status_too(stack: ExitStack) -> None:
    clock = Clock(stack)
    live = call_row("unknown", ended_at=None)
    nobody = call_row("declined", ended_at="2026-11-23T10:00:00Z", duration_seconds=0)
    talked = call_row("handed_over", ended_at="2026-11-23T10:00:00Z")
    final = {**talked, "session": {"processing_complete": True}}
    with client_for(respond=scripted({"calls": [{"calls": [live]}, {"calls": [nobody]}]})) as client:
        assert (client.calls.wait("c1")).status == "declined"
    answers: dict[str, list[Any]] = {
        "calls": [{"calls": [live]}, {"calls": [talked]}],
        "c1": [{**talked, "session": {"processing_complete": False}}, final],
    }
    with client_for(respond=scripted(answers)) as client:
        assert (client.calls.wait("c1")).session.processing_complete is True
    # A call that has left the pages is read alone.
    answers = {"calls": [{"calls": []}], "c1": [live, live, final]}
    with client_for(respond=scripted(answers)) as client:
        assert (client.calls.wait("c1")).status == "handed_over"
    assert clock.seconds < 60
    # Its status says that it is ongoing, whatever its end.
    odd = {"calls": [{"calls": [call_row("in_progress", ended_at="2026-11-23T10:00:00Z")]}]}
    with client_for(respond=scripted(odd)) as client:
        with pytest.raises(vocobase.WaitTimeoutError):
            client.calls.wait("c1", timeout=9)


def test_results_that_were_not_read_in_time_are_not_said_to_be_unfinished(stack: ExitStack) -> None:
    Clock(stack)
    ids = [f"c{n}" for n in range(20)]
    answers: dict[str, list[Any]] = {"calls": [{"calls": [call_row(call_id=each) for each in ids]}]}
    answers |= {each: [{**FINAL, "call_id": each}] for each in ids}
    with client_for(respond=scripted(answers)) as client:
        results = [each for each in client.calls.wait_all(ids, timeout=60)]
    late = [result for result in results if result.error is not None]
    assert 10 <= len(late) <= 13
    for result in late:
        assert "were not read yet" in str(result.error)
        assert result.call is not None
        assert result.call.status == "completed"
