"""Watching campaigns."""

from __future__ import annotations

import itertools
import pickle
from contextlib import ExitStack
from typing import Any

import pytest

import vocobase
from tests.waiting.aio.clients import async_client_for
from tests.waiting.support import Clock, counted, responses
from vocobase import Vocobase
from vocobase.types import CampaignProgress
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"


def campaign_of(vb: Vocobase, agent_id: str, *numbers: str) -> str:
    campaign = vb.campaigns.create("C", agent_id, provider="twilio", concurrency_limit=2)
    vb.campaigns.add_contacts(campaign.campaign_id, [{"phone": number} for number in numbers])
    return campaign.campaign_id


async def test_a_campaign_is_watched_until_it_has_ended(
    sandbox: Sandbox, vb: Vocobase, agent_id: str
) -> None:
    campaign_id = campaign_of(vb, agent_id, NUMBER, "+12025551100", "+12025550101", "+13035550101")
    vb.campaigns.start(campaign_id)
    async with async_client_for(sandbox) as client:
        steps = [each async for each in client.campaigns.watch(campaign_id, interval=1)]
    assert all(first != second for first, second in itertools.pairwise(steps))
    assert (steps[0].status, steps[0].remaining) == ("running", 4)
    last = steps[-1]
    assert (last.status, last.total, last.completed, last.failed, last.skipped) == ("completed", 4, 2, 2, 0)
    assert last.remaining == 0
    assert last.campaign.campaign_id == campaign_id
    assert len(steps) > 2


async def test_a_paused_campaign_is_still_watched(sandbox: Sandbox, vb: Vocobase, agent_id: str) -> None:
    campaign_id = campaign_of(vb, agent_id, NUMBER, "+12025551100", "+12025552100")
    async with async_client_for(sandbox) as client:
        found: list[CampaignProgress] = []
        async for progress in client.campaigns.watch(campaign_id, interval=1):
            if not found:
                vb.campaigns.start(campaign_id)
            elif len(found) == 1:
                vb.campaigns.pause(campaign_id)
            elif progress.status == "paused":
                vb.campaigns.resume(campaign_id)
            found.append(progress)
    assert found[0].status == "draft"
    assert {"draft", "running", "paused", "completed"} <= {str(progress.status) for progress in found}


@pytest.mark.parametrize("ending", ["cancelled", "credit_exhausted", "CANCELED"])
async def test_a_campaign_that_fails_shows_it_and_raises_with_it(ending: str, stack: ExitStack) -> None:
    Clock(stack)
    running = {"campaign_id": "c", "status": "running", "total_contacts": 3}
    async with async_client_for(
        respond=responses(running, 502, running, {**running, "status": ending})
    ) as client:
        steps = client.campaigns.watch("c")
        assert (await anext(steps)).status == "running"
        assert (await anext(steps)).status == ending
        with pytest.raises(vocobase.CampaignFailedError, match=ending) as caught:
            await anext(steps)
    assert pickle.loads(pickle.dumps(caught.value)).campaign.status == ending


async def test_watching_ends_in_time_and_can_be_left(
    sandbox: Sandbox, vb: Vocobase, agent_id: str, clock: Clock
) -> None:
    campaign_id = campaign_of(vb, agent_id, NUMBER)
    async with async_client_for(sandbox) as client:
        began = clock.seconds
        steps = client.campaigns.watch(campaign_id, timeout=17)
        assert (await anext(steps)).status == "draft"
        with pytest.raises(vocobase.WaitTimeoutError, match="is still draft") as caught:
            await anext(steps)
        assert caught.value.last.campaign_id == campaign_id
        assert clock.seconds - began == pytest.approx(17)
        steps = client.campaigns.watch(campaign_id)
        await anext(steps)
        await steps.aclose()
        before = counted(sandbox)
        sandbox.clock.advance(60)
        assert counted(sandbox) == before
        with pytest.raises(vocobase.NotFoundError):
            [each async for each in client.campaigns.watch("nobody")]
    async with async_client_for(respond=responses(500)) as client:
        with pytest.raises(vocobase.WaitTimeoutError, match="not seen"):
            [each async for each in client.campaigns.watch("c", timeout=3)]
    async with async_client_for() as client:
        for options in ({"interval": 0.5}, {"timeout": -1}, {"interval": float("nan")}):
            with pytest.raises(vocobase.InvalidArgumentError):
                client.campaigns.watch("c", **options)


@pytest.mark.parametrize("odd", [None, "5", 1.5, [], {"x": 1}], ids=repr)
async def test_a_campaign_with_odd_counts_is_watched_all_the_same(odd: Any, stack: ExitStack) -> None:
    Clock(stack)
    names = ("total_contacts", "completed_count", "failed_count", "skipped_count")
    running = {"campaign_id": "c", "status": {"x": 1}, **dict.fromkeys(names, odd)}
    done = {"campaign_id": "c", "status": "completed", "total_contacts": 3.0, "completed_count": 1}
    async with async_client_for(respond=responses(running, done)) as client:
        first, last = [each async for each in client.campaigns.watch("c")]
    assert (first.total, first.completed, first.failed, first.skipped, first.remaining) == (0, 0, 0, 0, 0)
    assert (last.total, last.remaining) == (3, 2)


@pytest.mark.parametrize(
    ("status", "raised"), [("stopped", True), ("STOPPED", True), ("finished", False), (None, False)]
)
async def test_a_campaign_that_has_ended_is_not_watched_for_ever_whatever_its_status(
    status: Any, raised: bool, stack: ExitStack
) -> None:
    Clock(stack)
    going_on = {"campaign_id": "c", "status": "unknown"}
    # A resumed campaign may keep the time of its earlier end.
    running = {"campaign_id": "c", "status": "running", "completed_at": "2026-11-23T10:00:00Z"}
    over = {**running, "status": status}
    async with async_client_for(respond=responses(going_on, running, over)) as client:
        seen = client.campaigns.watch("c")
        assert [(await anext(seen)).status for _ in range(3)] == ["unknown", "running", status]
        if raised:
            with pytest.raises(vocobase.CampaignFailedError, match=status):
                await anext(seen)
        else:
            assert [each async for each in seen] == []
