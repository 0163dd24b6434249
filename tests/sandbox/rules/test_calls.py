"""Phone calls on the clock: states, outcomes, transcripts, recordings, bills."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable

import pytest

from tests.sandbox.support import PRO_VOICE, Api
from vocobase_sandbox.rules import calls
from vocobase_sandbox.rules.billing import cost_paise


def test_a_call_goes_through_the_documented_states(api: Api) -> None:
    call = api.call(api.agent()["id"])
    assert call["status"] == "pending"
    seen = ["pending"]
    for _ in range(400):
        api.advance(0.01)
        state = api.ok("GET", f"/calls/{call['call_id']}")
        if state["status"] != seen[-1]:
            seen.append(state["status"])
            assert (state["session"] is None) == (state["status"] in ("pending", "ringing"))
        if state["status"] == "completed":
            break
    assert seen == ["pending", "ringing", "in_progress", "completed"]
    assert state["session"]["processing_complete"] is False
    api.advance(1)
    done = api.ok("GET", f"/calls/{call['call_id']}")
    assert done["session"]["processing_complete"] is True and done["session"]["pipeline_completed_at"]
    assert done["created_at"] <= done["started_at"] < done["ended_at"]


OUTCOMES = [
    ("+12025550100", "completed", "completed", "human"),
    ("+12025550101", "busy", "busy", "not_answered"),
    ("+12025550102", "no_answer", "no_answer", "not_answered"),
    ("+12025550103", "completed", "voicemail", "machine"),
    ("+12025550104", "failed", "failed", "not_answered"),
    ("+12025550105", "failed", "blocked", "not_answered"),
    ("+12025550106", "completed", "completed", "human"),
    ("+12025550107", "completed", "user_hangup_no_speech", "human"),
    ("+12025550108", "canceled", "canceled", "not_answered"),
    ("+447700900101", "busy", "busy", "not_answered"),
    ("+919876543210", "completed", "completed", "human"),
]


@pytest.mark.parametrize(("number", "status", "disposition", "answered_by"), OUTCOMES)
def test_magic_numbers_choose_the_outcome(
    api: Api, number: str, status: str, disposition: str, answered_by: str
) -> None:
    api.webhook()
    call = api.call(api.agent(enable_recording=True)["id"], number)
    api.advance(60)
    done = api.ok("GET", f"/calls/{call['call_id']}")
    assert (done["status"], done["disposition"], done["answered_by"]) == (status, disposition, answered_by)
    connected = status == "completed"
    assert bool(done["duration_seconds"]) == connected == bool(done["session"]["transcript"])
    assert bool(done["session"]["credits_used"]) == connected == bool(done["session"]["recording_url"])
    assert (done["error_message"] is None) == connected
    event = api.receiver.received[0].event["data"]
    assert event["call"]["status"] == status and event["call"]["disposition"] == disposition


def test_a_slow_callee_rings_longer(api: Api) -> None:
    call = api.call(api.agent()["id"], "+12025550106")
    api.advance(4.5)
    assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "ringing"
    api.advance(1)
    assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "in_progress"


def test_a_silent_callee_leaves_only_the_words_of_the_bot(api: Api) -> None:
    call = api.call(api.agent(intro_message="Hi there")["id"], "+12025550107")
    api.advance(60)
    transcript = api.ok("GET", f"/sessions/{call['session_id']}")["transcript"]
    assert [(turn["role"], turn["content"]) for turn in transcript] == [("bot", "Hi there")]


def test_a_machine_gets_the_voicemail_message(api: Api) -> None:
    call = api.call(api.agent(voicemail_message="Call us back.")["id"], "+12025550103")
    api.advance(60)
    transcript = api.ok("GET", f"/sessions/{call['session_id']}")["transcript"]
    assert [turn["content"] for turn in transcript] == ["Call us back."]


def test_the_duration_limit_ends_a_long_call_with_warning_and_farewell(api: Api) -> None:
    agent = api.agent(max_call_duration_secs=60, end_call_message="Time is up.")
    call = api.call(agent["id"], "+12025550109")
    api.advance(60)
    done = api.ok("GET", f"/calls/{call['call_id']}")
    said = [turn["content"] for turn in done["session"]["transcript"]]
    assert said[-1] == "Time is up." and any("thirty seconds" in line for line in said)
    assert 30 < done["duration_seconds"] <= 60


def test_placeholders_take_the_variables_and_missing_ones_become_empty(api: Api) -> None:
    agent = api.agent(
        intro_message="Hi {{ name }}, {{missing}}!",
        prompt="Order {{count}} shipped: {{done}}. More.",
        variables=["name", "count", "done", "missing"],
    )
    given = {"name": "Asha", "count": 3, "done": True}
    call = api.call(agent["id"], variables=given)
    api.advance(60)
    session = api.ok("GET", f"/sessions/{call['session_id']}")
    said = [turn["content"] for turn in session["transcript"]]
    assert said[0] == "Hi Asha, !"
    assert "Order 3 shipped: true." in said[2]
    assert session["variables"] == given


def test_only_declared_variables_are_accepted(api: Api) -> None:
    agent = api.agent(variables=["name"])
    body = {"agent_id": agent["id"], "to_number": "+919876543210", "variables": {"nmae": "x"}}
    assert "nmae" in api.fails(400, "POST", "/calls/start", body)["message"]


def test_recordings_are_playable_and_links_last_seven_days(api: Api) -> None:
    call = api.call(api.agent(enable_recording=True)["id"])
    api.advance(60)
    done = api.ok("GET", f"/calls/{call['call_id']}")
    sound = api.bare.get(done["session"]["recording_url"])
    with wave.open(io.BytesIO(sound.content)) as file:
        assert file.getnframes() / file.getframerate() == done["duration_seconds"]
        assert any(file.readframes(8000))
    link = api.ok("GET", f"/calls/{call['call_id']}/recording-url")["recording_url"]
    api.advance(7 * 24 * 3600)
    assert api.bare.get(link).status_code == 403
    fresh = api.ok("GET", f"/calls/{call['call_id']}/recording-url")["recording_url"]
    assert api.bare.get(fresh).status_code == 200


def test_without_recording_there_is_no_link(api: Api) -> None:
    call = api.call(api.agent()["id"])
    api.advance(60)
    assert api.ok("GET", f"/sessions/{call['session_id']}")["recording_url"] is None
    assert api.fails(404, "GET", f"/calls/{call['call_id']}/recording-url")["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("seconds", "cost"),
    [(0, 0), (1, 90), (14, 90), (15, 90), (19, 180), (30, 180), (60, 360), (61, 450), (300, 1800)],
)
def test_prices_follow_the_documented_table(seconds: int, cost: int) -> None:
    assert cost_paise(seconds, "va-1") == cost


def test_the_voice_sets_the_price_and_the_balance_runs_out(build: Callable[..., Api]) -> None:
    api = build(balance=2.0)
    agent = api.agent(voice_id=PRO_VOICE)
    call = api.call(agent["id"])
    api.advance(60)
    done = api.ok("GET", f"/calls/{call['call_id']}")
    assert done["session"]["credits_used"] == round(-(-done["duration_seconds"] // 15) * 1.15, 2)
    body = {"agent_id": agent["id"], "to_number": "+919876543210"}
    assert api.fails(403, "POST", "/calls/start", body)["code"] == "FORBIDDEN"
    assert api.fails(403, "POST", "/sessions/webrtc", {"agent_id": agent["id"]})["code"] == "FORBIDDEN"


def test_live_calls_are_limited_and_dismissing_frees_slots(api: Api) -> None:
    agent = api.agent()
    calls = [api.call(agent["id"], "+12025550110") for _ in range(5)]
    assert api.ok("GET", "/calls/concurrency") == {
        "limit": 5,
        "limit_source": "default",
        "active": 5,
        "remaining": 0,
        "statuses_counted": ["PENDING", "RINGING", "IN_PROGRESS"],
    }
    body = {"agent_id": agent["id"], "to_number": "+919876543210"}
    assert api.fails(429, "POST", "/calls/start", body)["code"] == "LIMIT_REACHED"
    api.advance(3600)
    assert api.ok("GET", f"/calls/{calls[0]['call_id']}")["status"] == "ringing"
    assert "5" in api.ok("POST", "/calls/dismiss-stale")["message"]
    assert api.ok("GET", f"/calls/{calls[0]['call_id']}")["status"] == "canceled"
    assert api.ok("GET", "/calls/concurrency")["remaining"] == 5


@pytest.mark.parametrize(
    ("override", "limit", "source"), [(2, 2, "partner"), (0, None, "partner"), (None, 5, "default")]
)
def test_a_partner_override_sets_or_removes_the_limit(
    build: Callable[..., Api], override: int | None, limit: int | None, source: str
) -> None:
    shown = build(concurrency=override).ok("GET", "/calls/concurrency")
    assert (shown["limit"], shown["remaining"], shown["limit_source"]) == (limit, limit, source)


@pytest.mark.parametrize("number", ["919876543210", "+0123456789", "+1", "hello", "", "+91 98765 43210"])
def test_numbers_must_be_e164(api: Api, number: str) -> None:
    api.fails(400, "POST", "/calls/start", {"agent_id": api.agent()["id"], "to_number": number})


def test_a_carrier_needs_permission_and_credentials(api: Api) -> None:
    agent = api.agent()
    body = {"agent_id": agent["id"], "to_number": "+919876543210"}
    assert (
        "no credentials" in api.fails(403, "POST", "/calls/start", {**body, "provider": "plivo"})["message"]
    )
    assert "allowed" in api.fails(403, "POST", "/calls/start", {**body, "provider": "acme"})["message"]
    plivo = {"auth_id": "MA" + "X" * 18, "auth_token": "t", "from_number": "+918011223344"}
    api.ok("PUT", "/config/telephony/plivo", plivo)
    call = api.ok("POST", "/calls/start", {**body, "provider": "plivo"})
    assert (call["provider"], call["from_number"]) == ("plivo", "+918011223344")


def test_the_list_filters_by_status_regardless_of_case(api: Api) -> None:
    agent = api.agent()
    busy = api.call(agent["id"], "+12025550101")
    api.advance(5)
    live = api.call(agent["id"])
    assert [row["call_id"] for row in api.ok("GET", "/calls")["calls"]] == [live["call_id"], busy["call_id"]]
    page = api.ok("GET", "/calls", params={"status": "BUSY"})
    assert [row["call_id"] for row in page["calls"]] == [busy["call_id"]] and page["total"] == 1
    api.fails(400, "GET", "/calls?status=done")


def test_extraction_fills_every_key_by_its_type(api: Api) -> None:
    kinds = ("string", "number", "integer", "boolean", "array", "date", "datetime")
    keys = [{"name": kind, "type": kind} for kind in kinds] + [{"name": "plain"}]
    agent = api.agent(extraction_config={"prompt": "p", "keys": keys})
    call, silent = api.call(agent["id"]), api.call(agent["id"], "+12025550107")
    missed = api.call(agent["id"], "+12025550101")
    api.advance(60)
    found = api.ok("GET", f"/calls/{call['call_id']}")["session"]["extraction"]
    values = found["values"]
    assert found["status"] == "success" and set(values) == {*kinds, "plain"}
    assert isinstance(values["string"], str) and isinstance(values["boolean"], bool)
    assert isinstance(values["array"], list) and values["date"] == "2026-01-05"
    assert values["datetime"].endswith("Z") and "." not in values["datetime"]
    nothing = api.ok("GET", f"/sessions/{silent['session_id']}")["extraction"]
    assert nothing["status"] == "success" and set(nothing["values"].values()) == {None}
    skipped = api.ok("GET", f"/sessions/{missed['session_id']}")["extraction"]
    assert skipped["status"] == "skipped"


def test_the_event_names_the_carrier_and_describes_the_extraction(api: Api) -> None:
    api.webhook()
    call = api.call(api.agent(extraction_config={"keys": [{"name": "mood"}]})["id"], provider="twilio")
    api.advance(60)
    data = api.receiver.received[0].event["data"]
    assert data["call"]["provider"] == "twilio"
    stored = api.ok("GET", f"/calls/{call['call_id']}")["session"]["extraction"]
    assert set(stored) == {"status", "values"} and stored.items() <= data["extraction"].items()
    run = api.ok("POST", f"/calls/{call['call_id']}/extract", {"dry_run": True})["extraction"]
    assert data["extraction"].keys() == run.keys()


def test_extraction_can_run_again_with_the_current_config(api: Api) -> None:
    agent = api.agent()
    call = api.call(agent["id"])
    path = f"/calls/{call['call_id']}/extract"
    api.advance(60)
    assert api.fails(400, "POST", path)["code"] == "VALIDATION_ERROR"
    api.ok("PUT", f"/agent/{agent['id']}", {"extraction_config": {"keys": [{"name": "mood"}]}})
    dry = api.ok("POST", path, {"dry_run": True})
    assert dry["dry_run"] is True and set(dry["extraction"]["values"]) == {"mood"}
    assert api.ok("GET", f"/sessions/{call['session_id']}")["extraction"] is None
    api.ok("POST", path)
    assert set(api.ok("GET", f"/sessions/{call['session_id']}")["extraction"]["values"]) == {"mood"}


def test_a_live_call_is_transferred_after_the_announcement(api: Api) -> None:
    api.webhook()
    agent = api.agent(transfer_enabled=True, transfer_number="+14155550199", transfer_message="One moment.")
    call = api.call(agent["id"])
    path = f"/calls/{call['call_id']}/transfer"
    api.fails(400, "POST", path)
    api.advance(0.7)
    queued = api.ok("POST", path)
    assert (queued["callId"], queued["sessionId"]) == (call["call_id"], call["session_id"])
    api.advance(5)
    data = api.receiver.received[0].event["data"]
    assert data["transcript"][-1]["content"] == "One moment."
    assert data["transfer"]["transferred_to"] == "+14155550199"
    api.fails(400, "POST", path)


def test_transfer_must_be_enabled_and_lead_to_a_number(api: Api) -> None:
    call = api.call(api.agent()["id"])
    api.advance(0.7)
    assert (
        "not enabled"
        in api.fails(400, "POST", f"/calls/{call['call_id']}/transfer", {"to": "+14155550199"})["message"]
    )
    agent = api.agent(transfer_enabled=True, transfer_number="+14155550199")
    call = api.call(agent["id"])
    api.advance(0.7)
    api.fails(400, "POST", f"/calls/{call['call_id']}/transfer", {"to": "me"})
    api.ok("POST", f"/calls/{call['call_id']}/transfer", {"to": "+14155550111"})


def test_browser_sessions_end_with_an_event_without_a_call(api: Api) -> None:
    api.webhook()
    agent = api.agent(variables=["name"], intro_message="Hi {{name}}")
    opened = api.ok("POST", "/sessions/webrtc", {"agent_id": agent["id"], "variables": {"name": "Jo"}})
    page = api.bare.get(opened["daily_room_url"], params={"t": opened["daily_token"]})
    assert page.status_code == 200 and "Leave the room" in page.text
    assert "Leave the room" not in api.bare.get(opened["daily_room_url"]).text
    api.advance(60)
    event = api.receiver.received[0].event["data"]
    assert "call" not in event and event["transcript"][0]["content"] == "Hi Jo"
    assert api.ok("GET", f"/sessions/{opened['session_id']}")["status"] == "completed"
    assert api.ok("GET", "/calls")["total"] == 0


def test_leaving_a_room_early_ends_the_session(api: Api) -> None:
    opened = api.ok("POST", "/sessions/webrtc", {"agent_id": api.agent()["id"]})
    api.advance(0.8)
    assert api.bare.post(opened["daily_room_url"], params={"t": "wrong"}).status_code == 200
    assert api.ok("GET", f"/sessions/{opened['session_id']}")["status"] == "active"
    api.bare.post(opened["daily_room_url"], params={"t": opened["daily_token"]})
    ended = api.ok("GET", f"/sessions/{opened['session_id']}")
    assert ended["status"] == "completed" and 0 < ended["duration_seconds"] < 10


def test_browser_sessions_have_their_own_limit(build: Callable[..., Api]) -> None:
    api = build(concurrency=1)
    agent = api.agent()
    api.call(agent["id"])
    api.ok("POST", "/sessions/webrtc", {"agent_id": agent["id"]})
    api.fails(429, "POST", "/sessions/webrtc", {"agent_id": agent["id"]})


def test_unknown_calls_and_sessions_are_not_found(api: Api) -> None:
    for path in ("/calls/x", "/calls/x/recording-url", "/sessions/x"):
        assert api.fails(404, "GET", path)["code"] == "NOT_FOUND"
    api.fails(404, "POST", "/calls/x/transfer")
    api.fails(404, "POST", "/calls/x/extract")


def test_a_call_that_ended_gets_no_planned_transition(api: Api) -> None:
    agent = api.agent(transfer_enabled=True, transfer_number="+14155550199")
    dialled, live = api.call(agent["id"], "+12025550102"), api.call(agent["id"])
    api.advance(0.2)
    api.ok("POST", "/calls/dismiss-stale")
    live = api.call(agent["id"])
    api.advance(0.7)
    api.ok("POST", f"/calls/{live['call_id']}/transfer")
    calls.hang_up_now(api.sandbox.world, api.sandbox.world.store.table("calls")[live["call_id"]])
    api.advance(60)
    assert api.ok("GET", f"/calls/{dialled['call_id']}")["status"] == "canceled"
    assert all(event["type"] != "call.transferred" for event in api.sandbox.events)


def test_leaving_before_joining_costs_nothing(api: Api) -> None:
    opened = api.ok("POST", "/sessions/webrtc", {"agent_id": api.agent()["id"]})
    api.bare.post(opened["daily_room_url"], params={"t": opened["daily_token"]})
    api.advance(60)
    ended = api.ok("GET", f"/sessions/{opened['session_id']}")
    assert (ended["status"], ended["duration_seconds"], ended["credits_used"]) == ("completed", 0, 0)
    assert api.bare.get(opened["daily_room_url"] + "x").status_code == 404
