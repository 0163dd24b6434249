"""Tables: pages and models as rows with real types, and as data frames."""

from __future__ import annotations

import dataclasses
import pprint
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pandas
import pytest

from vocobase import Page, Vocobase
from vocobase_raw.models import (
    Agent,
    Call,
    CallDetails,
    Extraction,
    ExtractionKeyInput,
    TelephonyProviderStates,
    WebhookEndpoint,
)
from vocobase_raw.types import load_datetime
from vocobase_sandbox import Sandbox

STARTED = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
CALL = {
    "call_id": "c1",
    "status": "completed",
    "duration_seconds": 61,
    "started_at": "2026-11-28T09:30:00Z",
    "session": {
        "credits_used": 1.5,
        "transcript": [{"role": "user", "content": "Hello", "timestamp": "2026-11-28T09:30:00Z"}],
        "variables": {"name": "Asha", "visit": {"day": 1}},
        "latency": {"min_ms": 5},
    },
    "new": {"a": [1, {"b": 2}], "none": {}},
}


def test_a_model_gives_a_flat_row_with_real_types() -> None:
    row = CallDetails.from_dict(CALL).to_dict(flat=True)
    assert row["started_at"] == STARTED
    assert row["started_at"].tzinfo is UTC
    assert type(row["status"]) is str
    expected = {
        "call_id": "c1",
        "status": "completed",
        "duration_seconds": 61,
        "agent_id": None,
        "session.credits_used": 1.5,
        "session.variables.name": "Asha",
        "session.variables.visit.day": 1,
        "session.latency.min_ms": 5,
        "session.latency.avg_ms": None,
        "new.a": [1, {"b": 2}],
        "new.none": None,
    }
    assert {name: row[name] for name in expected} == expected
    assert row["session.transcript"] == [
        {"role": "user", "content": "Hello", "timestamp": STARTED, "latency_ms": None}
    ]
    assert not {"session", "session.variables", "session.latency", "new"} & row.keys()
    assert CallDetails.from_dict(CALL).to_dicts(flat=True) == [row]


def test_not_flat_is_the_json_object_that_came_in() -> None:
    call = CallDetails.from_dict(CALL)
    assert call.to_dict() == CALL
    assert call.to_dicts() == Page([call]).to_dicts() == [CALL]


def test_omitted_arguments_and_open_keys_are_members_too() -> None:
    assert ExtractionKeyInput(name="a").to_dict(flat=True) == {
        "name": "a",
        "type_": None,
        "description": None,
    }
    states = TelephonyProviderStates.from_dict({"twilio": {"configured": True}})
    assert states.to_dict(flat=True) == {"twilio.configured": True, "twilio.from_number": None}


def test_an_undocumented_member_does_not_replace_a_documented_one() -> None:
    agent = Agent.from_dict({"id": "a"})
    agent.additional_properties["id"] = "other"
    assert agent.to_dict(flat=True)["id"] == "a"


def test_a_page_has_no_column_for_a_member_with_columns_of_its_own() -> None:
    page = Page([CallDetails.from_dict(each) for each in (CALL, {"call_id": "c2", "session": None})])
    first, second = page.to_dicts(flat=True)
    assert "session" not in second
    assert second["call_id"] == "c2"
    assert first == page[0].to_dict(flat=True)
    assert Page([page[1]]).to_dicts(flat=True)[0]["session"] is None
    deep = Page([{"a": {"b": {"c": 1}}}, {"a": None, "d": 1}, {"a": {"b": None}}])
    assert deep.to_dicts(flat=True) == [{"a.b.c": 1}, {"d": 1}, {}]
    assert deep.to_dicts()[1] == {"a": None, "d": 1}


def test_a_page_is_the_data_of_a_frame() -> None:
    sandbox = Sandbox(seed=1, clock="manual")
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb:
        agent = vb.agents.create("A", "p", voice_id=vb.voices.find().id)
        assert pandas.DataFrame(vb.calls.list()).empty
        for number in ("+919876543210", "+919876543211"):
            vb.calls.start(agent.id, number, provider="twilio")
        calls = vb.calls.list()
        for frame in (pandas.DataFrame(calls), pandas.DataFrame(calls.to_dicts(flat=True))):
            assert list(frame["call_id"]) == [call.call_id for call in calls]
            assert str(frame["created_at"].dtype).startswith("datetime64[")
            assert str(frame["created_at"].dt.tz) == "UTC"
        assert list(pandas.DataFrame(list(vb.agents.iter()))["agent_name"]) == ["A"]


def test_a_frame_has_numbers_as_numbers() -> None:
    frame = pandas.DataFrame(Page([CallDetails.from_dict(CALL)]).to_dicts(flat=True))
    assert frame["session.credits_used"].dtype == "float64"
    assert frame["duration_seconds"].dtype == "int64"


def test_models_are_dataclasses_for_libraries_and_print_no_secret() -> None:
    endpoint = WebhookEndpoint.from_dict(
        {"id": "w", "secret": "whsec_canary" * 20, "url": "https://a.example"}
    )
    assert dataclasses.is_dataclass(endpoint)
    assert "id" in {field.name for field in dataclasses.fields(endpoint)}
    assert dataclasses.asdict(Call.from_dict({"call_id": "c", "status": "busy"}))["status"] == "busy"
    shown = pprint.pformat([endpoint] * 5)
    assert "canary" not in shown
    assert "WebhookEndpoint(id='w'" in shown


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-11-28T09:30:00Z", UTC),
        ("2026-11-28T09:30:00+00:00", UTC),
        ("2026-11-28T09:30:00", UTC),
        ("2026-11-28T24:00:00Z", UTC),
        ("2026-11-28T09Z", UTC),
        ("2026-11-28T15:00:00+05:30", timezone(timedelta(hours=5, minutes=30))),
        ("2026-11-28T24:00:00+05:30", timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_every_time_has_a_zone_of_the_standard_library(text: str, zone: timezone) -> None:
    agent = Agent.from_dict({"extraction_config": {"keys": [{"name": "at", "type": "datetime"}]}})
    typed: Any = Extraction.from_dict({"values": {"at": text}}).typed(agent)["at"]
    for moment in (typed, load_datetime(text)):
        assert type(moment.tzinfo) is timezone
        assert moment.tzinfo == zone
        assert (moment.tzinfo is UTC) == (zone is UTC)


def test_a_day_stays_a_day() -> None:
    agent = Agent.from_dict({"extraction_config": {"keys": [{"name": "day", "type": "date"}]}})
    assert Extraction.from_dict({"values": {"day": "2026-11-28"}}).typed(agent)["day"] == date(2026, 11, 28)
