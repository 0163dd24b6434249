"""What users would otherwise write themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from vocobase._waiting.matches import is_started_call
from vocobase.types import Call

NUMBER = "+919876543210"


def test_a_call_without_a_time_may_be_the_one() -> None:
    call = Call.from_dict({"call_id": "c", "agent_id": "a", "to_number": NUMBER})
    assert is_started_call(call, "a", NUMBER, datetime.now(UTC))


def test_a_call_without_its_agent_may_be_the_one() -> None:
    call = Call.from_dict({"call_id": "c", "to_number": NUMBER})
    assert is_started_call(call, "a", NUMBER, datetime.now(UTC))
    other = Call.from_dict({"call_id": "c", "agent_id": "b", "to_number": NUMBER})
    assert not is_started_call(other, "a", NUMBER, datetime.now(UTC))


def test_a_number_that_comes_back_without_its_plus_is_the_same() -> None:
    call = Call.from_dict({"call_id": "c", "agent_id": "a", "to_number": NUMBER.removeprefix("+")})
    assert is_started_call(call, "a", NUMBER, datetime.now(UTC))
    assert not is_started_call(call, "a", "+919876543211", datetime.now(UTC))
