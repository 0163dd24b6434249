"""However calls end, whenever workers die, whatever is lost: no one is rung more often or sooner than the rules say.

Workers run at the same time on one list, in the time of a sandbox, and each may die at any use of its ledger. Redis
and PostgreSQL read the same clock: the tests give them one in place of that of the machine.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from itertools import count, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dialing.crashes import Crash, Fragile
from tests.dialing.world import NUMBERS
from tests.ledger.servers import postgres_server, redis_server
from vocobase import AsyncVocobase, CallJob, CallWindow, DialReport, Ledger, PersonCap, Redial, Vocobase
from vocobase._base.runtime import wall_time
from vocobase._ledger.postgres import PostgresLedger
from vocobase._ledger.redis import RedisLedger
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase.testing import sandbox_time
from vocobase_sandbox import Conversation, Sandbox

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
INDIA = ZoneInfo("Asia/Kolkata")
HOURS = CallWindow(time(9), time(20), timezone="Asia/Kolkata")
DELAYS = {"busy": timedelta(minutes=15), "no_answer": timedelta(hours=2)}
ATTEMPTS, CAP = 3, 4
TALK = Conversation(turns=[("bot", "Hello."), ("user", "Yes.")], duration=20)
OUTCOMES: dict[str, Any] = {name: name for name in ("busy", "no_answer", "failed")} | {"talk": TALK}
# One-off runs take more: the suite has few minutes.
EXAMPLES = int(os.environ.get("REDIAL_EXAMPLES", "0"))
_numbers = count()


class ClockedRedis(RedisLedger):
    """A ledger in Redis whose scripts read the clock of the test."""

    def now(self) -> float:
        return wall_time()

    def _run(self, scope: str, script: str, *arguments: Any, changes: int = 0) -> Any:
        self._client.set("test:clock", repr(wall_time()))
        clock = "now = function() return tonumber(redis.call('GET', 'test:clock')) end\n"
        return super()._run(scope, clock + script, *arguments, changes=changes)


class ClockedPostgres(PostgresLedger):
    """A ledger in PostgreSQL that finds the clock of the test before that of the server."""

    @contextmanager
    def _talk(self) -> Iterator[Any]:
        with super()._talk() as connection:
            connection.execute("SELECT set_config('test.clock', %s, true)", [repr(wall_time())])
            yield connection


CLOCK = """
CREATE SCHEMA {name};
CREATE FUNCTION {name}.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
$$ SELECT to_timestamp(current_setting('test.clock')::double precision) $$;
"""


@pytest.fixture(scope="module", params=["sqlite", "redis", "postgres"])
def make_ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Yield a function that opens an empty ledger."""
    folder = tmp_path_factory.mktemp("ledgers")
    if request.param == "sqlite":
        yield lambda: SQLiteLedger(folder / f"{next(_numbers)}.sqlite")
    elif request.param == "redis":
        with redis_server(None, "--appendonly", "no") as address:

            def empty() -> Ledger:
                with redis.Redis.from_url(address) as client:
                    client.flushdb()
                return ClockedRedis(address)

            yield empty
    else:
        with postgres_server() as address:

            def make() -> Ledger:
                name = f"test_{next(_numbers)}"
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute(CLOCK.format(name=name).encode())
                return ClockedPostgres(f"{address}?options=-csearch_path%3D{name},pg_catalog")

            yield make


def run(sandbox: Sandbox, workers: list[Any], jobs: list[CallJob], name: str) -> list[DialReport]:
    """Let workers dial one list at the same time; those that die leave the others alone."""

    async def work(ledger: Any) -> DialReport | None:
        options: dict[str, Any] = {"transport": sandbox.async_transport(), "base_url": sandbox.base_url}
        rules = {"redial": Redial(ATTEMPTS, DELAYS), "person_cap": PersonCap(CAP), "window": HOURS}
        with suppress(Crash):
            async with AsyncVocobase(sandbox.api_key, **options) as vb:
                return await vb.calls.start_many(jobs, ledger=ledger, name=name, **rules)
        return None

    async def main() -> list[DialReport]:
        found = await asyncio.gather(*map(work, workers))
        return [report for report in found if report is not None]

    return asyncio.run(main())


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what happens: outcomes for each person, deaths of workers, lost responses, clocks set back."""
    return {
        "outcomes": draw(
            st.lists(
                st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=4), min_size=1, max_size=3
            )
        ),
        "deaths": draw(st.lists(st.tuples(st.integers(1, 220), st.booleans()), min_size=0, max_size=3)),
        "lost": draw(st.integers(0, 1)),
        "later": draw(st.sampled_from([0, 3, 6])),
        "lists": draw(st.integers(1, 2)),
    }


def check(make_ledger: Callable[[], Ledger], story: dict[str, Any]) -> None:
    sandbox = Sandbox(seed=1, clock="manual", start=START + timedelta(hours=story["later"]))
    with sandbox, sandbox_time(sandbox):
        ledger: Any = make_ledger()
        with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb:
            voice = vb.voices.list()[0].id
            agents = [
                vb.agents.create(f"Caller {number}", "Call.", voice_id=voice, agent_type="outbound").id
                for number in range(story["lists"])
            ]
        people = NUMBERS[: len(story["outcomes"])]
        for number, outcomes in zip(people, story["outcomes"], strict=True):
            sandbox.script(number, *(OUTCOMES[name] for name in outcomes))
        if story["lost"]:
            sandbox.faults.add("reset_after_headers", "POST /calls/start", count=1)
        for index, agent in enumerate(agents):
            jobs = [CallJob(agent, number) for number in people]
            deaths = [Fragile(ledger, at, after) for at, after in story["deaths"]]
            while deaths:
                run(sandbox, deaths[:2], jobs, f"list {index}")
                del deaths[:2]
            reports = run(sandbox, [ledger, ledger], jobs, f"list {index}")
            for report in reports[-1:]:
                assert (report.waiting, report.dialling) == (0, 0), report
                assert report.finished + report.refused + report.parked == len(people), report
        check_rings(sandbox, people, agents)
        ledger.close()


def check_rings(sandbox: Sandbox, people: list[str], agents: list[str]) -> None:
    for number in people:
        rings = sorted(
            (datetime.fromisoformat(call["created_at"]), call["agent_id"], call["status"])
            for call in sandbox.calls
            if call["to_number"] == number
        )
        assert len(rings) <= CAP
        assert all(time(9) <= at.astimezone(INDIA).time() < time(20) for at, _, _ in rings)
        for agent in agents:
            own = [(at, status) for at, by, status in rings if by == agent]
            assert len(own) <= ATTEMPTS
            for (early, status), (late, _) in pairwise(own):
                assert status in DELAYS, "dialled again after an outcome without a rule"
                assert late - early >= DELAYS[status]


def few(kind: str) -> int:
    return EXAMPLES or (4 if kind == "sqlite" else 2)


def test_rings_stay_within_the_rules(
    make_ledger: Callable[[], Ledger], request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["make_ledger"]

    @settings(max_examples=few(kind), deadline=None, suppress_health_check=list(HealthCheck))
    @given(story=stories())
    def prove(story: dict[str, Any]) -> None:
        check(make_ledger, story)

    prove()
