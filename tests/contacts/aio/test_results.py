"""`campaigns.results`: one result for each contact, and "unknown" where two campaigns could claim a call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.waiting.support import Clock, dial
from vocobase import AsyncVocobase
from vocobase.types import ContactResult, FinishedCall
from vocobase_sandbox import Sandbox

A, B, C, BUSY = "+919876543212", "+919876543210", "+919876543211", "+12025550101"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account without a cap, whose clock moves when a client sleeps."""
    with Sandbox(seed=1, clock="manual", concurrency=0, balance=100_000, rate_limits=False) as running:
        yield running


@pytest.fixture
def clock(sandbox: Sandbox, stack: ExitStack) -> Clock:
    """The clock of the sandbox."""
    return Clock(stack, sandbox)


@pytest.fixture
async def client(sandbox: Sandbox, clock: Clock) -> AsyncIterator[AsyncVocobase]:
    """A client that lives on the clock of the sandbox."""
    transport = sandbox.async_transport()
    async with AsyncVocobase(sandbox.api_key, base_url=sandbox.base_url, transport=transport) as opened:
        yield opened


@pytest.fixture
def agent_id(vb: vocobase.Vocobase, clock: Clock) -> str:
    """An agent of the account."""
    return vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The ledger of all imports."""
    return tmp_path / "import.sqlite"


def campaign_of(vb: Any, agent_id: str, phones: list[str], ledger: Path | None) -> str:
    """Create a campaign with contacts."""
    campaign_id: str = vb.campaigns.create("Spring", agent_id, provider="twilio").campaign_id
    vb.campaigns.import_contacts(campaign_id, [{"phone": phone} for phone in phones], ledger=ledger)
    return campaign_id


async def results(
    client: AsyncVocobase, campaign_id: str, ledger: Any, **options: Any
) -> dict[str, ContactResult]:
    walk = client.campaigns.results(campaign_id, ledger=ledger, **options)
    found = [result async for result in walk]
    assert len({result.phone for result in found}) == len(found)
    return {result.phone: result for result in found}


def outcomes(found: dict[str, ContactResult]) -> dict[str, str]:
    return {phone: result.outcome for phone, result in found.items()}


async def test_every_contact_has_the_final_result_of_its_call(
    client: AsyncVocobase, sandbox: Sandbox, vb: Any, agent_id: str, ledger: Path
) -> None:
    dial(sandbox, agent_id, B)  # before the campaign, hence of no interest
    campaign_id = campaign_of(vb, agent_id, [B, C, BUSY], ledger)
    sandbox.clock.advance(60)
    vb.campaigns.start(campaign_id)
    found: dict[str, ContactResult] = {}
    sandbox.clock.advance(120)
    sandbox.receive_call(B, agent_id=agent_id)
    found = await results(client, campaign_id, ledger)
    assert outcomes(found) == {B: "completed", C: "completed", BUSY: "failed"}
    call = found[B].call
    assert isinstance(call, FinishedCall)
    assert call.to_number == B
    assert call.session.transcript
    assert found[B].call_ids == (call.call_id,)
    busy = found[BUSY].call
    assert busy is not None
    assert busy.status == "busy"
    assert B not in repr(found[B])


async def test_a_call_that_two_campaigns_could_have_made_is_unknown(
    client: AsyncVocobase, sandbox: Sandbox, vb: Any, agent_id: str, ledger: Path
) -> None:
    first = campaign_of(vb, agent_id, [A, B], ledger)
    second = campaign_of(vb, agent_id, [A, C], ledger)
    never_started = campaign_of(vb, agent_id, [A, B, C], ledger)
    vb.campaigns.start(first)
    vb.campaigns.start(second)
    sandbox.clock.advance(200)
    found = await results(client, first, ledger)
    assert outcomes(found) == {A: "unknown", B: "completed"}
    assert outcomes(await results(client, second, ledger)) == {A: "unknown", C: "completed"}
    assert outcomes(await results(client, never_started, ledger)) == dict.fromkeys((A, B, C), "waiting")
    assert found[A].call is None
    assert len(found[A].call_ids) >= 1


async def test_a_campaign_at_another_time_or_of_another_agent_claims_nothing(
    client: AsyncVocobase, sandbox: Sandbox, vb: Any, agent_id: str, ledger: Path
) -> None:
    other_agent = vb.agents.create("Other", "Call.", voice_id=vb.voices.find().id).id
    first = campaign_of(vb, agent_id, [B], ledger)
    second = campaign_of(vb, agent_id, [B], ledger)
    third = campaign_of(vb, other_agent, [B], None)
    for campaign_id in (first, second):
        vb.campaigns.start(campaign_id)
        if campaign_id == second:
            vb.campaigns.start(third)
        sandbox.clock.advance(200)
    for campaign_id in (first, second):
        assert outcomes(await results(client, campaign_id, ledger)) == {B: "completed"}


async def test_a_campaign_whose_numbers_are_not_known_may_have_made_any_call(
    client: AsyncVocobase, sandbox: Sandbox, vb: Any, agent_id: str, ledger: Path
) -> None:
    first = campaign_of(vb, agent_id, [B], ledger)
    second = campaign_of(vb, agent_id, [C], None)
    vb.campaigns.start(first)
    vb.campaigns.start(second)
    sandbox.clock.advance(200)
    assert outcomes(await results(client, first, ledger)) == {B: "unknown"}


async def test_contacts_without_a_call_wait_until_the_campaign_has_ended(
    client: AsyncVocobase, sandbox: Sandbox, vb: Any, agent_id: str, ledger: Path
) -> None:
    campaign_id = campaign_of(vb, agent_id, [B, C], ledger)
    vb.campaigns.start(campaign_id)
    sandbox.clock.advance(1)
    assert outcomes(await results(client, campaign_id, ledger, timeout=0)) == {B: "not_final", C: "waiting"}
    vb.campaigns.stop(campaign_id)
    assert outcomes(await results(client, campaign_id, ledger)) == {B: "completed", C: "not_called"}


async def test_a_ledger_without_the_campaign_is_an_error(
    client: AsyncVocobase, sandbox: Sandbox, vb: Any, agent_id: str, ledger: Path
) -> None:
    campaign_id = campaign_of(vb, agent_id, [B], None)
    with pytest.raises(vocobase.LookupFailedError, match="the ledger has no number of this campaign"):
        await results(client, campaign_id, ledger)
    with pytest.raises(vocobase.InvalidArgumentError, match=r"campaigns\.results: timeout"):
        await results(client, campaign_id, ledger, timeout=-1)
