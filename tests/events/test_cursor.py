"""The cursor of a poll loses no call, whatever order calls appear in: without I/O and without a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs

from vocobase._events.cursor import Cursor, start_of
from vocobase._policy.cadence import MAX_OPEN_CALLS, OVERLAP_SECONDS
from vocobase.types import Call

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


def row(number: int, seconds: float, status: str = "ringing") -> Call:
    at = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()
    return Call.from_dict({"call_id": str(number), "created_at": at, "started_at": None, "status": status})


def test_a_start_in_the_future_hides_no_later_call() -> None:
    cursor = Cursor()
    cursor.begin({"1": row(1, 0)}, [], now=START)
    ahead = row(2, 3600)
    assert cursor.advance({"2": ahead}, now=START + 10) == ["2"]
    assert cursor.mark == START + 10
    for number in range(3, 20):
        later = {"2": ahead, str(number): row(number, number * 100.0)}
        assert cursor.advance(later, now=START + number * 100.0) == [str(number)]
    other = Cursor()
    other.begin({"2": ahead}, [], now=START)
    assert other.advance({"2": ahead, "3": row(3, 60)}, now=START + 60) == ["3"]


def test_a_call_with_a_malformed_start_keeps_its_position_in_the_list() -> None:
    cursor = Cursor()
    cursor.begin({"1": row(1, 1000.0, "completed")}, [])
    odd = Call.from_dict({"call_id": "2", "status": "ringing", "created_at": None})
    old = Call.from_dict({"call_id": "0", "status": "completed", "created_at": "yesterday"})
    rows = {"2": odd, "1": row(1, 1000.0), "0": old, "00": row(-1, 10.0)}
    assert cursor.advance(rows) == ["2"]
    assert cursor.advance(rows) == []
    assert cursor.advance({"3": row(3, 5000.0), **rows}) == ["3"]
    assert cursor.advance({"3": row(3, 5000.0), **rows}) == []


def test_the_oldest_calls_of_a_long_backlog_come_first() -> None:
    cursor = Cursor()
    cursor.begin({}, [])
    rows = {str(number): row(number, number * 10.0) for number in range(MAX_OPEN_CALLS * 2 + 5)}
    taken: list[str] = []
    while len(taken) < len(rows):
        # A stored cursor continues in the same way.
        cursor = Cursor.load(cursor.dump())
        new = cursor.advance(rows)
        assert 0 < len(new) <= MAX_OPEN_CALLS
        taken += new
        for call_id in new:
            cursor.close(call_id)
        assert len(cursor.dump()) < 100_000
    assert taken == list(rows)
    assert cursor.advance(rows) == []


def test_a_full_cursor_takes_nothing_and_keeps_its_mark() -> None:
    cursor = Cursor(mark=0.0, open=dict.fromkeys(str(number) for number in range(MAX_OPEN_CALLS)))
    assert cursor.advance({"new": row(5000, 1.0)}) == []
    assert cursor.mark == 0.0
    cursor.close("0")
    assert cursor.advance({"5000": row(5000, 1.0)}) == ["5000"]


def test_calls_that_appear_late_or_at_the_same_time_are_new() -> None:
    cursor = Cursor()
    cursor.begin({"1": row(1, 1000.0, "completed")}, [])
    assert cursor.open == {}
    late, early = row(2, 1000.0 - OVERLAP_SECONDS + 1), row(3, 1000.0 - OVERLAP_SECONDS - 1)
    rows = {"1": row(1, 1000.0), "2": late, "3": early, "4": row(4, 1000.0)}
    assert cursor.advance(rows) == ["2", "4"]
    assert cursor.advance(rows) == []
    # A known call stays known if its start changes.
    cursor.advance({"2": row(2, 1200.0), "5": row(5, 1600.0)})
    assert "2" not in cursor.advance({"2": row(2, 1700.0)})


def test_a_call_that_begins_during_the_first_poll_is_known() -> None:
    cursor = Cursor()
    cursor.begin({"1": row(1, 1000.0, "completed")}, [row(2, 1001.0)])
    assert list(cursor.open) == ["2"]
    cursor.close("2")
    assert cursor.advance({"2": row(2, 1001.0, "completed")}) == []


def test_a_call_that_was_over_before_the_poll_has_no_event_whatever_its_status() -> None:
    ended = attrs.evolve(row(1, 1000.0, "status_of_tomorrow"), ended_at=datetime(2026, 1, 2, tzinfo=UTC))
    cursor = Cursor()
    cursor.begin({"1": ended, "2": row(2, 1001.0, "status_of_tomorrow")}, [])
    assert list(cursor.open) == ["2"]


def test_malformed_times_raise_no_error() -> None:
    odd = Call.from_dict({"call_id": "1", "status": "ringing", "created_at": "yesterday"})
    assert start_of(odd) is None
    naive = attrs.evolve(row(1, 0), started_at=datetime(2026, 1, 2))
    assert start_of(naive) == datetime(2026, 1, 2, tzinfo=UTC).timestamp()
    cursor = Cursor()
    cursor.begin({"1": odd}, [])
    assert cursor.open == {"1": None}
    assert cursor.advance({"1": odd}) == []
    assert not cursor.reaches([odd], 1e9)
