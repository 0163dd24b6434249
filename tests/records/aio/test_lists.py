"""Calls that lists have started have the name of the list, the key of the job and the attempt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.ledger.servers import redis_server
from tests.records.aio.tables import AsyncTable
from tests.records.support import make_agent, receive_calls
from vocobase import CallJob, CallWindow, ConfigurationError, Ledger, LedgerError, Vocobase, open_ledger
from vocobase._dialing.attempts import Attempt, attempts_of, with_attempts
from vocobase._dialing.scopes import DIALLED
from vocobase.records import CallRecord
from vocobase_sandbox import Sandbox

NUMBERS = [f"+1202555012{number}" for number in range(4)]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(tmp_path / "ledger.sqlite")) as opened:
        yield opened


def dial(vb: Vocobase, ledger: Ledger, agent: str, name: str, *numbers: str) -> None:
    jobs = [CallJob(agent, number, key=f"{name} {number}") for number in numbers]
    vb.calls.start_many(jobs, ledger=ledger, name=name, window=CallWindow.any_time())


def dial_again(vb: Vocobase, ledger: Ledger, agent: str, name: str, number: str) -> str:
    """Add a second attempt to a job as a worker does, and return its call."""
    scope, key = f"dial:{name}", f"{name} {number}"
    call = vb.calls.start(agent, number, wait_for_slot=600)
    ledger.enter(DIALLED, [(call.call_id, {"scope": scope, "job": key, "at": ledger.now()})])
    job = ledger.get(scope, key)
    assert job is not None
    attempts = [*attempts_of(job), Attempt(2, datetime.now(UTC), call.call_id)]
    ledger.revise(scope, [key], "done", was="done", result=with_attempts(job, attempts))
    return call.call_id


def origins(records: list[CallRecord]) -> dict[Any, Any]:
    return {(each.person, each.list): (each.list_key, each.attempt) for each in records}


async def test_calls_get_their_list_their_key_and_their_attempt(
    table: AsyncTable, account: Sandbox, client: Vocobase, ledger: Ledger
) -> None:
    agent = make_agent(client)
    dial(client, ledger, agent, "may", *NUMBERS[:2])
    dial(client, ledger, agent, "june", NUMBERS[0])
    once = client.calls.start_once("order-17", agent, NUMBERS[3], ledger=ledger)
    client.calls.start(agent, NUMBERS[2], wait_for_slot=600)
    receive_calls(account, agent, 2, 10)
    account.clock.advance(3600)
    assert (await table.sync(account)).pending == 0
    assert {each.list for each in await table.calls()} == {None}
    result = await table.sync(account, ledger=ledger)
    assert (result.changed, result.pending) == (4, 0)
    assert origins(await table.calls(direction="outbound")) == {
        (NUMBERS[0], "may"): (f"may {NUMBERS[0]}", 1),
        (NUMBERS[1], "may"): (f"may {NUMBERS[1]}", 1),
        (NUMBERS[0], "june"): (f"june {NUMBERS[0]}", 1),
        (NUMBERS[2], None): (None, None),
        (NUMBERS[3], "once"): ("order-17", 1),
    }
    assert [each.call_id for each in await table.calls(list="once")] == [once]
    assert (await table.sync(account, ledger=ledger)).changed == 0
    assert all(each.list is None for each in await table.calls(direction="inbound"))


async def test_reports_by_list_and_by_attempt_have_groups(
    table: AsyncTable, account: Sandbox, client: Vocobase, ledger: Ledger
) -> None:
    agent = make_agent(client)
    dial(client, ledger, agent, "may", *NUMBERS[:3])
    dial(client, ledger, agent, "june", NUMBERS[3])
    again = dial_again(client, ledger, agent, "may", NUMBERS[0])
    account.clock.advance(3600)
    await table.sync(account, ledger=ledger)
    assert (await table.get(again)).attempt == 2
    by_list = {row.key: (row.attempted, row.retries) for row in (await table.report(by="list")).rows}
    assert by_list == {"june": (1, 0), "may": (4, 1)}
    by_attempt = {row.key: row.attempted for row in (await table.report(by="attempt")).rows}
    assert by_attempt == {1: 4, 2: 1}
    assert {row.key: row.attempted for row in (await table.report(by="attempt", list="may")).rows} == {
        1: 3,
        2: 1,
    }


async def test_an_attempt_that_is_noted_later_is_joined_later(
    file: AsyncTable, account: Sandbox, client: Vocobase, ledger: Ledger
) -> None:
    """A worker notes the call first and the attempt a moment later; it may die in between."""
    agent = make_agent(client)
    job = {"agent_id": agent, "to_number": NUMBERS[0]}
    ledger.enter("dial:may", [("key", job)])
    ledger.claim("dial:may", "worker", 1, lease=600)
    call = client.calls.start(agent, NUMBERS[0])
    ledger.enter(DIALLED, [(call.call_id, {"scope": "dial:may", "job": "key", "at": ledger.now()})])
    await file.sync(account, ledger=ledger)
    assert origins(await file.calls()) == {(NUMBERS[0], "may"): ("key", None)}
    ledger.settle("dial:may", ["key"], "done", owner="worker", result={"call_id": call.call_id})
    await file.sync(account, ledger=ledger)
    assert origins(await file.calls()) == {(NUMBERS[0], "may"): ("key", 1)}


async def test_many_calls_are_joined(
    file: AsyncTable, account: Sandbox, client: Vocobase, ledger: Ledger
) -> None:
    agent = make_agent(client)
    for number in range(620):
        call = client.calls.start(agent, f"+91987654{number:04d}", wait_for_slot=600)
        if number % 2:
            ledger.enter(DIALLED, [(call.call_id, {"scope": "dial:may", "job": str(number), "at": 0.0})])
    account.clock.advance(3600)
    await file.sync(account, ledger=ledger)
    assert (await file.count(list="may"), await file.count()) == (310, 620)
    assert (await file.sync(account, since=account.clock.now, ledger=ledger)).changed == 0


async def test_what_webhooks_brought_keeps_its_list(
    file: AsyncTable, account: Sandbox, client: Vocobase, webhooks: list[bytes], ledger: Ledger
) -> None:
    from vocobase.webhooks import parse

    dial(client, ledger, make_agent(client), "may", NUMBERS[0])
    account.clock.advance(3600)
    await file.sync(account, ledger=ledger)
    for body in webhooks:
        await file.receive(parse(body))
    assert origins(await file.calls()) == {(NUMBERS[0], "may"): (f"may {NUMBERS[0]}", 1)}
    assert "webhook" in (await file.calls())[0].sources


async def test_a_person_who_is_forgotten_stays_in_no_key(
    file: AsyncTable, account: Sandbox, client: Vocobase, ledger: Ledger
) -> None:
    agent = make_agent(client)
    job = CallJob(agent, NUMBERS[0], key=f"instead of {NUMBERS[1]}")
    client.calls.start_many([job], ledger=ledger, name="may", window=CallWindow.any_time())
    account.clock.advance(3600)
    await file.sync(account, ledger=ledger)
    await file.forget(NUMBERS[1])
    assert [each.list_key for each in await file.calls()] == ["instead of +removed"]


async def test_an_address_opens_the_ledger_for_the_sync_alone(
    file: AsyncTable, account: Sandbox, client: Vocobase
) -> None:
    with redis_server() as address:
        dial(client, open_ledger(address), make_agent(client), "may", NUMBERS[0])
        account.clock.advance(3600)
        await file.sync(account, ledger=address)
    assert await file.count(list="may") == 1


@pytest.mark.parametrize(
    ("ledger", "error"), [(5, ConfigurationError), ("/dev/null/x", LedgerError)], ids=["number", "no folder"]
)
async def test_a_ledger_that_cannot_be_used_is_one_line(
    file: AsyncTable, account: Sandbox, ledger: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="ledger") as found:
        await file.sync(account, ledger=ledger)
    assert "\n" not in str(found.value)
