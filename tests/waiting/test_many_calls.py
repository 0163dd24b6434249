"""Sessions are read only for calls whose processing is likely to be over."""

from __future__ import annotations

import math

from tests.waiting.rows import ended, rows, unprocessed
from vocobase._policy.cadence import MAX_PROCESSING_SECONDS, SESSION_FINAL_SECONDS
from vocobase._policy.pages import Page
from vocobase._waiting.tracking import CallPages, CallTracker
from vocobase.types import Call, CallDetails, Session


def test_a_call_that_was_shown_unprocessed_is_finished_by_its_call_only() -> None:
    tracker = CallTracker("calls.wait_all")
    tracker.add(["c0"])
    pages = CallPages(is_complete=True)
    pages.add(Page([Call.from_dict(row) for row in rows(1)]))
    tracker.observe_pages(pages, 0.0)
    assert tracker.next_session_read() == (tracker.calls[0], SESSION_FINAL_SECONDS)
    (tracked,) = tracker.calls
    assert tracker.observe_details(tracked, CallDetails.from_dict(unprocessed("c0")), 5.0) is None
    assert tracker.next_session_read() is None
    assert tracked.session_after == math.inf


def test_one_call_that_hangs_delays_the_others_by_ten_minutes_at_most() -> None:
    tracker = CallTracker("calls.wait_all")
    tracker.add(["c0", "c1"])
    pages = CallPages(is_complete=True)
    pages.add(Page([Call.from_dict(row) for row in rows(2)]))
    tracker.observe_pages(pages, 0.0)
    hanging, other = tracker.calls
    for now in (100.0, 1000.0, 10_000.0):
        tracker.observe_details(hanging, CallDetails.from_dict({**rows(1)[0], **unprocessed("c0")}), now)
    assert tracker.next_session_read() == (other, MAX_PROCESSING_SECONDS)
    result = tracker.observe_session(other, Session.from_dict(ended("s1")), 700.0)
    assert result is not None
    assert result.unwrap().session.processing_complete is True
