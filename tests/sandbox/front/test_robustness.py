"""Every request gets a response in the envelope and never a 500; many clients do not interfere."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.contract import DOCUMENT
from tests.sandbox.support import Api
from tests.sandbox.values import OPERATIONS, make_value

ROUNDS = 12


def ids_of(api: Api) -> list[str]:
    """Fill an account with one row of every kind and return the identifiers."""
    api.ok(
        "PUT",
        "/config/telephony/plivo",
        {"auth_id": "MA1", "auth_token": "t", "from_number": "+918011223344"},
    )
    api.ok(
        "PUT",
        "/config/telephony/voicelink",
        {"username": "u", "password": "p", "did_number": "+918011223345"},
    )
    agent = api.agent(variables=["name"], extraction_config={"keys": [{"name": "k"}]}, enable_recording=True)
    call, live = api.call(agent["id"]), api.call(agent["id"], "+12025550109")
    api.advance(10)
    campaign = api.ok("POST", "/campaigns", {"name": "c", "agent_id": agent["id"], "provider": "twilio"})
    return [
        agent["id"],
        agent["voice_id"],
        agent["project_id"],
        call["call_id"],
        live["call_id"],
        call["session_id"],
        campaign["campaign_id"],
        api.document()["id"],
        api.webhook()["id"],
        api.ok("POST", "/dictionaries", {"name": "d"})["id"],
        api.ok("POST", "/document-folders", {"name": "f"})["id"],
        api.ok("GET", "/phone-numbers")["phone_numbers"][0]["id"],
        api.ok("GET", "/telephony/connections")["connections"][0]["id"],
        "1",
        "..",
        "\u00e9",
    ]


def fill_ids(value: Any, ids: list[str], rng: random.Random) -> Any:
    """Replace some texts with existing identifiers, so that requests get past the first check."""
    if isinstance(value, dict):
        return {
            key: rng.choice(ids) if key.endswith("id") and rng.random() < 0.7 else fill_ids(item, ids, rng)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            fill_ids(item, ids, rng) if not isinstance(item, str) else rng.choice([item, *ids])
            for item in value
        ]
    return value


@pytest.mark.parametrize("seed", range(3))
def test_generated_requests_never_break_the_sandbox(build: Callable[..., Api], seed: int) -> None:
    api = build(concurrency=0)
    ids, rng = ids_of(api), random.Random(seed)
    plan = [key for key in OPERATIONS for _ in range(ROUNDS)]
    rng.shuffle(plan)
    statuses: dict[int, int] = {}
    for key in plan:
        method, template = key.split(" ")
        operation = DOCUMENT["paths"][template][method.lower()]
        path = template
        while "{" in path:
            path = path[: path.index("{")] + rng.choice(ids) + path[path.index("}") + 1 :]
        body = operation.get("requestBody")
        content = (
            fill_ids(make_value(body["content"]["application/json"]["schema"], rng), ids, rng)
            if body
            else None
        )
        query = {
            item["name"]: rng.choice(["1", "0", "-1", "", "x", "active", *ids])
            for item in operation.get("parameters", [])
            if item["in"] == "query" and rng.random() < 0.5
        }
        status = api.send(method, path, content, params=query).status_code
        statuses[status] = statuses.get(status, 0) + 1
        if rng.random() < 0.05:
            api.advance(rng.choice([0, 0.3, 5, 1000]))
        assert status < 500, (key, content)
    assert statuses[200] > 100 and statuses[400] > 100 and statuses[404] > 20


def test_random_bytes_never_break_a_body(api: Api) -> None:
    rng = random.Random(0)
    for _ in range(300):
        body = rng.randbytes(rng.randrange(60))
        answer = api.client.post("/projects", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400


def test_many_threads_get_their_own_responses(build: Callable[..., Api]) -> None:
    api = build(agent_limit=1000)
    failures: list[str] = []

    def work(number: int) -> None:
        for turn in range(10):
            name = f"{number}-{turn}"
            body = {"name": name, "url": f"https://example.com/{name}"}
            key = api.ok("POST", "/documents/web-link", body)["id"]
            if api.ok("GET", f"/documents/{key}")["download_url"] != body["url"]:
                failures.append(name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and api.ok("GET", "/documents")["total"] == 160
