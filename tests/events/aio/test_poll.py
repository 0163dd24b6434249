"""Polled events are those of webhooks; no crash loses one; polls stay within the budgets."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import vocobase
from tests.events.rows import ended, listed
from tests.waiting.aio.clients import async_client_for
from tests.waiting.support import Clock, busiest_minute, counted, dial, refuse
from vocobase import Vocobase
from vocobase._events.cursor import Cursor
from vocobase._policy.cadence import MAX_OPEN_CALLS, OVERLAP_SECONDS
from vocobase.webhooks import SessionCompleted
from vocobase_sandbox import Sandbox

OUTCOMES = ["00", "01", "02", "03", "04", "05", "06", "07", "08"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=1, clock="manual", concurrency=0, balance=100_000) as running:
        yield running


@pytest.fixture
def clock(sandbox: Sandbox, stack: ExitStack) -> Clock:
    return Clock(stack, sandbox)


@pytest.fixture
def agent_id(vb: Vocobase, clock: Clock) -> str:
    vb.config.webhooks.create("main", "https://example.com/hook")
    agent = vb.agents.create(
        "Caller",
        "Call {{name}}.",
        voice_id=vb.voices.find().id,
        enable_recording=True,
    )
    vb.agents.update(
        agent.id, variables=["name"], extraction_config={"prompt": "p", "keys": [{"name": "mood"}]}
    )
    return agent.id


def delivered(sandbox: Sandbox) -> dict[str, SessionCompleted]:
    """Return the events that the sandbox has sent by webhook."""
    events = [SessionCompleted.from_dict(json.loads(row["body"])) for row in sandbox.deliveries]
    return {event.session_id: event for event in events}


def comparable(event: SessionCompleted) -> dict[str, Any]:
    """Return the members that a poll can know; a recording has a new link in every response."""
    skipped = {"timestamp", "raw", "recording_url", "call"}
    members = {
        name: getattr(event, name) for name in SessionCompleted.__dataclass_fields__ if name not in skipped
    }
    members["has_recording"] = event.recording_url is not None
    if event.extraction is not None:
        # A webhook adds how the extraction ran: model, time and attempts.
        members["extraction"] = (event.extraction.status, event.extraction.values)
    assert event.call is not None
    call = {
        name: getattr(event.call, name) for name in type(event.call).__dataclass_fields__ if name != "raw"
    }
    assert {name: event.call.raw[name] for name in call} == call
    return {**members, "call": call}


async def test_polling_returns_the_events_that_webhooks_deliver(
    sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    async with async_client_for(sandbox) as client:
        await client.calls.start(agent_id, "+12025550100", provider="twilio", variables={"name": "Asha"})
        dial(sandbox, agent_id, *[f"+120255501{ending}" for ending in OUTCOMES], "+12025550110")
        sandbox.receive_call("+12025550100", agent_id=agent_id)
        found = [each async for each in client.events.poll(timeout=300)]
    expected = delivered(sandbox)
    assert len(found) == len(expected) == len(OUTCOMES) + 2
    for event in found:
        assert comparable(event) == comparable(expected[event.session_id])
        assert event.timestamp is None
        assert event.processing_complete is True
    assert {event.call.direction for event in found if event.call} == {"outbound", "inbound"}
    assert {event.variables.get("name") for event in found} == {"Asha", None}
    assert any(event.extraction and event.extraction.status == "success" for event in found)


async def test_a_poll_begins_with_the_calls_that_are_going_on(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    dial(sandbox, agent_id, *["+12025550100"] * 120)
    sandbox.clock.advance(30)
    (stuck,) = dial(sandbox, agent_id, "+12025550109")
    dial(sandbox, agent_id, *["+12025550101"] * 130)
    sandbox.clock.advance(2)
    async with async_client_for(sandbox) as client:
        found = [each async for each in client.events.poll(timeout=200)]
    assert [event.call.call_id for event in found if event.call] == [stuck]


async def test_nothing_is_lost_when_a_poll_is_killed_and_resumed_anywhere(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    chance = random.Random(7)
    cursor: str | None = None
    handled: Counter[str] = Counter()
    async with async_client_for(sandbox) as client:
        await client.agents.list()
        for round_ in range(25):
            stream = client.events.poll(cursor=cursor, timeout=chance.uniform(0, 60))
            limit = chance.randrange(6)
            if cursor is None:
                await anext(stream, None)
                cursor = stream.cursor
                limit = -1
            number = 0
            while limit >= 0 and (event := await anext(stream, None)) is not None:
                if number == limit:
                    # Killed in the middle of the work: neither handled nor stored.
                    break
                number += 1
                handled[event.session_id] += 1
                if chance.random() < 0.7:
                    cursor = stream.cursor
            if round_ < 20:
                dial(
                    sandbox,
                    agent_id,
                    *[f"+120255501{chance.choice(OUTCOMES)}" for _ in range(chance.randrange(8))],
                )
            sandbox.clock.advance(chance.uniform(0, 100))
        async for event in client.events.poll(cursor=cursor, timeout=1200):
            handled[event.session_id] += 1
    assert set(handled) == set(delivered(sandbox))
    assert len(handled) > 40
    statuses = [entry["status"] for entry in sandbox.events if entry["type"] == "request"]
    assert 429 not in statuses
    assert busiest_minute(sandbox, calls=True) <= 10


async def test_many_calls_between_two_polls_are_all_found(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    async with async_client_for(sandbox) as client:
        dial(sandbox, agent_id, "+12025550101")
        stream = client.events.poll(timeout=5000, interval=60)
        first = await anext(stream)
        dial(sandbox, agent_id, *["+12025550101"] * 230)
        found = {first.session_id} | {event.session_id async for event in stream}
        assert found == set(delivered(sandbox))
        assert len(found) == 231
        assert len(stream.cursor) < 10_000
        # Nothing is left to do, and the cursor is empty.
        assert json.loads(stream.cursor)["open"] == []
        assert [each async for each in client.events.poll(cursor=stream.cursor, timeout=60)] == []


async def test_rows_that_shift_between_pages_and_faults_lose_nothing(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with async_client_for(sandbox) as client:
        dial(sandbox, agent_id, *["+12025550101"] * 150)
        steps = client.events.poll(timeout=4000, interval=30)
        found = {(await anext(steps)).session_id}
        dial(sandbox, agent_id, *["+12025550101"] * 120)
        handle = sandbox.handle
        pushed = iter(range(40))

        def push(request: Any, **options: Any) -> Any:
            if request.path.endswith("/calls") and next(pushed, None) is not None:
                dial(sandbox, agent_id, "+12025550108")
            return handle(request, **options)

        monkeypatch.setattr(sandbox, "handle", push)
        for fault in ("status", "reset_before_headers", "malformed_json"):
            for route in ("GET /calls", "GET /calls/{id}", "GET /sessions/{id}"):
                sandbox.faults.add(fault, route, probability=0.1)
        found |= {event.session_id async for event in steps}
    assert found == set(delivered(sandbox))


async def test_a_call_from_long_ago_that_is_still_going_on_counts(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    (old,) = dial(sandbox, agent_id, "+12025550110")
    sandbox.clock.advance(OVERLAP_SECONDS * 2)
    dial(sandbox, agent_id, *["+12025550101"] * 130)
    sandbox.clock.advance(10)
    async with async_client_for(sandbox) as client:
        first = client.events.poll(timeout=20)
        assert [each async for each in first] == []
        vb.calls.dismiss_stale()
        (event,) = [each async for each in client.events.poll(cursor=first.cursor, timeout=60)]
    assert event.call.call_id == old
    assert event.call.status == "canceled"


async def test_an_event_that_was_not_returned_is_not_done(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    dial(sandbox, agent_id, "+12025550101")
    sandbox.faults.add("status", "GET /sessions/{id}")
    async with async_client_for(sandbox) as client:
        first = client.events.poll(timeout=60)
        assert [each async for each in first] == []
        sandbox.faults.clear()
        assert len([each async for each in client.events.poll(cursor=first.cursor, timeout=60)]) == 1


async def test_a_poll_that_breaks_off_loses_no_page(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vocobase_sandbox.kernel.messages import Response

    handle, faults = sandbox.handle, [502]

    def breaking(request: Any, **options: Any) -> Any:
        if "offset=100" in request.query and faults:
            return Response(faults.pop(), b"", {})
        return handle(request, **options)

    async with async_client_for(sandbox) as client:
        dial(sandbox, agent_id, "+12025550101")
        sandbox.clock.advance(10)
        first = client.events.poll(timeout=5)
        assert [each async for each in first] == []
        dial(sandbox, agent_id, *["+12025550108"] * 150)
        monkeypatch.setattr(sandbox, "handle", breaking)
        second = client.events.poll(cursor=first.cursor, timeout=5)
        assert [each async for each in second] == []
        found = [each async for each in client.events.poll(cursor=second.cursor, timeout=2000, interval=60)]
    assert faults == []
    assert len(found) == 150


async def test_a_poll_continues_after_a_permanent_error(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    dial(sandbox, agent_id, "+12025550100", "+12025550101")
    sandbox.faults.add("status", "GET /sessions/{id}", status=401, count=1)
    async with async_client_for(sandbox) as client:
        stream = client.events.poll(timeout=100)
        with pytest.raises(vocobase.AuthenticationError):
            await anext(stream)
        assert len([each async for each in stream]) == 2


async def test_calls_that_are_gone_and_sessions_that_are_unknown_hold_nothing_up(
    stack: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    Clock(stack)
    when = "2026-01-01T00:00:00Z"
    rows = [
        {"call_id": f"c{n}", "session_id": f"s{n}", "status": "in_progress", "created_at": when}
        for n in range(3)
    ]
    rows[1]["session_id"] = ""
    reads = 0

    def respond(request: httpx.Request) -> httpx.Response:
        nonlocal reads
        name = request.url.path.rsplit("/", 1)[-1]
        if name == "calls":
            reads += 1
            data: Any = {"calls": rows if reads < 5 else [{**row, "status": "completed"} for row in rows[:2]]}
        elif name == "c2" or name.startswith("s"):
            return httpx.Response(404)
        else:
            data = {**rows[int(name[1])], "status": "completed", "session": {"processing_complete": True}}
        return httpx.Response(200, json={"success": True, "data": data})

    async with async_client_for(respond=respond) as client:
        found = [each async for each in client.events.poll(timeout=60)]
    assert [event.session_id for event in found] == ["s0", "c1"]
    assert [event.agent_name for event in found] == [None, None]
    assert "c2" in caplog.text


async def test_an_event_whose_processing_never_ends_is_returned_as_it_is(stack: ExitStack) -> None:
    clock = Clock(stack)
    row = {"call_id": "c", "session_id": "s", "status": "in_progress", "created_at": "2026-01-01T00:00:00Z"}

    def respond(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        status = "in_progress" if clock.seconds < 5 else "completed"
        call = {**row, "status": status}
        data = {
            "calls": {"calls": [call]},
            "c": {**call, "session": {"processing_complete": False}},
            "s": {},
        }[name]
        return httpx.Response(200, json={"success": True, "data": data})

    async with async_client_for(respond=respond) as client:
        (event,) = [each async for each in client.events.poll(timeout=900)]
    assert event.processing_complete is False
    assert clock.seconds > 600


async def test_a_poll_ends_in_time_without_an_error(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    async with async_client_for(sandbox) as client:
        for timeout in (0, 33.5):
            began = clock.seconds
            assert [each async for each in client.events.poll(timeout=timeout)] == []
            assert clock.seconds - began == pytest.approx(timeout)
        before = counted(sandbox)
        sandbox.clock.advance(600)
        assert counted(sandbox) == before


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "[]", "5", '{"v": 2}', '{"v": 1}', '{"v": 1, "mark": "x", "open": [], "known": {}}',
     '{"v": 1, "mark": 1, "open": 5, "known": {}}', '{"v": 1, "mark": 1, "open": [], "known": []}',
     '{"v": 1, "mark": NaN, "open": [], "known": {}}', '{"v": 1, "mark": 1e999, "open": [], "known": {}}',
     '{"v": 1, "mark": 1, "open": [], "known": {"a": NaN}}', '{"v": 1, "mark": 1, "open": [null], "known": {}}',
     '{"v": 1, "mark": 1' + "0" * 400 + ', "open": [], "known": {}}', "[" * 100_000,
     '{"v": 1, "mark": 1, "open": ["a"], "kno', '{"v": 1, "mark": 1, "open": "abc", "known": {}}'],
)  # fmt: skip
async def test_an_invalid_or_damaged_cursor_is_refused(cursor: str) -> None:
    async with async_client_for() as client:
        with pytest.raises(vocobase.InvalidArgumentError, match="cursor is invalid") as caught:
            client.events.poll(cursor=cursor)
    assert "\n" not in str(caught.value)


async def test_invalid_intervals_and_limits_are_refused() -> None:
    async with async_client_for() as client:
        for options in ({"interval": 0.1}, {"timeout": -1}, {"timeout": float("nan")}):
            with pytest.raises(vocobase.InvalidArgumentError):
                client.events.poll(**options)
        start = client.events.poll().cursor
        assert client.events.poll(cursor=start).cursor == start
        assert Cursor.load(start) == Cursor.load(None)


class Odd:
    """A server whose responses a test chooses; calls are ongoing during the first two reads."""

    def __init__(self, *rows: dict[str, Any], **answers: Any) -> None:
        self.rows = rows
        self.answers = answers
        self.reads = 0
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        self.asked.append(name)
        if name == "calls":
            live = request.url.params.get("status")
            self.reads += live is None
            state = {} if self.reads > 2 else {"status": "in_progress"}
            rows = [{**row, **state} for row in self.rows if live in (None, "in_progress")]
            response: Any = {"calls": [row for row in rows if self.reads > 2 or row.get("call_id") == "c1"]}
        elif name in self.answers:
            response = self.answers[name]
        else:
            response = ended(int(name[1:])) if name[0] == "c" else {"session_id": name, "agent_name": "Asha"}
        if isinstance(response, httpx.Response):
            return response
        return httpx.Response(200, json={"success": True, "data": response})


@pytest.mark.parametrize("call_id", [None, 7, True])
async def test_rows_without_an_identifier_hold_nothing_up(stack: ExitStack, call_id: Any) -> None:
    Clock(stack)
    server = Odd(ended(2, call_id=call_id), ended(1))
    async with async_client_for(respond=server) as client:
        found = [each async for each in client.events.poll(timeout=60)]
    assert [event.session_id for event in found] == ["s1"]


@pytest.mark.parametrize(
    ("session_id", "inner", "expected"),
    [(5, None, "c1"), ([], None, "c1"), (None, 9, "c1"), (None, "s9", "s9"), ("s1", "s9", "s1")],
)
async def test_an_event_has_an_identifier_whatever_the_server_sends(
    stack: ExitStack, session_id: Any, inner: Any, expected: str
) -> None:
    Clock(stack)
    session = {"session_id": inner, "processing_complete": True}
    details = ended(1, session_id=session_id, session=session, call_id=None)
    async with async_client_for(respond=Odd(ended(1), c1=details)) as client:
        (event,) = [each async for each in client.events.poll(timeout=60)]
    assert event.session_id == expected
    assert event.call.call_id == "c1"


@pytest.mark.parametrize("status", [400, 404, 422])
async def test_a_session_that_the_server_refuses_is_left_out(stack: ExitStack, status: int) -> None:
    Clock(stack)
    async with async_client_for(respond=Odd(ended(2), ended(1), s1=httpx.Response(status))) as client:
        found = [each async for each in client.events.poll(timeout=60)]
    assert [(event.session_id, event.agent_name) for event in found] == [("s1", None), ("s2", "Asha")]


@pytest.mark.parametrize("response", [httpx.Response(200, content=b"{"), httpx.Response(500), None, []])
async def test_a_session_that_cannot_be_read_holds_up_no_other_and_comes_after_ten_minutes_without_it(
    stack: ExitStack, response: Any
) -> None:
    clock = Clock(stack)
    times: list[float] = []
    async with async_client_for(respond=Odd(ended(3), ended(2), ended(1), s1=response)) as client:
        found: list[SessionCompleted] = []
        async for event in client.events.poll(timeout=1000):
            found.append(event)
            times.append(clock.seconds)
    names = [(event.session_id, event.agent_name) for event in found]
    assert names == [("s2", "Asha"), ("s3", "Asha"), ("s1", None)]
    # Each is read in its turn, every 7.5 seconds, as if the first were not there.
    assert times[1] < 60 and 600 < times[2] < 700


async def test_an_event_waits_for_its_session_while_the_network_is_away(stack: ExitStack) -> None:
    clock = Clock(stack)
    server = Odd(ended(1))

    def respond(request: httpx.Request) -> httpx.Response:
        if "/sessions/" in request.url.path and clock.seconds < 900:
            raise httpx.ConnectError("away")
        return server(request)

    async with async_client_for(respond=respond) as client:
        (event,) = [each async for each in client.events.poll(timeout=1000)]
    assert event.agent_name == "Asha" and clock.seconds > 900


async def test_a_poll_ends_in_time_when_the_work_on_each_event_takes_long(stack: ExitStack) -> None:
    clock = Clock(stack)
    cursor = Cursor(mark=0.0)
    async with async_client_for(respond=Odd(*[ended(number) for number in range(30, 0, -1)])) as client:
        stream = client.events.poll(cursor=cursor.dump(), timeout=60)
        found: list[str] = []
        async for event in stream:
            found.append(event.session_id)
            clock.sleep(10)
        assert clock.seconds < 75
        # Events that were not returned are not lost.
        rest = client.events.poll(cursor=stream.cursor, timeout=600)
        found += [event.session_id async for event in rest]
    assert found == [f"s{number}" for number in range(1, 31)]


async def test_ctrl_c_while_an_event_is_built_leaves_it_for_the_next_poll(stack: ExitStack) -> None:
    Clock(stack)
    server, interrupts = Odd(ended(1)), [KeyboardInterrupt()]

    def respond(request: httpx.Request) -> httpx.Response:
        if "/sessions/" in request.url.path and interrupts:
            raise interrupts.pop()
        return server(request)

    async with async_client_for(respond=respond) as client:
        stream = client.events.poll(timeout=60)
        with pytest.raises(KeyboardInterrupt):
            [each async for each in stream]
        (event,) = [each async for each in client.events.poll(cursor=stream.cursor, timeout=60)]
    assert event.session_id == "s1"


async def test_calls_that_hang_do_not_keep_a_poll_from_finding_others(stack: ExitStack) -> None:
    clock = Clock(stack)
    hanging = [listed(1, call_id=f"h{number}", status="ringing") for number in range(MAX_OPEN_CALLS // 2 + 1)]

    def respond(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        if name != "calls":
            response: Any = ended(2) if name == "c2" else {"session_id": name}
        else:
            rows = [*([ended(2)] if clock.seconds > 60 else []), *hanging]
            wanted = request.url.params.get("status")
            rows = [row for row in rows if wanted in (None, row["status"])]
            offset = int(request.url.params.get("offset", 0))
            response = {"calls": rows[offset : offset + 100], "total": len(rows)}
        return httpx.Response(200, json={"success": True, "data": response})

    async with async_client_for(respond=respond) as client:
        found = [each async for each in client.events.poll(timeout=200)]
    assert [event.session_id for event in found] == ["s2"]


async def test_a_full_cursor_processes_its_backlog_before_it_reads_further(
    sandbox: Sandbox, agent_id: str, clock: Clock
) -> None:
    dial(sandbox, agent_id, *["+12025550110"] * 150)
    cursor = Cursor(mark=0.0, open=dict.fromkeys(str(number) for number in range(MAX_OPEN_CALLS // 2 + 50)))
    async with async_client_for(sandbox) as client:
        stream = client.events.poll(cursor=cursor.dump(), timeout=30)
        assert [each async for each in stream] == []
    after = Cursor.load(stream.cursor)
    assert after.mark == 0.0
    # Calls that do not exist were closed one by one, the oldest first.
    assert 0 < MAX_OPEN_CALLS // 2 + 50 - len(after.open) < 10
    assert "0" not in after.open


async def test_a_poll_begins_again_when_the_calls_that_are_going_on_cannot_be_read(stack: ExitStack) -> None:
    Clock(stack)
    server, failures = Odd(ended(1)), [httpx.Response(503)]

    def respond(request: httpx.Request) -> httpx.Response:
        if "status" in request.url.params and failures:
            return failures.pop()
        return server(request)

    async with async_client_for(respond=respond) as client:
        stream = client.events.poll(timeout=60)
        (event,) = [each async for each in stream]
    assert failures == []
    assert event.session_id == "s1"


async def test_a_poll_since_a_time_begins_with_the_calls_that_were_created_then(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    dial(sandbox, agent_id, "+12025550101")
    sandbox.clock.advance(60)
    since = clock.now()
    later = dial(sandbox, agent_id, *["+12025550100"] * 3)
    sandbox.clock.advance(60)
    later += dial(sandbox, agent_id, "+12025550103")
    async with async_client_for(sandbox) as client:
        found = [each async for each in client.events.poll(since=since, timeout=200)]
    assert sorted(event.call.call_id for event in found if event.call) == sorted(later)


async def test_a_poll_since_a_time_refuses_a_time_without_a_zone_and_a_cursor_next_to_it() -> None:
    moment = datetime(2026, 3, 1)
    async with async_client_for(respond=refuse) as client:
        with pytest.raises(vocobase.InvalidArgumentError, match="must be a datetime with a time zone"):
            client.events.poll(since=moment)
        with pytest.raises(vocobase.InvalidArgumentError, match="either cursor or since"):
            client.events.poll(since=moment.replace(tzinfo=UTC), cursor=Cursor().dump())
