# Derived from tests/records/aio/test_table.py by scripts/derive_sync.py; edit that instead.
"""Reading the table, removing from it, and what happens when its place cannot be used."""

from __future__ import annotations

import sqlite3
import stat
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.records.events import NOON, event
from tests.records.sync.tables import Table
from vocobase import InvalidArgumentError, RecordsError
from vocobase.records import Records
from vocobase.records.merge import Observation
from vocobase.records.places import open_store
from vocobase.webhooks import UnknownEvent

NUMBER = "+12025550123"


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
    # No database can be asked for these.
    assert table.get("\ud800") is table.get("a\0b") is None
    row = (table.to_dicts(limit=1))[0]
    assert (row["cost"], row["variables.name"], row["extraction.when"]) == (Decimal("1.8"), "Asha", "monday")
    assert (table.to_dicts(flat=False, limit=1))[0]["transcript"][0]["content"] == "Hello"


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
        ({"since": datetime(2026, 5, 1)}, "records.calls: since must be a datetime with a time zone"),
        ({"agent": 5}, "agent must be a string"),
        ({"agent": "\ud800"}, "records.calls: agent contains characters that no record has"),
        ({"list": "a\0b"}, "list contains characters that no record has"),
        ({"direction": "x"}, "records.calls: direction must be outbound, inbound or web"),
        ({"direction": "Outbound"}, "direction must be outbound, inbound or web"),
        ({"person": "98765 43210"}, r"records.calls: person must be in E.164 form, such as \+12025550100"),
        ({"person": "919876543210"}, "person must be in E.164 form"),
        ({"person": "+91 98765-43210"}, "person must be in E.164 form"),
        ({"person": ""}, "person must be in E.164 form"),
        ({"is_final": "no"}, "is_final must be True or False"),
        ({"dispositon": "busy"}, "there is no filter dispositon; the filters are since, until, agent"),
        ({"limit": -1}, "limit must be a whole number"),
        ({"since": NOON, "until": NOON - timedelta(1)}, "since is later than until, so no call can match"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_named(file: Table, filters: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgumentError, match=words):
        file.calls(**filters)


def test_a_caller_who_hides_the_number_is_a_person_too(file: Table) -> None:
    file.receive(event(1, call={"direction": "inbound", "from_number": "anonymous"}))
    assert [each.call_id for each in file.calls(person="anonymous", direction="inbound")] == ["call-1"]
    assert file.count(person="anonymous", direction="outbound") == 0


def test_the_client_must_be_one(file: Table, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=r"records\.sync: vb must be a client of the class"):
        file.records.sync(5)
    with pytest.raises(InvalidArgumentError, match=r"records\.archive: vb must be a client of the class"):
        file.records.archive(5, tmp_path / "archive")


def test_a_flag_that_is_not_one_is_named(file: Table) -> None:
    with pytest.raises(InvalidArgumentError, match=r"records\.to_dicts: flat must be True or False"):
        file.to_dicts(flat="no")


def test_what_is_not_an_event_of_a_session_is_not_stored(file: Table) -> None:
    for given, words in [
        (UnknownEvent(event="x", data={}, raw={}), "must be a SessionCompleted, not UnknownEvent"),
        (event(1, session_id="\ufffd"), "no usable session_id"),
    ]:
        with pytest.raises(InvalidArgumentError, match=words):
            file.receive(given)
    assert file.count() == 0


def test_a_forgotten_number_leaves_no_byte_and_does_not_come_back(tmp_path: Path) -> None:
    file = Table(tmp_path / "calls.sqlite")
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
def test_a_number_is_forgotten_in_any_form_that_json_has(tmp_path: Path, said: Any) -> None:
    file = Table(tmp_path / "calls.sqlite")
    kept = {"yes": True, "nothing": None, "sum": 0.5}
    file.receive(event(1, variables={"said": said}, extraction={"values": {"said": said, **kept}}))
    assert file.forget(NUMBER) == 0
    assert not [path for path in tmp_path.iterdir() if NUMBER[1:].encode() in path.read_bytes()]
    record = file.get("session-1")
    assert "removed" in str(record.variables["said"])
    assert record.extraction == {"said": record.variables["said"], **kept}
    file.close()


def test_a_call_that_was_forgotten_before_its_session_was_known_does_not_come_back(
    table: Table,
) -> None:
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
        ("CREATE TABLE mine (a)", "is a database of another program; pass another path."),
        ("PRAGMA application_id = 5", "is a database of another program; pass another path."),
    ],
)
def test_a_database_of_another_program_stays_as_it_is(tmp_path: Path, prepare: str, words: str) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as theirs:
        theirs.execute(prepare)
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(RecordsError, match=words):
        file = Table(path)
        file.count()
    assert path.read_bytes() == before


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


def test_a_table_that_was_lost_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lost.sqlite"
    file = Table(path)
    file.receive(event(1))
    for each in tmp_path.iterdir():
        each.unlink()
    with pytest.raises(RecordsError, match="was removed or replaced while it was in use"):
        file.count()
    other = Table(path)
    other.receive(event(2))
    with pytest.raises(RecordsError, match="was removed or replaced while it was in use"):
        file.receive(event(1))
    assert other.count() == 1
    for each in (file, other):
        each.close()


def test_texts_that_no_database_stores_are_kept_as_far_as_possible(table: Table) -> None:
    found = table.receive(event(1, agent_name="a\x00b\ud800", variables={"x": "\ud800", "y": "\x00é"}))
    assert found.agent_name == "a\ufffdb\ufffd"
    assert found.variables == {"x": "\ud800", "y": "\x00é"}


def test_with_opens_the_table_and_closes_it(tmp_path: Path) -> None:
    with Records.open(tmp_path / "calls.sqlite") as records:
        records.receive(event(1))
        assert "calls.sqlite" in repr(records._store._database)
    with Records.open(tmp_path / "calls.sqlite") as again:
        assert again.count() == 1
