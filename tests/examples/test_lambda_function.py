"""examples/lambda_function as a runtime in the cloud runs it: instances are processes that share a Redis ledger."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.examples.services import ROOT, environment
from tests.ledger.servers import redis_server
from vocobase import DoNotCall, Vocobase
from vocobase_sandbox import Sandbox

FOLDER = Path(__file__).parents[2] / "examples" / "lambda_function"
# An instance: it loads the function once, and passes each line to the handler, as a runtime does.
RUNTIME = """
import json, sys
from function import handler
class Context:
    def get_remaining_time_in_millis(self):
        return int(sys.argv[1])
for line in sys.stdin:
    try:
        print(json.dumps(handler(json.loads(line), Context())))
    except Exception as error:
        print(json.dumps({"error": type(error).__name__}))
"""
ORDER = {"id": "order-17", "phone": "+12025550100"}
OTHER = {"id": "order-18", "phone": "+12025550106"}


class Cloud:
    """The account, the ledger, and what an instance of the function finds in its environment."""

    def __init__(self, sandbox: Sandbox, url: str, ledger: str) -> None:
        self.sandbox, self.ledger = sandbox, ledger
        with Vocobase(sandbox.api_key, base_url=url) as vb:
            agent = vb.agents.ensure("Orders", "Confirm the order.", voice_id=vb.voices.find().id)
        settings = {"VOCOBASE_API_KEY": sandbox.api_key, "VOCOBASE_BASE_URL": url}
        self.environment = {**os.environ, **settings, "AGENT_ID": agent.id, "LEDGER": ledger}

    def deliver(self, *orders: dict[str, str], milliseconds: int = 30_000) -> list[dict[str, Any]]:
        """Start an instance, and return what its handler returns for each order."""
        done = subprocess.run(
            [sys.executable, "-c", RUNTIME, str(milliseconds)],
            cwd=FOLDER,
            env=self.environment,
            input="".join(json.dumps(order) + "\n" for order in orders),
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def dialled(self) -> Counter[str]:
        return Counter(call["to_number"] for call in self.sandbox.calls)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with (
        redis_server() as ledger,
        Sandbox(seed=1, carriers=("twilio",)) as sandbox,
        sandbox.serve() as server,
    ):
        yield Cloud(sandbox, server.base_url, ledger)


def test_an_order_that_several_instances_receive_is_dialled_once(cloud: Cloud) -> None:
    first, again, other = cloud.deliver(ORDER, ORDER, OTHER)
    assert first == again != other
    assert cloud.deliver(OTHER, ORDER) == [other, first]
    assert cloud.dialled() == {ORDER["phone"]: 1, OTHER["phone"]: 1}


def test_a_person_who_must_not_be_called_is_a_final_result(cloud: Cloud) -> None:
    with DoNotCall(cloud.ledger) as do_not_call:
        do_not_call.add(ORDER["phone"], reason="asked", source="support")
    assert cloud.deliver(ORDER) == [{"refused": "do_not_call"}]
    assert not cloud.dialled()


def test_an_order_that_finds_no_slot_in_time_fails_and_is_dialled_when_it_is_delivered_again(
    cloud: Cloud,
) -> None:
    cloud.sandbox.faults.add("status", "calls.start", status=429, headers={"retry-after": "60"})
    assert cloud.deliver(ORDER, milliseconds=2_500) == [{"error": "WaitTimeoutError"}]
    cloud.sandbox.faults.clear()
    assert "call_id" in cloud.deliver(ORDER)[0]
    assert cloud.dialled() == {ORDER["phone"]: 1}


def test_the_commands_of_the_readme_deliver_an_order_twice_and_call_once() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n.*\n((?:.*\n)*?)^```", text, re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", block], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == second and first.startswith("{'call_id': ")
