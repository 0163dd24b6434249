"""A task of Celery that is delivered twice, because its worker was killed before it acknowledged it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from celery import Celery
from redis import Redis

from tests.dialing.test_processes import Account
from tests.dialing.world import NUMBERS
from tests.ledger.servers import redis_server
from vocobase_sandbox import Sandbox

# Celery keeps its queue in one database of the server, the ledger is in another one. Redis delivers a task
# again when it was not acknowledged for `visibility_timeout` seconds.
TASKS = """
import os, time
from celery import Celery
from vocobase import Vocobase
from vocobase._policy import cadence

cadence.LEASE_MARGIN_SECONDS = 1.0

app = Celery("tasks", broker=os.environ["BROKER"])
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": 1},
    broker_connection_retry_on_startup=True,
)

@app.task
def ring(order, agent_id, number):
    with Vocobase(os.environ["KEY"], base_url=os.environ["URL"], timeout=3) as vb:
        call_id = vb.calls.start_once(order, agent_id, number, ledger=os.environ["LEDGER"])
    with open(os.environ["SEEN"], "a") as seen:
        print(call_id, file=seen, flush=True)
    time.sleep(float(os.environ["PAUSE"]))
"""


class Workers:
    """A queue, and workers that are started one after the other."""

    def __init__(self, folder: Path, broker: str, account: Account) -> None:
        self.account = account
        self.seen = folder / "seen"
        self.seen.touch()
        self._folder = folder
        self._broker = broker
        self._processes: list[subprocess.Popen[bytes]] = []
        (folder / "tasks.py").write_text(TASKS)
        with Celery(broker=broker) as app:
            app.send_task("tasks.ring", ["order-17", account.agent, NUMBERS[0]])

    def start(self, pause: float) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "BROKER": self._broker,
            "KEY": self.account.sandbox.api_key,
            "LEDGER": self.account.ledger,
            "PAUSE": str(pause),
            "SEEN": str(self.seen),
            "URL": self.account.url,
        }
        # In one process, so that the kill ends the task and the worker that would acknowledge it.
        command = [sys.executable, "-m", "celery", "-A", "tasks", "worker", "--pool=solo", "--loglevel=error"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._processes.append(
            subprocess.Popen([*command, *quiet], cwd=self._folder, env=environment, stdout=subprocess.DEVNULL)
        )
        return self._processes[-1]

    def is_acknowledged(self) -> bool:
        with Redis.from_url(self._broker) as client:
            return not client.llen("celery") and not client.hlen("unacked")

    def close(self) -> None:
        for process in self._processes:
            with process:
                process.kill()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    with redis_server() as server, Sandbox(seed=1, clock="x1", rate_limits=False) as sandbox:
        with sandbox.serve() as api:
            account = Account(sandbox, api.base_url, server)
            with closing(Workers(tmp_path, f"{server[:-1]}1", account)) as workers:
                yield workers


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill_and_deliver_again(workers: Workers, victim: subprocess.Popen[bytes]) -> list[str]:
    """Kill a worker, start another one, and return the calls that tasks have seen once all is done."""
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert not workers.is_acknowledged(), "so the task is delivered again"
    # Celery looks for tasks that were not acknowledged when it starts.
    time.sleep(1.1)
    second = workers.start(pause=0)
    wait_for(workers.is_acknowledged)
    second.send_signal(signal.SIGTERM)
    second.wait()
    return workers.seen.read_text().split()


def test_a_task_whose_worker_was_killed_after_the_call_rings_once(workers: Workers) -> None:
    victim = workers.start(pause=60)
    wait_for(lambda: workers.seen.read_text() != "")
    calls = kill_and_deliver_again(workers, victim)
    assert len(calls) == 2 and len(set(calls)) == 1, "both deliveries have the same call"
    assert workers.account.dialled() == {NUMBERS[0]: 1}


def test_a_task_whose_worker_was_killed_during_the_dial_rings_once(workers: Workers) -> None:
    # The phone rings, and the response is on its way when the worker dies.
    workers.account.sandbox.faults.add("latency", "POST /calls/start", seconds=60, count=1)
    victim = workers.start(pause=0)
    wait_for(lambda: workers.account.dialled() == {NUMBERS[0]: 1})
    (call_id,) = kill_and_deliver_again(workers, victim)
    assert workers.account.dialled() == {NUMBERS[0]: 1}
    assert call_id in {row.get("call_id") for row in workers.account.sandbox.events}
