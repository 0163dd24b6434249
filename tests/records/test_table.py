"""Reading the table, removing from it, and what happens when its place cannot be used."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.records.support import Table
from vocobase import ConfigurationError, InvalidArgumentError, RecordsError
from vocobase.records import AsyncRecords, Records
from vocobase.records.merge import Observation
from vocobase.records.opening import open_store
from vocobase.records.schema import migrate
from vocobase.webhooks import SessionCompleted, UnknownEvent

NUMBER = "+12025550123"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def event(number: int = 1, **changes: Any) -> SessionCompleted:
    """Return the event of an outbound call, one minute after the one before."""
    at = (NOON + timedelta(minutes=number)).isoformat()
    call = {
        "call_id": f"call-{number}",
        "from_number": "+12025550181",
        "to_number": f"+120255501{number:02d}",
        "direction": "outbound",
        "status": "completed",
        "disposition": "completed",
    }
    data = {
        "session_id": f"session-{number}",
        "agent_id": "agent",
        "duration_seconds": 20,
        "credits_used": 1.8,
        "pipeline_completed_at": at,
        "transcript": [{"role": "bot", "content": "Hello", "timestamp": at}],
        "variables": {"name": "Asha"},
        "extraction": {"status": "success", "values": {"when": "monday"}},
        "recording_url": "https://example.com/1.wav",
        "call": call | changes.pop("call", {}),
    }
    return SessionCompleted.from_dict({"event": "session.completed", "timestamp": at, "data": data | changes})


def test_filters_choose_the_records_newest_first(table: Table) -> None:
    for number in (2, 3, 1):
        table.receive(event(number, call={"disposition": "voicemail" if number == 2 else "completed"}))
    assert [each.call_id for each in table.calls()] == ["call-3", "call-2", "call-1"]
    assert [each.call_id for each in table.calls(limit=2)] == ["call-3", "call-2"]
    assert table.calls(limit=0) == []
    assert [each.call_id for each in table.calls(disposition="voicemail", agent="agent")] == ["call-2"]
    assert table.count(since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=3)) == 1
    assert table.count(is_final=True, person="+12025550102", list=None) == 1
    assert table.count(list="may") == table.count(project="p") == table.count(direction="inbound") == 0
    assert table.get("call-1") == table.get("session-1")
    assert table.get("call-9") is None
    row = table.to_dicts(limit=1)[0]
    assert (row["cost"], row["variables.name"], row["extraction.when"]) == (Decimal("1.8"), "Asha", "monday")
    assert table.to_dicts(flat=False, limit=1)[0]["transcript"][0]["content"] == "Hello"


def test_many_records_come_page_by_page_and_each_once(file: Table) -> None:
    for number in range(12):
        file.receive(event(number, transcript=[], pipeline_completed_at=NOON.isoformat()))
    names = [each.session_id for each in file.calls()]
    assert sorted(names) == sorted(f"session-{number}" for number in range(12))


def test_a_report_asks_with_one_statement(table: Table) -> None:
    table.receive(event(1))
    table.receive(event(2))
    store = table.records._store
    query = "SELECT direction, count(*), sum(cost), avg(turns), min(call_id) FROM {calls} WHERE person LIKE ? GROUP BY direction"
    assert store.query(query, ("+1202%",)) == [("outbound", 2, 3_600_000, 1, "call-1")]
    assert store.query("SELECT avg(turns * 1.5) FROM {calls} WHERE call_id LIKE 'call-%'")[0][0] == 1.5
    changed = store.changed_after(0, 10)
    assert [each.sequence for each in changed] == [1, 2]
    table.receive(event(1, credits_used=9))
    assert [each.call_id for each in store.changed_after(2, 10)] == ["call-1"]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"since": datetime(2026, 5, 1)}, "records.calls: since must be a time with a zone"),
        ({"agent": 5}, "agent must be a string"),
        ({"is_final": "no"}, "is_final must be True or False"),
        ({"dispositon": "busy"}, "there is no filter dispositon; the filters are since, until, agent"),
        ({"limit": -1}, "limit must be a whole number"),
        ({"since": NOON, "until": NOON - timedelta(1)}, "since is later than until, so no call can match"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_named(file: Table, filters: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words):
        file.calls(**filters)


def test_the_client_must_be_one(file: Table, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=r"records\.sync: vb must be a client of the class"):
        file.__getattr__("sync")(5)
    with pytest.raises(InvalidArgumentError, match=r"records\.archive: vb must be a client of the class"):
        file.__getattr__("archive")(5, tmp_path / "archive")


def test_a_flag_that_is_not_one_is_named(file: Table) -> None:
    with pytest.raises(InvalidArgumentError, match=r"records\.to_dicts: flat must be True or False"):
        file.to_dicts(flat="no")


@pytest.mark.parametrize("place", [None, "", 5, ":memory:"])
def test_what_is_not_a_place_is_refused(place: Any) -> None:
    with pytest.raises(ConfigurationError, match="records: "):
        Records.open(place)


def test_what_is_not_an_event_of_a_session_is_not_stored(file: Table) -> None:
    for given, words in [
        (UnknownEvent(event="x", data={}, raw={}), "must be a SessionCompleted, not UnknownEvent"),
        (event(1, session_id="\ufffd"), "no usable session_id"),
    ]:
        with pytest.raises(InvalidArgumentError, match=words):
            file.receive(given)
    assert file.count() == 0


def test_a_forgotten_number_leaves_no_byte_and_does_not_come_back(kind: str, tmp_path: Path) -> None:
    file = Table(kind, tmp_path / "calls.sqlite")
    call = {"to_number": NUMBER}
    for number in range(40):
        mention = [{"role": "user", "content": f"Call {NUMBER[1:]} instead"}] if number == 7 else []
        file.receive(event(number, transcript=mention, call=call if number % 2 else {}))
    file.receive(event(50, call={"direction": None, "to_number": NUMBER}))
    file.receive(event(51, transcript=[{"role": "user", "content": f"Call {NUMBER} instead"}]))
    assert any(NUMBER.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert file.forget(NUMBER) == 21
    assert not [path for path in tmp_path.iterdir() if NUMBER[1:].encode() in path.read_bytes()]
    assert file.receive(event(1, call=call)) is None
    kept = file.get("session-51")
    assert kept.transcript[0]["content"] == "Call +removed instead"
    assert file.count() == 21
    assert file.forget(NUMBER) == 0
    file.close()


def test_a_longer_number_that_begins_like_a_forgotten_one_is_someone_elses(table: Table) -> None:
    others = ["+493012345678", "+349301234567", "+49301234567890"]
    for number, to_number in enumerate(["+4930123456", *others]):
        said = f"I am {to_number}, 00{to_number[1:]} from abroad."
        turns = [{"role": "user", "content": said, "timestamp": NOON.isoformat()}]
        table.receive(event(number, call={"to_number": to_number}, transcript=turns))
    before = {each.session_id: each for each in table.calls()}
    assert table.forget("+4930123456") == 1
    left = table.calls()
    assert [each.to_number for each in left] == others[::-1]
    assert left == [before[each.session_id] for each in left], "unchanged, with the time of their last change"


@pytest.mark.parametrize(
    "said", [12025550123, 12025550123.0, ["12025550123"], {"12025550123": 1}, "0012025550123"]
)
def test_a_number_is_forgotten_in_any_form_that_json_has(kind: str, tmp_path: Path, said: Any) -> None:
    file = Table(kind, tmp_path / "calls.sqlite")
    kept = {"yes": True, "nothing": None, "sum": 0.5}
    file.receive(event(1, variables={"said": said}, extraction={"values": {"said": said, **kept}}))
    assert file.forget(NUMBER) == 0
    assert not [path for path in tmp_path.iterdir() if NUMBER[1:].encode() in path.read_bytes()]
    record = file.get("session-1")
    assert "removed" in str(record.variables["said"])
    assert record.extraction == {"said": record.variables["said"], **kept}
    file.close()


def test_a_call_that_was_forgotten_before_its_session_was_known_does_not_come_back(table: Table) -> None:
    row = event(1).raw["data"]["call"] | {"status": "in_progress", "created_at": NOON.isoformat()}
    table.records._store.put([Observation("call-1", "list", row)], NOON)
    assert table.forget("+12025550101") == 1
    assert table.receive(event(1)) is None
    assert table.count() == 0
    assert table.receive(event(2)) is not None


def test_purge_removes_what_is_older(table: Table) -> None:
    for number in range(4):
        table.receive(event(number))
    assert table.purge(older_than=NOON + timedelta(minutes=2)) == 2
    assert table.forget("+12025550102") == 1
    assert table.count() == 1
    assert table.purge(older_than=timedelta(days=1)) == 1


@pytest.mark.parametrize("age", [timedelta(-1), timedelta(days=999_999_999), datetime(2026, 5, 1), 5])
def test_an_age_must_be_one(file: Table, age: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"records\.purge: older_than"):
        file.purge(older_than=age)


@pytest.mark.parametrize("number", ["12025550123", "", None, "+1 202 555 0123", "+१२०२५५५०१२३"])
def test_a_number_that_would_match_nothing_is_rejected(file: Table, number: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"must be in E\.164 form"):
        file.forget(number)


def test_a_reader_that_keeps_the_old_bytes_is_named(file: Table, tmp_path: Path) -> None:
    file.receive(event(1))
    reader = sqlite3.connect(tmp_path / "file.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM calls").fetchall()
    slow = open_store(tmp_path / "file.sqlite")
    slow._database._file._seconds = 0.1  # type: ignore[attr-defined]
    with pytest.raises(RecordsError, match="another program that is reading keeps"):
        slow.remove("1 = 1")
    reader.close()
    slow.close()
    assert file.count() == 0


def test_only_the_owner_can_read_the_file(file: Table, tmp_path: Path) -> None:
    file.receive(event(1))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes.keys() >= {"file.sqlite", "file.sqlite-wal"}
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        ("CREATE TABLE mine (a)", "is a database of another program; give another path."),
        ("PRAGMA application_id = 5", "is a database of another program; give another path."),
    ],
)
def test_a_database_of_another_program_stays_as_it_is(
    kind: str, tmp_path: Path, prepare: str, words: str
) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute(prepare)
    other.close()
    before = path.read_bytes()
    with pytest.raises(RecordsError, match=words):
        Table(kind, path).count()
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_and_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello" * 500)
    for name, words in (("text", "file is not a database"), ("no/where", "unable to open database file")):
        with pytest.raises(RecordsError, match=f"cannot be used: {words}"):
            Records.open(tmp_path / name).count()


def test_a_table_of_a_newer_version_stays_as_it_is(table: Table, place: str) -> None:
    table.receive(event(1))
    table.close()
    store = open_store(place)
    with store._database.write() as connection:
        connection.execute("UPDATE {meta} SET value = '99' WHERE key = 'schema'")
    store.close()
    store = open_store(place)
    with pytest.raises(
        RecordsError, match=r"newer version \(schema 99, this one knows 1\); upgrade vocobase"
    ):
        store.open()
    store.close()


def test_an_older_version_is_brought_to_the_present_one(place: str) -> None:
    store = open_store(place)
    store.open()
    with store._database.write() as connection:
        steps = [("SELECT 1",), ("CREATE TABLE {calls}_more (a TEXT)", "DROP TABLE {calls}_more")]
        migrate(connection.execute, "here", steps)
        assert connection.execute("SELECT value FROM {meta} WHERE key = 'schema'") == [("2",)]
    store.close()


def test_a_table_that_was_lost_is_named(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "lost.sqlite"
    file = Table(kind, path)
    file.receive(event(1))
    for each in tmp_path.iterdir():
        each.unlink()
    with pytest.raises(RecordsError, match="was removed or replaced while it was in use"):
        file.count()
    other = Table(kind, path)
    other.receive(event(2))
    with pytest.raises(RecordsError, match="was removed or replaced while it was in use"):
        file.receive(event(1))
    assert other.count() == 1
    for each in (file, other):
        each.close()


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
    with pytest.raises(ConfigurationError, match="give the path of a file, or the address of PostgreSQL"):
        Records.open(place)


def test_a_full_disk_leaves_the_last_state(tmp_path: Path) -> None:
    program = f"""
import resource, signal, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.records.test_table import event
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
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    number, _, words = found.stdout.partition(" ")
    assert "full.sqlite cannot be used: " in words, found.stderr
    assert words.count("\n") == 1
    records = Records.open(tmp_path / "full.sqlite")
    assert records.count() == int(number) - 1
    records.close()


def test_with_opens_the_table_and_closes_it(tmp_path: Path) -> None:
    with Records.open(tmp_path / "calls.sqlite") as records:
        records.receive(event(1))
        assert "calls.sqlite" in repr(records._store._database)

    async def main() -> int:
        async with AsyncRecords.open(tmp_path / "calls.sqlite") as again:
            return await again.count()

    assert asyncio.run(main()) == 1


def test_texts_that_no_database_stores_are_kept_as_far_as_possible(table: Table) -> None:
    found = table.receive(event(1, agent_name="a\x00b\ud800", variables={"x": "\ud800", "y": "\x00é"}))
    assert found.agent_name == "a\ufffdb\ufffd"
    assert found.variables == {"x": "\ud800", "y": "\x00é"}


def test_the_missing_package_of_postgres_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"install vocobase\[postgres\]"):
        Records.open("postgresql://localhost/calls")
