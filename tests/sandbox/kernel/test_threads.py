"""Threads that use faults, the request log or the clock at once do not disturb each other."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.sandbox.support import Api
from vocobase_sandbox.kernel.clock import Clock
from vocobase_sandbox.kernel.messages import Request


@contextmanager
def hurried() -> Iterator[None]:
    """Switch threads as often as possible."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def race(
    *works: Callable[[], object], seconds: float = 0.6, enough: Callable[[], bool] = lambda: True
) -> list[BaseException]:
    """Run each repeatedly in its own thread, for some seconds and until it is enough; return the exceptions."""
    errors: list[BaseException] = []
    end = time.monotonic() + seconds

    def repeat(work: Callable[[], object]) -> None:
        try:
            while (time.monotonic() < end or not enough()) and not errors:
                work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
    with hurried():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return errors


def test_faults_can_be_listed_while_requests_in_other_threads_end_them(build: Callable[..., Api]) -> None:
    api = build()
    faults = api.sandbox.faults

    def come_and_go() -> None:
        keys = [faults.add("latency", "GET /agent", count=1) for _ in range(20)]
        while faults.take("GET /agent"):
            pass
        assert not any(faults.remove(key) for key in keys)

    assert race(faults.list, faults.list, come_and_go) == []


def test_faults_added_by_threads_respect_the_limit_and_have_unique_ids(build: Callable[..., Api]) -> None:
    faults = build().sandbox.faults
    given: list[str] = []
    refused: list[ValueError] = []

    def add() -> None:
        try:
            given.append(faults.add("empty"))
        except ValueError as error:
            refused.append(error)
            time.sleep(0.001)

    assert race(add, add, add, seconds=0.2, enough=lambda: len(given) + len(refused) > 110) == []
    assert len(given) == len(set(given)) == len(faults.list()) == 100


def test_requests_can_be_listed_while_others_begin_and_end(build: Callable[..., Api]) -> None:
    api = build()
    log = api.sandbox.requests
    request = Request("GET", "/api/v2/agent", "", {}, b"", "")
    response = api.sandbox.handle(request)

    def add() -> None:
        log.add(request, response, 0, 0.0, None)

    assert race(lambda: log.newest(1000), add, add, lambda: log.newest(10)) == []
    numbers = [row["seq"] for row in log.newest(1000)]
    assert numbers == sorted(set(numbers), reverse=True)


def test_a_running_clock_never_goes_back_while_another_thread_moves_it_forward() -> None:
    clock = Clock(0, speed=1000)
    seen: dict[int, int] = {}

    def look() -> None:
        key = threading.get_ident()
        now = clock.now_ms()
        assert now >= seen.get(key, 0)
        seen[key] = now

    def leap() -> None:
        wanted = clock.now_ms() + 1
        clock.advance_to(wanted)
        assert clock.now_ms() >= wanted

    assert race(look, look, leap, leap) == []


def test_a_jump_loses_no_time_that_passes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread can stop between any two steps of a jump: here every reading of the machine takes 50 ms."""
    looks = 0

    def monotonic() -> float:
        nonlocal looks
        looks += 1
        return looks * 0.05

    monkeypatch.setattr("time.monotonic", monotonic)
    clock = Clock(0)
    clock.advance_to(51)
    assert clock.now_ms() >= (looks - 1) * 50


def test_an_instant_in_the_past_does_not_set_a_clock_back() -> None:
    clock = Clock(1_000_000)
    clock.advance_to(10)
    assert clock.now_ms() >= 1_000_000
