"""Scripts and made-up events over the control API and in seed data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.control.test_control import DOCUMENT, ControlClient
from tests.sandbox.support import EN_VOICE, Api
from vocobase_sandbox import Conversation, Sandbox
from vocobase_sandbox.__main__ import EXIT_UNUSABLE, main

NUMBER = "+12025550150"
CALLED = {"turns": [{"role": "bot", "content": "Hello"}], "disposition": "completed", "webhook": "late"}
AGENT = {"agent_name": "A", "prompt": "p", "voice_id": EN_VOICE, "agent_type": "outbound"}


@pytest.fixture
def control(api: Api) -> ControlClient:
    return ControlClient(api)


def test_scripts_are_managed_over_http(control: ControlClient) -> None:
    api = control.api
    agent = api.agent()["id"]
    body = {"target": NUMBER, "outcomes": ["busy", {**CALLED, "duration": 60}]}
    made = control.ok("POST", "/scripts", body)["script"]
    assert made == {"id": NUMBER, "outcomes": [{"disposition": "busy"}, body["outcomes"][1]], "used": 0}
    control.ok("POST", "/scripts", {"target": agent, "outcomes": ["voicemail"]})
    shown = []
    for number in (NUMBER, NUMBER, "+12025550151"):
        call = api.call(agent, number)
        api.advance(60)
        shown.append(api.ok("GET", f"/calls/{call['call_id']}")["disposition"])
    assert shown == ["busy", "completed", "voicemail"]
    listed = control.ok("GET", "/scripts")
    assert [row["used"] for row in listed["scripts"]] == [1, 2] and listed["total"] == 2
    assert len(control.ok("GET", "/scripts?limit=1")["scripts"]) == 1
    control.ok("DELETE", f"/scripts/{agent}", template="/scripts/{id}")
    assert control.send("DELETE", "/scripts/%2B12025550150").status_code == 200
    assert control.send("DELETE", "/scripts/%2B12025550150").status_code == 404
    control.ok("POST", "/scripts", body)
    assert control.ok("POST", "/scripts", {"target": NUMBER, "outcomes": []})["script"] is None
    control.ok("POST", "/scripts", body)
    assert control.ok("DELETE", "/scripts") == {"scripts": [], "total": 0}
    assert api.sandbox.scripts == []


def test_python_and_http_write_the_same_script(control: ControlClient) -> None:
    planned = Conversation(
        turns=[("bot", "Hello"), ("user", "Hi")],
        disposition="completed",
        answered_by="human",
        duration=60,
        extraction={"mood": ["glad", None, 1.5]},
        transfer="+447700900150",
        processing_seconds=3,
        webhook="twice",
    )
    control.api.sandbox.script(NUMBER, planned, Conversation(hang_up_after=3.5))
    before = control.api.sandbox.scripts
    control.ok("POST", "/scripts", {"target": NUMBER, "outcomes": before[0]["outcomes"]})
    assert control.api.sandbox.scripts == before


def test_every_field_of_a_conversation_is_described() -> None:
    body = DOCUMENT["paths"]["/scripts"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    described = body["properties"]["outcomes"]["items"]["anyOf"][1]["properties"]
    assert set(described) == set(Conversation.__dataclass_fields__)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"target": NUMBER},
        {"target": "me", "outcomes": ["busy"]},
        {"target": NUMBER, "outcomes": "busy"},
        {"target": NUMBER, "outcomes": [1]},
        {"target": NUMBER, "outcomes": [{"colour": "red"}]},
        {"target": NUMBER, "outcomes": [{"duration": "long"}]},
        {"target": NUMBER, "outcomes": [{"disposition": "busy", "duration": 3}]},
        {"target": NUMBER, "outcomes": ["busy"], "agent": "x"},
    ],
)
def test_a_bad_script_is_rejected(control: ControlClient, body: Any) -> None:
    answer = control.send("POST", "/scripts", body)
    assert answer.status_code == 400 and "\n" not in answer.json()["error"]["message"]
    assert control.api.sandbox.scripts == []


def test_an_event_is_triggered_over_http(control: ControlClient) -> None:
    api = control.api
    body = {"event": "session.completed", "data": {"duration_seconds": 30, "call": {"disposition": "busy"}}}
    assert control.send("POST", "/trigger", body).status_code == 400
    api.webhook()
    sent = control.ok("POST", "/trigger", body)
    assert api.receiver.received[0].event == sent and sent["data"]["call"]["status"] == "busy"
    assert "call" not in control.ok("POST", "/trigger", {**body, "data": {"call": None}})["data"]
    assert control.ok("POST", "/trigger", {"event": "session.completed"})["data"]["call"]
    for bad in ({}, {"event": "x"}, {**body, "data": {"x": 1}}, {**body, "data": []}):
        assert control.send("POST", "/trigger", bad).status_code == 400
    assert len(api.receiver.received) == 3


def test_seed_data_scripts_calls(build: Callable[..., Api], tmp_path: Path) -> None:
    scripts = [{"number": NUMBER, "outcomes": ["busy", CALLED]}, {"agent": "A", "outcomes": ["voicemail"]}]
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({"agents": [AGENT], "scripts": scripts}))
    api = build(data=path)
    agent = api.ok("GET", "/agent")["agents"][0]["id"]
    for _ in range(2):
        assert [row["id"] for row in api.sandbox.scripts] == [NUMBER, agent]
        call = api.call(agent, NUMBER)
        api.advance(60)
        assert api.ok("GET", f"/calls/{call['call_id']}")["disposition"] == "busy"
        api.sandbox.reset()


BAD = [
    ({"number": NUMBER}, r"scripts\[0\] must have outcomes, a list, and either number or agent"),
    ({"number": NUMBER, "agent": "A", "outcomes": []}, r"scripts\[0\] must have"),
    ({"number": NUMBER, "outcomes": "busy"}, r"scripts\[0\] must have"),
    ({"number": NUMBER, "outcomes": [], "x": 1}, r"scripts\[0\] must have"),
    ({"number": "+1", "outcomes": ["busy"]}, r"scripts\[0\]: '\+1' is neither a number"),
    ({"number": 12025550150, "outcomes": ["busy"]}, r"scripts\[0\]: script a number or the id of an agent"),
    ({"agent": "B", "outcomes": ["busy"]}, r"scripts\[0\]: there is no agent named 'B'"),
    ({"number": NUMBER, "outcomes": [{"duration": "x"}]}, r"scripts\[0\]: Conversation: duration must be"),
]


@pytest.mark.parametrize(("entry", "message"), BAD)
def test_a_bad_script_in_seed_data_gives_one_line(entry: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Sandbox(clock="manual", data={"agents": [AGENT], "scripts": [entry]})
    assert "\n" not in str(caught.value)


def test_the_command_line_reports_a_bad_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({"scripts": [{"number": NUMBER, "outcomes": [{"webhook": "never"}]}]}))
    assert main(["--data", str(path), "--port", "0"]) == EXIT_UNUSABLE
    assert capsys.readouterr().err.count("\n") == 1
