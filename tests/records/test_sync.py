"""A sync that is killed loses nothing, and takes only a client of its own kind."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.records.support import Killed, make_agent, receive_calls, recorded, truth
from tests.records.sync.tables import Table
from vocobase import AsyncVocobase, InvalidArgumentError, Vocobase
from vocobase.records import AsyncRecords, Records
from vocobase.webhooks import parse
from vocobase_sandbox import Sandbox


def test_the_table_is_the_truth_although_webhooks_are_lost_doubled_and_late_and_syncs_are_killed(
    account: Sandbox, client: Vocobase, webhooks: list[bytes], tmp_path: Path
) -> None:
    agent, dice = make_agent(client), random.Random(12)
    client.agents.update(agent, extraction_config={"keys": [{"name": "note", "type": "string"}]})
    table, late, kills, requests = Table(tmp_path / "calls.sqlite"), [], 0, 0

    def kill_now_and_then(request: httpx.Request) -> None:
        nonlocal requests
        requests += 1
        if requests % 7 == 0:
            raise Killed

    for _ in range(5):
        receive_calls(account, agent, 240, 10.0)
        for body in webhooks:
            fate = dice.choice(["lost", "lost", "once", "twice", "late"])
            late += [body] if fate == "late" else []
            for _ in range({"once": 1, "twice": 2}.get(fate, 0)):
                table.receive(parse(body))
        webhooks.clear()
        while True:
            try:
                table.sync(account, kill_now_and_then)
                break
            except Killed:
                kills += 1
    for body in late:
        table.receive(parse(body))
    account.clock.advance(3600)
    result = table.sync(account)
    assert kills > 50
    assert result.pending == 0
    assert recorded(table.calls()) == truth(account)
    table.close()


def test_a_process_that_was_killed_has_lost_nothing(
    account: Sandbox, client: Vocobase, tmp_path: Path
) -> None:
    receive_calls(account, make_agent(client), 150, 60.0)
    account.clock.advance(3600)
    path, table = tmp_path / "calls.sqlite", None
    with account.serve() as server:
        for number in (1, 2, 9):
            command = [sys.executable, "-c", _SYNC, account.api_key, server.url, str(path), str(number)]
            process = subprocess.run(command, capture_output=True, timeout=60, check=False)
            assert process.returncode == -signal.SIGKILL, process.stderr
    table = Table(path)
    table.sync(account)
    assert recorded(table.calls()) == truth(account)
    table.close()


_SYNC = """
import os, signal, sys
from vocobase import Vocobase
from vocobase.records import Records
key, url, path, number = sys.argv[1:]
left = int(number)
def count(progress):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
Records.open(path).sync(Vocobase(key, base_url=url + "/api/v2"), on_progress=count)
"""


def test_the_client_must_be_of_the_same_kind(client: Vocobase, tmp_path: Path) -> None:
    records = Records.open(tmp_path / "calls.sqlite")
    with pytest.raises(InvalidArgumentError, match="class AsyncVocobase, not Vocobase"):
        asyncio.run(AsyncRecords.open(tmp_path / "calls.sqlite").sync(client))  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="class Vocobase, not AsyncVocobase"):
        records.sync(AsyncVocobase("rg_live_x"))  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="since must be a datetime with a time zone"):
        records.sync(client, since=timedelta(1))  # type: ignore[arg-type]
