"""Extraction values as the types that the agent's config gives them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocobase import Vocobase
from vocobase.types import Agent, Extraction, ExtractionRun
from vocobase_sandbox import Sandbox

INDIA = timezone(timedelta(hours=5, minutes=30))


def agent(**types: str | None) -> Agent:
    keys = [{"name": name, "type": kind} for name, kind in types.items()]
    return Agent.from_dict({"id": "a", "extraction_config": {"prompt": "p", "keys": keys}})


def typed(kind: str | None, value: Any) -> Any:
    found = Extraction.from_dict({"status": "success", "values": {"x": value}}).typed(agent(x=kind))
    return ("unreadable", found.unreadable["x"]) if found.unreadable else found["x"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", "blue", "blue"),
        ("string", 7, "7"),
        (None, "no type means string", "no type means string"),
        ("number", 2, 2.0),
        ("number", "2.5", 2.5),
        ("integer", 7, 7),
        ("integer", 7.0, 7),
        ("integer", "9007199254740993", 9007199254740993),
        ("integer", "12.0", 12),
        ("integer", "9007199254740993.0", 9007199254740993),
        ("integer", "1e23", 10**23),
        ("integer", " +7 ", 7),
        ("integer", "-7", -7),
        ("INTEGER", "7", 7),
        ("boolean", True, True),
        ("boolean", "No", False),
        ("array", ["a", "b"], ["a", "b"]),
        ("date", "2026-11-23", date(2026, 11, 23)),
        ("date", "20261123", date(2026, 11, 23)),
        ("date", "2026-W47-1", date(2026, 11, 16)),
        ("date", "2026W471", date(2026, 11, 16)),
        ("date", "2026-11-23T10:00:00Z", date(2026, 11, 23)),
        ("datetime", "2026-11-23T10:00:00Z", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("datetime", "2026-11-23T10:00+05:30", datetime(2026, 11, 23, 10, tzinfo=INDIA)),
        ("datetime", "2026-11-23T10:00:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("datetime", "2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("a type of tomorrow", {"kept": 1}, {"kept": 1}),
        ("integer", None, None),
    ],
)
def test_a_value_gets_the_type_of_its_key(kind: str | None, value: Any, expected: Any) -> None:
    found = typed(kind, value)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", ["a"]),
        ("number", "many"),
        ("number", True),
        ("number", float("nan")),
        ("number", "1e999"),
        ("integer", 7.5),
        ("integer", "7.5"),
        ("integer", True),
        ("integer", "1_000"),
        ("integer", "--7"),
        ("integer", "1e999999999"),
        ("integer", "1e-99999999999999999999"),
        ("integer", "1,000"),
        ("integer", "²"),
        ("number", "1_000"),
        ("number", "1,000"),
        ("number", "₹500"),
        ("boolean", "perhaps"),
        ("boolean", 2),
        ("array", "a, b"),
        ("date", "next Tuesday"),
        ("date", "2026-11"),
        ("date", "2026-W47"),
        ("datetime", "2026W47T10:00"),
        ("date", "04/05/2026"),
        ("date", "04-05-2026"),
        ("datetime", "10:00"),
        ("datetime", "2026-11T10:00"),
        ("date", "23/11/2026"),
        ("date", 20261123),
        ("datetime", "2026-02-30T10:00:00Z"),
        ("datetime", ""),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_none_and_kept_beside(kind: str, value: Any) -> None:
    what, original = typed(kind, value)
    assert what == "unreadable"
    assert original is value


def test_every_key_has_a_value_and_values_without_a_key_stay() -> None:
    extraction = Extraction.from_dict({"status": "success", "values": {"extra": "1", "n": "5"}})
    found = extraction.typed(agent(n="integer", missing="date"))
    assert found == {"extra": "1", "n": 5, "missing": None}
    assert found.unreadable == {}
    assert extraction.values == {"extra": "1", "n": "5"}, "the extraction itself does not change"


@pytest.mark.parametrize(
    "config",
    [None, {}, "text", {"keys": None}, {"keys": []}, {"keys": {}}, {"keys": [None, "x", {}, {"name": 5}]}],
)
def test_an_agent_without_a_config_leaves_the_values_as_they_are(config: Any) -> None:
    bare = Agent.from_dict({"id": "a", "extraction_config": config})
    assert Extraction.from_dict({"values": {"n": "5"}}).typed(bare) == {"n": "5"}
    for values in (None, "text", ["x"], 5):
        assert ExtractionRun.from_dict({"status": "skipped", "values": values}).typed(bare) == {}


@given(st.sampled_from(["string", "number", "integer", "boolean", "array", "date", "datetime"]), st.data())
def test_no_value_raises(kind: str, data: st.DataObject) -> None:
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    value = data.draw(leaves | st.lists(leaves, max_size=3) | st.dictionaries(st.text(), leaves, max_size=3))
    typed(kind, value)


def test_the_extraction_of_a_call_is_typed_by_its_agent(sandbox: Sandbox, vb: Vocobase) -> None:
    made = vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id)
    keys = [
        {"name": "visit", "type": "datetime"},
        {"name": "day", "type": "date"},
        {"name": "said", "type": "array"},
    ]
    configured = vb.agents.update(made.id, extraction_config={"prompt": "Find the visit.", "keys": keys})
    call = vb.calls.start(made.id, "+919876543210", provider="twilio")
    sandbox.clock.advance(600)
    session = vb.sessions.get(call.session_id)
    assert session.extraction is not None
    found = session.extraction.typed(configured)
    assert found["visit"].utcoffset() == timedelta(0)
    assert found["visit"].date() == found["day"]
    assert isinstance(found["said"], list)
    again = vb.calls.extract(call.call_id, dry_run=True).extraction.typed(configured)
    assert set(again) == {"visit", "day", "said"}
