"""One way from a Python value to JSON: an error names the path of the part that has no JSON form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import httpx
import numpy
import pandas
import pytest

import vocobase
from vocobase import CallJob, Vocobase, contacts
from vocobase._base.json_form import json_fault, json_form
from vocobase._base.secrets import Secret
from vocobase._dialing.jobs import item_of
from vocobase.types import FunctionParameterInput

NUMBER = "+919876543210"


class Plan(Enum):
    GOLD = "gold"


class Odd(Enum):
    BAD = frozenset({"gold"})


def circular() -> dict[str, Any]:
    value: dict[str, Any] = {"name": "Asha"}
    value["self"] = {"again": value}
    return value


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


class Broken(Mapping[str, int]):
    """A lazy mapping whose source is gone."""

    def __getitem__(self, key: str) -> int:
        raise RuntimeError("gone")

    def __iter__(self) -> Iterator[str]:
        return iter(["a"])

    def __len__(self) -> int:
        return 1


FAULTS = {
    "NaT": ({"due_date": pandas.NaT}, "variables.due_date is a missing time (NaT)"),
    "NaN": ({"score": float("nan")}, "variables.score is not a finite number"),
    "infinity": ({"score": [1.0, float("inf")]}, "variables.score[1] is not a finite number"),
    "decimal": ({"price": Decimal("NaN")}, "variables.price is not a finite number"),
    "signalling decimal": ({"price": [Decimal("sNaN")]}, "variables.price[0] is not a finite number"),
    "duration": ({"for": timedelta(1)}, "variables.for is of type timedelta, which JSON cannot express"),
    "time of numpy": (
        {"at": numpy.datetime64("2026-05-01", "ns")},
        "variables.at is of type datetime64, which JSON cannot express",
    ),
    "missing time of numpy": (
        {"at": numpy.array(["NaT"], dtype="datetime64[s]")},
        "variables.at is of type ndarray, which JSON cannot express",
    ),
    "array": ({"scores": numpy.array([1.0, numpy.nan])}, "variables.scores[1] is not a finite number"),
    "same keys": ({"by": {1: "a", "1": "b"}}, "variables.by has two keys that JSON writes as '1'"),
    "same keys of variables": ({1: "a", "1": "b"}, "variables has two keys that JSON writes as '1'"),
    "same keys of any type": (
        {"a": [{"true": 1, True: 2}]},
        "variables.a[0] has two keys that JSON writes as 'true'",
    ),
    "same dates": (
        {"a": {date(2026, 5, 1): 1, "2026-05-01": 2}},
        "variables.a has two keys that JSON writes as '2026-05-01'",
    ),
    "set": ({"tags": {"a"}}, "variables.tags is of type set, which JSON cannot express"),
    "bytes": ({"raw": b"x"}, "variables.raw is of type bytes, which JSON cannot express"),
    "object": ({"when": object()}, "variables.when is of type object, which JSON cannot express"),
    "key": ({"by": {("a", 1): 2}}, "variables.by has a key of type tuple, not a string"),
    "NaN key": ({"by": {float("nan"): 1}}, "variables.by has a key that is not a finite number"),
    "infinite key": ({"by": [{-float("inf"): 1}]}, "variables.by[0] has a key that is not a finite number"),
    "enum": ({"plan": Odd.BAD}, "variables.plan is of type frozenset, which JSON cannot express"),
    "surrogate": ({"name": "\ud800"}, "variables.name contains a character that UTF-8 cannot express"),
    "surrogate key": (
        {"a": {"\ud800": 1}},
        "variables.a has a key that contains a character that UTF-8 cannot express",
    ),
    "digits key": ({"a": {10**5000: 1}}, "variables.a has a key that has too many digits"),
    "mapping that raises": ({"a": Broken()}, "variables.a cannot be read (RuntimeError)"),
    "digits": ({"n": 10**5000}, "variables.n has too many digits"),
    "circular": (circular(), "variables.self.again contains itself"),
}
GOOD = {
    "due": date(2026, 11, 28),
    "at": datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
    "plan": Plan.GOLD,
    "ids": [1, 2.5, None, True],
    "name": "आशा",
    "price": Decimal("1.50"),
    "order": UUID(int=7),
    "opens": time(9, 30),
    "closes": time(17, tzinfo=UTC),
    "local": datetime(2026, 11, 28, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    "seen": pandas.Timestamp("2026-05-01", tz="UTC"),
    "score": numpy.int64(7),
    "half": numpy.float64(0.5),
    "member": numpy.bool_(True),
    "tags": numpy.array(["a", "b"]),
    "day": numpy.datetime64("2026-05-01"),
    "by": {None: "b", True: "c", 2.5: "d", Plan.GOLD: "e", date(2026, 5, 1): "f", UUID(int=7): "g"},
}
FORMS = {
    "due": "2026-11-28",
    "at": "2026-11-28T09:30:00Z",
    "plan": "gold",
    "ids": [1, 2.5, None, True],
    "name": "आशा",
    "price": "1.50",
    "order": "00000000-0000-0000-0000-000000000007",
    "opens": "09:30:00",
    "closes": "17:00:00Z",
    "local": "2026-11-28T09:30:00+05:30",
    "seen": "2026-05-01T00:00:00Z",
    "score": 7,
    "half": 0.5,
    "member": True,
    "tags": ["a", "b"],
    "day": "2026-05-01",
    "by": {
        "true": "c",
        "null": "b",
        "2.5": "d",
        "gold": "e",
        "2026-05-01": "f",
        "00000000-0000-0000-0000-000000000007": "g",
    },
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


@pytest.mark.parametrize("levels", [99, 150, 5000])
@pytest.mark.parametrize(
    "wrap", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["lists", "mappings"]
)
def test_all_methods_accept_and_refuse_the_same_depth(levels: int, wrap: Any) -> None:
    value: Any = 1
    for _ in range(levels - 2):
        value = wrap(value)
    sent: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"success": True, "data": {"call_id": "c1", "session_id": "s1"}})

    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        for method in (
            lambda: vb.calls.start("a", NUMBER, variables={"x": value}),
            lambda: vb.sessions.start_webrtc("a", variables={"x": value}),
            lambda: vb.campaigns.add_contacts("c", [{"phone": NUMBER}, {"phone": NUMBER, "note": value}]),
            lambda: vb.request("POST", "/x", json=[{"x": value}]),
            lambda: item_of(CallJob("a", NUMBER, variables={"x": value}), None, 0),
        ):
            if levels < 100:
                method()
            else:
                with pytest.raises(vocobase.InvalidArgumentError, match="is nested too deeply"):
                    method()
    assert len(sent) == (4 if levels < 100 else 0)


def test_many_values_side_by_side_are_not_deep() -> None:
    sent: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"success": True, "data": {}})

    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        vb.request("POST", "/x", json=[{"at": datetime(2026, 11, 28, tzinfo=UTC), "plan": Plan.GOLD}] * 200)
    assert sent == [[{"at": "2026-11-28T00:00:00Z", "plan": "gold"}] * 200]


def test_a_request_takes_models_and_times() -> None:
    sent: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"success": True, "data": {}})

    function = FunctionParameterInput(name="city", type_="string")
    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        vb.request("POST", "/x", json={"on": date(2026, 11, 28), "in": function})
        function.additional_properties["when"] = [pandas.NaT]
        with pytest.raises(vocobase.InvalidArgumentError, match=r"in\.when\[0\] is a missing time"):
            vb.request("POST", "/x", json={"in": function})
        function.additional_properties["when"] = function
        with pytest.raises(vocobase.InvalidArgumentError, match="is nested too deeply"):
            vb.request("POST", "/x", json={"in": function})
    assert sent == [{"on": "2026-11-28", "in": {"name": "city", "type": "string"}}]


@pytest.mark.parametrize("name", FAULTS)
def test_a_list_of_contacts_refuses_what_a_start_refuses(name: str) -> None:
    variables, fault = FAULTS[name]
    if fault.endswith("(NaT)") or name in ("NaN", "array", "decimal"):
        # A table has no other way to leave a value out.
        [contact] = contacts.read([{"phone": NUMBER, "note": variables}])
        assert isinstance(contact, contacts.Contact)
        assert json.loads(json.dumps(contact.metadata, allow_nan=False)) == contact.metadata
        return
    [row] = contacts.read([{"phone": NUMBER, "note": variables}])
    assert isinstance(row, contacts.BadRow)
    assert row.reason == fault.replace("variables", "column 'note'", 1)


def test_requests_jobs_and_imports_take_the_same_values_in_the_same_form() -> None:
    bodies: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"success": True, "data": {"call_id": "c1", "session_id": "s1"}})

    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        vb.calls.start("a", NUMBER, variables=GOOD)
        vb.sessions.start_webrtc("a", variables=GOOD)
        vb.campaigns.add_contacts("c", [{"phone": NUMBER, "metadata": GOOD}])
        vb.request("POST", "/x", json={"variables": GOOD})
    _, payload = item_of(CallJob("a", NUMBER, variables=GOOD), None, 0)
    [contact] = contacts.read([{"phone": NUMBER, "metadata": GOOD}])
    assert isinstance(contact, contacts.Contact)
    start, session, added, custom = bodies
    for sent in (start["variables"], session["variables"], added["contacts"][0]["metadata"]):
        assert sent == FORMS
    assert payload["variables"] == custom["variables"] == contact.metadata == FORMS
    assert json.loads(json.dumps(payload)) == payload
    # Rows of a list have the values as columns.
    assert [*contacts.read([{"phone": NUMBER, "plan": GOOD}])] == [
        contacts.Contact(NUMBER, None, {"plan": FORMS})
    ]


def test_a_message_never_shows_the_value() -> None:
    fault = json_fault({"token": Secret({"inner": {"424242"}})})
    assert fault == "token.inner is of type set, which JSON cannot express"


def test_two_keys_that_are_one_are_found_wherever_they_are() -> None:
    function = FunctionParameterInput(name="city", type_="string")
    function.additional_properties = {1: "a", "1": "b"}  # type: ignore[dict-item]
    with Vocobase("rg_live_x", transport=httpx.MockTransport(lambda _: httpx.Response(500))) as vb:
        with pytest.raises(vocobase.InvalidArgumentError, match="in has two keys that JSON writes as '1'"):
            vb.request("POST", "/x", json={"in": function})
    assert json_fault({"a": vocobase.OMIT, "b": [{None: 1, "null": 2}]}) == (
        "b[0] has two keys that JSON writes as 'null'"
    )


def test_a_bare_value_is_called_the_value() -> None:
    assert json_fault(float("nan")) == "the value is not a finite number"
    assert json_fault({1: [object()]}) == "1[0] is of type object, which JSON cannot express"
    assert json_fault({("a",): 1}) == "the value has a key of type tuple, not a string"
    assert (
        json_fault({"\ud800": 1}) == "the value has a key that contains a character that UTF-8 cannot express"
    )


@pytest.mark.parametrize("value", [10**2000, -(10**1500), 10**4299])
def test_a_number_that_can_be_sent_can_be_kept(value: int) -> None:
    assert json_form({"n": value}, "x") == {"n": value}
    bodies: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"success": True, "data": {"call_id": "c1", "session_id": "s1"}})

    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        vb.calls.start("a", NUMBER, variables={"n": value})
    assert bodies[0]["variables"] == {"n": value}
