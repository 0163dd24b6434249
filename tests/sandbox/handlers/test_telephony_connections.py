"""Telephony connections, and which of them a call uses."""

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
