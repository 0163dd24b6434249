"""A dialer against the sandbox, on a clock that only sleeping moves."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.dialing.world import NUMBERS, START
from tests.fake_time import FakeClock, fake_time
from vocobase import AsyncVocobase, DialReport, LocalPacer, Vocobase
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase_sandbox import Sandbox

__all__ = ["NUMBERS", "START"]


class World:
    """The sandbox with everything that a dialer has around it."""

    def __init__(self, sandbox: Sandbox, kind: str, folder: Path) -> None:
        self.sandbox = sandbox
        self.kind = kind
        self.seconds = 0.0
        self.place = folder / "ledger.sqlite"
        self.ledger = SQLiteLedger(self.place, clock=self.now)
        self.pacer = LocalPacer(self.monotonic)
        self.options: dict[str, Any] = {}
        self.elsewhere: str | None = None
        # The network between the client and the sandbox.
        self.wire: Callable[[Any], Any] = lambda transport: transport
        with self.client() as vb:
            voice = vb.voices.list()[0].id
            self.agent_id = vb.agents.create("Caller", "Call.", voice_id=voice, agent_type="outbound").id

    def now(self) -> float:
        return self.sandbox.clock.now.timestamp()

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.sandbox.clock.advance(seconds)

    def client(self) -> Vocobase:
        return Vocobase(
            self.sandbox.api_key,
            base_url=self.sandbox.base_url,
            transport=self.sandbox.transport(),
            pace=self.pacer,
            **self.options,
        )

    def dial(self, jobs: Any = (), **options: Any) -> DialReport:
        """Run start_many with the client of this kind."""
        options = {"ledger": self.ledger, **options}
        settings = {"base_url": self.elsewhere or self.sandbox.base_url, "pace": self.pacer, **self.options}
        sandbox = self.sandbox if self.elsewhere is None else None
        if self.kind == "sync":
            transport = self.wire(sandbox.transport()) if sandbox else None
            with Vocobase(self.sandbox.api_key, transport=transport, **settings) as vb:
                return vb.calls.start_many(jobs, **options)

        async def main() -> DialReport:
            transport = self.wire(sandbox.async_transport()) if sandbox else None
            async with AsyncVocobase(self.sandbox.api_key, transport=transport, **settings) as vb:
                return await vb.calls.start_many(jobs, **options)

        return asyncio.run(main())

    def run(self, use: Callable[[Any], Any]) -> Any:
        """Use the client of this kind; what `use` returns is awaited if it must be."""
        settings = {"base_url": self.elsewhere or self.sandbox.base_url, "pace": self.pacer, **self.options}
        if self.kind == "sync":
            with Vocobase(self.sandbox.api_key, transport=self.sandbox.transport(), **settings) as vb:
                return use(vb)

        async def main() -> Any:
            transport = self.sandbox.async_transport()
            async with AsyncVocobase(self.sandbox.api_key, transport=transport, **settings) as vb:
                return await use(vb)

        return asyncio.run(main())

    def dialled(self) -> Counter[str]:
        """Count the calls that were made to each number."""
        return Counter(row["to_number"] for row in self.sandbox.events if row["type"] == "call.pending")

    def asked(self, path: str, status: int | None = None) -> int:
        """Count requests to a path."""
        return sum(
            row["type"] == "request" and row["path"] == "/api/v2" + path and status in (None, row["status"])
            for row in self.sandbox.events
        )

    def refused_for_rate(self) -> int:
        return sum(row["type"] == "request" and row["status"] == 429 for row in self.sandbox.events)


class WorldClock(FakeClock):
    """The clocks of a world."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.time = world.now  # type: ignore[method-assign] - the world has the clocks
        self.monotonic = world.monotonic  # type: ignore[method-assign]
        self.sleep = lambda seconds: world.sleep(seconds)  # type: ignore[method-assign]


def install(world: World, stack: ExitStack) -> None:
    """Let the clients of a test use the clock of the world."""
    stack.enter_context(fake_time(WorldClock(world)))


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def make_world(kind: str, tmp_path: Path, stack: ExitStack) -> Iterator[Callable[..., World]]:
    """Make a world with settings of the sandbox."""
    opened: list[Sandbox] = []

    def make(**settings: Any) -> World:
        sandbox = Sandbox(seed=1, clock="manual", start=START, **settings)
        opened.append(sandbox)
        world = World(sandbox, kind, tmp_path)
        install(world, stack)
        return world

    yield make
    for sandbox in opened:
        sandbox.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
