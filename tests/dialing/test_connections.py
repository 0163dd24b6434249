"""A list keeps its ledger open instead of opening the file for every step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import asyncio, sys

opened = []
sys.addaudithook(lambda event, args: opened.append(args) if event == "sqlite3.connect" else None)

from vocobase import AsyncVocobase, CallJob, CallWindow, Vocobase
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox

path, kind = sys.argv[1:]
with Sandbox(clock="manual", rate_limits=False) as sandbox, sandbox_time(sandbox):
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb:
        agent = vb.agents.create("A", "Call.", voice_id=vb.voices.find().id)
        jobs = [CallJob(agent.id, "+12025550100", provider="twilio")]
        del opened[:]
        if kind == "sync":
            report = vb.calls.start_many(jobs, ledger=path, window=CallWindow.any_time())

    async def dial():
        async with AsyncVocobase(
            sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.async_transport()
        ) as vb:
            return await vb.calls.start_many(jobs, ledger=path, window=CallWindow.any_time())

    if kind == "async":
        report = asyncio.run(dial())
print(report.started, len(opened))
"""


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_dialled_job_opens_at_most_three_connections(kind: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "ledger.sqlite"), kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    started, opened = map(int, done.stdout.split())
    assert started == 1
    assert opened <= 3
