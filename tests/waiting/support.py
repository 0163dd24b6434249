"""Helpers for tests of waits: a clock that moves when a client sleeps, and responses of a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import httpx

import vocobase
from tests.fake_time import FakeClock, fake_time
from vocobase_sandbox import Sandbox
from vocobase_sandbox.rules import calls

BASE = "/api/v2"


class Clock(FakeClock):
    """A monotonic clock that moves when a client sleeps; that of a sandbox if there is one."""

    def __init__(self, stack: ExitStack, sandbox: Sandbox | None = None, random: float = 0.5) -> None:
        super().__init__(random=random)
        self.sandbox = sandbox
        self._start = sandbox.clock.now if sandbox else None
        stack.enter_context(fake_time(self))

    def time(self) -> float:
        """The wall clock of the sandbox; without one, a fixed time plus the seconds slept."""
        return self.sandbox.clock.now.timestamp() if self.sandbox else super().time()

    def monotonic(self) -> float:
        return self.seconds

    @property
    def seconds(self) -> float:
        """Seconds since the test began."""
        if self.sandbox is None or self._start is None:
            return self.elapsed
        return max(self.elapsed, (self.sandbox.clock.now - self._start).total_seconds())

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.pauses.append(seconds)
        self.elapsed = self.seconds + seconds
        if self.sandbox is not None:
            self.sandbox.clock.advance(seconds)
        assert len(self.pauses) < 20_000, "this wait does not end"


class ShakyPacer:
    """A budget on another machine that is unreachable for some of the requests for a permit."""

    def __init__(self, fails: Callable[[int], bool]) -> None:
        self.asked = 0
        self._fails = fails

    def try_acquire(self, budget: vocobase.Budget, account: str) -> float:
        self.asked += 1
        if self._fails(self.asked):
            raise vocobase.ConnectionFailedError("pace: no response", sent=False)
        return 0.0


def refuse(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.method} {request.url} was not expected")


def busiest_minute(sandbox: Sandbox, *, calls: bool) -> int:
    """Return the most requests within any 60 seconds of one budget, as the sandbox has counted them."""
    times = [
        datetime.fromisoformat(event["at"]).timestamp()
        for event in sandbox.events
        if event["type"] == "request" and event["path"].startswith(f"{BASE}/calls/") is calls
    ]
    return max((sum(start <= time < start + 59.9 for time in times) for start in times), default=0)


def counted(sandbox: Sandbox) -> Counter[str]:
    return Counter(
        f"{event['method']} {event['path'].removeprefix(BASE)}"
        for event in sandbox.events
        if event["type"] == "request"
    )


def responses(*steps: Any) -> Callable[[httpx.Request], httpx.Response]:
    """Respond with the steps in order, and with the last one forever: a status, an exception or data."""
    left = list(steps)

    def respond(request: httpx.Request) -> httpx.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return httpx.Response(found)
        return httpx.Response(200, json={"success": True, "data": found})

    return respond


def dial(sandbox: Sandbox, agent_id: str, *numbers: str) -> list[str]:
    """Let calls begin without using the budget."""
    agent = sandbox.world.store.table("agents")[agent_id]
    return [
        calls.start(sandbox.world, agent, number, "+12025550100", "twilio", {})["id"] for number in numbers
    ]
