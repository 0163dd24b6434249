"""Imported phone numbers."""

from __future__ import annotations

from tests.sandbox.support import Api

PLIVO = {
    "provider": "plivo",
    "name": "India",
    "auth_id": "MA123",
    "auth_token": "SECRET",
    "from_number": "+918011223344",
}


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


def test_default_numbers_cannot_be_deleted(api: Api) -> None:
    api.ok("POST", "/telephony/connections", PLIVO)
    default = next(row for row in api.ok("GET", "/phone-numbers")["phone_numbers"] if row["is_default"])
    api.fails(400, "DELETE", f"/phone-numbers/{default['id']}")
