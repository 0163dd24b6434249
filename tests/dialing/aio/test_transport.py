"""What a transport does to a start, and what a list makes of it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import NUMBERS
from tests.transport.h2_server import MISBEHAVIOURS, H2Server, Misbehaviour
from vocobase import AsyncVocobase, Budget, CallJob, CallWindow, DialList, DialReport
from vocobase._dialing.aio import outcomes
from vocobase._ledger.sqlite import SQLiteLedger

KEY = "rg_live_x"
NO_CALLS = {"calls": [], "page": 1, "total": 0, "total_pages": 1}
ROOM = {"limit": 5, "active": 0, "available": 5}


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "SEARCH_DELAYS_SECONDS", (0.01, 0.01))


async def dial_list(url: str, place: Path, **client: Any) -> DialReport:
    jobs = [CallJob("a1", NUMBERS[0])]
    async with (
        httpx.AsyncClient(**client) as http,
        AsyncVocobase(KEY, base_url=url, http_client=http) as vb,
    ):
        return await vb.calls.start_many(jobs, ledger=place, window=CallWindow.any_time())


@pytest.mark.parametrize("misbehave", MISBEHAVIOURS, ids=lambda found: found.__name__)
async def test_a_job_that_an_http2_server_has_carried_out_is_parked_and_never_dialled_again(
    misbehave: Misbehaviour, tmp_path: Path
) -> None:
    answers = {"/calls": NO_CALLS, "/calls/concurrency": ROOM}
    with H2Server(misbehave, answers) as server:
        report = await dial_list(server.url, tmp_path / "l", http1=False, http2=True, trust_env=False)
        assert (report.started, report.parked) == (0, 1)
        assert server.carried_out == ["/calls/start"]
        # Nor by the next run.
        await dial_list(server.url, tmp_path / "l", http1=False, http2=True, trust_env=False)
        assert server.carried_out == ["/calls/start"]


class Closing:
    """A pacer that closes a client when a start takes its place: after the last read before it."""

    def __init__(self, pacer: Any) -> None:
        self.pacer, self.vb, self.places = pacer, None, 0

    def try_acquire(self, budget: Budget, account: str) -> float:
        self.places += budget is Budget.CALLS
        if self.places == 2:
            assert self.vb is not None
            self.vb._core.pool._state.closed = True
        seconds: float = self.pacer.try_acquire(budget, account)
        return seconds


async def test_a_list_whose_client_is_closed_stops_and_gives_its_job_back(world: AsyncWorld) -> None:
    pacer = Closing(world.pacer)
    jobs = [CallJob(world.agent_id, number) for number in NUMBERS[:3]]
    world.options["pace"] = pacer
    pacer.vb = vb = world.caller()
    with pytest.raises(vocobase.ConfigurationError, match="closed"):
        await vb.calls.start_many(jobs, ledger=world.ledger)
    del world.options["pace"]
    assert world.dialled() == {}
    with DialList(world.ledger) as found:
        assert [job.to_number for job in found.jobs("waiting")] == NUMBERS[:3]
    assert (await world.dial(jobs)).started == 3


class Stolen(SQLiteLedger):
    """A ledger in which another worker takes over the first job between its claim and its start."""

    thefts = 1

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        self.thefts -= 1
        return list(keys) if self.thefts == 0 else super().renew(scope, keys, owner=owner, lease=lease)


async def test_a_job_that_was_taken_over_before_its_start_is_not_dialled(world: AsyncWorld) -> None:
    jobs = [CallJob(world.agent_id, number) for number in NUMBERS[:2]]
    with closing(Stolen(world.place, clock=world.now)) as ledger:
        report = await world.dial(jobs, ledger=ledger)
    assert (report.started, report.parked) == (1, 1)
    assert world.dialled() == {NUMBERS[1]: 1}
