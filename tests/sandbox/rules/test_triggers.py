"""A made-up event is delivered like a real one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rules.test_webhooks import verify
from tests.sandbox.support import Api

EVENT = "session.completed"


def test_an_event_is_signed_and_delivered_at_once(api: Api) -> None:
    secret = api.webhook()["secret"]
    agent = api.agent()
    sent = api.sandbox.trigger(EVENT, agent_id=agent["id"], call={"to_number": "+447700900150"})
    delivery = api.receiver.received[0]
    assert verify(delivery, secret) and delivery.event == sent
    data = sent["data"]
    assert (data["agent_id"], data["agent_name"]) == (agent["id"], agent["agent_name"])
    assert data["call"]["to_number"] == "+447700900150" and data["call"]["disposition"] == "completed"
    assert data["transcript"] and data["credits_used"] > 0 and data["processing_complete"] is True
    api.fails(404, "GET", f"/sessions/{data['session_id']}")
    assert api.sandbox.trigger(EVENT)["data"]["session_id"] != data["session_id"]


def test_the_disposition_decides_the_rest(api: Api) -> None:
    api.webhook()
    data = api.sandbox.trigger(EVENT, call={"disposition": "busy"})["data"]
    assert (data["duration_seconds"], data["transcript"], data["credits_used"]) == (0, [], 0)
    assert (data["call"]["status"], data["call"]["answered_by"]) == ("busy", "not_answered")
    data = api.sandbox.trigger(EVENT, call={"disposition": "voicemail"})["data"]
    assert data["call"]["answered_by"] == "machine" and len(data["transcript"]) == 1


def test_every_field_can_be_replaced(api: Api) -> None:
    api.webhook()
    given: dict[str, Any] = {
        "session_id": "5b0c0de0-0000-4000-8000-00000000abcd",
        "duration_seconds": 61,
        "variables": {"name": "Asha"},
        "extraction": {"status": "success", "values": {"mood": "glad"}},
    }
    data = api.sandbox.trigger(EVENT, **given)["data"]
    assert {name: data[name] for name in given} == given and data["credits_used"] == 4.5
    assert "call" not in api.sandbox.trigger(EVENT, call=None)["data"]
    assert api.receiver.received[1].event["data"]["agent_name"] == "Made-up agent"


def test_a_bad_trigger_gives_one_clear_line(api: Api) -> None:
    with pytest.raises(
        ValueError, match="no enabled webhook endpoint; create one with POST /config/webhooks"
    ):
        api.sandbox.trigger(EVENT)
    api.webhook()
    with pytest.raises(ValueError, match=r"no event 'session.complete'; did you mean session.completed\?"):
        api.sandbox.trigger("session.complete")
    bad: list[tuple[dict[str, Any], str]] = [
        ({"agent": "x"}, "no field 'agent'; did you mean agent_id"),
        ({"zzz": 1}, "no field 'zzz'; choose one of: session_id"),
        ({"call": {"dispositon": "busy"}}, "no field of call 'dispositon'; did you mean disposition"),
        ({"call": 3}, "call must be a mapping of fields or None, not 3"),
        ({"variables": {1, 2}}, "variables: a value of type set cannot be used"),
    ]
    for overrides, message in bad:
        with pytest.raises(ValueError, match=message):
            api.sandbox.trigger(EVENT, **overrides)
    assert api.receiver.received == []
