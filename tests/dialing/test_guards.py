"""Guards: what they accept, and when they let a call begin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from vocobase import (
    CircuitBreaker,
    InvalidArgumentError,
    OptOut,
    PersonCap,
    Redial,
    SpendCap,
)
from vocobase._dialing.guards import (
    CallFigures,
    Halt,
    Hold,
    check_breaker,
    check_budget,
    spend_cap_of,
)
from vocobase._dialing.spending import cost_of


def figures(spent: str = "0", pending: int = 0, unpriced: int = 0, recent: Any = ()) -> CallFigures:
    return CallFigures(Decimal(spent), pending, unpriced, recent)


@pytest.mark.parametrize("wrong", [0, -5, float("nan"), float("inf"), 1e300, True, "500", [500], Decimal(-1)])
def test_a_budget_is_a_positive_amount(wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="must be a positive amount of rupees"):
        spend_cap_of(wrong)
    with pytest.raises(InvalidArgumentError, match="worst_case must be a positive amount of rupees"):
        SpendCap(500, wrong)


def test_a_number_is_a_budget_with_the_default_worst_case() -> None:
    assert spend_cap_of(500) == SpendCap(Decimal("500.00"), Decimal("46.00")) == SpendCap(500.0)
    assert spend_cap_of(None) is None
    assert spend_cap_of(SpendCap(5, 1)) == SpendCap(5, 1)


def test_equal_amounts_are_equal_settings_and_small_ones_stay_exact() -> None:
    assert SpendCap(500).to_json() == SpendCap(Decimal("500.0")).to_json()
    cap = SpendCap(Decimal("10.125"), Decimal("0.035"))
    assert SpendCap.from_json(cap.to_json()) == cap
    assert cap.worst_case == Decimal("0.035")


def test_a_budget_in_which_no_call_fits_is_refused() -> None:
    with pytest.raises(
        InvalidArgumentError, match=r"no call fits into 40\.00 rupees, .* 46\.00 \(worst_case\)"
    ):
        SpendCap(40)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"share": 0}, "share must be a number above 0, up to 1"),
        ({"share": 1.5}, "share must be"),
        ({"share": "half"}, "share must be"),
        ({"calls": 0}, "calls must be a whole number from 1 to 1000"),
        ({"calls": 1001}, "calls must be"),
        ({"calls": 2.5}, "calls must be"),
        ({"outcomes": ()}, "outcomes must be a list of names"),
        ({"outcomes": "failed"}, "outcomes must be"),
        ({"outcomes": ["failed", 5]}, "outcomes must be"),
    ],
)
def test_circuit_breakers_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentError, match=message):
        CircuitBreaker(**options)


@pytest.mark.parametrize("calls", [3, 10, 20, 100, 1000])
def test_a_share_is_reached_by_exactly_so_many_failures(calls: int) -> None:
    for failed in range(1, calls + 1):
        recent = [(float(number), "failed" if number < failed else "busy") for number in range(calls)]
        assert check_breaker(CircuitBreaker(failed / calls, calls), figures(recent=recent), 0.0) is not None
        less = [(0.0, "busy"), *recent[1:]]
        assert check_breaker(CircuitBreaker(failed / calls, calls), figures(recent=less), 0.0) is None


def test_outcomes_that_are_failures_may_be_written_in_any_case() -> None:
    breaker = CircuitBreaker(1, 1, ["Failed", "NO_ANSWER "])
    assert breaker.outcomes == ("failed", "no_answer")
    assert check_breaker(breaker, figures(recent=[(0.0, "no_answer")]), 0.0) is not None


def test_a_circuit_breaker_survives_a_ledger() -> None:
    breaker = CircuitBreaker(0.25, 8, ["failed"])
    assert CircuitBreaker.from_json(breaker.to_json()) == breaker


@pytest.mark.parametrize(
    "kind", [Redial, PersonCap, SpendCap, CircuitBreaker, OptOut], ids=lambda kind: kind.__name__
)
@pytest.mark.parametrize(
    "data", [None, 5, "text", [], {}, {"after": 5, "dials": "x", "rupees": "x", "share": {}}]
)
def test_what_is_not_the_json_form_of_a_policy_is_refused_in_one_line(kind: Any, data: Any) -> None:
    message = f"{kind.__name__}.from_json: this is not what to_json returned"
    with pytest.raises(InvalidArgumentError, match=message) as caught:
        kind.from_json(data)
    assert "\n" not in str(caught.value)


def test_a_call_begins_only_if_its_worst_case_fits() -> None:
    cap = SpendCap(100, 40)
    assert check_budget(cap, figures("60"), 1) is None
    assert check_budget(cap, figures("20", pending=1), 1) is None
    assert check_budget(cap, figures("20", unpriced=1), 1) is None
    assert check_budget(cap, figures("60", pending=1), 0) is None


def test_calls_that_are_pending_may_still_turn_out_cheaper() -> None:
    assert check_budget(SpendCap(100, 40), figures("0", pending=2), 1) == Hold()
    assert check_budget(SpendCap(100, 40), figures("0", pending=1, unpriced=1), 1) == Hold()


def test_a_list_stops_when_nothing_can_become_cheaper() -> None:
    reason = "101.50 of 100.00 rupees are spent, and the next call may cost 40.00"
    assert check_budget(SpendCap(100, 40), figures("61.50", unpriced=1), 1) == Halt("budget", reason)


def test_a_circuit_breaker_counts_the_last_calls() -> None:
    breaker = CircuitBreaker(0.5, 4)
    outcomes = ["completed", "failed", "busy", "blocked", "completed"]
    recent = list(enumerate(outcomes, start=1))
    tripped = Halt("circuit_breaker", "2 of the last 4 calls failed")
    assert check_breaker(breaker, figures(recent=recent), 0) == tripped
    assert check_breaker(breaker, figures(recent=recent[:3]), 0) is None, "too few calls"
    assert check_breaker(breaker, figures(recent=[*recent, (6, "completed")]), 0) is None
    assert check_breaker(breaker, figures(recent=recent), 3) is None, "only calls since it was resumed"


@pytest.mark.parametrize(
    ("result", "cost"),
    [
        ({"cost": "1.25", "outcome": "completed", "seconds": 10}, Decimal("1.25")),
        ({"cost": "0.50", "outcome": "busy"}, Decimal("0.50")),
        ({"outcome": "busy"}, Decimal(0)),
        ({"outcome": "blocked"}, Decimal(0)),
        ({"outcome": "no_answer", "seconds": 0}, Decimal(0)),
        ({"outcome": "completed", "seconds": 0}, Decimal(0)),
        ({"outcome": "completed", "seconds": 10}, None),
        ({"outcome": "failed", "seconds": 10}, None),
        ({"outcome": "completed"}, None),
        ({"outcome": "unheard_of"}, None),
        ({}, None),
    ],
)
def test_the_cost_of_a_call_is_known_or_follows_from_the_price_list(
    result: dict[str, Any], cost: Decimal | None
) -> None:
    assert cost_of(result) == cost
