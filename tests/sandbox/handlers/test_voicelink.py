"""VoiceLink."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.support import Api

PLIVO = {
    "provider": "plivo",
    "name": "India",
    "auth_id": "MA123",
    "auth_token": "SECRET",
    "from_number": "+918011223344",
}


CLIENT = {
    "first_name": "A",
    "last_name": "B",
    "username": "ab",
    "email": "a@example.com",
    "password": "SECRET",
    "channel_count": 2,
}


@pytest.fixture
def voicelink(api: Api) -> Api:
    api.ok("PUT", "/config/telephony/voicelink", {"username": "u", "password": "p"})
    return api


def test_voicelink_needs_a_connection_and_a_choice_among_several(api: Api) -> None:
    api.fails(403, "GET", "/voicelink/clients")
    body = {"provider": "voicelink", "name": "x", "username": "u", "password": "p"}
    keys = [api.ok("POST", "/telephony/connections", body)["connection"]["id"] for _ in range(2)]
    api.fails(400, "GET", "/voicelink/clients")
    api.ok("GET", "/voicelink/clients", params={"connection_id": keys[1]})
    api.fails(404, "GET", "/voicelink/clients", params={"connection_id": "unknown"})
    api.ok("POST", "/voicelink/sync", {"connection_id": keys[0]})
    api.ok("POST", "/voicelink/sync", {"connectionId": keys[0]})
    api.ok("GET", "/voicelink/bots", params={"connectionId": keys[1]})
    api.fails(404, "POST", "/voicelink/sync", {"connectionId": "unknown"})


def test_voicelink_clients_are_created_changed_and_paged(voicelink: Api) -> None:
    made = voicelink.ok("POST", "/voicelink/clients", CLIENT)["data"]
    assert isinstance(made["id"], int) and "SECRET" not in str(made)
    voicelink.fails(400, "POST", "/voicelink/clients", CLIENT)
    voicelink.ok("POST", "/voicelink/clients", {**CLIENT, "username": "cd"})
    changed = voicelink.ok("POST", f"/voicelink/clients/{made['id']}", {"is_active": 0, "last_name": "C"})[
        "data"
    ]
    assert (changed["status"], changed["last_name"], changed["first_name"]) == (0, "C", "A")
    assert len(voicelink.ok("GET", "/voicelink/clients")["data"]) == 2
    page = voicelink.ok("GET", "/voicelink/clients", params={"per_page": 1, "page": 2})["data"]
    assert [row["username"] for row in page] == ["cd"]
    assert [row["id"] for row in voicelink.ok("GET", "/voicelink/clients?status=0")["data"]] == [made["id"]]
    voicelink.fails(404, "POST", "/voicelink/clients/99", {"last_name": "x"})
    voicelink.fails(400, "POST", "/voicelink/clients/abc", {"last_name": "x"})


@pytest.mark.parametrize("key", [[], "1", 7, None])
def test_voicelink_ignores_an_identifier_in_a_body(voicelink: Api, key: Any) -> None:
    first = voicelink.ok("POST", "/voicelink/clients", CLIENT)["data"]
    second = voicelink.ok("POST", "/voicelink/clients", {**CLIENT, "username": "cd", "id": key})["data"]
    assert second["id"] not in (first["id"], key)
    changed = voicelink.ok("POST", f"/voicelink/clients/{first['id']}", {"last_name": "C", "id": key})["data"]
    assert changed["id"] == first["id"]
    bot = voicelink.ok("POST", "/voicelink/bots", {"bot_name": "b", "client_id": first["id"], "id": key})
    assert bot["data"]["id"] not in ([], None, 7)
    did = voicelink.ok("GET", "/voicelink/dids/purchased")["data"][0]
    mapping = {"client_id": first["id"], "did_id": did["did_id"], "call_recording": 0, "id": key}
    assert voicelink.ok("POST", "/voicelink/dids/map", mapping)["data"]["id"] == did["id"]


def test_a_number_becomes_call_ready_in_one_go(voicelink: Api) -> None:
    client = voicelink.ok("POST", "/voicelink/clients", CLIENT)["data"]
    did = voicelink.ok("GET", "/voicelink/dids/purchased")["data"][0]
    assert "client_id" not in did
    unready = voicelink.ok("POST", "/voicelink/call-ready", {"did_id": did["did_id"]})
    assert unready["ready"] is False
    agent = voicelink.agent()
    body = {"did_number": "+" + did["did_number"], "client_id": client["id"], "agent_id": agent["id"]}
    ready = voicelink.ok("POST", "/voicelink/call-ready", body)
    assert ready["ready"] is True and {step["status"] for step in ready["steps"]} == {"done"}
    assert "NO_BOT" in ready["readiness_before"]["issues"]
    assert (ready["readiness"]["state"], ready["readiness"]["issues"]) == ("READY", [])
    assert unready["readiness"]["issues"] == ["NOT_MAPPED", "NO_BOT", "ROUTING_MISSING", "NO_VOCOBASE_AGENT"]
    call = voicelink.call(agent["id"], provider="voicelink")
    assert call["from_number"] == "+" + did["did_number"]
    assert voicelink.ok("POST", "/voicelink/call-ready", body)["ready"] is True
    assert len(voicelink.ok("GET", "/voicelink/bots")["data"]) == 1
    mapped = voicelink.ok("GET", "/voicelink/dids/purchased", params={"client_id": client["id"]})["data"]
    assert [row["did_id"] for row in mapped] == [did["did_id"]]
    voicelink.fails(400, "POST", "/voicelink/call-ready", {})
    voicelink.fails(404, "POST", "/voicelink/call-ready", {"did_id": 1})


def test_a_mapped_number_is_never_moved(voicelink: Api) -> None:
    first = voicelink.ok("POST", "/voicelink/clients", CLIENT)["data"]["id"]
    second = voicelink.ok("POST", "/voicelink/clients", {**CLIENT, "username": "cd"})["data"]["id"]
    did = voicelink.ok("GET", "/voicelink/dids/purchased")["data"][0]["did_id"]
    mapping = {"client_id": first, "did_id": did, "call_recording": 0}
    assert voicelink.ok("POST", "/voicelink/dids/map", mapping)["data"]["client_id"] == first
    voicelink.ok("POST", "/voicelink/call-ready", {"did_id": did, "client_id": second})
    assert voicelink.ok("GET", "/voicelink/dids/purchased")["data"][0]["client_id"] == first
    voicelink.fails(400, "POST", "/voicelink/dids/map", {**mapping, "user_status": 3})
    voicelink.fails(404, "POST", "/voicelink/dids/map", {**mapping, "client_id": 99})


def test_bots_and_routing_are_replaced_as_a_whole(voicelink: Api) -> None:
    client = voicelink.ok("POST", "/voicelink/clients", CLIENT)["data"]["id"]
    did = voicelink.ok("GET", "/voicelink/dids/purchased")["data"][0]["did_id"]
    bot = voicelink.ok(
        "POST", "/voicelink/bots", {"bot_name": "b", "client_id": client, "webhook_url": "https://x.y"}
    )
    assert bot["data"]["status"] == 1 and bot["data"]["webhook_url"] == "https://x.y"
    path = f"/voicelink/bots/{bot['data']['id']}"
    new = voicelink.ok("POST", path, {"bot_name": "c", "websocket_url": "wss://x.y/z", "status": 0})["data"]
    assert "webhook_url" not in new and new["client_id"] == client
    assert voicelink.ok("GET", "/voicelink/bots?status=1")["data"] == []
    voicelink.fails(400, "GET", "/voicelink/bots?client_id=0")
    voicelink.fails(400, "GET", "/voicelink/bots?client_id=1.5")
    route = {"did_id": did, "for_inbound_call": 1, "for_outbound_call": 3}
    voicelink.fails(400, "POST", "/voicelink/call-routing", route)
    route["outbound_websocket_bot_id"] = bot["data"]["id"]
    made = voicelink.ok("POST", "/voicelink/call-routing", route)["data"]
    voicelink.fails(400, "POST", "/voicelink/call-routing", route)
    changed = {"for_inbound_call": 1, "for_outbound_call": 4, "status": 1}
    replaced = voicelink.ok("POST", f"/voicelink/call-routing/{made['id']}", changed)["data"]
    assert "outbound_websocket_bot_id" not in replaced and replaced["did_id"] == did
    voicelink.fails(404, "POST", "/voicelink/call-routing/99", changed)


def test_syncing_imports_numbers_unless_told_not_to(voicelink: Api) -> None:
    seen = voicelink.ok("POST", "/voicelink/sync", {"import_dids": False})
    assert seen["local_phone_numbers"] == [] and len(seen["dids"]) == 3
    assert seen["readiness"][0]["state"] == "NOT_MAPPED"
    assert len(voicelink.ok("POST", "/voicelink/sync")["local_phone_numbers"]) == 3
    assert voicelink.ok("GET", "/voicelink/dids/available")["data"]


def test_a_connection_can_be_named_when_syncing(api: Api) -> None:
    made = api.ok("POST", "/telephony/connections", PLIVO)["connection"]
    body = {"provider": "plivo", "connection_id": made["id"]}
    assert api.ok("POST", "/phone-numbers/sync", body)["total"] == 3
