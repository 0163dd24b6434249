"""Waiting for sessions, campaigns, documents and free slots."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

import vocobase
from tests.waiting.support import Client, Clock, ShakyPacer, both, busiest_minute, counted
from vocobase import Vocobase
from vocobase.types import CampaignProgress
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=1, clock="manual", concurrency=2, balance=100_000) as running:
        yield running


@pytest.fixture
def clock(sandbox: Sandbox, stack: ExitStack) -> Clock:
    return Clock(stack, sandbox)


@pytest.fixture
def agent_id(vb: Vocobase, clock: Clock) -> str:
    return vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id


def answers(*steps: Any) -> Callable[[httpx.Request], httpx.Response]:
    """Answer with the steps in order, the last one for ever: a status, an exception or data."""
    left = list(steps)

    def respond(request: httpx.Request) -> httpx.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return httpx.Response(found)
        return httpx.Response(200, json={"success": True, "data": found})

    return respond


# Sessions


@both
def test_a_browser_session_is_given_when_it_is_over(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    session_id = vb.sessions.start_webrtc(agent_id).session_id
    seen: list[str] = []
    with Client(kind, sandbox) as client:
        done = client.call(
            lambda vb: vb.sessions.wait(session_id, on_update=lambda session: seen.append(session.status))
        )
    assert done.status == "completed"
    assert done.ended_at is not None
    assert done.transcript
    assert seen[-1] == "completed"
    assert len(seen) == len(set(seen))


@both
def test_the_session_of_a_call_that_failed_raises_with_it(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    call = vb.calls.start(agent_id, "+12025550101", provider="twilio")
    with (
        Client(kind, sandbox) as client,
        pytest.raises(vocobase.SessionFailedError, match="ended as failed") as caught,
    ):
        client.call(lambda vb: vb.sessions.wait(call.session_id))
    assert pickle.loads(pickle.dumps(caught.value)).session.session_id == call.session_id


@both
def test_a_session_that_tells_is_final_when_it_says_so(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    ended = {"session_id": "s", "status": "completed", "ended_at": "2026-01-01T00:00:00Z"}
    unfinished, final = {**ended, "processing_complete": False}, {**ended, "processing_complete": True}
    with Client(kind, respond=answers(*[unfinished] * 8, final)) as client:
        assert client.call(lambda vb: vb.sessions.wait("s")).to_dict() == final
    assert len(clock.pauses) == 8


@both
def test_a_session_that_does_not_tell_is_final_when_it_stays_the_same(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    live = {"session_id": "s", "status": "active", "ended_at": None}
    ended = {"session_id": "s", "status": "odd", "ended_at": "2026-01-01T00:00:00Z", "transcript": []}
    links = [
        {**ended, "extraction": {"status": "success"}, "recording_url": f"https://x/{n}"} for n in range(9)
    ]
    with Client(kind, respond=answers(live, 500, ended, httpx.ReadError("x"), *links)) as client:
        done = client.call(lambda vb: vb.sessions.wait("s"))
    assert done.extraction.status == "success"
    assert clock.seconds > 5
    changing = [{**ended, "transcript": [{"content": str(n)}]} for n in range(9)]
    with Client(kind, respond=answers(*changing)) as client:
        assert client.call(lambda vb: vb.sessions.wait("s")).transcript[0].content == "8"
    with (
        Client(kind, respond=answers(live)) as client,
        pytest.raises(vocobase.WaitTimeoutError, match="is active"),
    ):
        client.call(lambda vb: vb.sessions.wait("s", timeout=9))
    with (
        Client(kind, respond=answers(503)) as client,
        pytest.raises(vocobase.WaitTimeoutError, match="not seen"),
    ):
        client.call(lambda vb: vb.sessions.wait("s", timeout=9))


# Campaigns


def campaign_of(vb: Vocobase, agent_id: str, *numbers: str) -> str:
    campaign = vb.campaigns.create("C", agent_id, provider="twilio", concurrency_limit=2)
    vb.campaigns.add_contacts(campaign.campaign_id, [{"phone": number} for number in numbers])
    return campaign.campaign_id


@both
def test_a_campaign_is_watched_until_it_has_ended(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    campaign_id = campaign_of(vb, agent_id, NUMBER, "+12025551100", "+12025550101", "+13035550101")
    vb.campaigns.start(campaign_id)
    with Client(kind, sandbox) as client:
        steps = list(client.iterate(lambda vb: vb.campaigns.watch(campaign_id, interval=1)))
    assert all(first != second for first, second in itertools.pairwise(steps))
    assert (steps[0].status, steps[0].remaining) == ("running", 4)
    last = steps[-1]
    assert (last.status, last.total, last.completed, last.failed, last.skipped) == ("completed", 4, 2, 2, 0)
    assert last.remaining == 0
    assert last.campaign.campaign_id == campaign_id
    assert len(steps) > 2


@both
def test_a_paused_campaign_goes_on_being_watched(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    campaign_id = campaign_of(vb, agent_id, NUMBER, "+12025551100", "+12025552100")
    with Client(kind, sandbox) as client:
        found: list[CampaignProgress] = []
        for progress in client.iterate(lambda vb: vb.campaigns.watch(campaign_id, interval=1)):
            if not found:
                vb.campaigns.start(campaign_id)
            elif len(found) == 1:
                vb.campaigns.pause(campaign_id)
            elif progress.status == "paused":
                vb.campaigns.resume(campaign_id)
            found.append(progress)
    assert found[0].status == "draft"
    assert {"draft", "running", "paused", "completed"} <= {str(progress.status) for progress in found}


@both
@pytest.mark.parametrize("ending", ["cancelled", "credit_exhausted", "CANCELED"])
def test_a_campaign_that_fails_shows_it_and_raises_with_it(kind: str, ending: str, stack: ExitStack) -> None:
    Clock(stack)
    running = {"campaign_id": "c", "status": "running", "total_contacts": 3}
    with Client(kind, respond=answers(running, 502, running, {**running, "status": ending})) as client:
        steps = client.iterate(lambda vb: vb.campaigns.watch("c"))
        assert next(steps).status == "running"
        assert next(steps).status == ending
        with pytest.raises(vocobase.CampaignFailedError, match=ending) as caught:
            next(steps)
    assert pickle.loads(pickle.dumps(caught.value)).campaign.status == ending


@both
def test_watching_ends_in_time_and_can_be_left(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    campaign_id = campaign_of(vb, agent_id, NUMBER)
    with Client(kind, sandbox) as client:
        began = clock.seconds
        steps = client.iterate(lambda vb: vb.campaigns.watch(campaign_id, timeout=17))
        assert next(steps).status == "draft"
        with pytest.raises(vocobase.WaitTimeoutError, match="is still draft") as caught:
            next(steps)
        assert caught.value.last.campaign_id == campaign_id
        assert clock.seconds - began == pytest.approx(17)
        steps = client.iterate(lambda vb: vb.campaigns.watch(campaign_id))
        next(steps)
        steps.close()  # type: ignore[attr-defined]
        before = counted(sandbox)
        sandbox.clock.advance(60)
        assert counted(sandbox) == before
        with pytest.raises(vocobase.NotFoundError):
            list(client.iterate(lambda vb: vb.campaigns.watch("nobody")))
    with (
        Client(kind, respond=answers(500)) as client,
        pytest.raises(vocobase.WaitTimeoutError, match="not seen"),
    ):
        list(client.iterate(lambda vb: vb.campaigns.watch("c", timeout=3)))
    with Client(kind) as client:
        for options in ({"interval": 0.5}, {"timeout": -1}, {"interval": float("nan")}):
            with pytest.raises(vocobase.InvalidArgumentError):
                client.call(lambda vb, given=options: vb.campaigns.watch("c", **given))


@both
@pytest.mark.parametrize("odd", [None, "5", 1.5, [], {"x": 1}], ids=repr)
def test_a_campaign_with_odd_counts_is_watched_all_the_same(kind: str, odd: Any, stack: ExitStack) -> None:
    Clock(stack)
    names = ("total_contacts", "completed_count", "failed_count", "skipped_count")
    running = {"campaign_id": "c", "status": {"x": 1}, **dict.fromkeys(names, odd)}
    done = {"campaign_id": "c", "status": "completed", "total_contacts": 3.0, "completed_count": 1}
    with Client(kind, respond=answers(running, done)) as client:
        first, last = client.iterate(lambda vb: vb.campaigns.watch("c"))
    assert (first.total, first.completed, first.failed, first.skipped, first.remaining) == (0, 0, 0, 0, 0)
    assert (last.total, last.remaining) == (3, 2)


@both
@pytest.mark.parametrize(
    ("status", "raised"), [("stopped", True), ("STOPPED", True), ("finished", False), (None, False)]
)
def test_a_campaign_that_has_ended_is_not_watched_for_ever_whatever_its_status(
    kind: str, status: Any, raised: bool, stack: ExitStack
) -> None:
    Clock(stack)
    going_on = {"campaign_id": "c", "status": "of tomorrow"}
    # One that was resumed may keep the time at which it was over before.
    running = {"campaign_id": "c", "status": "running", "completed_at": "2026-11-23T10:00:00Z"}
    over = {**running, "status": status}
    with Client(kind, respond=answers(going_on, running, over)) as client:
        seen = client.iterate(lambda vb: vb.campaigns.watch("c"))
        assert [next(seen).status for _ in range(3)] == ["of tomorrow", "running", status]
        if raised:
            with pytest.raises(vocobase.CampaignFailedError, match=status):
                next(seen)
        else:
            assert list(seen) == []


# Documents


@both
def test_documents_are_given_when_all_are_synced(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    with Client(kind, sandbox) as client:
        assert client.call(lambda vb: vb.agents.documents.wait_synced(agent_id)) == []
        ids = [vb.documents.add_web_link(f"d{n}", "https://example.com").id for n in range(3)]
        vb.agents.documents.link(agent_id, ids)
        some = client.call(lambda vb: vb.agents.documents.wait_synced(agent_id, ids[:2]))
        assert {document.id for document in some} == set(ids[:2])
        found = client.call(lambda vb: vb.agents.documents.wait_synced(agent_id))
        assert {document.id for document in found} == set(ids)
        assert all(document.sync_status == "synced" for document in found)
        with pytest.raises(vocobase.LookupFailedError, match="'other'"):
            client.call(lambda vb: vb.agents.documents.wait_synced(agent_id, [*ids, "other"]))
        with pytest.raises(vocobase.NotFoundError):
            client.call(lambda vb: vb.agents.documents.wait_synced("nobody"))


@both
def test_documents_settle_in_any_state_but_pending(kind: str, stack: ExitStack) -> None:
    Clock(stack)

    def linked(*states: str) -> dict[str, Any]:
        return {"documents": [{"id": str(n), "sync_status": state} for n, state in enumerate(states)]}

    with Client(kind, respond=answers(linked("pending", "synced"), 500, linked("odd", "synced"))) as client:
        found = client.call(lambda vb: vb.agents.documents.wait_synced("a"))
    assert [str(document.sync_status) for document in found] == ["odd", "synced"]
    odd = {"documents": [{"id": ["x"], "sync_status": {"x": 1}}, {"id": "d", "sync_status": "synced"}]}
    with Client(kind, respond=answers(odd)) as client:
        (document,) = client.call(lambda vb: vb.agents.documents.wait_synced("a", ["d"]))
        assert document.id == "d"
        with pytest.raises(vocobase.LookupFailedError, match="'other'"):
            client.call(lambda vb: vb.agents.documents.wait_synced("a", ["d", "other"]))
    for state in ("failed", "ERROR"):
        with Client(kind, respond=answers(linked("pending", state))) as client:
            with pytest.raises(vocobase.DocumentSyncFailedError, match=state) as caught:
                client.call(lambda vb: vb.agents.documents.wait_synced("a"))
        error = pickle.loads(pickle.dumps(caught.value))
        assert (error.document.id, len(error.documents)) == ("1", 2)
    with Client(kind, respond=answers(linked("pending"))) as client:
        with pytest.raises(vocobase.WaitTimeoutError) as late:
            client.call(lambda vb: vb.agents.documents.wait_synced("a", timeout=7))
    assert [document.id for document in late.value.last] == ["0"]


# Slots


@both
def test_a_start_waits_for_a_slot_and_dials_once(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    with Client(kind, sandbox) as client:
        for number in range(6):
            client.call(
                lambda vb, n=number: vb.calls.start(
                    agent_id, f"+12025550{n}06", provider="twilio", wait_for_slot=120
                )
            )
    assert len(vb.calls.list()) == 6
    assert busiest_minute(sandbox, calls=True) <= 10
    assert 429 in [event["status"] for event in sandbox.events if event["type"] == "request"]


@both
def test_a_free_slot_costs_one_request(kind: str, sandbox: Sandbox, agent_id: str) -> None:
    before = sum(counted(sandbox).values())
    with Client(kind, sandbox) as client:
        client.call(lambda vb: vb.calls.start(agent_id, NUMBER, provider="twilio", wait_for_slot=0))
    assert sum(counted(sandbox).values()) == before + 1


@both
def test_without_a_slot_nothing_is_dialled(
    kind: str, sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    for ending in ("10", "10"):
        vb.calls.start(agent_id, f"+120255501{ending}", provider="twilio")
    with Client(kind, sandbox) as client:
        for seconds in (0, 90):
            began = clock.seconds
            with pytest.raises(vocobase.WaitTimeoutError, match="nothing was dialled") as caught:
                client.call(
                    lambda vb, s=seconds: vb.calls.start(agent_id, NUMBER, provider="twilio", wait_for_slot=s)
                )
            assert isinstance(caught.value.__cause__, vocobase.ConcurrencyLimitError)
            assert clock.seconds - began <= seconds + 1
        assert caught.value.last.remaining == 0
        with pytest.raises(vocobase.ConcurrencyLimitError):
            client.call(
                lambda vb: vb.with_options(max_retries=0).calls.start(agent_id, NUMBER, provider="twilio")
            )
    assert len(vb.calls.list()) == 2
    assert busiest_minute(sandbox, calls=True) <= 10
    with Client(kind) as client, pytest.raises(vocobase.InvalidArgumentError, match="wait_for_slot"):
        client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=-1))


@both
@pytest.mark.parametrize("fault", ["reset_before_headers", "truncated", "empty"])
def test_a_start_with_unknown_outcome_is_never_repeated(
    kind: str, fault: str, sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    sandbox.faults.add(fault, "POST /calls/start")
    with Client(kind, sandbox) as client, pytest.raises(vocobase.OutcomeUnknownError):
        client.call(lambda vb: vb.calls.start(agent_id, NUMBER, provider="twilio", wait_for_slot=60))
    assert len(vb.calls.list()) == 1


@both
def test_what_was_certainly_not_sent_is_tried_as_often_as_the_client_may(kind: str, stack: ExitStack) -> None:
    Clock(stack)
    free = {"remaining": None, "limit": None}
    started = {"call_id": "c"}
    for retries, raised in ((2, False), (0, True)):
        steps = answers(httpx.ConnectError("x"), 500, free, started)
        with Client(kind, respond=steps, max_retries=retries) as client:
            if raised:
                with pytest.raises(vocobase.ConnectionFailedError):
                    client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=60))
            else:
                assert client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=60)).call_id == "c"


@both
def test_a_slot_that_is_taken_by_another_is_waited_for_again(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    free, full = {"remaining": 1}, {"remaining": 0}
    steps = answers(429, full, full, free, 429, free, {"call_id": "c"})
    with Client(kind, respond=steps) as client:
        assert client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=300)).call_id == "c"
    assert len(clock.pauses) >= 4


@both
@pytest.mark.parametrize(
    "room",
    [
        {"limit": 0, "remaining": 0},
        {"limit": None, "remaining": None},
        {},
        {"limit": 2, "remaining": "1"},
        {"limit": 2, "remaining": []},
        {"limit": "2", "remaining": 1},
    ],
    ids=repr,
)
def test_a_look_that_shows_no_full_account_is_followed_by_a_start(
    kind: str, room: dict[str, Any], stack: ExitStack
) -> None:
    Clock(stack)
    with Client(kind, respond=answers(429, {"limit": 2, "remaining": -1}, room, {"call_id": "c"})) as client:
        assert client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=60)).call_id == "c"


@both
def test_a_refusal_puts_off_the_next_look_once_as_long_as_it_says(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    full = {"limit": 2, "remaining": 0}
    left = [
        httpx.Response(429, headers={"retry-after": "60"}),
        *[full] * 3,
        {"remaining": 1},
        {"call_id": "c"},
    ]

    def respond(request: httpx.Request) -> httpx.Response:
        found = left.pop(0)
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, json={"success": True, "data": found})

    with Client(kind, respond=respond) as client:
        assert client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=300)).call_id == "c"
    assert clock.pauses[0] == pytest.approx(60)
    assert max(clock.pauses[1:]) < 30
    # The refusal is the cause even when later looks went well.
    left = [httpx.Response(429, headers={"retry-after": "60"}), *[full] * 99]
    with Client(kind, respond=respond) as client, pytest.raises(vocobase.WaitTimeoutError) as caught:
        client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=90))
    assert isinstance(caught.value.__cause__, vocobase.LimitReachedError)


@both
def test_a_refusal_that_outlasts_the_wait_ends_it_in_time(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    with Client(kind, respond=lambda _: httpx.Response(429, headers={"retry-after": "3600"})) as client:
        with pytest.raises(vocobase.WaitTimeoutError) as caught:
            client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=30))
        assert clock.seconds == pytest.approx(30)
        assert isinstance(caught.value.__cause__, vocobase.LimitReachedError)
        for wait in (
            lambda vb: vb.calls.wait("c", timeout=30),
            lambda vb: vb.sessions.wait("s", timeout=30),
            lambda vb: vb.agents.documents.wait_synced("a", timeout=30),
        ):
            began = clock.seconds
            with pytest.raises(vocobase.WaitTimeoutError):
                client.call(wait)
            assert clock.seconds - began == pytest.approx(30)


@both
def test_a_pacer_that_cannot_be_reached_for_a_moment_ends_no_wait_for_a_slot(
    kind: str, stack: ExitStack
) -> None:
    Clock(stack)

    pacer = ShakyPacer(lambda asked: asked in (2, 4))
    with Client(kind, respond=answers(429, {"remaining": 1}, {"call_id": "c"}), pace=pacer) as client:
        started = client.call(lambda vb: vb.calls.start("a", NUMBER, wait_for_slot=300))
    assert started.call_id == "c"
    assert pacer.asked >= 5


@both
def test_a_wait_without_an_end_outlasts_any_pause_that_a_server_asks_for(kind: str, stack: ExitStack) -> None:
    clock = Clock(stack)
    left = [httpx.Response(429, headers={"retry-after": "1e300"})]

    def respond(request: httpx.Request) -> httpx.Response:
        done = {"campaign_id": "c", "status": "completed"}
        return left.pop() if left else httpx.Response(200, json={"success": True, "data": done})

    with Client(kind, respond=respond) as client:
        (progress,) = client.iterate(lambda vb: vb.campaigns.watch("c"))
    assert progress.status == "completed"
    # No clock sleeps longer than some centuries; time.sleep raises an OverflowError.
    assert max(clock.pauses) <= 86400


@both
def test_a_session_that_failed_raises_even_when_its_results_never_become_final(
    kind: str, stack: ExitStack
) -> None:
    Clock(stack)
    failed = {"session_id": "s", "status": "failed", "processing_complete": False}
    with (
        Client(kind, respond=answers(failed)) as client,
        pytest.raises(vocobase.SessionFailedError) as caught,
    ):
        client.call(lambda vb: vb.sessions.wait("s", timeout=20))
    assert caught.value.session.session_id == "s"


@both
def test_a_pacer_that_gives_less_than_nothing_gives_a_place_to_waits_too(kind: str, stack: ExitStack) -> None:
    Clock(stack)

    class Late:
        asked = 0

        def reserve(self, budget: vocobase.Budget, account: str) -> float:
            self.asked += 1
            return -0.5 if self.asked % 2 else float("nan")

    pacer = Late()
    steps = answers({"campaign_id": "c", "status": "completed"})
    with Client(kind, respond=steps, pace=pacer) as client:
        for _ in range(2):
            (progress,) = client.iterate(lambda vb: vb.campaigns.watch("c", timeout=5))
            assert progress.status == "completed"
    assert pacer.asked == 2
