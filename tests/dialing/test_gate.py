"""The gate: its rules as values, and functions and threads of one colour."""

from __future__ import annotations

import asyncio
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.dialing.aio.world import AsyncWorld
from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS, START, BaseWorld, coming, worlds
from vocobase import (
    AsyncDoNotCall,
    CallJob,
    Consent,
    DoNotCall,
    OptOut,
)

YESTERDAY = START.date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (("", YESTERDAY), "basis must be a text"),
        (("mail", START), "given_on must be a date"),
        (("mail", YESTERDAY, "soon"), "valid_until must be a date"),
        (("mail", YESTERDAY, YESTERDAY - timedelta(days=1)), "must not be before given_on"),
    ],
)
def test_a_consent_that_makes_no_sense_is_refused(values: Any, message: str) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=message):
        Consent(*values)


def test_a_list_shows_no_password(tmp_path: Path) -> None:
    with DoNotCall(tmp_path / "ledger.sqlite") as listed:
        assert repr(listed).startswith("DoNotCall(")
    assert repr(AsyncDoNotCall("redis://:secret@localhost/0")) == "AsyncDoNotCall(None)"
    with pytest.raises(vocobase.ConfigurationError):
        DoNotCall(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [{"dispositions": "busy"}, {"dispositions": [5]}, {"extraction": ""}])
def test_a_rule_for_opt_outs_that_makes_no_sense_is_refused(values: Any) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match="OptOut: "):
        OptOut(**values)


def jobs(world: BaseWorld) -> list[CallJob]:
    return [CallJob(world.agent_id, number) for number in NUMBERS[:3]]


async def test_functions_may_be_async_where_they_are_awaited(tmp_path: Path) -> None:
    async def registry(number: str) -> bool:
        await asyncio.sleep(0)
        return number == NUMBERS[0]

    async def consent_of(number: str) -> Consent | None:
        return None if number == NUMBERS[1] else Consent("call", YESTERDAY)

    options: dict[str, Any] = {"do_not_call": registry, "consent": consent_of}
    with worlds(AsyncWorld, tmp_path) as create:
        world = create()
        await world.dial(jobs(world), **options)
        assert world.dialled() == {NUMBERS[2]: 1}
        with DoNotCall(world.ledger) as listed:
            assert [row.code for row in listed.log()] == ["do_not_call", "no_consent"]


def test_functions_are_not_async_where_they_are_not_awaited(world: World) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match="do_not_call must be a plain function"):
        world.dial(jobs(world), do_not_call=coming, consent=coming)
    with pytest.raises(vocobase.InvalidArgumentError, match="consent must be a plain function"):
        world.dial(jobs(world), consent=coming)


def test_threads_that_add_one_number_lose_nothing(world: World) -> None:
    ends = [date(2026, 1, 6) + timedelta(days=days) for days in range(40)]

    def add(end: date) -> None:
        with DoNotCall(world.place) as listed:
            listed.add(NUMBERS[0], valid_until=end, reason=str(end))

    threads = [threading.Thread(target=add, args=[end]) for end in ends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with DoNotCall(world.ledger) as listed:
        entry = listed.check(NUMBERS[0])
    assert entry is not None
    assert entry.reason == str(ends[-1])
