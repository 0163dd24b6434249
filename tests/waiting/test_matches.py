"""Recognizing the call of a start whose outcome is unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vocobase._waiting.matches import CLOCK_SKEW, is_started_call, was_created_after, was_created_before
from vocobase.types import Call

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def call(**members: Any) -> Call:
    row = {"call_id": "c", "agent_id": "a", "to_number": "+919876543210", "created_at": SINCE.isoformat()}
    return Call.from_dict({**row, **members})


@pytest.mark.parametrize(
    ("members", "matches"),
    [
        ({}, True),
        ({"agent_id": None}, True),
        ({"to_number": "919876543210"}, True),
        ({"agent_id": "b"}, False),
        ({"to_number": "+919876543211"}, False),
        ({"created_at": (SINCE - CLOCK_SKEW).isoformat()}, True),
        ({"created_at": (SINCE - CLOCK_SKEW - SECOND).isoformat()}, False),
        ({"created_at": None, "started_at": "yesterday"}, True),
    ],
    ids=repr,
)
def test_a_call_matches_by_agent_number_and_time(members: dict[str, Any], matches: bool) -> None:
    assert is_started_call(call(**members), "a", "+919876543210", SINCE) is matches


def test_a_call_is_too_old_or_too_new_only_beyond_the_difference_of_clocks() -> None:
    for difference, certain in ((CLOCK_SKEW, False), (CLOCK_SKEW + SECOND, True)):
        assert was_created_before(call(created_at=(SINCE - difference).isoformat()), SINCE) is certain
        assert was_created_after(call(created_at=(SINCE + difference).isoformat()), SINCE) is certain
    unknown = call(created_at=None)
    assert not was_created_before(unknown, SINCE)
    assert not was_created_after(unknown, SINCE)
