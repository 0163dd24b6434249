"""The in-process transports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from tests.sandbox.support import Api


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
