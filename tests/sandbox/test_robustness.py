"""Whatever is sent, there is an answer in the envelope and never a 500; many clients at once do not interfere."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from .contract import DOCUMENT
from .support import Api
from .test_operations import OPERATIONS, make_value

ROUNDS = 12


def ids_of(api: Api) -> list[str]:
    """Fill an account with one of everything and return the identifiers."""
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
    """Replace some texts by identifiers that exist, so that requests get beyond the first check."""
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


def test_many_threads_get_their_own_answers(build: Callable[..., Api]) -> None:
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


def test_an_asynchronous_client_needs_no_socket_either(api: Api) -> None:
    async def run() -> None:
        headers = {"authorization": f"Bearer {api.sandbox.api_key}"}
        transport = api.sandbox.async_transport()
        root = api.sandbox.base_url.removesuffix("/api/v2")
        async with httpx.AsyncClient(
            transport=transport, base_url=api.sandbox.base_url, headers=headers
        ) as client:
            answers = await asyncio.gather(*(client.get("/agent/voices") for _ in range(20)))
            assert {answer.status_code for answer in answers} == {200}
            assert (
                await client.post(f"{root}/_sandbox/clock/advance", json={"seconds": 5})
            ).status_code == 200
            api.sandbox.faults.add("latency", "GET /agent", seconds=9, count=1)
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/agent", timeout=1)

    asyncio.run(run())


def test_latency_is_real_under_a_real_clock(build: Callable[..., Api]) -> None:
    api = build(clock="real")
    api.sandbox.faults.add("latency", "GET /agent", seconds=0.02)
    before = api.sandbox.clock.now
    api.ok("GET", "/agent")

    async def run() -> None:
        transport = api.sandbox.async_transport()
        async with httpx.AsyncClient(transport=transport) as client:
            headers = {"authorization": f"Bearer {api.sandbox.api_key}"}
            await client.get(api.sandbox.base_url + "/agent", headers=headers)

    asyncio.run(run())
    assert (api.sandbox.clock.now - before).total_seconds() >= 0.04
