"""Which calls are new, and how many pages a poll reads: decided without I/O and without a clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from vocobase._events.cursor import Cursor
from vocobase._events.discovery import Discovery
from vocobase._policy.cadence import MAX_OPEN_CALLS, OVERLAP_SECONDS
from vocobase._policy.pages import Page
from vocobase._waiting.tracking import CallPages, CallTracker
from vocobase.types import Call

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


def row(call_id: str, seconds: float, status: str = "ringing", **more: Any) -> Call:
    at = datetime.fromtimestamp(START + seconds, UTC).isoformat()
    return Call.from_dict({"call_id": call_id, "created_at": at, "status": status, **more})


def pages_of(*rows: Call) -> CallPages:
    pages = CallPages(is_complete=True)
    pages.add(Page(rows))
    return pages


def discovery_of(cursor: Cursor) -> tuple[Discovery, CallTracker]:
    tracker = CallTracker("events.poll", needs_details=lambda call: True)
    return Discovery(cursor, tracker), tracker


def ids(tracker: CallTracker) -> list[str]:
    return [tracked.call_id for tracked in tracker.calls]


def test_the_calls_of_a_cursor_are_tracked_at_once() -> None:
    _, tracker = discovery_of(Cursor(mark=START, open=dict.fromkeys(["a", "b"])))
    assert ids(tracker) == ["a", "b"]


def test_a_poll_without_a_cursor_begins_with_the_ongoing_calls() -> None:
    cursor = Cursor()
    discovery, tracker = discovery_of(cursor)
    rows = {"new": row("new", 1000), "over": row("over", 990, "completed")}
    discovery.begin(rows, [row("old", 0)], START + 1000)
    assert ids(tracker) == list(cursor.open) == ["new", "old"]
    discovery.advance({"newer": row("newer", 1010), **rows}, START + 1010)
    assert ids(tracker) == ["new", "old", "newer"]


def test_pages_are_read_back_to_the_overlap_before_the_mark() -> None:
    discovery, _ = discovery_of(Cursor(mark=START + 1000))
    inside, outside = row("a", 1000 - OVERLAP_SECONDS), row("b", 999 - OVERLAP_SECONDS)
    assert discovery.needs_more(pages_of(inside, outside), START + 1000)
    assert not discovery.needs_more(pages_of(outside), START + 1000)


def test_the_first_poll_reads_back_to_the_overlap_before_the_newest_call() -> None:
    discovery, _ = discovery_of(Cursor())
    assert discovery.needs_more(pages_of(row("a", 1000)), START + 1000)
    assert not discovery.needs_more(pages_of(row("b", 999 - OVERLAP_SECONDS)), START + 1000)
    # A start in the future, by a clock that was wrong, does not move the overlap.
    discovery, _ = discovery_of(Cursor())
    discovery.needs_more(pages_of(row("a", 90_000)), START + 1000)
    assert discovery.needs_more(pages_of(row("b", 1000)), START + 1000)


def test_a_long_backlog_is_processed_before_more_calls_are_taken() -> None:
    names = [f"c{number}" for number in range(MAX_OPEN_CALLS // 2 + 1)]
    cursor = Cursor(mark=START, open=dict.fromkeys(names))
    discovery, tracker = discovery_of(cursor)
    rows = {"new": row("new", 10)}
    discovery.advance(rows, START + 10)
    assert "new" not in cursor.open
    # Ongoing calls are not a backlog.
    tracker.observe_pages(pages_of(*[row(name, 0) for name in names]), 0.0)
    discovery.advance(rows, START + 10)
    assert "new" in cursor.open
    assert ids(tracker)[-1] == "new"
