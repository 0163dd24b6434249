"""One way from a Python value to JSON: an error names the path of the part that has no JSON form."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import httpx
import pandas
import pytest

import vocobase
from vocobase import CallJob, Vocobase
from vocobase._base.json_form import json_fault, json_form
from vocobase._base.secrets import Secret
from vocobase._dialing.jobs import item_of

NUMBER = "+919876543210"


class Plan(Enum):
    GOLD = "gold"


def circular() -> dict[str, Any]:
    value: dict[str, Any] = {"name": "Asha"}
    value["self"] = {"again": value}
    return value


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


FAULTS = {
    "NaT": ({"due_date": pandas.NaT}, "variables.due_date is a missing time (NaT)"),
    "NaN": ({"score": float("nan")}, "variables.score is not a finite number"),
    "infinity": ({"score": [1.0, float("inf")]}, "variables.score[1] is not a finite number"),
    "decimal": ({"price": Decimal("1.5")}, "variables.price is of type Decimal, which JSON cannot express"),
    "set": ({"tags": {"a"}}, "variables.tags is of type set, which JSON cannot express"),
    "bytes": ({"raw": b"x"}, "variables.raw is of type bytes, which JSON cannot express"),
    "object": ({"when": object()}, "variables.when is of type object, which JSON cannot express"),
    "key": ({"by": {("a", 1): 2}}, "variables.by has a key of type tuple, not a string"),
    "surrogate": ({"name": "\ud800"}, "variables.name contains a character that UTF-8 cannot express"),
    "surrogate key": ({"a": {"\ud800": 1}}, "variables.a has a key that UTF-8 cannot express"),
    "digits": ({"n": 10**5000}, "variables.n has too many digits"),
    "circular": (circular(), "variables.self.again contains itself"),
}
GOOD = {
    "due": date(2026, 11, 28),
    "at": datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
    "plan": Plan.GOLD,
    "ids": [1, 2.5, None, True],
    "name": "आशा",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_start_names_the_path_and_sends_nothing(name: str) -> None:
    variables, fault = FAULTS[name]
    sent: list[httpx.Request] = []
    transport = httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(500))  # type: ignore[func-returns-value]
    with Vocobase("rg_live_x", transport=transport) as vb:
        with pytest.raises(vocobase.InvalidArgumentError) as caught:
            vb.calls.start("a", NUMBER, variables=variables)
    # The outermost mapping is copied, so the first that comes again is the next one.
    fault = fault.replace("again contains", "again.self contains")
    assert str(caught.value) == f"calls.start: {fault}; nothing was sent."
    assert not sent


@pytest.mark.parametrize("name", FAULTS)
def test_a_job_names_itself_and_the_path(name: str) -> None:
    variables, fault = FAULTS[name]
    with pytest.raises(vocobase.InvalidArgumentError) as caught:
        item_of(CallJob("a", NUMBER, variables=variables, key="order-7"), None, 17)
    assert str(caught.value) == f"calls.start_many: job 17 (key 'order-7'): {fault}."


@pytest.mark.parametrize("levels", [150, 5000])
def test_what_is_nested_too_deeply_is_rejected_in_one_short_line(levels: int) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=r"is nested too deeply\.$") as caught:
        json_form({"variables": deep(levels)}, "x")
    assert len(str(caught.value)) < 200


def test_a_start_and_a_job_take_the_same_values_in_the_same_form() -> None:
    bodies: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"success": True, "data": {"call_id": "c1", "status": "pending"}})

    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        vb.calls.start("a", NUMBER, variables=GOOD)
    _, payload = item_of(CallJob("a", NUMBER, variables=GOOD), None, 0)
    assert payload["variables"] == bodies[0]["variables"]
    assert payload["variables"]["due"] == "2026-11-28"
    assert json.loads(json.dumps(payload)) == payload


def test_a_message_never_shows_the_value() -> None:
    fault = json_fault({"token": Secret({"inner": Decimal("424242")})})
    assert fault == "token.inner is of type Decimal, which JSON cannot express"


def test_a_bare_value_is_called_the_value() -> None:
    assert json_fault(float("nan")) == "the value is not a finite number"
    assert json_fault({1: [object()]}) == "1[0] is of type object, which JSON cannot express"
    assert json_fault({("a",): 1}) == "the value has a key of type tuple, not a string"
    assert json_fault({"\ud800": 1}) == "the value has a key that UTF-8 cannot express"
