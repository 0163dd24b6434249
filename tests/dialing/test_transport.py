"""A worker that is stopped in the middle of a start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dialing.world import NUMBERS
from tests.programs import running
from tests.transport.server import Behaviour, Server, answer
from vocobase import DialList, Vocobase
from vocobase._dialing import job_claims
from vocobase._dialing.sync import dialer as sync_dialing
from vocobase._dialing.sync import outcomes as sync_outcomes

KEY = "rg_live_x"
NO_CALLS = {"calls": [], "page": 1, "total": 0, "total_pages": 1}
ROOM = {"limit": 5, "active": 0, "available": 5}


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_outcomes, "SEARCH_DELAYS_SECONDS", (0.01, 0.01))


CHILD = """
import json, os, signal, sys
import h11
from vocobase import CallJob, CallWindow, Vocobase
from vocobase._dialing import job_claims

settings = json.loads(sys.argv[1])
job_claims.LEASE_MARGIN_SECONDS = 0.3
own = h11.Connection.send

def send(self, event):
    data = own(self, event)
    if isinstance(event, h11.Request) and event.method == b"POST":
        os.kill(os.getpid(), signal.SIGSTOP)
    return data

h11.Connection.send = send
# Long enough to get there on a busy machine; another worker waits for as long.
with Vocobase("rg_live_x", base_url=settings["url"], timeout=3) as vb:
    vb.calls.start_many([CallJob("a1", settings["number"])], ledger=settings["ledger"], window=CallWindow.any_time())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
def test_a_worker_that_was_stopped_does_not_dial_what_another_has_parked_and_a_person_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_claims, "LEASE_MARGIN_SECONDS", 0.3)
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
        with running(command, stderr=subprocess.PIPE, text=True) as child:
            try:
                _, status = os.waitpid(child.pid, os.WUNTRACED)
                assert os.WIFSTOPPED(status)
                with Vocobase(KEY, base_url=server.url) as vb:
                    assert vb.calls.start_many([], ledger=place).parked == 1
                with DialList(place) as found:
                    (job,) = found.jobs("parked")
                    found.drop([job.key])
                child.send_signal(signal.SIGCONT)
                # It has nothing left to do, and ends.
                child.communicate(timeout=60)
            finally:
                child.kill()
                child.communicate()
    assert starts == []
