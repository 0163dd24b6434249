"""Dial lists in processes that can be killed: SPEED.

Each line on standard input is JSON: the settings of a worker, which starts in a process of its own, forked from this one so
that it begins at once, or a process to wait for. The response is the number of the process, or its exit status.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import tempfile
from typing import Any

from vocobase._policy import cadence, operations

speed = float(sys.argv[1])
# The tables are changed before anything reads them. The minute of the sandbox is a little longer, as requests
# take their time.
operations.WINDOW_SECONDS = 66 / speed
cadence.LEDGER_INTERVAL_SECONDS, cadence.LEASE_MARGIN_SECONDS = 5 / speed, 1.0
cadence.RATE_PAUSE_SECONDS, cadence.CONCURRENCY_REFRESH_SECONDS = 15 / speed, 60 / speed
# The clock of the sandbox runs away from the one of the ledger.
cadence.SEARCH_DELAYS_SECONDS, cadence.MAX_LATE_LEASES, cadence.PERMIT_SECONDS = (0.1, 0.3), 1000, 0.05

from vocobase import AsyncVocobase, CallJob, CallWindow, Vocobase  # noqa: E402
from vocobase_sandbox import Sandbox  # noqa: E402


def load_everything() -> None:
    """Dial a list here, so that what is loaded when it is first needed is loaded once, for all workers."""
    for name in ("redis", "psycopg", "vocobase._ledger.redis", "vocobase._ledger.postgres"):
        importlib.import_module(name)
    with Sandbox(seed=1, clock="manual") as sandbox, tempfile.TemporaryDirectory() as folder:
        with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb:
            agent = vb.agents.create("A", "B", voice_id=vb.voices.list()[0].id, agent_type="outbound").id
            jobs = [CallJob(agent, "+919876500000")]
            vb.calls.start_many(jobs, ledger=f"{folder}/ledger.sqlite", window=CallWindow.any_time())


async def stay(settings: dict[str, Any], options: dict[str, Any]) -> None:
    async with AsyncVocobase(settings["key"], base_url=settings["url"], timeout=3) as vb:
        print("ready", flush=True)
        print(await vb.calls.work(**options), flush=True)


def work(settings: dict[str, Any]) -> None:
    """Do what a worker does."""
    options = {"ledger": settings["ledger"], "concurrency": settings["concurrency"]}
    if settings["run"] == "work in asyncio":
        asyncio.run(stay(settings, options))
    else:
        with Vocobase(settings["key"], base_url=settings["url"], timeout=3) as vb:
            print("ready", flush=True)
            if settings["run"] == "work":
                print(vb.calls.work(**options), flush=True)
            else:
                jobs = [CallJob(settings["agent"], number) for number in settings["numbers"]]
                print(vb.calls.start_many(jobs, window=CallWindow.any_time(), **options), flush=True)
    print("the end", flush=True)


def start(settings: dict[str, Any]) -> int:
    """Fork a worker that writes to the named pipe of its settings; return its number."""
    child = os.fork()
    if not child:
        # It does not read the lines of the next ones.
        for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, settings["output"], os.O_WRONLY)):
            os.dup2(os.open(path, flags), number)
        status = 1
        try:
            work(settings)
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
            raise
        finally:
            os._exit(status)
    return child


load_everything()
for line in sys.stdin:
    request = json.loads(line)
    if "wait" in request:
        print(os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1]), flush=True)
    else:
        print(start(request), flush=True)
