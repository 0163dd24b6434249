"""One record of everything that was seen, in any order and of any shape; and the walk through the list."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import vocobase.records
from tests.records.test_table import event
from vocobase.records import CallRecord, Records
from vocobase.records.facts import ENDED, FINAL, ONGOING, Source, call_facts, knowledge_of, session_facts
from vocobase.records.merge import Observation, merge
from vocobase.records.observed import observed_event
from vocobase.records.syncing import created_ms, observed_call, observed_session
from vocobase.records.walk import ListWalk, load_spans, moved, with_span

NOW = datetime(2026, 5, 1, 13, tzinfo=UTC)
CREATED = "2026-05-01T12:00:00.123456Z"
ROW: dict[str, Any] = {
    "call_id": "call-1",
    "session_id": "session-1",
    "direction": "inbound",
    "from_number": "+12025550100",
    "status": "completed",
    "created_at": CREATED,
    "ended_at": "2026-05-01T12:01:00Z",
    "duration_seconds": 20,
}
SESSION: dict[str, Any] = {
    "session_id": "session-1",
    "status": "completed",
    "credits_used": 0.9,
    "transcript": [{"role": "bot"}, "noise"],
    "ended_at": "2026-05-01T12:01:00Z",
}


def seen(source: Source, raw: dict[str, Any]) -> Observation:
    return Observation("session-1", source, raw)


def test_every_order_of_sources_gives_the_same_record() -> None:
    live = ROW | {"status": "in_progress", "ended_at": None, "duration_seconds": None, "disposition": None}
    observations = [
        seen("list", live),
        seen("list", ROW),
        seen("session", SESSION),
        seen("session", SESSION | {"processing_complete": True}),
        seen("call", ROW | {"answered_by": "human", "session": SESSION}),
        observed_event(event(1, transfer={"to": "x"}, latency={"avg_ms": 800})),
        seen("webhook", event(1, call={"disposition": "voicemail"}).raw | {"timestamp": "2026-06"}),
    ]
    records: set[str] = set()
    for order in itertools.islice(itertools.permutations(observations), 0, None, 11):
        record: CallRecord | None = None
        for observation in order:
            record = merge(record, observation, NOW)
        assert record is not None
        records.add(repr(record.to_dict() | {"raw": sorted(record.raw or {})}))
    assert len(records) == 1


def test_an_older_fact_does_not_replace_a_final_one() -> None:
    final = merge(None, seen("call", ROW | {"session": SESSION}), NOW)
    assert final.is_final
    later = merge(final, seen("list", ROW | {"status": "ringing", "ended_at": None}), NOW)
    assert (later.status, later.is_final) == ("completed", True)
    assert merge(later, seen("call", ROW | {"status": "ringing", "ended_at": None}), NOW) is later


def test_a_link_that_is_new_in_every_response_changes_nothing() -> None:
    first = merge(None, seen("session", SESSION | {"recording_url": "a"}), NOW)
    assert merge(first, seen("session", SESSION | {"recording_url": "b"}), NOW) is first


def test_a_browser_session_has_a_direction_of_its_own_and_an_estimated_start() -> None:
    body = event(1).raw
    data = {**body["data"], "call": None, "transcript": []}
    record = merge(None, Observation("s", "webhook", body | {"data": data}), NOW)
    assert (record.direction, record.call_id, record.status) == ("web", None, None)
    assert record.created_at == datetime(2026, 5, 1, 12, 0, 40, tzinfo=UTC)
    bare = merge(None, Observation("s", "webhook", {"event": "session.completed", "data": {}}), NOW)
    assert bare.created_at == NOW


def test_columns_that_the_api_does_not_know_stay() -> None:
    first = merge(None, Observation("session-1", "list", ROW, added={"list": "may", "attempt": 2}), NOW)
    assert (first.list, first.attempt) == ("may", 2)
    assert merge(first, seen("session", SESSION), NOW).list == "may"


@pytest.mark.parametrize(
    ("source", "raw", "known"),
    [
        ("list", ROW, ENDED),
        ("list", ROW | {"status": "busy", "duration_seconds": 0}, FINAL),
        ("list", ROW | {"session_id": None}, FINAL),
        ("list", ROW | {"status": "pending", "ended_at": None}, ONGOING),
        ("call", ROW | {"session": SESSION}, FINAL),
        ("call", ROW | {"session": SESSION | {"processing_complete": False}}, ENDED),
        ("session", {}, ONGOING),
        ("session", SESSION, ENDED),
        ("session", SESSION | {"processing_complete": True}, FINAL),
        ("poll", {"data": {"processing_complete": False}}, ENDED),
        ("webhook", {"data": None}, FINAL),
    ],
)
def test_how_much_a_source_knows(source: Source, raw: dict[str, Any], known: int) -> None:
    assert knowledge_of(source, raw) == known


@pytest.mark.parametrize(
    "value", [None, 5, "", [], {}, True, "x", 1e300, 10**400, "0001-01-01T00:00:00+14:00"]
)
def test_a_member_of_any_shape_is_taken_for_nothing_or_for_what_it_is(value: Any) -> None:
    names = [*ROW, *SESSION, "latency", "extraction", "variables", "recording_url", "transfer"]
    odd = dict.fromkeys(names, value)
    for facts in (session_facts(odd), call_facts(odd)):
        record = CallRecord(**{"session_id": "s"} | {name: facts[name] for name in facts})
        assert record.created_at is None or record.created_at.tzinfo is not None
    assert "cost" not in session_facts({"credits_used": 1e300})


def test_a_call_is_entered_under_its_session_once_that_is_known(tmp_path: Any) -> None:
    store = Records.open(tmp_path / "calls.sqlite")._store
    store.put([observed_call(ROW | {"session_id": None, "status": "ringing", "ended_at": None})], NOW)
    assert [each.session_id for each in store.rows("1 = 1")] == ["call-1"]
    store.put([observed_call(ROW)], NOW)
    assert [(each.session_id, each.status) for each in store.rows("1 = 1")] == [("session-1", "completed")]
    store.close()


def test_a_session_is_final_when_it_is_old_or_has_not_changed() -> None:
    end = datetime(2026, 5, 1, 12, 1, tzinfo=UTC)
    record = merge(None, observed_call(ROW), end)
    at_once = observed_session(record, SESSION, end + timedelta(seconds=1))
    assert not at_once.is_settled
    known = merge(record, at_once, end + timedelta(seconds=1))
    assert not observed_session(known, SESSION, end + timedelta(seconds=3)).is_settled
    assert observed_session(known, SESSION | {"recording_url": "x"}, end + timedelta(seconds=7)).is_settled
    assert not observed_session(known, SESSION | {"credits_used": 2}, end + timedelta(seconds=7)).is_settled
    assert observed_session(record, SESSION, end + timedelta(hours=1)).is_settled
    assert not observed_session(
        record, SESSION | {"processing_complete": False}, end + timedelta(hours=1)
    ).is_settled
    # A clock that was set back decides nothing.
    assert not observed_session(known, SESSION, end - timedelta(days=1)).is_settled
    assert created_ms(ROW) == 1777636800123
    assert created_ms(ROW | {"created_at": 5}) is None


def test_spans_join_where_they_touch() -> None:
    assert with_span([(50, 60), (10, 20)], (20, 50)) == [(10, 60)]
    assert with_span([(50, 60)], (10, 20)) == [(50, 60), (10, 20)]
    assert load_spans(moved(moved(None, (1, 2)), None)) == [(1, 2)]


def walk_through(server: list[int], walk: ListWalk, known: set[int], size: int = 100) -> list[int]:
    """Walk through the times of a list, newest first; return the offsets that were read."""
    offsets: list[int] = []
    while walk.offset is not None:
        assert len(offsets) < 100
        offsets.append(walk.offset)
        times = server[walk.offset : walk.offset + size]
        span = walk.advance(times, times, walk.offset + size < len(server))
        known |= set(times)
        assert span is None or {time for time in server if span[0] <= time <= span[1]} <= known
        if walk.jump is not None:
            walk.land(sum(walk.jump[0] < time < walk.jump[1] for time in known))
    return offsets


MINUTE = 60_000
SERVER = [time * MINUTE for time in range(2000, 0, -1)]


def test_a_walk_jumps_over_what_is_known() -> None:
    known = {time for time in SERVER if 500 * MINUTE <= time <= 1900 * MINUTE}
    offsets = walk_through(SERVER, ListWalk([(500 * MINUTE, 1900 * MINUTE)], [], 0), known)
    assert offsets[:4] == [0, 100, 1490, 1590]
    assert known == set(SERVER)


def test_a_walk_visits_calls_that_were_live() -> None:
    known = set(SERVER)
    offsets = walk_through(SERVER, ListWalk([(0, 2000 * MINUTE)], [700 * MINUTE, 300 * MINUTE], 0), known)
    assert offsets == [0, 1290, 1690]


def test_a_walk_goes_back_where_the_list_has_lost_calls() -> None:
    server = [time for time in SERVER if not 800 * MINUTE < time < 1200 * MINUTE]
    known = {time for time in SERVER if time >= 500 * MINUTE}
    offsets = walk_through(server, ListWalk([(500 * MINUTE, 2000 * MINUTE)], [], 0), known)
    assert set(server) <= known
    assert offsets[1] == 1490
    assert min(offsets[2:]) < offsets[1]


def test_a_walk_ends_at_a_page_that_repeats_and_passes_one_without_times() -> None:
    walk = ListWalk([], [], 0)
    assert walk.advance([], ["a"], True) is None
    assert walk.offset == 1
    assert walk.advance([5], ["a"], True) is None
    assert walk.offset is None
    empty = ListWalk([], [], 0)
    assert empty.advance([], [], False) == (0, 0)
    assert empty.offset is None


def test_the_package_has_its_names_and_no_other() -> None:
    assert dir(vocobase.records) == sorted(vocobase.records.__all__)
    for name in vocobase.records.__all__:
        assert getattr(vocobase.records, name)
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        vocobase.records.Nothing  # type: ignore[attr-defined]  # noqa: B018
