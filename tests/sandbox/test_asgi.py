"""The ASGI front, with httpx and under a real ASGI server."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import uvicorn

from tests.sandbox.support import Api
from vocobase_sandbox import Sandbox
from vocobase_sandbox.asgi import ConnectionBroken, application


def ask(app: Any, requests: Callable[[httpx.AsyncClient], Any]) -> Any:
    async def run() -> Any:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v2") as client:
            return await requests(client)

    return asyncio.run(run())


def test_it_responds_like_the_other_fronts(api: Api) -> None:
    headers = {"authorization": f"Bearer {api.sandbox.api_key}"}

    async def requests(client: httpx.AsyncClient) -> Any:
        made = await client.post("/projects", json={"name": "x"}, headers=headers)
        moved = await client.post("http://localhost/_sandbox/clock/advance", json={"seconds": 1})
        foreign = await client.get("/projects", headers={**headers, "origin": "https://evil.example"})
        huge = await client.post("/projects", content=b"x" * (9 * 1024 * 1024), headers=headers)
        return made.status_code, moved.status_code, foreign.status_code, huge.status_code

    assert ask(application(api.sandbox), requests) == (201, 200, 403, 413)
    assert len(api.ok("GET", "/projects")["projects"]) == 2


@pytest.mark.parametrize("kind", ["reset_before_headers", "reset_after_headers", "truncated"])
def test_faults_break_the_response(api: Api, kind: str) -> None:
    api.sandbox.faults.add(kind, "GET /agent/voices", count=1)

    async def requests(client: httpx.AsyncClient) -> Any:
        await client.get("/agent/voices", headers={"authorization": f"Bearer {api.sandbox.api_key}"})

    with pytest.raises(ConnectionBroken):
        ask(application(api.sandbox), requests)


def test_it_runs_under_uvicorn() -> None:
    with Sandbox(clock="manual") as sandbox, socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(application(sandbox), log_level="critical", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v2/agent/voices"
            answer = httpx.get(url, headers={"authorization": f"Bearer {sandbox.api_key}"}, timeout=10)
            assert answer.status_code == 200
        finally:
            server.should_exit = True
            thread.join(10)
