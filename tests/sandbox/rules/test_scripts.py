"""A scripted call goes as its script says, whichever route shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import START
from tests.sandbox.support import Api, Receiver
from tests.sandbox.values import BOUNDED
from vocobase import Vocobase
from vocobase.testing import sandbox_time
from vocobase_sandbox import Conversation, Sandbox

NUMBER = "+12025550150"
HELLO = Conversation(turns=[("bot", "Hello"), ("user", "Hi")])
KEYS = {"prompt": "p", "keys": [{"name": "mood"}, {"name": "again", "type": "boolean"}]}
DOCUMENTED = ("completed", "voicemail", "user_hangup_no_speech", "an_outcome_of_next_year")
UNANSWERED = {"busy": "busy", "no_answer": "no_answer", "canceled": "canceled", "blocked": "failed"}


def finish(api: Api, agent_id: str, number: str = NUMBER, seconds: float = 5000) -> Any:
    call = api.call(agent_id, number)
    api.advance(seconds)
    return api.ok("GET", f"/calls/{call['call_id']}")


def words(shown: Any) -> list[str]:
    return [turn["content"] for turn in shown["transcript"]]


def test_outcomes_come_in_order_and_the_last_one_repeats(api: Api) -> None:
    agent = api.agent()["id"]
    api.sandbox.script(NUMBER, "busy", "no_answer", HELLO)
    shown = [finish(api, agent) for _ in range(4)]
    assert [call["disposition"] for call in shown] == ["busy", "no_answer", "completed", "completed"]
    assert [call["status"] for call in shown] == ["busy", "no_answer", "completed", "completed"]
    assert words(shown[2]["session"]) == words(shown[3]["session"]) == ["Hello", "Hi"]
    assert api.sandbox.scripts[0]["used"] == 4
    api.sandbox.script(NUMBER, "canceled")
    assert finish(api, agent)["disposition"] == "canceled" and api.sandbox.scripts[0]["used"] == 1
    api.sandbox.script(NUMBER)
    assert finish(api, agent)["disposition"] == "completed" and api.sandbox.scripts == []


def test_a_number_comes_before_its_agent_and_both_before_magic_numbers(api: Api) -> None:
    agent, other = api.agent()["id"], api.agent()["id"]
    api.sandbox.script(agent, "voicemail")
    api.sandbox.script("+12025550101", HELLO)
    assert finish(api, agent, "+12025550101")["disposition"] == "completed"
    assert finish(api, agent, "+12025550102")["disposition"] == "voicemail"
    assert finish(api, other, "+12025550102")["disposition"] == "no_answer"


def test_inbound_calls_campaigns_and_browsers_follow_scripts(api: Api) -> None:
    agent = api.agent()["id"]
    api.sandbox.script(NUMBER, HELLO)
    call_id = api.sandbox.receive_call(NUMBER, agent_id=agent)
    made = api.ok("POST", "/campaigns", {"name": "c", "agent_id": agent, "provider": "twilio"})
    path = f"/campaigns/{made['campaign_id']}"
    api.ok("POST", path + "/contacts", {"contacts": [{"phone": NUMBER}]})
    api.ok("POST", path + "/start")
    api.advance(60)
    calls = api.sandbox.calls
    assert {call["call_id"] for call in calls} >= {call_id} and len(calls) == 2
    assert all(words(call) == ["Hello", "Hi"] for call in calls)
    api.sandbox.script(agent, HELLO, "busy")
    visits = [api.ok("POST", "/sessions/webrtc", {"agent_id": agent})["session_id"] for _ in range(2)]
    api.advance(60)
    talked, empty = (api.ok("GET", f"/sessions/{visit}") for visit in visits)
    assert words(talked) == ["Hello", "Hi"] and talked["status"] == "completed"
    assert (empty["status"], empty["transcript"], empty["duration_seconds"]) == ("failed", [], 0)


def test_a_live_call_keeps_its_outcome(api: Api) -> None:
    agent = api.agent()["id"]
    api.sandbox.script(NUMBER, HELLO)
    call = api.call(agent, NUMBER)
    api.sandbox.script(NUMBER, "busy")
    api.advance(60)
    assert words(api.ok("GET", f"/calls/{call['call_id']}")["session"]) == ["Hello", "Hi"]


def test_a_hang_up_cuts_the_conversation_off(api: Api) -> None:
    agent = api.agent(enable_recording=True)["id"]
    turns = [("bot", "x" * 60), ("user", "Yes"), ("bot", "Bye")]
    shown: list[tuple[Any, ...]] = []
    for seconds in (0, 2.5, 5.5):
        api.sandbox.script(NUMBER, Conversation(turns=turns, hang_up_after=seconds))
        call = finish(api, agent)
        shown.append((call["duration_seconds"], len(call["session"]["transcript"]), call["disposition"]))
    assert shown == [
        (0, 0, "user_hangup_no_speech"),
        (3, 1, "user_hangup_no_speech"),
        (6, 2, "completed"),
    ]


def test_a_transfer_ends_the_call_and_appears_in_the_event(api: Api) -> None:
    api.webhook()
    agent = api.agent(transfer_message="One moment.")["id"]
    api.sandbox.script(NUMBER, Conversation(transfer="+447700900150"))
    call = finish(api, agent)
    assert words(call["session"])[-1] == "One moment."
    event = api.receiver.received[0].event["data"]
    assert event["transfer"] == {"transferred_to": "+447700900150", "transferred_at": call["ended_at"]}
    assert "call.transferred" in api.sandbox.event_log()


def test_turns_longer_than_the_duration_are_compressed(api: Api) -> None:
    agent = api.agent()["id"]
    api.sandbox.script(NUMBER, Conversation(turns=[("bot", "x" * 600), ("user", "y")], duration=10))
    call = finish(api, agent)
    assert call["duration_seconds"] == 10 and words(call["session"]) == ["x" * 600, "y"]
    assert call["session"]["transcript"][1]["timestamp"] < call["ended_at"]


def test_an_interrupted_call_is_as_long_as_it_lasted(api: Api) -> None:
    agent = api.agent(transfer_enabled=True, transfer_number="+447700900150")["id"]
    api.sandbox.script(NUMBER, Conversation(duration=3600))
    call = api.call(agent, NUMBER)
    api.advance(0.6 + 20)  # at a pace of 10
    api.ok("POST", f"/calls/{call['call_id']}/transfer", {})
    api.advance(1)
    assert 195 <= api.ok("GET", f"/calls/{call['call_id']}")["duration_seconds"] <= 205


def test_the_fate_of_the_webhook_is_scripted(api: Api) -> None:
    api.webhook()
    agent = api.agent()["id"]
    for webhook, seconds in (("lost", []), ("twice", [0, 1]), ("late", [600])):
        api.receiver.received.clear()
        api.sandbox.script(NUMBER, Conversation(webhook=webhook))  # type: ignore[arg-type]
        call = finish(api, agent)
        rows = [row for row in api.sandbox.deliveries if row["session_id"] == call["session_id"]]
        assert len(api.receiver.received) == len(seconds)
        assert len({delivery.body for delivery in api.receiver.received}) <= 1
        assert {row["status"] for row in rows} == {"delivered" if seconds else "lost"}
    assert api.receiver.received[0].event["timestamp"] < api.sandbox.deliveries[-1]["attempts"][0]["at"]


def test_a_lost_webhook_can_still_be_replayed(api: Api) -> None:
    api.webhook()
    api.sandbox.script(NUMBER, Conversation(webhook="lost"))
    finish(api, api.agent()["id"])
    root = api.sandbox.base_url.removesuffix("/api/v2")
    path = f"{root}/_sandbox/deliveries/{api.sandbox.deliveries[0]['id']}/replay"
    assert api.bare.post(path).status_code == 201 and len(api.receiver.received) == 1


def test_a_scripted_extraction_survives_another_run(api: Api) -> None:
    agent = api.agent(extraction_config=KEYS)["id"]
    api.webhook()
    api.sandbox.script(NUMBER, Conversation(extraction={"mood": "glad"}), Conversation(extraction="failed"))
    for expected in (
        {"status": "success", "values": {"mood": "glad"}},
        {"status": "failed", "values": {"mood": None, "again": None}},
    ):
        call = finish(api, agent)
        assert call["session"]["extraction"] == expected
        run = api.ok("POST", f"/calls/{call['call_id']}/extract", {})["extraction"]
        assert {name: run[name] for name in expected} == expected
        assert (run["error"] is None) == (expected["status"] == "success")


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Draw any valid conversation."""
    text = st.text(max_size=80)
    values = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | text | st.lists(text, max_size=2)
    fields: dict[str, Any] = {
        "answered_by": st.sampled_from((None, "human", "machine", "unknown", "a_robot")),
        "extraction": st.sampled_from((None, "failed", "skipped"))
        | st.dictionaries(text, values, max_size=3),
        "processing_seconds": st.none() | st.sampled_from((0, 0.5, 30)),
        "webhook": st.sampled_from((None, "lost", "twice", "late")),
    }
    if draw(st.booleans()):
        fields["disposition"] = st.sampled_from((None, *DOCUMENTED))
        fields["turns"] = st.none() | st.lists(st.tuples(st.sampled_from(("bot", "user")), text), max_size=5)
        if draw(st.booleans()):
            fields["hang_up_after"] = st.floats(0, 60)
        else:
            fields["duration"] = st.none() | st.integers(0, 3600)
            fields["transfer"] = st.sampled_from((None, "+447700900150"))
    else:
        fields["disposition"] = st.sampled_from((*UNANSWERED, "failed"))
    return Conversation(**draw(st.fixed_dictionaries(fields)))


def of_session(shown: Any) -> dict[str, Any]:
    """Return the members of a session that every route shows."""
    run = shown.get("extraction")
    extraction = run and {name: run[name] for name in ("status", "values")}
    turns = [{**turn, "timestamp": datetime.fromisoformat(turn["timestamp"])} for turn in shown["transcript"]]
    names = ("duration_seconds", "credits_used", "variables")
    return {**{name: shown.get(name) for name in names}, "extraction": extraction, "transcript": turns}


def of_call(shown: Any) -> dict[str, Any]:
    names = ("call_id", "status", "disposition", "answered_by", "from_number", "to_number", "direction")
    return {name: shown[name] for name in names}


@given(planned=conversations(), configured=st.booleans())
@settings(BOUNDED, max_examples=60)
def test_every_field_is_equal_in_all_routes(planned: Conversation, configured: bool) -> None:
    receiver = Receiver()
    with Sandbox(clock="manual", start=START, sender=receiver) as sandbox, sandbox_time(sandbox):
        vb = Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport())
        api = Api(sandbox, receiver)
        with vb, api.client, api.bare:
            agent = api.agent(**({"extraction_config": KEYS} if configured else {}))["id"]
            api.webhook()
            sandbox.script(NUMBER, planned)
            call_id = api.call(agent, NUMBER)["call_id"]
            polled = next(iter(vb.events.poll(timeout=20_000)))
            api.advance(1000)
            call = api.ok("GET", f"/calls/{call_id}")
            session = api.ok("GET", f"/sessions/{call['session_id']}")
    expected_session, expected_call = of_session(session), of_call(call)
    assert of_session(call["session"]) == expected_session
    deliveries = [delivery.event["data"] for delivery in receiver.received]
    for event in [*deliveries, json.loads(json.dumps(polled.raw))["data"]]:
        # A poll leaves out what is empty.
        shown = of_session({"variables": {}, "transcript": [], **event})
        assert shown == expected_session
        assert of_call(event["call"]) == expected_call
    assert len(deliveries) == {"lost": 0, "twice": 2}.get(planned.webhook or "", 1)
    for event in deliveries:
        assert event.get("transfer", {}).get("transferred_to") == planned.transfer
    check_against(planned, call, session)


def check_against(planned: Conversation, call: Any, session: Any) -> None:
    """Fail unless everything that the script determines came true."""
    if planned.disposition is not None:
        assert call["disposition"] == planned.disposition
    if planned.answered_by is not None:
        assert call["answered_by"] == planned.answered_by
    assert call["status"] == UNANSWERED.get(planned.disposition or "") or (
        call["status"] == ("failed" if planned.disposition == "failed" else "completed")
    )
    if planned.duration is not None:
        assert session["duration_seconds"] == planned.duration
    if planned.turns is not None and planned.hang_up_after is None:
        assert [(turn["role"], turn["content"]) for turn in session["transcript"]] == list(planned.turns)
    times = [turn["timestamp"] for turn in session["transcript"]]
    assert times == sorted(times)
    if isinstance(planned.extraction, str):
        assert session["extraction"]["status"] == planned.extraction
    elif planned.extraction is not None:
        assert session["extraction"] == {"status": "success", "values": planned.extraction}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"disposition": ""}, "disposition must be a name"),
    ({"disposition": "a\nb"}, "disposition must be a name"),
    ({"answered_by": 1}, "answered_by must be a name such as 'human', not 1"),
    ({"duration": 1.5}, "duration must be a whole number of seconds from 0 to 14400, not 1.5"),
    ({"duration": True}, "duration must be"),
    ({"duration": -1}, "duration must be"),
    ({"duration": 10**6}, "duration must be"),
    ({"transfer": "12025550150"}, "transfer must be a number in E.164 format"),
    ({"hang_up_after": float("nan")}, "hang_up_after must be"),
    ({"processing_seconds": -1}, "processing_seconds must be"),
    ({"webhook": "never"}, "webhook must be 'lost', 'twice' or 'late', not 'never'"),
    ({"webhook": ["lost"]}, "webhook must be"),
    ({"turns": "Hello"}, r"turns must be a list of \(role, content\)"),
    ({"turns": [("agent", "Hello")]}, r"turns\[0\] must be \('bot', text\) or \('user', text\)"),
    ({"turns": [("bot", "Hello"), "Hi"]}, r"turns\[1\] must be"),
    ({"turns": [{"role": "bot"}]}, r"turns\[0\] must be"),
    ({"turns": [("bot", "\ud800")]}, r"turns\[0\]: the text contains a lone surrogate"),
    ({"extraction": "done"}, "extraction must be a mapping of values, 'failed' or 'skipped'"),
    ({"extraction": {"at": START}}, "extraction.at: a value of type datetime cannot be used"),
    ({"disposition": "busy", "duration": 3}, "'busy' is never answered, so duration cannot apply"),
    ({"disposition": "failed", "turns": []}, "'failed' is never answered, so turns cannot apply"),
    ({"duration": 3, "hang_up_after": 1}, "pass either hang_up_after or duration, not both"),
    ({"transfer": NUMBER, "hang_up_after": 1}, "pass either hang_up_after or transfer, not both"),
]


@pytest.mark.parametrize(("fields", "message"), BAD)
def test_a_bad_value_gives_one_clear_line(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Conversation(**fields)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_a_bad_script_changes_nothing(api: Api) -> None:
    gone = api.agent()["id"]
    api.ok("DELETE", f"/agent/{gone}")
    api.sandbox.script(NUMBER, "busy")
    bad: list[tuple[Any, Any, str]] = [
        ("+1", "busy", r"'\+1' is neither a number in E.164 format nor the id of an agent"),
        (gone, "busy", "is neither"),
        ("nobody", "busy", "is neither"),
        (7, "busy", "script a number or the id of an agent, not 7"),
        (NUMBER, 7, "an outcome must be a Conversation or a disposition, not 7"),
        (NUMBER, {"dispositon": "busy"}, "no field 'dispositon'; did you mean disposition"),
        (NUMBER, {"x": 1}, "no field 'x'; the fields are: turns, disposition"),
    ]
    for target, outcome, message in bad:
        with pytest.raises(ValueError, match=message):
            api.sandbox.script(target, HELLO, outcome)
    with pytest.raises(ValueError, match="at most 1000 outcomes, not 1001"):
        api.sandbox.script(NUMBER, *["busy"] * 1001)
    assert [row["outcomes"] for row in api.sandbox.scripts] == [[{"disposition": "busy"}]]


def test_a_conversation_keeps_its_own_copy() -> None:
    values = {"names": ["a"]}
    planned = Conversation(extraction=MappingProxyType(values), turns=[("bot", "Hi")])
    values["names"].append("b")
    assert planned.extraction == {"names": ["a"]}
    assert planned == Conversation(extraction={"names": ["a"]}, turns=[("bot", "Hi")])


def test_scripts_belong_to_the_state(build: Callable[..., Api], tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    api = build(state=state)
    agent = api.agent()["id"]
    api.sandbox.script(NUMBER, "busy", "no_answer", HELLO)
    assert finish(api, agent)["disposition"] == "busy"
    snapshot = api.sandbox.snapshot()
    assert finish(api, agent)["disposition"] == "no_answer"
    api.sandbox.restore(snapshot)
    assert finish(api, agent)["disposition"] == "no_answer"
    call = api.call(agent, NUMBER)
    api.sandbox.close()
    api = build(state=state)
    api.advance(60)
    assert words(api.ok("GET", f"/calls/{call['call_id']}")["session"]) == ["Hello", "Hi"]
    assert api.sandbox.scripts[0]["used"] == 3
    api.sandbox.reset()
    assert api.sandbox.scripts == []
    api.sandbox.restore(snapshot)
    assert api.sandbox.scripts[0]["used"] == 1


def test_scripted_runs_are_identical_to_the_byte(build: Callable[..., Api]) -> None:
    def run(seed: int) -> tuple[str, list[Any]]:
        api = build(seed=seed)
        api.webhook()
        agent = api.agent(extraction_config=KEYS)["id"]
        api.sandbox.script(agent, HELLO, "busy", Conversation(hang_up_after=3, webhook="twice"))
        for number in (NUMBER, "+12025550151", "+12025550152"):
            finish(api, agent, number)
        api.sandbox.trigger("session.completed", agent_id=agent)
        return api.sandbox.event_log(), [delivery.body for delivery in api.receiver.received]

    first, second, other = run(3), run(3), run(4)
    assert first[0] == second[0] != other[0] and first[0].count('"type":"webhook.attempt"') == 5


def test_a_state_file_without_scripts_continues(api: Api) -> None:
    """Calls that an older version of the sandbox stored have no place for a script."""
    agent = api.agent()["id"]
    call = api.call(agent, NUMBER)
    session = api.sandbox.world.store.table("sessions")[call["session_id"]]
    del session["script"], session["length"]
    api.advance(60)
    assert api.ok("GET", f"/calls/{call['call_id']}")["disposition"] == "completed"
