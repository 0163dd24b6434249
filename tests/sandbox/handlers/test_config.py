"""Settings of the partner and credentials of carriers."""

from __future__ import annotations

import pytest

from tests.sandbox.support import Api


def test_config_shows_carriers_and_limits(api: Api) -> None:
    config = api.ok("GET", "/config")
    assert config["telephony"]["mcube"]["configured"] and config["telephony"]["twilio"]["from_number"]
    assert config["telephony"]["plivo"] == {"configured": False, "from_number": None}
    assert set(config["allowed_languages"]) >= {"en", "hi", "es"}
    assert api.ok("PUT", "/config/display-name", {"display_name": "Acme"})["display_name"] == "Acme"
    assert api.ok("GET", "/config")["display_name"] == "Acme"
    api.fails(400, "PUT", "/config/display-name", {"display_name": " "})


def test_config_shows_the_balance_in_rupees(api: Api) -> None:
    before = api.ok("GET", "/config")["credits"]
    assert before == api.sandbox.world.account["balance_paise"] / 100
    api.call(api.agent()["id"])
    api.advance(60)
    assert api.ok("GET", "/config")["credits"] < before


CREDENTIALS = [
    (
        "exotel",
        {
            "account_sid": "acme12345678",
            "api_key": "SECRET1",
            "api_token": "SECRET2",
            "subdomain": "api.exotel.com",
            "caller_id": "+919876543210",
            "applet_id": "12345",
        },
    ),
    ("mcube", {"jwt_token": "SECRET1", "exe_number": "08012345678"}),
    ("plivo", {"auth_id": "MA" + "1" * 18, "auth_token": "SECRET1", "from_number": "+918011223344"}),
    ("twilio", {"account_sid": "AC" + "1" * 32, "auth_token": "SECRET1", "from_number": "+14155550123"}),
    ("vobiz", {"auth_id": "MA_12345678", "auth_token": "SECRET1", "from_number": "+918011223344"}),
    ("tata-smartflo", {"email": "ops@example.com", "password": "SECRET1", "from_number": "+918011223344"}),
    ("voicelink", {"username": "me", "password": "SECRET1", "did_number": "+918011223344"}),
]


@pytest.mark.parametrize(("carrier", "body"), CREDENTIALS, ids=[name for name, _ in CREDENTIALS])
def test_credentials_are_saved_masked_and_never_returned(
    api: Api, carrier: str, body: dict[str, str]
) -> None:
    answer = api.ok("PUT", f"/config/telephony/{carrier}", body)
    assert "SECRET" not in str(answer)
    for name in ("account_sid", "auth_id"):
        if name in body:
            assert answer[name] != body[name] and answer[name][:4] == body[name][:4] and "*" in answer[name]
    state = api.ok("GET", "/config")["telephony"][carrier.replace("-", "_")]
    assert state["configured"] is True and state["from_number"] in body.values()
    for name in body:
        if name != "did_number":
            api.fails(
                400, "PUT", f"/config/telephony/{carrier}", {key: body[key] for key in body if key != name}
            )
