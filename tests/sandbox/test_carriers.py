"""Telephony connections, imported numbers and VoiceLink."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Api

PLIVO = {
    "provider": "plivo",
    "name": "India",
    "auth_id": "MA123",
    "auth_token": "SECRET",
    "from_number": "+918011223344",
}
CONNECTIONS: list[dict[str, Any]] = [
    PLIVO,
    {
        "provider": "twilio",
        "name": "x",
        "account_sid": "AC",
        "auth_token": "t",
        "from_number": "+14155550123",
    },
    {
        "provider": "exotel",
        "name": "x",
        "account_sid": "a",
        "api_key": "k",
        "subdomain": "api.exotel.com",
        "caller_id": "+918011223344",
    },
    {"provider": "vobiz", "name": "x", "auth_id": "MA_1", "auth_token": "t", "from_number": "+918011223344"},
    {"provider": "sip", "name": "x", "sip_host": "sip.example.com", "did_number": "+918011223344"},
    {"provider": "voicelink", "name": "x", "username": "u", "password": "p", "did_number": "+918011223344"},
    {"provider": "mcube", "name": "x", "jwt_token": "t", "exe_number": "08011223344"},
    {"provider": "tata_smartflo", "name": "x", "tata_email": "a@b.in", "tata_password": "p"},
]


@pytest.mark.parametrize("body", CONNECTIONS, ids=lambda body: body["provider"])
def test_every_carrier_can_be_connected_and_used(api: Api, body: dict[str, Any]) -> None:
    made = api.ok("POST", "/telephony/connections", body)["connection"]
    assert made["id"] == made["connection_id"] and made["provider_key"] == body["provider"].upper()
    assert "SECRET" not in str(made)
    listed = api.ok("GET", "/telephony/connections", params={"provider": body["provider"]})["connections"]
    assert made in listed
    call = api.call(api.agent()["id"], connection_id=made["id"])
    assert call["provider"] == body["provider"]
    for name in body:
        if name not in ("did_number",) or body["provider"] == "sip":
            rest = {key: value for key, value in body.items() if key != name}
            api.fails(400, "POST", "/telephony/connections", rest)


def test_several_connections_of_a_carrier_need_a_choice(api: Api) -> None:
    first = api.ok("POST", "/telephony/connections", PLIVO)["connection"]
    agent = {"agent_id": api.agent()["id"], "to_number": "+919876543210"}
    assert (
        api.ok("POST", "/calls/start", {**agent, "provider": "plivo"})["from_number"] == PLIVO["from_number"]
    )
    other = {**PLIVO, "name": "Second", "from_number": "+918011223355"}
    second = api.ok("POST", "/telephony/connections", other)["connection"]
    assert (first["is_default"], second["is_default"]) == (True, False)
    assert (
        "connection_id" in api.fails(400, "POST", "/calls/start", {**agent, "provider": "plivo"})["message"]
    )
    call = api.ok("POST", "/calls/start", {**agent, "provider": "plivo", "connection_id": second["id"]})
    assert call["from_number"] == "+918011223355"
    api.fails(400, "POST", "/calls/start", {**agent, "provider": "twilio", "connection_id": second["id"]})
    api.fails(404, "POST", "/calls/start", {**agent, "connection_id": "unknown"})


def test_numbers_are_pulled_from_plivo_and_given_for_vobiz(api: Api) -> None:
    api.fails(403, "POST", "/phone-numbers/sync", {"provider": "plivo"})
    api.ok("POST", "/telephony/connections", PLIVO)
    pulled = api.ok("POST", "/phone-numbers/sync", {"provider": "plivo"})["phone_numbers"]
    assert pulled and {row["provider"] for row in pulled} == {"PLIVO"}
    again = api.ok("POST", "/phone-numbers/sync", {"provider": "plivo"})["phone_numbers"]
    assert again == pulled
    vobiz = {
        "provider": "vobiz",
        "name": "x",
        "auth_id": "MA_1",
        "auth_token": "t",
        "from_number": "+918011223344",
    }
    api.ok("POST", "/telephony/connections", vobiz)
    api.fails(400, "POST", "/phone-numbers/sync", {"provider": "vobiz"})
    api.fails(400, "POST", "/phone-numbers/sync", {"provider": "vobiz", "numbers": ["12"]})
    api.fails(400, "POST", "/phone-numbers/sync", {"provider": "twilio"})
    api.fails(404, "POST", "/phone-numbers/sync", {"provider": "plivo", "connection_id": "unknown"})
    given = api.ok("POST", "/phone-numbers/sync", {"provider": "vobiz", "numbers": ["+918011223399"]})
    assert [row["phone_number"] for row in given["phone_numbers"]] == ["+918011223399"]
    everything = api.ok("GET", "/phone-numbers")
    assert everything["total"] == len(pulled) + 3
    only = api.ok("GET", "/phone-numbers?provider=VOBIZ")["phone_numbers"]
    assert {row["provider"] for row in only} == {"VOBIZ"} and len(only) == 2


@pytest.mark.parametrize("path", ["/telephony/connections", "/phone-numbers"])
def test_a_filter_by_carrier_ignores_case_and_accepts_unknown_carriers(path: str, api: Api) -> None:
    """The documented list of carriers is open."""
    api.ok("POST", "/telephony/connections", PLIVO)
    api.ok("POST", "/phone-numbers/sync", {"provider": "plivo"})
    listed = [api.ok("GET", path, params={"provider": name}) for name in ("plivo", "PLIVO")]
    assert listed[0] == listed[1]
    assert len(next(value for value in listed[0].values() if isinstance(value, list))) > 0
    later = api.ok("GET", path, params={"provider": "brand-new"})
    assert [value for value in later.values() if isinstance(value, list)] == [[]]


def test_a_bound_number_is_the_preferred_caller(api: Api) -> None:
    api.ok("POST", "/telephony/connections", PLIVO)
    number = api.ok("POST", "/phone-numbers/sync", {"provider": "plivo"})["phone_numbers"][0]
    agent, path = api.agent(), f"/phone-numbers/{number['id']}"
    bound = api.ok("PUT", path, {"agent_id": agent["id"], "friendly_name": "Sales"})
    assert bound["agent"] == {"id": agent["id"], "name": agent["agent_name"]}
    assert bound["friendly_name"] == "Sales"
    assert api.call(agent["id"], provider="plivo")["from_number"] == number["phone_number"]
    assert "1" in api.ok("POST", "/phone-numbers/reapply-bindings", {"provider": "plivo"})["message"]
    api.ok("PUT", path, {"status": "INACTIVE"})
    assert api.call(agent["id"], provider="plivo")["from_number"] == PLIVO["from_number"]
    assert api.ok("PUT", path, {"agent_id": ""})["agent"] is None
    for body in ({}, {"status": "active"}, {"friendly_name": "x" * 201}):
        api.fails(400, "PUT", path, body)
    api.fails(404, "PUT", path, {"agent_id": "unknown"})
    api.ok("DELETE", path)
    api.fails(404, "PUT", path, {"status": "ACTIVE"})


def test_default_numbers_cannot_be_deleted(api: Api) -> None:
    api.ok("POST", "/telephony/connections", PLIVO)
    default = next(row for row in api.ok("GET", "/phone-numbers")["phone_numbers"] if row["is_default"])
    api.fails(400, "DELETE", f"/phone-numbers/{default['id']}")


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
def test_voicelink_takes_no_identifier_from_a_body(voicelink: Api, key: Any) -> None:
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
