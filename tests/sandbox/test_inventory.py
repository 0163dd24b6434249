"""Dictionaries, projects and settings."""

from __future__ import annotations

import pytest

from .support import Api


def test_terms_are_normalized(api: Api) -> None:
    made = api.ok(
        "POST", "/dictionaries", {"name": "d", "terms": [" Vocobase ", "", "  ", "vocobase", "SKU-1"]}
    )
    assert made["terms"] == ["Vocobase", "SKU-1"] and made["term_count"] == 2
    assert made["description"] is None
    assert api.ok("POST", "/dictionaries", {"name": "e", "description": "  "})["description"] is None


def test_dictionary_names_are_unique(api: Api) -> None:
    first = api.ok("POST", "/dictionaries", {"name": "d"})
    second = api.ok("POST", "/dictionaries", {"name": "e"})
    api.fails(409, "POST", "/dictionaries", {"name": "d"})
    api.fails(409, "PATCH", f"/dictionaries/{second['id']}", {"name": "d"})
    api.ok("PATCH", f"/dictionaries/{first['id']}", {"name": "d"})


def test_the_list_has_no_terms_and_comes_newest_first(api: Api) -> None:
    keys = [api.ok("POST", "/dictionaries", {"name": name, "terms": ["x"]})["id"] for name in "abc"]
    rows = api.ok("GET", "/dictionaries")["dictionaries"]
    assert [row["id"] for row in rows] == keys[::-1] and "terms" not in rows[0]
    assert api.ok("GET", f"/dictionaries/{keys[0]}")["terms"] == ["x"]


def test_attaching_replaces_the_whole_set(api: Api) -> None:
    agent = api.agent()
    path = f"/agent/{agent['id']}/dictionaries"
    first, second = (api.ok("POST", "/dictionaries", {"name": name})["id"] for name in "ab")
    rows = api.ok("PUT", path, {"dictionary_ids": [first, second, first]})["dictionaries"]
    assert [row["id"] for row in rows] == [first, second] and "description" not in rows[0]
    assert rows[0]["attached_agent_count"] == 1
    api.fails(400, "PUT", path, {"dictionary_ids": [first, "unknown"]})
    assert len(api.ok("GET", path)["dictionaries"]) == 2
    assert api.ok("PUT", path, {"dictionary_ids": []})["dictionaries"] == []


def test_ten_thousand_characters_are_the_limit_per_agent(api: Api) -> None:
    agent = api.agent()
    path = f"/agent/{agent['id']}/dictionaries"
    big = api.ok("POST", "/dictionaries", {"name": "big", "terms": ["x" * 9_000]})["id"]
    small = api.ok("POST", "/dictionaries", {"name": "small", "terms": ["y" * 900]})["id"]
    api.ok("PUT", path, {"dictionary_ids": [big, small]})
    error = api.fails(400, "PATCH", f"/dictionaries/{small}", {"name": "renamed", "terms": ["y" * 1_100]})
    assert error["code"] == "DICTIONARY_CHAR_LIMIT_EXCEEDED"
    assert api.ok("GET", f"/dictionaries/{small}")["name"] == "small"
    huge = api.ok("POST", "/dictionaries", {"name": "huge", "terms": ["z" * 10_001]})["id"]
    error = api.fails(400, "PUT", path, {"dictionary_ids": [huge]})
    assert error["code"] == "DICTIONARY_CHAR_LIMIT_EXCEEDED"
    assert len(api.ok("GET", path)["dictionaries"]) == 2


def test_deleting_a_dictionary_detaches_it(api: Api) -> None:
    agent = api.agent()
    path = f"/agent/{agent['id']}/dictionaries"
    key = api.ok("POST", "/dictionaries", {"name": "d"})["id"]
    api.ok("PUT", path, {"dictionary_ids": [key]})
    api.ok("DELETE", f"/dictionaries/{key}")
    assert api.ok("GET", path)["dictionaries"] == []
    api.fails(404, "DELETE", f"/dictionaries/{key}")


def test_projects_group_agents_and_cannot_be_deleted_while_they_do(api: Api) -> None:
    project = api.ok("POST", "/projects", {"name": "Client A", "description": "d"})
    agent = api.agent(project_id=project["id"])
    assert api.ok("GET", f"/projects/{project['id']}")["agent_count"] == 1
    api.fails(400, "DELETE", f"/projects/{project['id']}")
    moved = api.ok("PUT", f"/agent/{agent['id']}", {"project_id": None})
    assert moved["project_id"] != project["id"]
    api.ok("DELETE", f"/projects/{project['id']}")
    api.fails(404, "GET", f"/projects/{project['id']}")


def test_the_default_project_stays(api: Api) -> None:
    default = api.ok("GET", "/projects")["projects"][0]
    assert default["is_default"]
    api.fails(400, "DELETE", f"/projects/{default['id']}")


def test_project_names_are_unique(api: Api) -> None:
    api.ok("POST", "/projects", {"name": "A"})
    other = api.ok("POST", "/projects", {"name": "B"})
    api.fails(409, "POST", "/projects", {"name": "A"})
    api.fails(409, "PUT", f"/projects/{other['id']}", {"name": "A"})
    assert api.ok("PUT", f"/projects/{other['id']}", {"description": "x"})["name"] == "B"
    api.fails(400, "PUT", f"/projects/{other['id']}", {})
    api.fails(400, "POST", "/projects", {"name": "x" * 101})


def test_config_shows_carriers_and_limits(api: Api) -> None:
    config = api.ok("GET", "/config")
    assert config["telephony"]["mcube"]["configured"] and config["telephony"]["twilio"]["from_number"]
    assert config["telephony"]["plivo"] == {"configured": False, "from_number": None}
    assert set(config["allowed_languages"]) >= {"en", "hi", "es"}
    assert api.ok("PUT", "/config/display-name", {"display_name": "Acme"})["display_name"] == "Acme"
    assert api.ok("GET", "/config")["display_name"] == "Acme"
    api.fails(400, "PUT", "/config/display-name", {"display_name": " "})


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
