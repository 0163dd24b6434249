"""Equal seeds and equal scripts produce identical results, to the byte."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.contract import DOCUMENT
from tests.sandbox.filled import fill
from tests.sandbox.support import Api, Receiver
from tests.sandbox.values import BOUNDED, OPERATIONS, make_value
from vocobase_sandbox import Sandbox


def script(api: Api) -> str:
    """Use most features and return the event log."""
    api.webhook()
    api.receiver.answers = [500, 200]
    agent = api.agent(enable_recording=True, variables=["name"])
    document = api.document()
    api.ok("POST", f"/agent/{agent['id']}/documents", {"document_ids": [document["id"]]})
    api.sandbox.faults.add("status", "GET /agent", probability=0.5)
    for _ in range(10):
        api.send("GET", "/agent")
    for number in ("+919876543210", "+12025550101", "+12025550103"):
        api.call(agent["id"], number, variables={"name": "x"})
    made = api.ok("POST", "/campaigns", {"name": "c", "agent_id": agent["id"], "provider": "twilio"})
    contacts = [{"phone": f"+91987654321{digit}"} for digit in range(3)]
    api.ok("POST", f"/campaigns/{made['campaign_id']}/contacts", {"contacts": contacts})
    api.ok("POST", f"/campaigns/{made['campaign_id']}/start")
    api.advance(3600)
    return api.sandbox.event_log()


def test_equal_seeds_give_byte_identical_logs_and_other_seeds_do_not(build: Callable[..., Api]) -> None:
    first, second, other = (script(build(seed=seed)) for seed in (7, 7, 8))
    assert first == second != other
    assert first.count("\n") > 60
    assert '"type":"webhook.attempt"' in first and '"type":"campaign.completed"' in first


def test_the_same_seed_gives_the_same_key_and_secrets(build: Callable[..., Api]) -> None:
    first, second = build(seed="x"), build(seed="x")
    assert first.sandbox.api_key == second.sandbox.api_key
    assert first.sandbox.api_key.startswith("rg_live_sandbox_")
    assert first.webhook() == second.webhook()


def test_only_the_clock_module_reads_the_time_of_the_machine() -> None:
    import vocobase_sandbox

    package = Path(vocobase_sandbox.__file__).parent
    for module in package.rglob("*.py"):
        if module.name == "clock.py":
            continue
        text = module.read_text()
        for call in ("time.time", "monotonic(", "datetime.now", "utcnow", "uuid4", "random."):
            assert call not in text, f"{module.name} uses {call}"


START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def run_script(seed: int) -> tuple[list[str], str, str]:
    """Send random requests to a fresh account; return responses, event log and state."""
    rng = random.Random(seed)
    with Sandbox(seed=seed, clock="manual", start=START, rate_limits=False, balance=20) as sandbox:
        known = fill(sandbox)
        ids = [key for keys in known.paths.values() for key in keys]
        api = Api(sandbox, Receiver())
        answers: list[str] = []
        with api.client, api.bare:
            for _ in range(60):
                method, template = rng.choice(OPERATIONS).split(" ")
                operation = DOCUMENT["paths"][template][method.lower()]
                path = template
                while "{" in path:
                    before = path[: path.index("{")]
                    keys = known.paths.get(before, ids) if rng.random() < 0.8 else ids
                    path = re.sub(r"\{\w+\}", str(rng.choice(keys)), path, count=1)
                body: Any = None
                if "requestBody" in operation:
                    body = make_value(operation["requestBody"]["content"]["application/json"]["schema"], rng)
                if isinstance(body, dict):
                    body |= {name: rng.choice(keys) for name, keys in known.members.items() if name in body}
                if rng.random() < 0.05:
                    sandbox.faults.add("status", "GET *", status=503, probability=0.5)
                answers.append(
                    api.bare.request(
                        method, sandbox.base_url + path, json=body, headers=api.client.headers
                    ).text
                )
                api.advance(rng.choice([0, 0, 0.1, 3, 1000]))
        return answers, sandbox.event_log(), repr(sandbox.snapshot())


@given(seed=st.integers(0, 10**6))
@settings(BOUNDED, max_examples=5)
def test_two_runs_of_a_seeded_script_are_identical_to_the_byte(seed: int) -> None:
    first, second = run_script(seed), run_script(seed)
    assert first == second
    assert first[1].encode() == second[1].encode() and first[1].count("\n") > 60
