"""Several processes on one list, on real servers; some of them are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.dialing.world import NUMBERS
from tests.ledger.servers import postgres_server, redis_server
from tests.stopwatch import Stopwatch
from vocobase import CallJob, CallWindow, DialList, Vocobase, open_ledger
from vocobase._dialing.jobs import items_of
from vocobase_sandbox import Sandbox

# The sandbox is this much faster than the clock on the wall, and so is what a worker waits for.
SPEED = 30


class Workers:
    """The process that starts workers, and knows how they end."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("dialer.py")), str(SPEED)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request: Any) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


class Worker:
    """A process that dials."""

    def __init__(self, workers: Workers, output: Path, settings: dict[str, Any]) -> None:
        self._workers = workers
        self._ended = False
        os.mkfifo(output)
        self._number = workers.ask(output=str(output), **settings)
        self._output = output.open()

    def send_signal(self, number: int) -> None:
        assert not self._ended
        os.kill(self._number, number)

    def wait_until_ready(self) -> None:
        assert self._output.readline() == "ready\n"

    def end(self) -> tuple[int, str]:
        """Return the exit status and the output, as soon as the process has ended."""
        with self._output:
            output = self._output.read()
        self._ended = True
        return self._workers.ask(wait=self._number), output

    def close(self) -> None:
        """End a worker that a failed test has left."""
        if not self._ended:
            self.send_signal(signal.SIGKILL)
            self.end()


class Account:
    """A sandbox that is served."""

    def __init__(self, sandbox: Sandbox, url: str, ledger: str) -> None:
        self.sandbox, self.url, self.ledger = sandbox, url, ledger
        with Vocobase(sandbox.api_key, base_url=url) as vb:
            voice = vb.voices.list()[0].id
            self.agent = vb.agents.create("Caller", "Call.", voice_id=voice, agent_type="outbound").id

    def dialled(self) -> Counter[str]:
        return Counter(row["to_number"] for row in self.sandbox.events if row["type"] == "call.pending")


class DialledAccount(Account):
    """A sandbox that is served, and workers that dial."""

    def __init__(self, sandbox: Sandbox, url: str, ledger: str, workers: Workers, folder: Path) -> None:
        super().__init__(sandbox, url, ledger)
        self._workers, self._folder = workers, folder
        self._started: list[Worker] = []

    def worker(self, numbers: list[str], concurrency: Any = "auto", run: str = "start_many") -> Worker:
        settings = {
            "agent": self.agent,
            "concurrency": concurrency,
            "key": self.sandbox.api_key,
            "ledger": self.ledger,
            "numbers": numbers,
            "run": run,
            "url": self.url,
        }
        output = self._folder / f"output{len(self._started)}"
        self._started.append(Worker(self._workers, output, settings))
        return self._started[-1]

    def close(self) -> None:
        for worker in self._started:
            worker.close()

    def most_live(self) -> int:
        live: set[str] = set()
        most = 0
        for row in self.sandbox.events:
            if row["type"] == "call.pending":
                live.add(row["call_id"])
            elif row["type"].startswith("call.") and row["type"] not in ("call.ringing", "call.in_progress"):
                live.discard(row.get("call_id", ""))
            most = max(most, len(live))
        return most

    def refusals(self) -> int:
        return sum(row["type"] == "request" and row["status"] == 429 for row in self.sandbox.events)


@pytest.fixture(params=["sqlite", "redis", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.sqlite")
    elif request.param == "redis":
        with redis_server() as address:
            yield address
    else:
        with postgres_server() as address:
            yield address


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with closing(Workers()) as workers:
        yield workers


@pytest.fixture
def account(address: str, workers: Workers, tmp_path: Path) -> Iterator[DialledAccount]:
    # Calls last for a while: as long as the conversation would.
    with Sandbox(seed=1, clock=f"x{SPEED}", concurrency=0, pace=2) as sandbox, sandbox.serve() as server:
        account = DialledAccount(sandbox, server.base_url, address, workers, tmp_path)
        with closing(account):
            yield account


def finish(worker: Worker) -> str:
    status, output = worker.end()
    assert status == 0, output
    return output


def kill(worker: Worker) -> None:
    worker.send_signal(signal.SIGKILL)
    assert worker.end()[0] in (0, -signal.SIGKILL)


def test_three_processes_dial_each_job_once_within_slots_and_budget(account: DialledAccount) -> None:
    numbers = NUMBERS[:25]
    workers = [account.worker(numbers, concurrency=3) for _ in range(3)]
    outputs = [finish(worker) for worker in workers]
    assert account.dialled() == dict.fromkeys(numbers, 1)
    assert account.most_live() <= 3
    assert account.refusals() == 0, "the budget of ten a minute was kept by all of them together"
    assert all("started=25" in output for output in outputs)


def test_a_process_that_is_killed_while_it_dials_leaves_no_job_behind(account: DialledAccount) -> None:
    # The call is dialled, and its answer is on the way when the process dies.
    account.sandbox.faults.add("latency", "POST /calls/start", seconds=60 * SPEED, count=1)
    victim = account.worker(NUMBERS[:1])
    while account.dialled() != {NUMBERS[0]: 1}:
        time.sleep(0.01)
    kill(victim)
    output = finish(account.worker(NUMBERS[:3]))
    assert "started=3, refused=0, parked=0" in output
    assert account.dialled() == dict.fromkeys(NUMBERS[:3], 1)


def test_a_process_that_is_killed_before_its_call_is_there_leaves_a_parked_job(
    account: DialledAccount,
) -> None:
    account.sandbox.faults.add("latency", "POST /calls/start", seconds=60 * SPEED, count=1, execute=False)
    victim = account.worker(NUMBERS[:1])
    while not any(row["type"].startswith("fault") for row in account.sandbox.events):
        time.sleep(0.01)
    kill(victim)
    output = finish(account.worker(NUMBERS[:3]))
    assert "started=2, refused=0, parked=1" in output
    assert account.dialled() == dict.fromkeys(NUMBERS[1:3], 1)
    with DialList(account.ledger) as found:
        (job,) = found.jobs("parked")
        assert job.to_number == NUMBERS[0]
        assert found.retry([job.key]) == 1
    assert "started=3" in finish(account.worker([]))
    assert account.dialled() == dict.fromkeys(NUMBERS[:3], 1)


@pytest.mark.parametrize("run", ["work", "work in asyncio"])
def test_a_worker_that_stays_ends_cleanly_on_sigterm(account: DialledAccount, run: str) -> None:
    worker = account.worker([], run=run)
    # More than the budget of a minute, so that it waits for a permit when the signal comes.
    jobs = items_of([CallJob(account.agent, number) for number in NUMBERS[:14]], CallWindow.any_time())
    with closing(open_ledger(account.ledger)) as ledger:
        ledger.enter("dial:calls", jobs)
    while len(account.dialled()) < 10:
        time.sleep(0.01)
    worker.send_signal(signal.SIGTERM)
    output = finish(worker)
    assert "dialling=0" in output and output.endswith("the end\n"), "the program went on after its worker"
    started = len(account.dialled())
    assert f"started={started}, refused=0, parked=0, waiting={14 - started}" in output
    assert "started=14" in finish(account.worker([]))
    assert account.dialled() == dict.fromkeys(NUMBERS[:14], 1)


def test_processes_obey_a_pause_within_five_seconds_and_go_on_after_it(account: DialledAccount) -> None:
    numbers = NUMBERS[:25]
    workers = [account.worker(numbers, concurrency=2) for _ in range(3)]
    while len(account.dialled()) < 4:
        time.sleep(0.01)
    with DialList(account.ledger) as found:
        found.pause("the script is wrong")
        dialled = sum(account.dialled().values())
        with Stopwatch() as watch:
            outputs = [finish(worker) for worker in workers]
        assert watch.seconds <= 5
        assert all("stopped='paused'" in output for output in outputs)
        # Those whose requests were under way.
        assert sum(account.dialled().values()) - dialled <= 2
        assert "stopped='paused'" in finish(account.worker([]))
        assert found.resume()
    assert "started=25" in finish(account.worker([], concurrency="auto"))
    assert account.dialled() == dict.fromkeys(numbers, 1)


def test_ten_processes_that_are_killed_anywhere_make_no_phone_ring_twice(account: DialledAccount) -> None:
    source = random.Random(11)
    numbers = NUMBERS[:20]
    for _ in range(10):
        victim = account.worker(numbers)
        victim.wait_until_ready()
        time.sleep(source.random() * 0.4)
        kill(victim)
    finish(account.worker(numbers))
    dialled = account.dialled()
    assert set(dialled.values()) <= {1}
    with DialList(account.ledger) as found:
        started = {job.to_number for job in found.jobs("started")}
        parked = {job.to_number for job in found.jobs("parked")}
    assert started == set(dialled)
    assert started | parked == set(numbers)
    assert not started & parked
