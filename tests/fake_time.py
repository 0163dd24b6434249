"""Clocks for tests: pass them on, or install them, instead of sleeping or patching."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from vocobase._base.clock import Clock
from vocobase._base.runtime import AsyncRuntime, Runtime, installed


class FakeClock(Clock):
    """A clock that stands still until someone sleeps; `time` and `monotonic` begin at different values."""

    def __init__(self, *, wall: float = 1_767_603_600.0, random: float = 0.5) -> None:
        super().__init__()
        self.elapsed = 0.0
        self.pauses: list[float] = []
        self._wall = wall
        self._random = random

    def time(self) -> float:
        return self._wall + self.elapsed

    def monotonic(self) -> float:
        return self.elapsed

    def random(self) -> float:
        return self._random

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.pauses.append(seconds)
        self.elapsed += seconds
        assert len(self.pauses) < 20_000, "this wait does not end"


class HastyClock(Clock):
    """The clock of the machine, on which every backoff is 0: what a test of retries needs."""

    def random(self) -> float:
        return 0.0


class FakeRuntime(Runtime):
    """Sleep as the clock says."""

    def __init__(self, clock: Clock, sleep: Callable[[float], None]) -> None:
        super().__init__(clock)
        self._sleep = sleep

    def sleep(self, seconds: float) -> None:
        self._sleep(seconds)


class AsyncFakeRuntime(AsyncRuntime):
    """Sleep as the clock says, after one turn of the event loop."""

    def __init__(self, clock: Clock, sleep: Callable[[float], None]) -> None:
        super().__init__(clock)
        self._sleep = sleep

    async def sleep(self, seconds: float) -> None:
        self._sleep(seconds)
        import asyncio

        await asyncio.sleep(0)


@contextmanager
def fake_time(clock: FakeClock) -> Generator[None]:
    """Let clients that are created in the block live on a fake clock."""
    with installed(FakeRuntime(clock, clock.sleep), AsyncFakeRuntime(clock, clock.sleep)):
        yield


@contextmanager
def hasty() -> Generator[None]:
    """Let clients that are created in the block retry without a pause."""
    clock = HastyClock()
    with installed(Runtime(clock), AsyncRuntime(clock)):
        yield


@contextmanager
def hurried() -> Generator[None]:
    """Let clients that are created in the block live on the clock of the machine, without their pauses."""
    clock = HastyClock()
    with installed(FakeRuntime(clock, lambda seconds: None), AsyncFakeRuntime(clock, lambda seconds: None)):
        yield
