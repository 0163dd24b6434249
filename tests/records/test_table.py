"""Places that cannot be used, and what happens to a table when its place is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.records.events import event
from vocobase import ConfigurationError, RecordsError
from vocobase.records import Records
from vocobase.records.places import open_store
from vocobase.records.schema import migrate


@pytest.mark.parametrize("place", [None, "", 5, ":memory:"])
def test_what_is_not_a_place_is_refused(place: Any) -> None:
    with pytest.raises(ConfigurationError, match="records: "):
        Records.open(place)


def test_a_file_that_is_no_database_and_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello" * 500)
    for name, words in (("text", "file is not a database"), ("no/where", "unable to open database file")):
        with pytest.raises(RecordsError, match=f"cannot be used: {words}"):
            Records.open(tmp_path / name).count()


def test_an_older_version_is_brought_to_the_present_one(place: str) -> None:
    store = open_store(place)
    store.open()
    with store._database.write() as connection:
        steps = [("SELECT 1",), ("CREATE TABLE {calls}_more (a TEXT)", "DROP TABLE {calls}_more")]
        migrate(connection.execute, "here", steps)
        assert connection.execute("SELECT value FROM {meta} WHERE key = 'schema'") == [("2",)]
    store.close()


def test_tables_that_were_lost_in_a_server_are_named(empty_server: str) -> None:
    import psycopg

    records = Records.open(empty_server)
    records.receive(event(1))
    with psycopg.connect(empty_server, autocommit=True) as connection:
        connection.execute("UPDATE vocobase_calls_meta SET value = 'other' WHERE key = 'identity'")
        with pytest.raises(RecordsError, match="was removed or replaced"):
            records.count()
        connection.execute("DROP TABLE vocobase_calls, vocobase_calls_meta, vocobase_calls_forgotten")
    with pytest.raises(RecordsError, match="was removed or replaced"):
        records.count()
    records.close()


def test_a_server_that_cannot_be_reached_or_understood_is_named_without_its_password() -> None:
    with pytest.raises(RecordsError, match=r"PostgreSQL at 127.0.0.1:1/d cannot be used") as caught:
        Records.open("postgresql://u:canary@127.0.0.1:1/d").count()
    assert "canary" not in str(caught.value)
    with pytest.raises(ConfigurationError, match="this address of PostgreSQL cannot be used"):
        Records.open("postgresql://u:canary@[/d")


def test_a_connection_that_broke_is_replaced(empty_server: str) -> None:
    records = Records.open(empty_server)
    records.receive(event(1))
    database: Any = records._store._database
    assert "PostgreSQL at 127.0.0.1" in repr(database)
    with pytest.raises(ZeroDivisionError), database._use() as connection:
        connection.execute("BEGIN")
        raise ZeroDivisionError
    assert records.count() == 1
    records.close()


@pytest.mark.parametrize("place", ["", ":memory:", "redis://localhost", "http://x"])
def test_a_place_that_is_neither_is_rejected(place: str) -> None:
    with pytest.raises(ConfigurationError, match="pass the path of a file, or the address of PostgreSQL"):
        Records.open(place)


def test_a_full_disk_leaves_the_last_state(tmp_path: Path) -> None:
    program = f"""
import resource, signal, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.records.events import event
from vocobase import RecordsError
from vocobase.records import Records
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
records = Records.open({str(tmp_path / "full.sqlite")!r})
records.receive(event(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
try:
    for number in range(2, 99):
        records.receive(event(number, variables={{"text": "x" * 20_000}}))
except RecordsError as error:
    print(number, error)
"""
    found = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        # Without compiled modules, which would be cut at the limit too, and stay so.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    number, _, words = found.stdout.partition(" ")
    assert "full.sqlite cannot be used: " in words, found.stderr
    assert words.count("\n") == 1
    records = Records.open(tmp_path / "full.sqlite")
    assert records.count() == int(number) - 1
    records.close()


def test_the_missing_package_of_postgres_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'psycopg\[binary\]>=3.1'"):
        Records.open("postgresql://localhost/calls")
