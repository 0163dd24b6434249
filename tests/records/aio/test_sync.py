"""A sync brings every call into the table once, within the budgets, and continues after any interruption."""

from __future__ import annotations

from collections import Counter, deque
from pathlib import Path

import httpx
import pytest

from tests.records.aio.tables import AsyncTable
from tests.records.support import make_agent, receive_calls, recorded, truth
from vocobase import AsyncVocobase, Vocobase
from vocobase.records import AsyncRecords, SyncProgress
from vocobase.webhooks import SessionCompleted, parse
from vocobase_sandbox import Sandbox


async def test_a_sync_keeps_within_60_requests_a_minute_and_reads_at_least_55_calls(
    account: Sandbox, client: Vocobase, file: AsyncTable
) -> None:
    receive_calls(account, make_agent(client), 500, 20.0)
    account.clock.advance(3600)
    last_minute: deque[float] = deque()
    reads: Counter[str] = Counter()

    def observe(request: httpx.Request) -> None:
        now = account.clock.now.timestamp()
        last_minute.append(now)
        while last_minute[0] <= now - 60:
            last_minute.popleft()
        assert len(last_minute) <= 60
        reads["sessions" if "/sessions/" in request.url.path else "pages"] += 1

    began = account.clock.now
    result = await file.sync(account, observe)
    minutes = (account.clock.now - began).total_seconds() / 60
    assert result.pending == 0
    assert reads["sessions"] / max(minutes, 1) >= 55
    assert not [each for each in account.requests if each.status == 429]


async def test_a_second_sync_asks_only_for_what_is_new_or_not_final(
    account: Sandbox, client: Vocobase, file: AsyncTable
) -> None:
    agent = make_agent(client)
    receive_calls(account, agent, 300, 60.0)
    account.clock.advance(3600)
    await file.sync(account)
    paths: list[str] = []
    account.receive_call("+12025550199", agent_id=agent)
    account.clock.advance(3600)
    result = await file.sync(account, lambda request: paths.append(request.url.path))
    assert len(paths) == 3, "the list, the agent of the new call, its session"
    assert result.changed == 2
    assert await file.count() == 301


async def test_a_call_that_is_processed_is_read_again_until_it_is_final(
    account: Sandbox, client: Vocobase, file: AsyncTable
) -> None:
    receive_calls(account, make_agent(client), 1, 60.0)
    seen: list[SyncProgress] = []
    first = await file.sync(account, on_progress=seen.append)
    assert (first.pending, (await file.calls())[0].is_final) == (1, False)
    assert [each.read for each in seen] == [1, 2]
    account.clock.advance(2)
    assert (await file.sync(account)).pending == 1
    account.clock.advance(10)
    assert (await file.sync(account)).pending == 0
    assert recorded(await file.calls()) == truth(account)


async def test_a_call_that_was_live_is_found_again_far_down_the_list(
    account: Sandbox, client: Vocobase, file: AsyncTable
) -> None:
    agent = make_agent(client)
    account.receive_call("+12025550106", agent_id=agent)
    assert (await file.sync(account)).pending == 1
    receive_calls(account, agent, 450, 60.0)
    await file.sync(account)
    receive_calls(account, agent, 50, 60.0)
    account.clock.advance(3600)
    assert (await file.sync(account)).pending == 0
    assert recorded(await file.calls()) == truth(account)


async def test_since_limits_a_sync_and_a_later_one_reads_the_rest(
    account: Sandbox, client: Vocobase, file: AsyncTable
) -> None:
    agent = make_agent(client)
    receive_calls(account, agent, 150, 60.0)
    middle = account.clock.now
    receive_calls(account, agent, 150, 60.0)
    account.clock.advance(3600)
    await file.sync(account, since=middle)
    assert await file.count(since=middle, is_final=True) == 150
    assert await file.count(is_final=False) < 100
    await file.sync(account)
    assert recorded(await file.calls()) == truth(account)


async def test_a_webhook_a_poll_and_a_backfill_of_one_call_are_one_record(
    account: Sandbox, client: Vocobase, webhooks: list[bytes], table: AsyncTable
) -> None:
    cursor = client.events.poll(timeout=1)
    list(cursor)
    receive_calls(account, make_agent(client), 1, 120.0)
    event = next(client.events.poll(cursor=cursor.cursor))
    assert isinstance(event, SessionCompleted)
    await table.receive(event)
    await table.sync(account)
    found = await table.receive(parse(webhooks[0]))
    assert (await table.count(), found.sources) == (1, "list,poll,webhook")
    assert recorded(await table.calls()) == truth(account)
    assert (await table.receive(parse(webhooks[0]))).sequence == found.sequence


async def test_a_session_that_the_api_does_not_know_ends_with_its_call(
    account: Sandbox, client: Vocobase, file: AsyncTable
) -> None:
    receive_calls(account, make_agent(client), 1, 3600.0)
    account.faults.add("status", "sessions.get", status=404)
    assert (await file.sync(account)).pending == 0
    assert (await file.calls())[0].transcript is None


async def test_a_sync_reads_the_project_of_each_agent_once(
    account: Sandbox, client: Vocobase, table: AsyncTable
) -> None:
    voice = client.voices.list()[0].id
    project = client.projects.ensure("Client A")
    agents = [
        client.agents.ensure(name, "p", voice_id=voice, project_id=project.id) for name in ("Desk", "Sales")
    ]
    for agent in agents:
        for _ in range(3):
            client.calls.start(agent.id, "+12025550100", provider="twilio")
    client.agents.delete(agents[1].id)
    account.clock.advance(700)
    before = len(account.requests)
    await table.sync(account)
    found = {record.agent_id: record.project_id for record in await table.calls()}
    assert found == {agents[0].id: project.id, agents[1].id: None}
    read = [request.operation for request in account.requests[before:]]
    assert read.count("agents.get") == 2
    before = len(account.requests)
    await table.sync(account)
    read = [request.operation for request in account.requests[before:]]
    assert read.count("agents.get") == 1, "only that of the deleted agent is still unknown"


@pytest.mark.parametrize(("agent_id", "project"), [(None, "p"), ({"id": 1}, "p"), ("a1", 5), ("a1", None)])
async def test_an_odd_agent_or_project_is_not_recorded(
    agent_id: object, project: object, tmp_path: Path
) -> None:
    row = {"call_id": "c1", "session_id": "s1", "agent_id": agent_id, "status": "busy"}
    row["created_at"] = row["ended_at"] = "2026-03-01T06:00:00Z"

    def respond(request: httpx.Request) -> httpx.Response:
        is_list = request.url.path.endswith("/calls")
        data = {"calls": [row], "total": 1} if is_list else {"id": "a1", "project_id": project}
        return httpx.Response(200, json={"success": True, "data": data})

    transport = httpx.MockTransport(respond)

    async with (
        AsyncVocobase("rg_live_x", transport=transport) as vb,
        AsyncRecords.open(tmp_path / "calls.sqlite") as records,
    ):
        await records.sync(vb)
        assert [record.project_id async for record in records.calls()] == [None]
