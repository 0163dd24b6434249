"""One list, an adversary and workers that may die; then workers without faults finish the list."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.dialing.adversary import (
    DELAYS,
    FAULTS,
    LATE,
    LISTS,
    OUTCOMES,
    BaseTrial,
    Crash,
    Server,
    Wire,
    Worker,
    check,
)
from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import NUMBERS, START, install
from vocobase import (
    APIError,
    CallJob,
    ConnectionFailedError,
    Redial,
    open_ledger,
)
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase_sandbox import Sandbox


class AsyncTrial(BaseTrial):
    """Let a worker work under the adversary."""

    async def work(self, events: Mapping[int, Any], deaths: Mapping[int, str]) -> None:
        ledger = Worker(self.server, events)
        self.world.wire = lambda inner: Wire(inner, deaths, ledger.die)
        async with self.world.caller() as vb:
            await vb.calls.start_many(self.jobs, ledger=ledger, **self.rules())


async def prove(plan: dict[str, Any], place: str | None) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = stack.enter_context(
            Sandbox(seed=1, clock="manual", start=START, concurrency=0, rate_limits=False)
        )
        world = AsyncWorld(sandbox, folder)
        stack.callback(world.ledger.close)
        install(world, stack)
        world.options["max_retries"] = 0
        inner = open_ledger(place) if place else SQLiteLedger(folder / "proof.sqlite", clock=lambda: LATE)
        stack.callback(inner.close)
        server = Server(inner, world, f"{os.getpid()}.{next(LISTS)}:")
        for number, outcomes in zip(NUMBERS, plan["outcomes"], strict=False):
            sandbox.script(number, *(OUTCOMES[name] for name in outcomes))
        for fault, count in plan["faults"]:
            what, route, options = FAULTS[fault]
            sandbox.faults.add(what, route, count=count, **options)  # type: ignore[arg-type]
        jobs = [CallJob(world.agent_id, number) for number in NUMBERS[:2]]
        jobs.append(CallJob(world.agent_id, NUMBERS[0], key="second"))
        trial = AsyncTrial(world, server, plan["cap"], jobs, Redial(plan["attempts"], DELAYS))
        for events, deaths in plan["runs"]:
            named = {"crash": trial.crash, "another": trial.another}
            chosen = {
                at: named[event] if isinstance(event, str) else trial.jump(event) for at, event in events
            }
            await run_until_it_ends(trial, chosen, deaths)
        for _ in range(4):
            await run_until_it_ends(trial, {}, {})
        check(trial)


async def run_until_it_ends(trial: AsyncTrial, events: Mapping[int, Any], deaths: Mapping[int, str]) -> None:
    """Run a worker that may die, or end with the error of a server that is away."""
    try:
        await trial.work(events, deaths)
    except (Crash, APIError, ConnectionFailedError):
        # Its claims last for another minute or two; by a clock that was set back, the next one waited for days.
        trial.world.sleep(30)
        if trial.server.ahead < 0:
            trial.jump(-trial.server.ahead)()
