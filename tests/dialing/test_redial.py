"""People are dialled again as the rules say, after the known outcome of the last attempt, and never otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import vocobase
from tests.dialing.world import START
from vocobase import PersonCap, Redial
from vocobase._dialing.attempts import UNKNOWN, Attempt
from vocobase._dialing.endings import Ending, ending_of
from vocobase._dialing.redial import call_back_fault, next_attempt
from vocobase_raw.models.call import Call
from vocobase_raw.models.session import Session

HOUR = timedelta(hours=1)
END = "2026-01-05T09:00:00Z"
NOW = START


def ended(extraction: dict[str, Any] | None) -> Attempt:
    return Attempt(1, NOW, "call", "completed", NOW, extraction=extraction)


@pytest.mark.parametrize(
    ("value", "due", "fault"),
    [
        ("2026-01-05T12:00:00Z", datetime(2026, 1, 5, 12, tzinfo=UTC), None),
        ("2026-01-05T12:00:00+05:30", None, "is not within 90 days after the call"),
        ("2026-01-05T23:00:00", datetime(2026, 1, 5, 17, 30, tzinfo=UTC), None),
        ("2027-01-05T12:00:00Z", None, "is not within 90 days after the call"),
        ("0001-01-01T00:00:00+14:00", None, "is not a time with a known zone"),
        ("at five", None, "is not a time with a known zone"),
        (17, None, "is not a time with a known zone"),
        (None, None, None),
    ],
)
def test_a_call_back_time_is_used_or_refused_with_a_reason(
    value: Any, due: datetime | None, fault: str | None
) -> None:
    rules, last, zone = Redial(call_back="at"), ended({"at": value}), ZoneInfo("Asia/Kolkata")
    assert next_attempt(rules, [last], zone) == due
    assert call_back_fault(rules, last, zone) == (fault and f"at {fault}")


def test_attempts_without_a_known_outcome_have_no_next_one() -> None:
    assert next_attempt(Redial(), [Attempt(1, NOW, "call")], None) is None
    assert next_attempt(Redial(), [Attempt(1, NOW, None, UNKNOWN, NOW)], None) is None


def test_an_attempt_survives_a_ledger() -> None:
    attempt = Attempt(1, NOW, "call", "busy", NOW, 1.5, Decimal("1.80"), {"at": 5}, "at is not a time")
    assert Attempt.from_json(attempt.to_json()) == attempt


def test_what_the_api_leaves_odd_becomes_an_end_that_a_ledger_can_keep() -> None:
    call = Call.from_dict(
        {"call_id": "c", "session_id": "s", "status": "completed", "disposition": None, "ended_at": "soon"}
    )
    members = {"ended_at": "2026-01-05T09:00:00Z", "credits_used": "much", "duration_seconds": True}
    for extraction in (None, "none", {"values": None}, {"values": {"sum": float("nan")}}):
        session = Session.from_dict({**members, "extraction": extraction})
        session.additional_properties["processing_complete"] = True
        assert ending_of(call, session, 0.0, 1000.0) == Ending("completed", 1000.0)
    complete = Session.from_dict({**members, "extraction": {"values": {"paid": True}}, "credits_used": 1.8})
    found = ending_of(call, complete, 0.0, 1000.0)
    assert found is None, "its end is not known, so neither is whether it was processed"


def test_a_negative_amount_does_not_refund_a_budget() -> None:
    call = Call.from_dict({"call_id": "c", "session_id": "s", "status": "completed", "ended_at": END})
    for charged, cost in ((-50, None), (0, "0"), (1.8, "1.8")):
        session = Session.from_dict({"credits_used": charged, "duration_seconds": 30.0})
        session.additional_properties["processing_complete"] = True
        found = ending_of(call, session, 0.0, START.timestamp() + 10_000)
        assert found is not None
        assert found.cost == cost


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PersonCap(1, days=10**9), r"PersonCap: days must be a positive number up to 36,500"),
        (lambda: PersonCap(0), r"PersonCap: dials must be at least 1"),
        (lambda: Redial(after={5: HOUR}), r"Redial: an outcome in after must be a text"),  # type: ignore[dict-item]
        (lambda: Redial(0), r"Redial: max_attempts must be a number from 1 to 20"),
        (lambda: Redial(after={"busy": timedelta(0)}), r"a delay outside 1 minute to 90 days"),
        (lambda: Redial(after={"busy": 5}), r"must be a timedelta, or a list of them"),  # type: ignore[dict-item]
        (lambda: Redial(after=5), r"after must map outcomes to delays"),  # type: ignore[arg-type]
        (lambda: Redial(call_back=""), r"call_back must be the name of an extraction key"),
        (
            lambda: Redial(after={"busy": HOUR, "Busy": HOUR}),
            r"after has an outcome twice, in different case",
        ),
        (lambda: Redial(after={"Unknown": HOUR}), r"'Unknown'; .* is parked, and never redialled"),
        (lambda: PersonCap(1001), r"PersonCap: dials must be at most 1,000; a ledger keeps no more"),
    ],
)
def test_absurd_rules_are_refused_in_one_line(make: Callable[[], object], message: str) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=message) as raised:
        make()
    assert "\n" not in str(raised.value)
