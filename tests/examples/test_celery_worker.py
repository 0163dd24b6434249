"""examples/celery_worker: a real worker, a real queue and ledger, and the sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from redis import Redis

from tests.ledger.servers import redis_server
from vocobase import CallJob, CallWindow, DialList, Vocobase
from vocobase_sandbox import Sandbox

FOLDER = Path(__file__).parents[2] / "examples" / "celery_worker"
# The call of the order, and a person who is dialled at any hour.
ORDER, ANY_TIME = "+12025550100", "+12025550112"


class Service:
    """The worker of the example, its queue and its ledger."""

    def __init__(self, sandbox: Sandbox, url: str, server: str) -> None:
        self.sandbox = sandbox
        self.ledger = f"{server[:-1]}1"
        self.queue = Celery(broker=server)
        self.environment = {
            **os.environ,
            "BROKER": server,
            "LEDGER": self.ledger,
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_BASE_URL": url,
        }

    def start_worker(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "celery",
            "--app",
            "tasks",
            "worker",
            "--pool",
            "threads",
            "--concurrency",
            "10",
        ]
        quiet = ["--loglevel", "error", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        return subprocess.Popen(
            [*command, *quiet], cwd=FOLDER, env=self.environment, stdout=subprocess.DEVNULL
        )

    def order(self) -> str:
        done = subprocess.run(
            [sys.executable, "orders.py"], cwd=FOLDER, env=self.environment, capture_output=True, check=True
        )
        return done.stdout.decode()

    def add(self, number: str) -> None:
        url = self.environment["VOCOBASE_BASE_URL"]
        with Vocobase(self.sandbox.api_key, base_url=url) as vb, DialList(self.ledger) as people:
            agent = vb.agents.find("Reminder")
            assert agent is not None
            people.add([CallJob(agent.id, number, provider="twilio", window=CallWindow.any_time())])

    def is_idle(self) -> bool:
        """Return whether no task waits, and each one that ran is acknowledged."""
        with Redis.from_url(self.queue.conf.broker_url) as client:
            return not client.llen("celery") and not client.hlen("unacked")

    def dialled(self) -> Counter[str]:
        return Counter(call["to_number"] for call in self.sandbox.calls)


@pytest.fixture
def service() -> Iterator[Service]:
    with redis_server() as server, Sandbox(seed=1, carriers=("twilio",)) as sandbox, sandbox.serve() as api:
        service = Service(sandbox, api.base_url, server)
        with service.queue:
            yield service


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_order_that_is_queued_twice_rings_once_and_the_list_is_dialled_until_sigterm(
    service: Service,
) -> None:
    assert service.order() == "queued order-17, 2 people are new on the list\n"
    service.add(ANY_TIME)
    service.queue.send_task("tasks.dial", expires=60)  # as beat does
    with service.start_worker() as worker:
        try:
            wait_for(lambda: service.dialled()[ORDER] > 0 and service.dialled()[ANY_TIME] > 0)
            assert service.order() == "queued order-17, 0 people are new on the list\n"
            wait_for(service.is_idle)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(60) == 0
        finally:
            worker.kill()
    assert service.dialled()[ORDER] == service.dialled()[ANY_TIME] == 1


def test_an_order_is_tried_again_when_the_account_may_dial_again(service: Service) -> None:
    service.sandbox.faults.add("status", "calls.start", status=403, count=1)
    service.order()
    with service.start_worker() as worker:
        try:
            wait_for(lambda: service.dialled()[ORDER] == 1)
        finally:
            worker.kill()
    starts = [request.status for request in service.sandbox.requests if request.operation == "calls.start"]
    assert starts == [403, 201]


def test_beat_sends_a_task_that_exists(service: Service) -> None:
    program = "import tasks; print([tasks.app.tasks[row['task']].name for row in tasks.app.conf.beat_schedule.values()])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=FOLDER, env=service.environment, capture_output=True, check=True
    )
    assert done.stdout.decode() == "['tasks.dial']\n"
