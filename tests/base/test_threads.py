"""Work in threads: Ctrl-C at any instruction is raised, and no thread runs on."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from tests.interrupts import Interrupt
from vocobase._base.threads import Workers


class Work:
    """Work that ends at once, or when it is stopped, or after a moment.

    Attributes:
        running: How many threads are in it.
        done: The numbers that have ended.
    """

    def __init__(self, seconds: float = 0) -> None:
        self.running = 0
        self.done: list[int] = []
        self.stopped = False
        self._end = time.monotonic() + seconds

    def __call__(self, number: int) -> None:
        self.running += 1
        while not self.stopped and time.monotonic() < self._end:
            time.sleep(0.0001)
        self.done.append(number)
        self.running -= 1

    def stop(self) -> None:
        self.stopped = True


def test_every_number_is_worked_on_once_by_no_more_threads_than_allowed() -> None:
    work = Work()
    used: set[str] = set()

    def run(number: int) -> None:
        used.add(threading.current_thread().name)
        work(number)

    Workers(run, 50, 3, work.stop).run()
    assert sorted(work.done) == list(range(50))
    assert used <= {"vocobase_0", "vocobase_1", "vocobase_2"}


def test_nothing_to_do_ends_at_once() -> None:
    work = Work()
    Workers(work, 0, 4, work.stop).run()
    assert work.done == []


@pytest.mark.parametrize("seconds", [0, 0.02])
def test_an_interruption_at_any_instruction_is_raised_when_all_threads_have_ended(seconds: float) -> None:
    for at in itertools.count(1):
        work = Work(seconds)
        interrupt = Interrupt(
            at, "/vocobase/_base/threads", "/threading.py", "/contextlib.py", "/_weakrefset.py"
        )
        workers = Workers(work, 3, 2, work.stop)
        assert interrupt.run(workers.run) == bool(interrupt.where), interrupt.where
        assert work.running == 0, interrupt.where
        assert len(work.done) == 3 or interrupt.where
        if not interrupt.where:
            break
    assert at > 10


def test_an_interruption_stops_work_that_would_run_for_long() -> None:
    work = Work(60)
    workers = Workers(work, 1_000, 2, work.stop)
    assert Interrupt(4, "/vocobase/_base/threads").run(workers.run)
    assert work.stopped and work.running == 0 and len(work.done) <= 2


def test_the_first_failure_stops_the_others_and_is_raised() -> None:
    work = Work(60)

    def fail_second(number: int) -> None:
        if number == 1:
            raise OSError("second")
        work(number)
        raise OSError("stopped")

    with pytest.raises(OSError, match="second"):
        Workers(fail_second, 5, 2, work.stop).run()
    assert work.done == [0] and work.running == 0


def test_a_system_that_allows_no_more_threads_is_an_error_and_no_endless_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        Workers(Work(), 5, 2, Work().stop).run()
    # In this thread, which coverage sees.
    work = Work()
    Workers(work, 5, 2, work.stop)._start()
    assert work.stopped
