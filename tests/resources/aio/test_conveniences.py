"""What users would otherwise write themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from vocobase import AsyncVocobase
from vocobase_sandbox import Sandbox

NUMBER = "+919876543210"


async def test_find_returns_the_agent_of_a_name_or_none(async_vb: AsyncVocobase) -> None:
    voice = (await async_vb.voices.find()).id
    agents = [await async_vb.agents.create(f"Agent {number}", "p", voice_id=voice) for number in range(3)]
    assert await async_vb.agents.find("Agent 1") == agents[1]
    assert await async_vb.agents.find("agent 1") is None


async def test_ensure_creates_once_and_updates_afterwards(async_vb: AsyncVocobase) -> None:
    voice = (await async_vb.voices.find()).id
    first = await async_vb.agents.ensure("Desk", "one", voice_id=voice)
    second = await async_vb.agents.ensure(
        "Desk", "two", voice_id=voice, intro_message="Hi", agent_type="inbound"
    )
    assert second.id == first.id
    assert (second.prompt, second.intro_message, second.agent_type) == ("two", "Hi", "inbound")
    assert len(await async_vb.agents.list()) == 1
    made = await async_vb.agents.ensure("New", "one", voice_id=voice, variables=["name"])
    assert made.variables == ["name"]
    with pytest.raises(TypeError, match="nonsense"):
        await async_vb.agents.ensure("Newer", "one", voice_id=voice, nonsense=1)  # type: ignore[call-arg]
    assert await async_vb.agents.find("Newer") is None
    assert (await async_vb.agents.ensure("New", "one", voice_id=voice, variables=("a", "b"))).variables == [
        "a",
        "b",
    ]


@pytest.mark.parametrize("lost", [httpx.ReadError("reset"), httpx.Response(409, json={})])
async def test_ensure_settles_a_lost_answer_by_looking(lost: Any) -> None:
    agent = {"id": "a1", "agent_name": "Desk"}
    lists = [[], [agent]]
    updated: list[bytes] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            updated.append(request.read())
        if request.method == "POST":
            if isinstance(lost, Exception):
                raise lost
            return lost
        data = {"agents": lists.pop(0)} if request.method == "GET" else agent
        return httpx.Response(200, json={"success": True, "data": data})

    async with AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        assert (await vb.agents.ensure("Desk", "p", voice_id="v")).id == "a1"
        assert updated == [b'{"prompt":"p","voice_id":"v","agent_type":"outbound"}']
    lists = [[], []]
    async with AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        with pytest.raises((vocobase.OutcomeUnknownError, vocobase.ConflictError)):
            await vb.agents.ensure("Desk", "p", voice_id="v")


async def test_webhooks_ensure_creates_points_and_enables(async_vb: AsyncVocobase) -> None:
    made = await async_vb.config.webhooks.ensure("prod", "https://example.com/a")
    assert made.secret is not None
    assert made.secret
    assert (await async_vb.config.webhooks.ensure("prod", "https://example.com/a")).id == made.id
    await async_vb.config.webhooks.update(made.id, enabled=False)
    moved = await async_vb.config.webhooks.ensure("prod", "https://example.com/b")
    assert (moved.id, moved.url, moved.enabled) == (made.id, "https://example.com/b", True)
    assert len(await async_vb.config.webhooks.list()) == 1


async def test_numbers_are_assigned_and_unassigned(async_vb: AsyncVocobase) -> None:
    agent = await async_vb.agents.create(
        "Desk", "p", voice_id=(await async_vb.voices.find()).id, agent_type="inbound"
    )
    await async_vb.config.telephony.set_vobiz("MA_12345678", "token", from_number=NUMBER)
    number = (await async_vb.phone_numbers.sync("vobiz", numbers=["+918011223344"]))[0]
    assert (await async_vb.phone_numbers.assign(number.id, agent.id)).agent.id == agent.id  # type: ignore[union-attr]
    assert (await async_vb.phone_numbers.unassign(number.id)).agent is None


async def test_find_started_finds_the_call_that_was_made(async_vb: AsyncVocobase, sandbox: Sandbox) -> None:
    agent = await async_vb.agents.create("Desk", "p", voice_id=(await async_vb.voices.find()).id)
    before = sandbox.clock.now
    call = await async_vb.calls.start(agent.id, NUMBER, provider="twilio")
    found = await async_vb.calls.find_started(agent.id, NUMBER, since=before)
    assert found is not None
    assert found.call_id == call.call_id
    assert await async_vb.calls.find_started(agent.id, "+919876543211", since=before) is None
    assert await async_vb.calls.find_started(agent.id, NUMBER, since=before + timedelta(hours=1)) is None
    await async_vb.calls.start(agent.id, "+919876543211", provider="twilio")
    assert await async_vb.calls.find_started(agent.id, NUMBER, since=before, max_calls=1) is None


async def test_campaigns_can_be_walked(async_vb: AsyncVocobase, sandbox: Sandbox) -> None:
    agent = await async_vb.agents.create("Desk", "p", voice_id=(await async_vb.voices.find()).id)
    made = {
        (await async_vb.campaigns.create(f"c{number}", agent.id, provider="twilio")).campaign_id
        for number in range(3)
    }
    assert {campaign.campaign_id async for campaign in async_vb.campaigns.iter()} == made
    assert (await async_vb.agents.ensure("Desk", "new", voice_id=agent.voice_id)).prompt == "new"
    assert await async_vb.calls.find_started(agent.id, NUMBER, since=sandbox.clock.now) is None


async def test_the_client_has_these_conveniences(
    async_vb: AsyncVocobase, sandbox: Sandbox, tmp_path: Path
) -> None:
    assert "AsyncAgents" in repr(async_vb.agents)
    assert "AsyncVocobase" in repr(async_vb)
    voice = await async_vb.voices.find(language="en")
    agent = await async_vb.agents.ensure("Desk", "one", voice_id=voice.id)
    assert (
        await async_vb.agents.ensure("Desk", "two", voice_id=voice.id, enable_recording=True)
    ).prompt == "two"
    assert (await async_vb.agents.ensure("New", "p", voice_id=voice.id, variables=["name"])).variables == [
        "name"
    ]
    assert await async_vb.agents.find("Nobody") is None
    seen: list[str] = []
    async for each in async_vb.agents.iter(page_size=1):
        if not seen:
            await async_vb.agents.create("On top", "p", voice_id=voice.id)
        seen.append(each.id)
    assert len(seen) == len(set(seen)) == 2
    link = await async_vb.documents.add_web_link("d", "https://example.com")
    assert [document.id async for document in async_vb.documents.iter()] == [link.id]
    made = await async_vb.config.webhooks.ensure("prod", "https://example.com/a")
    assert (await async_vb.config.webhooks.ensure("prod", "https://example.com/a")).id == made.id
    assert (await async_vb.config.webhooks.ensure("prod", "https://example.com/b")).id == made.id
    await async_vb.config.telephony.set_vobiz("MA_12345678", "token", from_number=NUMBER)
    number = (await async_vb.phone_numbers.sync("vobiz", numbers=["+918011223344"]))[0]
    assert (await async_vb.phone_numbers.assign(number.id, agent.id)).agent is not None
    assert (await async_vb.phone_numbers.unassign(number.id)).agent is None
    before = sandbox.clock.now
    call = await async_vb.calls.start(agent.id, NUMBER, provider="twilio")
    found = await async_vb.calls.find_started(agent.id, NUMBER, since=before)
    assert found is not None
    assert found.call_id == call.call_id
    assert await async_vb.calls.find_started(agent.id, "+919876543211", since=before, max_calls=1) is None
    other = await async_vb.calls.start(agent.id, "+919876543212", provider="twilio")
    found = await async_vb.calls.find_started(agent.id, NUMBER, since=before)
    assert found is not None
    assert found.call_id != other.call_id
    sandbox.clock.advance(600)
    assert (await async_vb.calls.download_recording(call.call_id, tmp_path / "a.wav")).stat().st_size > 1000


def conflicting(lists: list[list[dict[str, Any]]]) -> httpx.MockTransport:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(409, json={})
        data = {"webhooks": lists.pop(0)} if request.method == "GET" else {"id": "w1", "enabled": True}
        return httpx.Response(200, json={"success": True, "data": data})

    return httpx.MockTransport(respond)


async def test_webhooks_ensure_settles_a_race_by_looking() -> None:
    other = {"id": "w1", "label": "prod", "url": "https://b", "enabled": True}

    async def run(lists: list[list[dict[str, Any]]]) -> str:
        async with AsyncVocobase("rg_live_x", transport=conflicting(lists)) as vb:
            return (await vb.config.webhooks.ensure("prod", "https://a")).id

    assert await run([[], [other]]) == "w1"
    with pytest.raises(vocobase.ConflictError):
        await run([[], []])


async def test_find_started_stops_at_calls_that_are_too_old() -> None:
    old = {"call_id": "old", "agent_id": "a", "to_number": NUMBER, "created_at": "2020-01-01T00:00:00Z"}
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json={"calls": [old] * 100, "total": 500, "limit": 100, "offset": 0})

    async with AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        assert await vb.calls.find_started("a", NUMBER, since=datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert len(seen) == 1
