"""What a transport does to a start, and what a list makes of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.dialing.conftest import NUMBERS, World
from tests.transport.h2_server import MISBEHAVIOURS, H2Server, Misbehaviour
from tests.transport.server import Behaviour, Server, answer
from vocobase import AsyncVocobase, Budget, CallJob, CallWindow, DialList, DialReport, Vocobase
from vocobase._dialing.aio import outcomes as async_outcomes
from vocobase._dialing.sync import dialer as sync_dialing
from vocobase._dialing.sync import outcomes as sync_outcomes
from vocobase._ledger.sqlite import SQLiteLedger

KEY = "rg_live_x"
NO_CALLS = {"calls": [], "page": 1, "total": 0, "total_pages": 1}
ROOM = {"limit": 5, "active": 0, "available": 5}


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (async_outcomes, sync_outcomes):
        monkeypatch.setattr(module, "SEARCH_DELAYS_SECONDS", (0.01, 0.01))


def dial_list(kind: str, url: str, place: Path, **client: Any) -> DialReport:
    jobs = [CallJob("a1", NUMBERS[0])]
    if kind == "sync":
        with httpx.Client(**client) as http, Vocobase(KEY, base_url=url, http_client=http) as vb:
            return vb.calls.start_many(jobs, ledger=place, window=CallWindow.any_time())

    async def main() -> DialReport:
        async with (
            httpx.AsyncClient(**client) as http,
            AsyncVocobase(KEY, base_url=url, http_client=http) as vb,
        ):
            return await vb.calls.start_many(jobs, ledger=place, window=CallWindow.any_time())

    return asyncio.run(main())


@pytest.mark.parametrize("misbehave", MISBEHAVIOURS, ids=lambda found: found.__name__)
def test_a_job_that_an_http2_server_has_carried_out_is_parked_and_never_dialled_again(
    kind: str, misbehave: Misbehaviour, tmp_path: Path
) -> None:
    answers = {"/calls": NO_CALLS, "/calls/concurrency": ROOM}
    with H2Server(misbehave, answers) as server:
        report = dial_list(kind, server.url, tmp_path / "l", http1=False, http2=True, trust_env=False)
        assert (report.started, report.parked) == (0, 1)
        assert server.carried_out == ["/calls/start"]
        # Nor by the next run.
        dial_list(kind, server.url, tmp_path / "l", http1=False, http2=True, trust_env=False)
        assert server.carried_out == ["/calls/start"]


class Closing:
    """A pacer that closes a client when a start takes its place: after the last read before it."""

    def __init__(self, pacer: Any) -> None:
        self.pacer, self.vb, self.places = pacer, None, 0

    def reserve(self, budget: Budget, account: str) -> float:
        self.places += budget is Budget.CALLS
        if self.places == 2:
            assert self.vb is not None
            self.vb._core.pool._state.closed = True
        seconds: float = self.pacer.reserve(budget, account)
        return seconds


def test_a_list_whose_client_is_closed_stops_and_gives_its_job_back(world: World) -> None:
    pacer = Closing(world.pacer)
    sandbox = world.sandbox
    options: dict[str, Any] = {"base_url": sandbox.base_url, "pace": pacer}
    jobs = [CallJob(world.agent_id, number) for number in NUMBERS[:3]]

    async def main() -> None:
        vb = AsyncVocobase(sandbox.api_key, transport=sandbox.async_transport(), **options)
        pacer.vb = vb
        await vb.calls.start_many(jobs, ledger=world.ledger)

    with pytest.raises(vocobase.ConfigurationError, match="closed"):
        if world.kind == "async":
            asyncio.run(main())
        else:
            pacer.vb = Vocobase(sandbox.api_key, transport=sandbox.transport(), **options)
            pacer.vb.calls.start_many(jobs, ledger=world.ledger)
    assert world.dialled() == {}
    with DialList(world.ledger) as found:
        assert [job.to_number for job in found.jobs("waiting")] == NUMBERS[:3]
    assert world.dial(jobs).started == 3


class Stolen(SQLiteLedger):
    """A ledger in which another worker takes over the first job between its claim and its start."""

    thefts = 1

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        self.thefts -= 1
        return list(keys) if self.thefts == 0 else super().renew(scope, keys, owner=owner, lease=lease)


def test_a_job_that_was_taken_over_before_its_start_is_not_dialled(world: World) -> None:
    ledger = Stolen(world.place, clock=world.now)
    report = world.dial([CallJob(world.agent_id, number) for number in NUMBERS[:2]], ledger=ledger)
    assert (report.started, report.parked) == (1, 1)
    assert world.dialled() == {NUMBERS[1]: 1}


CHILD = """
import json, os, signal, sys
import h11
from vocobase import CallJob, CallWindow, Vocobase
from vocobase._dialing.sync import dialer as dialing

settings = json.loads(sys.argv[1])
dialing.LEASE_MARGIN_SECONDS = 0.3
own = h11.Connection.send

def send(self, event):
    data = own(self, event)
    if isinstance(event, h11.Request) and event.method == b"POST":
        os.kill(os.getpid(), signal.SIGSTOP)
    return data

h11.Connection.send = send
with Vocobase("rg_live_x", base_url=settings["url"], timeout=0.5) as vb:
    vb.calls.start_many([CallJob("a1", settings["number"])], ledger=settings["ledger"], window=CallWindow.any_time())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
def test_a_worker_that_was_stopped_does_not_dial_what_another_has_parked_and_a_person_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_dialing, "LEASE_MARGIN_SECONDS", 0.3)
    monkeypatch.setattr(sync_dialing, "LEDGER_INTERVAL_SECONDS", 0.1)
    starts: list[bytes] = []

    def respond(request: bytes) -> Behaviour:
        if request.startswith(b"POST"):
            starts.append(request)
            return answer(200, {"call_id": "c"})
        return answer(200, ROOM if b"concurrency" in request.split(b"\r\n")[0] else NO_CALLS)

    class Api(Server):
        def behaviour(self, request: bytes) -> Behaviour:
            return respond(request)

    place = str(tmp_path / "ledger.sqlite")
    with Api([]) as server:
        settings = json.dumps({"url": server.url, "number": NUMBERS[0], "ledger": place})
        command = [sys.executable, "-c", CHILD, settings]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
            try:
                _, status = os.waitpid(child.pid, os.WUNTRACED)
                assert os.WIFSTOPPED(status)
                with Vocobase(KEY, base_url=server.url, timeout=0.5) as vb:
                    assert vb.calls.start_many([], ledger=place).parked == 1
                with DialList(place) as found:
                    (job,) = found.jobs("parked")
                    found.drop([job.key])
                child.send_signal(signal.SIGCONT)
                # It has nothing left to do, and ends.
                time.sleep(1)
            finally:
                child.kill()
                child.communicate()
    assert starts == []
