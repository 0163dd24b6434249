"""The one place that opens SQLite: connections are kept while the file is the same, and never carried into a fork."""

from __future__ import annotations

import itertools
import os
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.forks import in_child
from tests.interrupts import Interrupt
from tests.results import results_of
from vocobase import ConfigurationError, LedgerError, RecordsError, open_ledger
from vocobase._base.forks import SQLITE
from vocobase._base.sqlite import SQLiteFile, fault_of, log_ahead, open_temporary
from vocobase.records import Records
from vocobase.testing import sandbox_time
from vocobase.webhooks import SQLiteDedupe
from vocobase_sandbox import Sandbox


def opened(path: Path, *, create: bool = True, keep: bool = True) -> SQLiteFile:
    return SQLiteFile(path, seconds=1.0, create=create, keep=keep, pragmas=("PRAGMA synchronous = FULL",))


def test_a_connection_is_kept_while_the_file_is_the_same(tmp_path: Path) -> None:
    file = opened(tmp_path / "a.sqlite")
    with file.use() as first:
        first.execute("CREATE TABLE t (x)")
    with file.use() as second:
        assert second is first
    file.close()
    with file.use() as third:
        assert third is not first
    file.close()


def test_only_a_test_in_simulated_time_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    def synchronous() -> int:
        with closing(opened(tmp_path / "a.sqlite")) as file, file.use() as database:
            (level,) = database.execute("PRAGMA synchronous").fetchone()
        return int(level)

    assert synchronous() == 2
    with Sandbox(clock="manual") as sandbox, sandbox_time(sandbox):
        assert synchronous() == 0
    assert synchronous() == 2


@pytest.mark.parametrize("change", ["replaced", "overwritten", "mode"])
def test_a_file_that_others_change_is_opened_again(change: str, tmp_path: Path) -> None:
    path, other = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    for name in (path, other):
        with sqlite3.connect(name) as database:
            database.execute(f"CREATE TABLE {name.stem} (x)")
        database.close()
    file = opened(path)
    with file.use() as first:
        assert first.execute("SELECT name FROM sqlite_master").fetchone() == ("a",)
    if change == "replaced":
        os.replace(other, path)
    elif change == "overwritten":
        path.write_bytes(other.read_bytes())
    else:
        path.chmod(0o640)
    with file.use() as second:
        assert second is not first
        assert second.execute("SELECT name FROM sqlite_master").fetchone() == (
            "a" if change == "mode" else "b",
        )
    file.close()


def test_an_error_of_any_kind_closes_the_connection_so_that_no_transaction_stays_open(tmp_path: Path) -> None:
    file = opened(tmp_path / "a.sqlite")
    with pytest.raises(KeyboardInterrupt), file.use() as database:
        database.execute("BEGIN IMMEDIATE")
        raise KeyboardInterrupt
    with file.use() as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("COMMIT")
    file.close()


def test_a_file_that_is_removed_does_not_come_back_unnoticed(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    file = opened(path, create=False)
    with pytest.raises(sqlite3.OperationalError), file.use():
        pass
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")
def test_a_new_file_is_readable_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with opened(path, keep=False).use():
        pass
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_opens_its_own_connection(tmp_path: Path) -> None:
    file = opened(tmp_path / "a.sqlite")
    with file.use() as database:
        database.execute("CREATE TABLE t (x)")

    def child() -> bool:
        with file.use() as mine:
            mine.execute("INSERT INTO t VALUES (1)")
            return mine is not database

    assert in_child(child)
    with file.use() as after:
        assert after.execute("SELECT count(*) FROM t").fetchone() == (1,)
    file.close()


@pytest.mark.parametrize("change", ["replaced", "removed"])
def test_a_file_that_is_exchanged_during_a_use_is_not_taken_for_the_one_that_was_opened(
    change: str, tmp_path: Path
) -> None:
    """Otherwise everything after that would go into a file that no other worker sees."""
    path, other = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    for name in (path, other):
        with sqlite3.connect(name) as database:
            database.execute(f"CREATE TABLE {name.stem} (x)")
        database.close()
    file = opened(path, create=False)
    with file.use() as first:
        if change == "replaced":
            os.replace(other, path)
        else:
            path.unlink()
    if change == "removed":
        with pytest.raises(sqlite3.OperationalError), file.use():
            pass
        return
    with file.use() as second:
        assert second is not first
        assert second.execute("SELECT name FROM sqlite_master").fetchone() == ("b",)
    file.close()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc shows the open files")
def test_a_file_that_is_dropped_without_being_closed_leaves_no_connection(tmp_path: Path) -> None:
    file = opened(tmp_path / "a.sqlite")
    with file.use() as database:
        database.execute("CREATE TABLE t (x)")
    del file, database
    links = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
    assert not any(str(tmp_path) in os.readlink(link) for link in links if link.is_symlink())


@pytest.mark.skipif(sys.platform != "linux", reason="/proc shows the open files")
def test_an_error_that_is_kept_keeps_no_file_open(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database, but long enough to be read as one" * 100)
    with pytest.raises(LedgerError) as kept:
        open_ledger(path)
    links = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
    assert not any(str(tmp_path) in os.readlink(link) for link in links if link.is_symlink())
    assert kept.value.__traceback__ is not None


def test_a_temporary_table_that_cannot_be_made_leaves_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    opens = results_of(monkeypatch, sqlite3, "connect")
    with pytest.raises(sqlite3.OperationalError, match="syntax error"):
        open_temporary("CREATE nothing")
    (connection,) = opens
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_file_that_is_exchanged_while_it_is_opened_is_opened_again(tmp_path: Path) -> None:
    path, other = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    for name in (path, other):
        with sqlite3.connect(name) as database:
            database.execute(f"CREATE TABLE {name.stem} (x)")
        database.close()
    opens: list[sqlite3.Connection] = []

    class Exchanged(SQLiteFile):
        def _connect(self) -> sqlite3.Connection:
            opens.append(super()._connect())
            if len(opens) == 1:
                os.replace(other, path)
            return opens[-1]

    file = Exchanged(path, seconds=1.0, create=False, keep=True)
    with file.use() as database:
        assert database is opens[1]
        assert database.execute("SELECT name FROM sqlite_master").fetchone() == ("b",)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opens[0].execute("SELECT 1")
    file.close()


def test_a_file_that_others_keep_locked_is_given_up_after_some_time(tmp_path: Path) -> None:
    path = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE a (b)")
        writer.execute("BEGIN IMMEDIATE")
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                log_ahead(other, 0.05)
            writer.execute("COMMIT")
            log_ahead(other, 0.05)
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_database_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("hello" * 500)
    whole = tmp_path / "whole"
    open_ledger(whole).close()
    Records.open(tmp_path / "table").close()
    (tmp_path / "cut").write_bytes(whole.read_bytes()[:5000])
    steps = {
        "folder": "is a directory.* pass the path of a file",
        "none/calls": rf"unable to open database file; there is no folder {tmp_path / 'none'}\.",
        "text": "file is not a database; pass another path",
        "cut": "database disk image is malformed; restore a copy of the file",
        "n" * 300: "unable to open database file",
    }
    for name, step in steps.items():
        with pytest.raises((LedgerError, ConfigurationError), match=step):
            open_ledger(tmp_path / name)
        with pytest.raises(RecordsError, match=step):
            Records.open(tmp_path / name).count()
        with pytest.raises(ConfigurationError, match=step):
            SQLiteDedupe(tmp_path / name)


def test_a_file_that_is_only_read_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (x)")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        with pytest.raises(sqlite3.Error) as caught:
            database.execute("INSERT INTO t VALUES (1)")
    assert fault_of(path, caught.value).endswith("; make the file and its folder writable")


@pytest.mark.parametrize("kind", ["dedupe", "ledger", "records"])
def test_an_interruption_anywhere_leaves_neither_a_lock_nor_a_transaction(kind: str, tmp_path: Path) -> None:
    number = itertools.count()
    if kind == "dedupe":
        dedupe = SQLiteDedupe(tmp_path / "dedupe.sqlite")

        def use() -> None:
            dedupe.claim(f"{next(number)}", "token", 60.0)

    elif kind == "ledger":
        ledger = open_ledger(tmp_path / "ledger.sqlite")
        ledger.enter("a", [(f"{each}", {}) for each in range(3)])

        def use() -> None:
            ledger.claim("a", f"{next(number)}", 1, lease=60)

    else:
        records = Records.open(tmp_path / "records.sqlite")

        def use() -> None:
            records.count()

    def use_again() -> None:
        try:
            use()
        except KeyboardInterrupt:
            # While the traceback exists, as in the handler of a time limit.
            assert is_free()
            use()
            raise

    use()
    for at in itertools.count(1):
        interrupt = Interrupt(at, "sqlite_file.py", "sqlite.py", "store.py", "contextlib.py")
        assert interrupt.run(use_again) == bool(interrupt.where), interrupt.where
        if not interrupt.where:
            break
    assert at > 20


def is_free() -> bool:
    """Return whether another thread may use SQLite."""
    found: list[bool] = []

    def look() -> None:
        found.append(SQLITE.acquire(blocking=False))
        if found[0]:
            SQLITE.release()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def test_a_use_that_ends_late_closes_only_its_own_connection(tmp_path: Path) -> None:
    file = SQLiteFile(tmp_path / "a", seconds=1, create=True, keep=True)
    interrupted = file.use()
    first = interrupted.__enter__()
    with SQLITE, file.use() as second:
        assert interrupted.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None) is False
        assert second.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError):
        first.execute("SELECT 1")
    file.close()
