"""The sandbox with everything that a dialer has around it, on a clock that only sleeping moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from tests.fake_time import FakeClock, fake_time
from vocobase import LocalPacer, Vocobase
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase_sandbox import Sandbox

# A Monday.
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NUMBERS = [f"+9198765{number:05d}" for number in range(1000)]


async def coming(*args: object) -> bool:
    """Return True later: a coroutine function, where only a plain one may be passed."""
    return True


class BaseWorld:
    """A sandbox, a ledger and a pacer; the clients of a test are added by each colour."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
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
        """Return a synchronous client of the sandbox, with which a test of either colour prepares and checks."""
        return Vocobase(
            self.sandbox.api_key,
            base_url=self.sandbox.base_url,
            transport=self.sandbox.transport(),
            pace=self.pacer,
            **self.options,
        )

    def settings(self, transport: Any) -> dict[str, Any]:
        """Return the options of the client under test."""
        return {
            "base_url": self.elsewhere or self.sandbox.base_url,
            "transport": None if self.elsewhere else self.wire(transport),
            "pace": self.pacer,
            **self.options,
        }

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


W = TypeVar("W", bound=BaseWorld)


class WorldClock(FakeClock):
    """The clocks of a world."""

    def __init__(self, world: BaseWorld) -> None:
        super().__init__()
        self.time = world.now  # type: ignore[method-assign] - the world has the clocks
        self.monotonic = world.monotonic  # type: ignore[method-assign]
        self.sleep = lambda seconds: world.sleep(seconds)  # type: ignore[method-assign]


def install(world: BaseWorld, stack: ExitStack) -> None:
    """Let the clients of a test use the clock of the world."""
    stack.enter_context(fake_time(WorldClock(world)))


@contextmanager
def worlds(kind: type[W], folder: Path) -> Generator[Callable[..., W]]:
    """Create worlds of a kind, with settings of the sandbox, that end with the block."""
    with ExitStack() as stack:

        def create(**settings: Any) -> W:
            sandbox = stack.enter_context(Sandbox(seed=1, clock="manual", start=START, **settings))
            world = kind(sandbox, folder)
            # The ledger knows the world, for its clock: only a collection would find it.
            stack.callback(lambda: world.ledger.close())
            install(world, stack)
            return world

        yield create
