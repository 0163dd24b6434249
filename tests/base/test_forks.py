"""What other threads were doing at a fork holds nothing up in the new process."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.forks import fork, in_child
from vocobase import open_ledger
from vocobase._base.forks import SQLITE, PerProcess
from vocobase.contacts._unique import Seen
from vocobase.webhooks import SQLiteDedupe

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")


def test_a_fork_waits_until_no_thread_is_inside_sqlite() -> None:
    inside, forked = threading.Event(), threading.Event()
    left: list[bool] = []

    def use() -> None:
        with SQLITE:
            inside.set()
            # Over at once where a fork does not wait.
            forked.wait(0.3)
            left.append(True)

    thread = threading.Thread(target=use)
    thread.start()
    inside.wait()
    child = fork()
    if child == 0:
        os._exit(0 if left else 1)
    forked.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


def test_both_processes_go_on_with_sqlite_after_a_fork(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    assert in_child(lambda: ledger.enter("list", [("a", {})]) == 1)
    assert ledger.enter("list", [("a", {}), ("b", {})]) == 1


def use_ledger(folder: Path, stack: ExitStack) -> None:
    ledger = open_ledger(folder / "ledger.sqlite")
    ledger.enter("list", [("a", {})])
    assert next(ledger.entries("list", "waiting")).key == "a"
    ledger.close()


def use_dedupe(folder: Path, stack: ExitStack) -> None:
    SQLiteDedupe(folder / "events.sqlite").claim("e", "token", 3)


def use_seen(folder: Path, stack: ExitStack) -> None:
    seen = stack.enter_context(Seen())
    assert [seen.first("+919876543210", line) for line in (1, 2)] == [None, 1]


@pytest.mark.parametrize("use", [use_ledger, use_dedupe, use_seen])
def test_everything_that_uses_sqlite_lets_forks_wait(
    use: Callable[[Path, ExitStack], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone: list[bool] = []

    def look() -> None:
        is_free = SQLITE.acquire(blocking=False)
        if is_free:
            SQLITE.release()
        alone.append(not is_free)

    def is_alone() -> None:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    class Watched(sqlite3.Connection):
        def __init__(self, *args: Any, **settings: Any) -> None:
            is_alone()
            super().__init__(*args, **settings)
            self.set_trace_callback(lambda _: is_alone())

        def close(self) -> None:
            is_alone()
            super().close()

    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **settings: connect(*args, factory=Watched, **settings)
    )
    with ExitStack() as stack:
        use(tmp_path, stack)
    assert len(alone) > 5 and all(alone)


def test_each_process_has_its_own_and_keeps_that_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    things = PerProcess(lambda: made.append(object()) or made[-1])
    first = things.get()
    assert things.get() is first
    process = os.getpid()
    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: process + 1)
        assert things.get() is things.get() is not first
    assert things.get() is first
    assert len(made) == 2


def test_a_connection_that_is_open_at_a_fork_costs_neither_process_an_entry(tmp_path: Path) -> None:
    """SQLite would share its notes about locks with the new process, and the first to close would delete the log."""
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger.enter("list", [("before", {})])
    to_child, to_parent = os.pipe(), os.pipe()
    child = fork()
    if child == 0:
        signal.alarm(60)
        status = 2
        try:
            ledger.enter("list", [("child 1", {})])
            os.write(to_parent[1], b"x")
            os.read(to_child[0], 1)
            ledger.enter("list", [("child 2", {})])
            status = 0
        finally:
            os._exit(status)
    os.read(to_parent[0], 1)
    ledger.close()
    again = open_ledger(tmp_path / "ledger.sqlite")
    again.enter("list", [("parent", {})])
    os.write(to_child[1], b"x")
    assert os.waitpid(child, 0)[1] == 0
    assert {entry.key for entry in again.entries("list", "waiting")} == {
        "before",
        "child 1",
        "child 2",
        "parent",
    }
    again.close()
    for end in (*to_child, *to_parent):
        os.close(end)


def test_no_kept_connection_is_open_in_a_new_process(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger.enter("list", [("a", {})])

    def is_closed() -> bool:
        links = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
        return not any("ledger.sqlite" in os.readlink(link) for link in links if link.is_symlink())

    if sys.platform == "linux":
        assert in_child(is_closed)
    assert ledger.enter("list", [("b", {})]) == 1
    ledger.close()
