"""Agents, their spelling quirks and their limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sandbox.support import EN_VOICE, PRO_VOICE, Api

BODY = {"agent_name": "Sales", "prompt": "Sell.", "voice_id": EN_VOICE, "agent_type": "outbound"}


def test_a_new_agent_gets_documented_defaults_and_the_default_project(api: Api) -> None:
    agent = api.ok("POST", "/agent", BODY)
    assert agent["max_call_duration_secs"] == 600
    assert agent["kb_threshold"] == "medium"
    assert agent["language"] == "en"
    project = api.ok("GET", f"/projects/{agent['project_id']}")
    assert project["is_default"] and project["agent_count"] == 1


def test_names_are_unique_until_their_agent_is_deleted(api: Api) -> None:
    first = api.ok("POST", "/agent", BODY)
    assert api.fails(409, "POST", "/agent", BODY)["code"] == "CONFLICT"
    other = api.ok("POST", "/agent", {**BODY, "agent_name": "Other"})
    assert api.fails(409, "PUT", f"/agent/{other['id']}", {"agent_name": "Sales"})["code"] == "CONFLICT"
    assert api.ok("PUT", f"/agent/{first['id']}", {"agent_name": "Sales"})["agent_name"] == "Sales"
    api.ok("DELETE", f"/agent/{first['id']}")
    api.ok("POST", "/agent", BODY)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agent_name", None),
        ("agent_name", "x" * 51),
        ("agent_name", 7),
        ("prompt", "x" * 120_001),
        ("prompt", " "),
        ("voice_id", "no-such-voice"),
        ("agent_type", "both"),
        ("kb_threshold", "huge"),
        ("max_call_duration_secs", 59),
        ("max_call_duration_secs", 3601),
        ("max_call_duration_secs", 60.5),
        ("enable_recording", "yes"),
        ("project_id", "00000000-0000-4000-8000-000000000000"),
        ("background_audio_id", "00000000-0000-4000-8000-000000000000"),
        ("transfer_enabled", True),
        ("transfer_number", "12345"),
    ],
)
def test_bad_values_are_rejected_and_named(api: Api, field: str, value: object) -> None:
    error = api.fails(400, "POST", "/agent", {**BODY, field: value})
    assert error["code"] == "VALIDATION_ERROR"
    assert field.removesuffix("enabled") in error["message"] or "audio" in error["message"]


@pytest.mark.parametrize("field", sorted(BODY))
def test_required_fields_are_required(api: Api, field: str) -> None:
    body = {name: value for name, value in BODY.items() if name != field}
    assert api.fails(400, "POST", "/agent", body)["message"] == f"{field} is required"


WRITABLE = {
    "agent_name": "Renamed",
    "prompt": "Talk about {{topic}}.",
    "voice_id": PRO_VOICE,
    "agent_type": "inbound",
    "intro_message": "Hi",
    "voicemail_detection_enabled": True,
    "voicemail_message": "Call back",
    "enable_recording": True,
    "kb_threshold": "high",
    "kb_include_summaries": True,
    "kb_result_format": "{text}",
    "kb_enable_llm_processing": True,
    "kb_llm_system_prompt": "Shorten.",
    "variables": ["topic", "_x1"],
    "extraction_config": {"prompt": "p", "keys": [{"name": "k", "type": "date"}], "includeToolLogs": True},
    "end_call_enabled": False,
    "end_call_message": "Bye",
    "end_call_instructions": "When done",
    "transfer_instructions": "When angry",
    "max_call_duration_secs": 60,
    "background_audio_volume": 0.25,
}
CAMEL = {"end_call_enabled": "endCallEnabled", "end_call_message": "endCallMessage"}


@pytest.mark.parametrize("field", sorted(WRITABLE))
def test_every_writable_field_is_returned(api: Api, field: str) -> None:
    agent = api.agent()
    changed = api.ok("PUT", f"/agent/{agent['id']}", {field: WRITABLE[field]})
    assert changed[CAMEL.get(field, field)] == WRITABLE[field]
    assert api.ok("GET", f"/agent/{agent['id']}") == changed


@pytest.mark.parametrize("cleared", [None, ""])
def test_null_and_the_empty_string_clear_texts_and_omission_keeps_them(api: Api, cleared: str | None) -> None:
    agent = api.agent(intro_message="Hi", end_call_message="Bye")
    kept = api.ok("PUT", f"/agent/{agent['id']}", {"enable_recording": True})
    assert (kept["intro_message"], kept["endCallMessage"]) == ("Hi", "Bye")
    gone = api.ok("PUT", f"/agent/{agent['id']}", {"intro_message": cleared, "end_call_message": cleared})
    assert gone["intro_message"] is None
    assert "endCallMessage" not in gone


def test_transfer_needs_a_number_and_turning_it_off_clears_its_settings(api: Api) -> None:
    agent = api.agent(transfer_enabled=True, transfer_number="+919876543210", transfer_message="Wait")
    assert agent["transferNumber"] == "+919876543210" and agent["transferMessage"] == "Wait"
    off = api.ok("PUT", f"/agent/{agent['id']}", {"transfer_enabled": False})
    assert off["transferEnabled"] is False and "transferNumber" not in off
    assert (
        "transfer_number"
        in api.fails(400, "PUT", f"/agent/{agent['id']}", {"transfer_enabled": True})["message"]
    )


@pytest.mark.parametrize("body", [None, {}, {"surprise": 1}, {"language": "hi"}])
def test_an_update_must_set_something(api: Api, body: object) -> None:
    agent = api.agent()
    api.fails(400, "PUT", f"/agent/{agent['id']}", body)


@pytest.mark.parametrize("names", [["1st"], ["a-b"], ["a b"], ["ok", ""], ["x"] * 101])
def test_variable_names_follow_the_documented_pattern(api: Api, names: list[str]) -> None:
    agent = api.agent()
    api.fails(400, "PUT", f"/agent/{agent['id']}", {"variables": names})


def test_a_new_voice_changes_the_language(api: Api) -> None:
    agent = api.agent()
    hindi = next(voice for voice in api.ok("GET", "/agent/voices")["voices"] if voice["language"] == "hi")
    assert api.ok("PUT", f"/agent/{agent['id']}", {"voice_id": hindi["id"]})["language"] == "hi"


def test_the_list_is_paged_newest_first_without_deleted_agents(api: Api) -> None:
    agents = [api.agent() for _ in range(5)]
    api.ok("DELETE", f"/agent/{agents[3]['id']}")
    page = api.ok("GET", "/agent", params={"limit": 2, "offset": 1})
    assert [row["id"] for row in page["agents"]] == [agents[2]["id"], agents[1]["id"]]
    assert (page["total"], page["limit"], page["offset"]) == (4, 2, 1)
    assert api.ok("GET", "/agent")["limit"] == 10


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "offset=-1", "limit=1&limit=2", "limit=", "limit=1.5"]
)
def test_paging_out_of_range_is_rejected(api: Api, query: str) -> None:
    api.fails(400, "GET", f"/agent?{query}")


def test_no_operation_finds_a_deleted_agent(api: Api) -> None:
    agent = api.agent()
    api.ok("DELETE", f"/agent/{agent['id']}")
    api.fails(404, "GET", f"/agent/{agent['id']}")
    api.fails(404, "PUT", f"/agent/{agent['id']}", {"prompt": "x"})
    api.fails(404, "DELETE", f"/agent/{agent['id']}")
    api.fails(404, "POST", "/calls/start", {"agent_id": agent["id"], "to_number": "+919876543210"})


def test_the_account_has_a_limit_on_agents(build: Callable[..., Api]) -> None:
    api = build(agent_limit=1)
    api.agent()
    assert api.fails(403, "POST", "/agent", {**BODY, "agent_name": "Second"})["code"] == "FORBIDDEN"
    config = api.ok("GET", "/config")
    assert (config["agent_limit"], config["current_agent_count"]) == (1, 1)


def test_deleting_an_agent_unbinds_its_numbers(api: Api) -> None:
    api.ok(
        "PUT",
        "/config/telephony/plivo",
        {"auth_id": "MA1", "auth_token": "t", "from_number": "+918011223344"},
    )
    agent, number = api.agent(), api.ok("GET", "/phone-numbers")["phone_numbers"][0]
    api.ok("PUT", f"/phone-numbers/{number['id']}", {"agent_id": agent["id"]})
    api.ok("DELETE", f"/agent/{agent['id']}")
    assert api.ok("GET", "/phone-numbers")["phone_numbers"][0]["agent"] is None


def test_null_goes_back_to_the_default_threshold_and_blank_names_are_rejected(api: Api) -> None:
    agent = api.agent(kb_threshold="high")
    assert api.ok("PUT", f"/agent/{agent['id']}", {"kb_threshold": None})["kb_threshold"] == "medium"
    for path, method, body in (
        ("/agent/" + agent["id"], "PUT", {"agent_name": "  "}),
        ("/dictionaries", "POST", {"name": "  "}),
        ("/projects", "POST", {"name": "  "}),
        ("/document-folders", "POST", {"name": "  "}),
    ):
        api.fails(400, method, path, body)
