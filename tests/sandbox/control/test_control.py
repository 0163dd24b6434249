"""The control API, the clock and inbound calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

import vocobase_sandbox
from tests.sandbox.support import Api
from vocobase_sandbox.control.api import _HANDLERS as CONTROL_HANDLERS
from vocobase_sandbox.kernel.faults import KINDS
from vocobase_sandbox.kernel.paths import CONTROL as PREFIX

DOCUMENT: dict[str, Any] = json.loads(
    (Path(vocobase_sandbox.__file__).parent / "control" / "control.openapi.json").read_text()
)


class ControlClient:
    """Send control requests and check the responses against the description."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.root = api.sandbox.base_url.removesuffix("/api/v2") + PREFIX

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.api.bare.request(method, self.root + path, json=body)

    def ok(self, method: str, path: str, body: Any = None, template: str | None = None) -> Any:
        answer = self.send(method, path, body)
        assert answer.is_success, answer.text
        responses = DOCUMENT["paths"][template or path.partition("?")[0]][method.lower()]["responses"]
        jsonschema.validate(
            answer.json(), responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        )
        return answer.json()["data"]


@pytest.fixture
def control(api: Api) -> Iterator[ControlClient]:
    yield ControlClient(api)


def test_every_described_operation_has_a_handler(control: ControlClient) -> None:
    described = {f"{method.upper()} {path}" for path, item in DOCUMENT["paths"].items() for method in item}
    assert described == set(CONTROL_HANDLERS)
    assert control.send("GET", "/openapi.json").json() == DOCUMENT
    kinds = DOCUMENT["paths"]["/faults"]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "properties"
    ]
    assert kinds["kind"]["enum"] == list(KINDS)


def test_the_clock_moves_over_http_and_delivers(control: ControlClient) -> None:
    api = control.api
    api.webhook()
    call = api.call(api.agent()["id"])
    before = control.ok("GET", "/state")
    assert before["next_transition_at"] and before["live_calls"] == 1 and before["clock"]["manual"] is True
    assert control.ok("POST", "/clock/advance", {"seconds": 60})["now"] > before["clock"]["now"]
    assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"
    assert len(api.receiver.received) == 1


def test_seed_data_are_added_as_a_whole(control: ControlClient) -> None:
    api = control.api
    api.ok("POST", "/projects", {"name": "Own"})
    data = {"account": {"balance": 20}, "projects": [{"name": "A"}, {"name": "B"}], "scripts": []}
    assert control.ok("POST", "/seed", data) == {"created": {"projects": 2}}
    names = {row["name"] for row in api.sandbox.world.store.rows("projects")}
    assert {"Own", "A", "B"} <= names
    for wrong, reason in [
        ({"projects": [{"name": "C"}, {"name": 5}]}, "projects[1]"),
        ({"projects": 5}, "projects must be a list"),
        ({"rooms": []}, "unknown sections: rooms"),
    ]:
        answer = control.send("POST", "/seed", wrong)
        assert answer.status_code == 400 and reason in answer.json()["error"]["message"]
    assert {row["name"] for row in api.sandbox.world.store.rows("projects")} == names
    assert control.ok("GET", "/state")["account"]["balance"] == 20


def test_the_account_can_be_changed(control: ControlClient) -> None:
    api = control.api
    agent = api.agent()
    shown = control.ok("PUT", "/account", {"balance": 0.0, "concurrency": 0})
    assert (shown["balance"], shown["concurrency"]) == (0, 0)
    body = {"agent_id": agent["id"], "to_number": "+919876543210"}
    api.fails(403, "POST", "/calls/start", body)
    control.ok("PUT", "/account", {"balance": 10, "allowed_providers": ["twilio"]})
    api.fails(403, "POST", "/calls/start", body)
    api.ok("POST", "/calls/start", {**body, "provider": "TWILIO"})
    control.ok("PUT", "/account", {"status": "suspended"})
    assert api.fails(403, "GET", "/agent")["code"] == "FORBIDDEN"
    assert control.send("PUT", "/account", {"colour": 1}).status_code == 400
    assert control.send("PUT", "/account", {"status": "gone"}).status_code == 400


def test_faults_are_managed_over_http(control: ControlClient) -> None:
    key = control.ok("POST", "/faults", {"kind": "status", "route": "GET /agent", "status": 503})["id"]
    assert control.ok("GET", "/faults")["faults"][0]["id"] == key
    control.ok("DELETE", f"/faults/{key}", template="/faults/{id}")
    assert control.send("DELETE", f"/faults/{key}").status_code == 404
    control.api.ok("GET", "/agent")
    control.ok("POST", "/faults", {"kind": "empty", "count": None})
    assert control.ok("DELETE", "/faults") == {"faults": []}
    bad: list[Any] = [
        {},
        {"kind": "x"},
        {"kind": "status", "probability": 2},
        {"kind": "status", "id": "me"},
        [],
    ]
    bad.append({"kind": "status", "headers": {"x": "a\nb"}})
    for body in bad:
        assert control.send("POST", "/faults", body).status_code == 400


def test_events_are_read_in_pieces(control: ControlClient) -> None:
    api = control.api
    for _ in range(5):
        api.ok("GET", "/agent")
    first = control.ok("GET", "/events?limit=3")
    assert [event["seq"] for event in first["events"]] == [1, 2, 3]
    rest = control.ok("GET", f"/events?after={first['next_after']}")
    assert rest["events"][0]["seq"] == 4 and rest["events"][0]["type"] == "request"


def test_deliveries_are_logged_and_can_be_replayed(control: ControlClient) -> None:
    api = control.api
    api.webhook()
    api.receiver.answers = [500]
    api.call(api.agent()["id"])
    api.advance(60)
    row = control.ok("GET", "/deliveries")["deliveries"][0]
    assert row["status"] == "delivered" and [item["status"] for item in row["attempts"]] == [500, 200]
    assert "secret" not in row and "body" not in row
    path = f"/deliveries/{row['id']}"
    full = control.ok("GET", path, template="/deliveries/{id}")
    assert json.loads(full["body"])["event"] == "session.completed" and "secret" not in full
    fresh = control.ok("POST", f"{path}/replay", template="/deliveries/{id}/replay")
    assert fresh["status"] == "delivered" and fresh["id"] != row["id"]
    assert api.receiver.received[-1].body == api.receiver.received[0].body
    assert control.send("POST", "/deliveries/x/replay").status_code == 404
    assert api.sandbox.deliveries[0]["id"] == row["id"]


def test_an_agent_receives_an_inbound_call(control: ControlClient) -> None:
    api = control.api
    api.webhook()
    agent = api.agent(agent_type="inbound", intro_message="Hello {{name}}", variables=["name"])
    call = control.ok("POST", "/calls/inbound", {"agent_id": agent["id"], "from_number": "+919876543210"})
    api.advance(60)
    done = api.ok("GET", f"/calls/{call['call_id']}")
    assert (done["direction"], done["from_number"], done["status"]) == (
        "inbound",
        "+919876543210",
        "completed",
    )
    assert done["session"]["transcript"][0]["content"] == "Hello"
    assert done["session"]["variables"] == {}
    event = api.receiver.received[0].event["data"]
    assert event["call"]["direction"] == "inbound"


def test_a_number_leads_to_its_agent(control: ControlClient) -> None:
    api = control.api
    plivo = {"auth_id": "MA1", "auth_token": "t", "from_number": "+918011223344"}
    api.ok("PUT", "/config/telephony/plivo", plivo)
    number = api.ok("GET", "/phone-numbers")["phone_numbers"][0]
    body = {"to_number": number["phone_number"], "from_number": "+919876543210"}
    assert control.send("POST", "/calls/inbound", body).status_code == 400
    agent = api.agent()
    api.ok("PUT", f"/phone-numbers/{number['id']}", {"agent_id": agent["id"]})
    call = control.ok("POST", "/calls/inbound", body)
    shown = api.ok("GET", f"/calls/{call['call_id']}")
    assert (shown["agent_id"], shown["provider"], shown["to_number"]) == (
        agent["id"],
        "plivo",
        number["phone_number"],
    )
    assert control.send("POST", "/calls/inbound", {**body, "from_number": "me"}).status_code == 400


def test_the_other_party_can_hang_up_at_any_time(control: ControlClient) -> None:
    api = control.api
    agent = api.agent()
    early, silent, late = (api.call(agent["id"]) for _ in range(3))
    template = "/calls/{id}/hang-up"
    control.ok("POST", f"/calls/{early['call_id']}/hang-up", template=template)
    assert api.ok("GET", f"/calls/{early['call_id']}")["status"] == "no_answer"
    api.advance(0.65)
    control.ok("POST", f"/calls/{silent['call_id']}/hang-up", template=template)
    assert api.ok("GET", f"/calls/{silent['call_id']}")["disposition"] == "user_hangup_no_speech"
    api.advance(1)
    control.ok("POST", f"/calls/{late['call_id']}/hang-up", template=template)
    done = api.ok("GET", f"/calls/{late['call_id']}")
    assert done["disposition"] == "completed" and 0 < done["duration_seconds"] < 20
    assert control.send("POST", f"/calls/{late['call_id']}/hang-up").status_code == 400


def test_snapshots_and_reset_work_over_http(control: ControlClient) -> None:
    api = control.api
    key = control.ok("POST", "/snapshots")["id"]
    api.agent()
    control.ok("POST", f"/snapshots/{key}/restore", template="/snapshots/{id}/restore")
    assert api.ok("GET", "/agent")["total"] == 0
    api.agent()
    control.ok("POST", "/reset")
    assert api.ok("GET", "/agent")["total"] == 0
    assert control.send("POST", "/snapshots/none/restore").status_code == 404
    for _ in range(10):
        control.ok("POST", "/snapshots")
    assert control.send("POST", f"/snapshots/{key}/restore").status_code == 404


def test_the_control_api_works_over_a_socket(build: Callable[..., Api]) -> None:
    api = build()
    with api.sandbox.serve() as server:
        root = server.url + PREFIX
        call = api.call(api.agent()["id"])
        assert httpx.post(f"{root}/clock/advance", json={"seconds": 60}).status_code == 200
        assert api.ok("GET", f"/calls/{call['call_id']}")["status"] == "completed"
        foreign = httpx.post(f"{root}/reset", headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403
        assert api.ok("GET", "/agent")["total"] == 1


@pytest.mark.parametrize("seconds", [-1, "x", None, 1e99])
def test_the_clock_only_moves_forward_and_not_forever(control: ControlClient, seconds: object) -> None:
    assert control.send("POST", "/clock/advance", {"seconds": seconds}).status_code == 400


def test_the_python_clock_cannot_go_back(api: Api) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        api.sandbox.clock.advance(-1)


def test_the_latest_requests_are_listed_with_their_duration(control: ControlClient) -> None:
    api = control.api
    agent = api.agent()
    api.sandbox.faults.add("latency", "GET /agent", seconds=2, count=1)
    api.ok("GET", "/agent")
    api.fails(404, "GET", "/agent/" + "x" * 1000)
    api.document()
    control.ok("GET", "/state")
    newest = control.ok("GET", "/requests")["requests"]
    shown = [(row["method"], row["operation"], row["status"], row["fault"]) for row in newest]
    assert shown == [
        ("POST", "documents.confirm", 200, None),
        ("PUT", "object store", 200, None),
        ("POST", "documents.create_upload", 201, None),
        ("GET", "agents.get", 404, None),
        ("GET", "agents.list", 200, "latency"),
        ("POST", "agents.create", 201, None),
    ]
    assert len(newest[3]["path"]) == 200 and newest[4]["duration_ms"] >= 2000 > newest[5]["duration_ms"] >= 0
    assert [row["seq"] for row in control.ok("GET", "/requests?limit=2")["requests"]] == [6, 5]
    control.ok("POST", "/reset")
    assert control.ok("GET", "/requests") == {"requests": []}
    for _ in range(1100):
        api.bare.get(api.sandbox.base_url + "/nowhere")
    kept = control.ok("GET", "/requests?limit=1000")["requests"]
    assert len(kept) == 1000 and kept[0]["operation"] is None and kept[0]["status"] == 401
    assert agent["id"] not in {row["path"] for row in kept}


def test_reading_leaves_no_trace(control: ControlClient) -> None:
    api = control.api
    api.agent()
    before, log = control.ok("GET", "/state"), api.sandbox.event_log()
    for path in (
        "/state",
        "/requests",
        "/events",
        "/agents",
        "/calls",
        "/campaigns",
        "/documents",
        "/deliveries",
    ):
        control.ok("GET", path)
    assert control.ok("GET", "/state") == before and api.sandbox.event_log() == log
    api.ok("GET", "/agent")
    read = control.ok("GET", "/state")["revision"]
    control.ok("POST", "/clock/advance", {"seconds": 1})
    assert before["revision"] < read < control.ok("GET", "/state")["revision"]


def test_the_lists_show_truncated_rows(control: ControlClient) -> None:
    api = control.api
    agent = api.agent(
        prompt="P" * 50_000, variables=["name"], intro_message="Hello {{name}}", enable_recording=True
    )
    gone = api.agent()
    api.ok("DELETE", f"/agent/{gone['id']}")
    document = api.document(name="Notes")
    api.ok("POST", f"/agent/{agent['id']}/documents", {"document_ids": [document["id"]]})
    shown = control.ok("GET", "/agents")
    assert shown["total"] == 1 and shown["agents"][0]["document_count"] == 1
    assert len(shown["agents"][0]["prompt"]) < 2100 and "48000 more" in shown["agents"][0]["prompt"]
    assert control.ok("GET", "/state")["counts"]["agents"] == 1
    assert control.ok("GET", "/documents")["documents"][0]["agent_count"] == 1
    body = {"name": "C" * 190, "agent_id": agent["id"], "provider": "twilio"}
    campaign = api.ok("POST", "/campaigns", body)["campaign_id"]
    contacts = [{"phone": "+919876543210", "name": "Asha"}, {"phone": "+12025550101"}]
    api.ok("POST", f"/campaigns/{campaign}/contacts", {"contacts": contacts})
    api.ok("POST", f"/campaigns/{campaign}/start")
    api.advance(1)
    row = control.ok("GET", "/campaigns")["campaigns"][0]
    assert (row["total_contacts"], row["active_calls"], row["completed_count"]) == (2, 1, 0)
    listed = control.ok("GET", "/calls")["calls"][0]
    assert listed["live"] and listed["campaign_id"] == campaign
    path = f"/calls/{listed['call_id']}"
    early = control.ok("GET", path, template="/calls/{id}")
    assert early["transcript"][0]["content"] == "Hello Asha" and early["recording_url"] is None
    api.advance(60)
    late = control.ok("GET", path, template="/calls/{id}")
    assert len(late["transcript"]) > len(early["transcript"]) and late["variables"] == {"name": "Asha"}
    assert late["transcript"] == api.ok("GET", path)["session"]["transcript"]
    assert late["transcript"][0]["timestamp"] == early["transcript"][0]["timestamp"]
    row = control.ok("GET", "/campaigns")["campaigns"][0]
    assert (row["completed_count"], row["failed_count"], row["active_calls"]) == (1, 1, 0)
    recording = api.bare.get(late["recording_url"])
    assert recording.content[:4] == b"RIFF"
    assert control.send("GET", "/calls/none").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "begin", "end"),
    [
        ("bytes=0-", 206, 0, None),
        ("bytes=4-7", 206, 4, 8),
        ("bytes=-10", 206, -10, None),
        ("bytes=5-99999999999", 206, 5, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("pages=1-2", 200, 0, None),
    ],
)
def test_a_recording_can_be_read_in_parts(
    api: Api, wanted: str, status: int, begin: int, end: int | None
) -> None:
    call = api.call(api.agent(enable_recording=True)["id"])
    api.advance(60)
    url = api.ok("GET", f"/calls/{call['call_id']}/recording-url")["recording_url"]
    whole = api.bare.get(url).content
    answer = api.bare.get(url, headers={"range": wanted})
    assert answer.status_code == status and answer.content == whole[begin:end]
    if status == 206:
        first = begin % len(whole)
        last = first + len(answer.content) - 1
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
    for beyond in (f"bytes={len(whole)}-", "bytes=7-4", "bytes=-0"):
        assert api.bare.get(url, headers={"range": beyond}).status_code == 416
