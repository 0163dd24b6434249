"""A process killed at a random point loses no acknowledged write."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.programs import running
from vocobase_sandbox import Sandbox

KEY = "rg_live_killed"


@contextmanager
def serving(state: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """Serve a state file from a process that is killed in the end."""
    command = [sys.executable, "-m", "vocobase_sandbox", "--port", "0", "--no-rate-limits"]
    command += ["--state", str(state), "--key", KEY]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with running(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        base = next(line for line in process.stdout if line.startswith("base URL")).split()[-1]
        with httpx.Client(base_url=base, headers={"authorization": f"Bearer {KEY}"}) as client:
            yield process, client
        process.kill()


def write_one(client: httpx.Client, rng: random.Random, model: dict[str, str | None], number: int) -> None:
    """Create, rename or delete a document, and note what was acknowledged."""
    alive = [key for key, name in model.items() if name]
    kind = rng.choice(["create", "create", "rename", "delete"]) if alive else "create"
    if kind == "create":
        body = {"name": f"document {number}", "url": "https://example.com/"}
        made = client.post("/documents/web-link", json=body).raise_for_status().json()["data"]
        model[made["id"]] = body["name"]
        return
    key = rng.choice(alive)
    if kind == "rename":
        client.put(f"/documents/{key}", json={"name": f"renamed {number}"}).raise_for_status()
        model[key] = f"renamed {number}"
    else:
        client.delete(f"/documents/{key}").raise_for_status()
        model[key] = None


def kill_in_the_middle(process: subprocess.Popen[str], client: httpx.Client, rng: random.Random) -> None:
    """Kill the server a moment after another request, without waiting for its response."""
    last = http.client.HTTPConnection(client.base_url.host, client.base_url.port)
    body = json.dumps({"name": "never acknowledged", "url": "https://example.com/"})
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    last.request("POST", "/api/v2/documents/web-link", body, headers)
    threading.Event().wait(rng.uniform(0, 0.003))
    process.send_signal(signal.SIGKILL)
    last.close()


def test_kill_9_at_random_points_loses_no_acknowledged_write(tmp_path: Path) -> None:
    rng = random.Random(9)
    model: dict[str, str | None] = {}
    for turn in range(6):
        with serving(tmp_path / "state") as (process, client):
            for number in range(rng.randrange(1, 30)):
                write_one(client, rng, model, 100 * turn + number)
            kill_in_the_middle(process, client, rng)
            process.wait()
        with Sandbox(state=tmp_path / "state", clock="manual", rate_limits=False) as sandbox:
            rows = sandbox.world.store.table("documents")
            assert {key: rows[key]["name"] if key in rows else None for key in model} == model
            others = [row["name"] for key, row in rows.items() if key not in model]
            assert set(others) <= {"never acknowledged"} and len(others) <= turn + 1
