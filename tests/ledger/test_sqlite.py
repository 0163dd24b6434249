"""Files that go wrong, and processes that die."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import tracemalloc
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.programs import running
from vocobase import ConfigurationError, InvalidArgumentError, LedgerError, open_ledger
from vocobase._ledger.sqlite import SQLiteLedger


def one_line(error: pytest.ExceptionInfo[BaseException], place: Path) -> None:
    assert "\n" not in str(error.value)
    assert str(place) in str(error.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "notes.txt"
    place.write_text("Buy milk. " * 500)
    with pytest.raises(LedgerError, match="not a database") as error:
        open_ledger(place)
    one_line(error, place)
    assert isinstance(error.value.__cause__, sqlite3.Error)
    assert place.read_text() == "Buy milk. " * 500


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(place)) as database:
        database.execute("CREATE TABLE orders (id)")
    before = place.read_bytes()
    with pytest.raises(LedgerError, match="another program") as error:
        open_ledger(place)
    one_line(error, place)
    assert place.read_bytes() == before


def test_a_ledger_of_a_later_version_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    open_ledger(place)
    with closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match=r"schema 99.*upgrade vocobase") as error:
        open_ledger(place)
    one_line(error, place)


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_what_is_no_path_is_refused(name: str) -> None:
    with pytest.raises(InvalidArgumentError, match="ledger must be a path"):
        open_ledger(name)


def test_a_name_that_is_too_long_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be used") as error:
        open_ledger(tmp_path / ("x" * 5000))
    assert "\n" not in str(error.value)


def test_a_class_is_no_ledger() -> None:
    with pytest.raises(ConfigurationError, match="or a Ledger"):
        open_ledger(SQLiteLedger)  # type: ignore[arg-type]


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is a directory") as error:
        open_ledger(tmp_path)
    one_line(error, tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "missing" / "ledger.sqlite"
    with pytest.raises(LedgerError, match="unable to open") as error:
        open_ledger(place)
    one_line(error, place)


@pytest.mark.parametrize("value", [5, None, "", ":memory:", "mysql://u:canary@host/db", b"bytes"])
def test_what_is_no_place_for_a_ledger_is_refused_without_showing_it(value: object) -> None:
    with pytest.raises(ConfigurationError, match="ledger") as error:
        open_ledger(value)  # type: ignore[arg-type]
    assert "canary" not in str(error.value)


def test_a_file_that_may_not_be_written_is_refused_and_keeps_everything() -> None:
    # Below a folder that everyone may enter, as root may write everything and must become someone else.
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder, "ledger.sqlite")
        ledger = stack.enter_context(closing(open_ledger(place)))
        ledger.enter("list", [("a", {})])
        place.chmod(0o444)
        place.parent.chmod(0o555)
        user = os.geteuid()
        os.seteuid(65534 if user == 0 else user)
        try:
            with pytest.raises(LedgerError) as error:
                ledger.claim("list", "me", 1, lease=60)
        finally:
            os.seteuid(user)
            place.parent.chmod(0o755)
            place.chmod(0o644)
        one_line(error, place)
        assert [entry.key for entry in ledger.claim("list", "me", 1, lease=60)] == ["a"]


def test_a_full_disk_is_a_clear_error_and_loses_nothing(tmp_path: Path, stack: ExitStack) -> None:
    place = tmp_path / "ledger.sqlite"
    ledger = stack.enter_context(closing(open_ledger(place)))
    ledger.enter("list", ((str(number), {"text": "x" * 100}) for number in range(100)))
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(LedgerError) as error:
            ledger.enter("list", ((str(number), {"text": "x" * 100}) for number in range(100, 20_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    one_line(error, place)
    assert ledger.counts("list")["waiting"] == 100
    assert ledger.enter("list", ((str(number), {}) for number in range(200))) == 100


def test_a_file_that_is_locked_for_long_is_a_clear_error(tmp_path: Path, stack: ExitStack) -> None:
    place = tmp_path / "ledger.sqlite"
    ledger = stack.enter_context(closing(SQLiteLedger(place, patience=0.05)))
    ledger.enter("list", [("a", {})])
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="locked") as error:
            ledger.claim("list", "me", 1, lease=60)
        assert ledger.counts("list")["waiting"] == 1, "reading goes on"
    one_line(error, place)
    assert len(ledger.claim("list", "me", 1, lease=60)) == 1


OPEN_ALL = """
import sys
from vocobase import open_ledger
for path in sys.stdin:
    print(open_ledger(path.strip()).enter("list", [("a", {})]), flush=True)
"""


def test_processes_that_make_the_same_ledger_at_once_all_get_it(tmp_path: Path) -> None:
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                running(
                    [sys.executable, "-c", OPEN_ALL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in range(4)
        ]
        for number in range(60):
            for worker in workers:
                assert worker.stdin is not None
                print(tmp_path / f"ledger{number}.sqlite", file=worker.stdin, flush=True)
            new = [worker.stdout.readline() for worker in workers if worker.stdout is not None]
            assert sorted(new) == ["0\n", "0\n", "0\n", "1\n"]


def test_making_a_ledger_waits_for_another_process_that_makes_it(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        later = threading.Timer(0.1, lambda: other.execute("COMMIT"))
        later.start()
        assert open_ledger(place).enter("list", [("a", {})]) == 1
        later.join()
        assert not other.in_transaction


def test_a_file_that_somebody_keeps_locked_while_it_is_made_is_a_clear_error(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="locked") as error:
            SQLiteLedger(place, patience=0.05)
    one_line(error, place)
    assert SQLiteLedger(place).enter("list", [("a", {})]) == 1


def test_a_ledger_that_was_removed_does_not_come_back_empty(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    ledger = open_ledger(place)
    ledger.enter("list", [("a", {})])
    for file in tmp_path.iterdir():
        file.unlink()
    for use in (lambda: ledger.enter("list", [("a", {})]), lambda: ledger.counts("list")):
        with pytest.raises(LedgerError, match="unable to open"):
            use()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    ledger = open_ledger(place)
    ledger.enter("list", ((str(number), {}) for number in range(1000)))
    data = bytearray(place.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    place.write_bytes(data)
    with pytest.raises(LedgerError) as error:
        ledger.claim("list", "me", 1000, lease=60)
    one_line(error, place)


def test_a_place_that_changes_with_the_working_directory_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = open_ledger("a ledger?#%.sqlite")
    monkeypatch.chdir("/")
    assert ledger.enter("list", [("a", {})]) == 1
    assert (tmp_path / "a ledger?#%.sqlite").exists()


def test_the_clock_of_the_caller_counts(tmp_path: Path) -> None:
    now = 1000.0
    ledger = SQLiteLedger(tmp_path / "ledger.sqlite", clock=lambda: now)
    ledger.enter("list", [("a", {})])
    ledger.claim("list", "dead", 1, lease=60)
    now = 1059.0
    assert ledger.take_over("list", "me", 1, lease=60) == []
    now = 1060.0
    (entry,) = ledger.take_over("list", "me", 1, lease=60)
    assert entry.claimed_at == 1000.0
    ledger.settle("list", ["a"], "waiting", owner="me", not_before=1070.0)
    assert ledger.next_due("list") == 10.0
    assert ledger.now() == 1060.0


def test_an_open_ledger_is_given_back_as_it_is(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    assert open_ledger(ledger) is ledger


def test_processes_that_open_a_new_file_at_once_share_it(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    code = "import sys, vocobase; print(vocobase.open_ledger(sys.argv[1]).enter('list', ((str(n), {}) for n in range(500))))"
    command = [sys.executable, "-c", code, str(place)]
    with ExitStack() as stack:
        settings = {"stdout": subprocess.PIPE, "text": True}
        processes = [stack.enter_context(running(command, **settings)) for _ in range(4)]
        assert sum(int(process.communicate()[0]) for process in processes) == 500


def test_a_hundred_thousand_entries_need_little_memory(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    items = ((f"+9198{number:08d}", {"name": f"Contact {number}"}) for number in range(100_000))
    tracemalloc.start()
    try:
        assert ledger.enter("list", items) == 100_000
        assert sum(1 for _ in ledger.entries("list", "waiting")) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()
