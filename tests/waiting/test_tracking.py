"""Which calls are over, and which read comes next: decided without I/O and without a clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

import vocobase
from vocobase._policy.cadence import MAX_PAGES, MAX_SINGLE_READS
from vocobase._policy.pages import Page
from vocobase._waiting.call_results import CallResult
from vocobase._waiting.tracking import CallPages, CallTracker
from vocobase.types import Call, CallDetails


def row(call_id: object, status: str = "ringing", **more: Any) -> dict[str, Any]:
    return {"call_id": call_id, "status": status, **more}


def pages_of(*rows: dict[str, Any], complete: bool = True) -> CallPages:
    pages = CallPages(is_complete=complete)
    pages.add(Page([Call.from_dict(each) for each in rows]))
    return pages


def tracker_of(*call_ids: str, **options: Any) -> CallTracker:
    tracker = CallTracker("calls.wait_all", **options)
    tracker.add(call_ids)
    return tracker


def ids(found: Iterable[Any]) -> list[str]:
    return [each.call_id for each in found]


def read(tracker: CallTracker, now: float = 0.0, **call: Any) -> CallResult | None:
    """Let the next single read return a call."""
    tracked = tracker.next_single_read()
    assert tracked is not None
    tracker.requeue(tracked)
    return tracker.observe_details(tracked, CallDetails.from_dict(row(tracked.call_id, **call)), now)


FINAL = {"status": "completed", "session": {"processing_complete": True}}


def test_calls_may_be_added_at_any_time_and_are_tracked_once() -> None:
    tracker = tracker_of("a", "b", "a", needs_details=lambda call: False)
    assert ids(tracker.calls) == ["a", "b"]
    assert ids(tracker.observe_pages(pages_of(row("b", "completed"), row("a")), 0.0)) == ["b"]
    tracker.add(["c", "a"])
    assert ids(tracker.calls) == ["a", "c"]
    results = tracker.observe_pages(pages_of(row("c", "busy"), row("a", "completed")), 0.0)
    assert ids(results) == ["a", "c"]
    assert results[0].unwrap().status == "completed"
    assert isinstance(results[1].error, vocobase.CallFailedError)
    assert tracker.calls == []
    assert not tracker.expects_pages


def test_calls_that_complete_pages_lack_are_read_one_by_one_in_turn() -> None:
    tracker = tracker_of("a", "b", "c")
    assert tracker.observe_pages(pages_of(row("x"), complete=False), 0.0) == []
    assert tracker.next_single_read() is None
    assert tracker.observe_pages(pages_of(row("b")), 0.0) == []
    order: list[str] = []
    for _ in range(4):
        tracked = tracker.next_single_read()
        assert tracked is not None
        tracker.requeue(tracked)
        order.append(tracked.call_id)
    assert order == ["a", "c", "a", "c"]
    assert tracker.expects_pages


def test_a_missing_call_is_expected_on_the_pages_once_more_and_then_no_longer() -> None:
    tracker = tracker_of("a")
    tracker.observe_pages(pages_of(), 0.0)
    assert read(tracker) is None
    assert tracker.expects_pages and tracker.next_single_read() is None
    tracker.observe_pages(pages_of(), 0.0)
    assert read(tracker) is None
    assert not tracker.expects_pages and tracker.next_single_read() is not None
    # It is not read alone while pages show it.
    tracker.observe_pages(pages_of(row("a")), 0.0)
    assert tracker.expects_pages and tracker.next_single_read() is None


def test_another_page_is_read_while_many_calls_are_missing_and_not_without_end() -> None:
    tracker = tracker_of(*[f"c{number}" for number in range(MAX_SINGLE_READS + 1)])
    assert tracker.needs_more(pages_of(row("x")))
    assert not tracker.needs_more(pages_of(row("c0")))
    pages = CallPages()
    for _ in range(MAX_PAGES):
        assert tracker.needs_more(pages)
        pages.add(Page([Call.from_dict(row(f"x{number}")) for number in range(100)]))
    assert not tracker.needs_more(pages)


def test_a_call_in_which_somebody_talked_is_over_when_its_results_are_final() -> None:
    tracker = tracker_of("a", "b")
    completed, unfinished = row("a", "completed"), {"session": {"processing_complete": False}}
    assert tracker.observe_pages(pages_of(completed, row("b", "no_answer")), 5.0)[0].call_id == "b"
    assert read(tracker, 6.0, status="completed", **unfinished) is None
    # Pages have nothing to add.
    assert tracker.observe_pages(pages_of(row("a", "busy")), 7.0) == []
    result = read(tracker, 8.0, **FINAL)
    assert result is not None
    assert result.unwrap().session is not None


def test_a_call_is_over_without_final_results_after_the_longest_processing() -> None:
    tracker = tracker_of("a", max_processing=600.0)
    tracker.observe_pages(pages_of(row("a", "completed")), 100.0)
    unfinished = {"status": "completed", "session": {"processing_complete": False}}
    assert read(tracker, 699.0, **unfinished) is None
    assert read(tracker, 700.0, **unfinished) is not None


def test_a_call_that_pages_report_too_early_as_ended_begins_its_processing_again() -> None:
    tracker = tracker_of("a", max_processing=600.0)
    tracker.observe_pages(pages_of(row("a", "completed")), 0.0)
    assert read(tracker, 1.0, status="in_progress") is None
    tracker.observe_pages(pages_of(row("a", "completed")), 500.0)
    unfinished = {"status": "completed", "session": {"processing_complete": False}}
    assert read(tracker, 700.0, **unfinished) is None


def test_updates_are_reported_once_for_every_status() -> None:
    seen: list[str] = []
    tracker = tracker_of("a", on_update=lambda call: seen.append(str(call.status)))
    for status in ("ringing", "ringing", "in_progress", "completed"):
        tracker.observe_pages(pages_of(row("a", status)), 0.0)
    read(tracker, **FINAL)
    assert seen == ["ringing", "in_progress", "completed"]


@pytest.mark.parametrize(
    ("status", "message"),
    [(None, "was not seen"), ("ringing", "is still ringing"), ("completed", "has ended, but its results")],
)
def test_a_call_that_is_not_over_in_time_says_how_far_it_was(status: str | None, message: str) -> None:
    tracker = tracker_of("a")
    tracker.observe_pages(pages_of(*([row("a", status)] if status else [])), 0.0)
    cause = vocobase.ServerError("x", status=500)
    (result,) = tracker.expire(cause)
    assert isinstance(result.error, vocobase.WaitTimeoutError)
    assert str(result.error).startswith(f"calls.wait_all: the call {message}")
    assert result.error.__cause__ is cause
    assert result.error.last is result.call
    assert tracker.calls == []


def test_a_call_that_is_known_to_have_failed_has_failed_when_the_time_is_over() -> None:
    tracker = tracker_of("a")
    tracker.observe_pages(pages_of(row("a", "failed", duration_seconds=5)), 0.0)
    (result,) = tracker.expire(None)
    assert isinstance(result.error, vocobase.CallFailedError)


@pytest.mark.parametrize("odd", [None, 5, ["a"], {}])
def test_rows_without_an_identifier_are_left_out_but_count_for_the_offset(odd: object) -> None:
    pages = pages_of(row(odd), row("a"))
    assert list(pages.rows) == ["a"]
    assert ids(pages.last_page) == ["a"]
    assert (pages.offset, pages.requests) == (2, 1)
