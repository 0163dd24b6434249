"""Bodies become typed events."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vocobase.types import AnsweredBy, CallDisposition, CallStatus, ExtractionStatus, TranscriptRole
from vocobase.webhooks import CompletedCall, SessionCompleted, UnknownEvent, parse

from .support import DATA, NOW, encode, reason


def completed(**changes: Any) -> SessionCompleted:
    event = parse(encode(**changes))
    assert isinstance(event, SessionCompleted)
    return event


def test_every_documented_member_is_an_attribute() -> None:
    event = completed()
    assert (event.event, event.timestamp) == ("session.completed", NOW)
    assert (event.session_id, event.agent_id) == (DATA["session_id"], DATA["agent_id"])
    assert (event.agent_name, event.duration_seconds, event.credits_used) == ("Sales Assistant", 42.5, 3.75)
    assert event.processing_complete is True
    assert event.pipeline_completed_at == NOW - timedelta(seconds=1.5)
    assert event.recording_url == DATA["recording_url"]
    assert event.variables == {"name": "Asha"}
    assert event.latency is None


def test_the_transcript_is_typed() -> None:
    bot, user = completed().transcript
    assert (bot.role, bot.content) == (TranscriptRole.BOT, "Hello, this is Asha.")
    assert bot.timestamp == datetime(2026, 5, 4, 12, 29, tzinfo=UTC)
    assert (user.role, user.content, user.latency_ms) == (TranscriptRole.USER, "नमस्ते", None)


def test_the_call_is_typed() -> None:
    call = completed().call
    assert isinstance(call, CompletedCall)
    assert (call.call_id, call.from_number, call.to_number) == (
        DATA["call"]["call_id"],
        "+911140000000",
        "+919876543210",
    )
    assert (call.status, call.disposition) == (CallStatus.COMPLETED, CallDisposition.COMPLETED)
    assert (call.direction, call.answered_by) == ("outbound", AnsweredBy.HUMAN)


@pytest.mark.parametrize(
    ("given", "known"), [("twilio", True), ("carrier_added_later", False), (None, None), (7, None)]
)
def test_the_carrier_of_the_call_is_open_and_may_be_absent(given: object, known: bool | None) -> None:
    call = completed(call={**DATA["call"], "provider": given}).call
    assert call is not None
    assert (call.provider and call.provider.is_known) is known
    absent = completed(call={"call_id": "c1"}).call
    assert absent is not None and absent.provider is None


def test_further_members_of_the_extraction_are_kept() -> None:
    run = {"model": "m", "extractedAt": "2026-05-04T12:30:00Z", "attempts": 1, "cost": 2}
    extraction = completed(extraction={"status": "failed", "values": {}, **run}).extraction
    assert extraction is not None and extraction.status == ExtractionStatus.FAILED
    assert extraction.additional_properties == run


def test_the_extraction_is_typed() -> None:
    extraction = completed().extraction
    assert extraction is not None
    assert (extraction.status, extraction.values) == (ExtractionStatus.SUCCESS, {"budget": 500, "city": None})


def test_older_payloads_have_latency() -> None:
    latency = completed(latency={"min_ms": 1, "max_ms": 9, "avg_ms": 5}).latency
    assert latency is not None and (latency.min_ms, latency.max_ms, latency.avg_ms) == (1, 9, 5)


def test_a_browser_session_has_no_call() -> None:
    assert completed(call=None).call is None


def test_values_of_the_future_survive() -> None:
    event = completed(
        call={"direction": "inbound", "status": "parked", "transfer": {"to": "+1"}}, mood="good"
    )
    assert event.call is not None and event.call.direction == "inbound"
    assert event.call.direction is not None and not event.call.direction.is_known
    assert event.call.status == "parked"
    assert event.call.raw["transfer"] == {"to": "+1"}
    assert event.raw["data"]["mood"] == "good"


def test_only_the_session_id_is_needed() -> None:
    event = parse(b'{"event":"session.completed","data":{"session_id":"s"}}')
    assert isinstance(event, SessionCompleted)
    assert event.session_id == "s"
    assert (event.timestamp, event.agent_id, event.duration_seconds, event.call) == (None, None, None, None)
    assert (event.transcript, event.variables) == ([], {})


@pytest.mark.parametrize("odd", [False, "text", [1, None, "x"], {"a": 1}, 7])
def test_members_of_the_wrong_type_are_none_and_stay_in_raw(odd: Any) -> None:
    names = [name for name in DATA if name != "session_id"]
    event = completed(**dict.fromkeys(names, odd), latency=odd)
    assert all(event.raw["data"][name] == odd for name in names)
    assert event.agent_id == (odd if isinstance(odd, str) else None)
    assert event.duration_seconds == (odd if odd == 7 else None)
    assert event.processing_complete is (odd if odd is False else None)
    assert event.pipeline_completed_at is None
    assert event.variables == (odd if isinstance(odd, dict) else {})
    assert event.transcript == []
    for nested in (event.call, event.extraction, event.latency):
        assert (nested is not None) == isinstance(odd, dict)


@pytest.mark.parametrize("number", [10**400, -(10**400), float("nan"), float("inf")])
def test_numbers_beyond_every_float_are_none(number: float) -> None:
    body = {"event": "session.completed", "data": {"session_id": "s", "duration_seconds": number}}
    assert SessionCompleted.from_dict(body).duration_seconds is None


def test_times_without_a_zone_are_utc() -> None:
    event = completed(pipeline_completed_at="2026-05-04T12:30:00")
    assert event.pipeline_completed_at == NOW


def test_other_events_are_kept_as_unknown() -> None:
    event = parse(encode("session.started"))
    assert isinstance(event, UnknownEvent)
    assert event.event == "session.started" and event.data == event.raw["data"]
    assert event.to_dict() == event.raw


@pytest.mark.parametrize("body", [b"{}", b'{"event":null,"data":[]}', b'{"event":{"a":1}}'])
def test_objects_that_name_no_event_are_unknown_events(body: bytes) -> None:
    event = parse(body)
    assert isinstance(event, UnknownEvent)
    assert (event.event, event.data) == ("", {})


@pytest.mark.parametrize(
    "data", [None, [], "x", {}, {"session_id": None}, {"session_id": ""}, {"session_id": 5}]
)
def test_a_completed_session_without_its_identifier_is_refused(data: Any) -> None:
    body = json.dumps({"event": "session.completed", "data": data}).encode()
    assert reason(parse, body) == "bad-body"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"5",
        b"{",
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b"\xff{}",
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"{}\x00",
        b'{"a":"\x00"}',
        b"[" * 1_000_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
    ],
    ids=range(19),
)
def test_a_body_that_is_not_a_json_object_is_refused(body: bytes) -> None:
    assert reason(parse, body) == "bad-body"


def test_nesting_that_a_payload_could_have_is_accepted() -> None:
    depth = 63
    event = parse(b'{"a":' + b"[" * depth + b"]" * depth + b"}")
    assert pickle.loads(pickle.dumps(event)) == event


def test_to_dict_returns_an_independent_copy_of_the_body() -> None:
    event = completed()
    copy = event.to_dict()
    assert copy == json.loads(encode())
    copy["data"]["variables"]["name"] = "changed"
    assert event.raw["data"]["variables"] == {"name": "Asha"}


def test_events_can_be_put_into_a_queue() -> None:
    for event in (completed(), parse(encode("session.started"))):
        assert pickle.loads(pickle.dumps(event)) == event


def test_a_repr_shows_neither_transcript_nor_numbers_nor_links() -> None:
    text = repr(completed())
    assert DATA["session_id"] in text and "Sales Assistant" in text
    for hidden in ("Hello", "+91", "https://", "budget", "variables"):
        assert hidden not in text
