"""Campaigns: contacts, states, dialling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.support import Api


def campaign(api: Api, phones: list[str] | None = None, **fields: Any) -> Any:
    agent_id = fields.pop("agent_id", None) or api.agent()["id"]
    made = api.ok("POST", "/campaigns", {"name": "c", "agent_id": agent_id, "provider": "twilio", **fields})
    if phones:
        contacts = [{"phone": phone} for phone in phones]
        api.ok("POST", f"/campaigns/{made['campaign_id']}/contacts", {"contacts": contacts})
    return made


def numbers(count: int) -> list[str]:
    return [f"+9198765{index:05d}" for index in range(count)]


def act(api: Api, made: Any, verb: str) -> Any:
    return api.ok("POST", f"/campaigns/{made['campaign_id']}/{verb}")


def test_a_new_campaign_is_an_empty_draft(api: Api) -> None:
    made = campaign(api)
    assert (made["status"], made["total_contacts"], made["concurrency_limit"]) == ("draft", 0, 1)
    assert api.ok("GET", f"/campaigns/{made['campaign_id']}") == made
    assert api.ok("GET", "/campaigns") == {"campaigns": [made], "total": 1}


@pytest.mark.parametrize(("given", "kept"), [(0, 1), (-5, 1), (3, 3), (10, 10), (99, 10)])
def test_the_concurrency_limit_is_clamped(api: Api, given: int, kept: int) -> None:
    assert campaign(api, concurrency_limit=given)["concurrency_limit"] == kept


def test_creating_needs_an_agent_and_a_usable_carrier(api: Api) -> None:
    body = {"name": "c", "agent_id": api.agent()["id"], "provider": "twilio"}
    api.fails(404, "POST", "/campaigns", {**body, "agent_id": "unknown"})
    api.fails(403, "POST", "/campaigns", {**body, "provider": "acme"})
    api.fails(400, "POST", "/campaigns", {**body, "provider": "plivo"})
    api.fails(400, "POST", "/campaigns", {**body, "name": " "})


def test_duplicates_are_counted_and_known_contacts_reused(api: Api) -> None:
    first, second = campaign(api), campaign(api)
    contacts = [{"phone": "+919876500001"}, {"phone": "+919876500002"}, {"phone": "+919876500001"}]
    path = f"/campaigns/{first['campaign_id']}/contacts"
    assert api.ok("POST", path, {"contacts": contacts}) == {
        "added": 2,
        "duplicates": 1,
        "contacts_created": 2,
        "contacts_existing": 0,
    }
    assert api.ok("POST", path, {"contacts": contacts})["duplicates"] == 3
    other = api.ok("POST", f"/campaigns/{second['campaign_id']}/contacts", {"contacts": contacts})
    assert (other["added"], other["contacts_existing"]) == (2, 2)


def test_a_request_takes_one_to_ten_thousand_contacts_or_nothing(api: Api) -> None:
    path = f"/campaigns/{campaign(api)['campaign_id']}/contacts"
    api.fails(400, "POST", path, {"contacts": []})
    api.fails(400, "POST", path, {"contacts": [{"phone": phone} for phone in numbers(10_001)]})
    api.fails(400, "POST", path, {"contacts": [{"phone": "+919876500001"}, {"phone": "call me"}]})
    api.fails(400, "POST", path, {"contacts": [{"name": "x"}]})
    assert (
        api.ok("POST", path, {"contacts": [{"phone": phone} for phone in numbers(10_000)]})["added"] == 10_000
    )


def test_a_campaign_dials_every_contact_and_completes(api: Api) -> None:
    made = campaign(api, ["+919876543210", "+12025550101", "+12025550103"], concurrency_limit=2)
    assert act(api, made, "start")["status"] == "running"
    api.advance(60)
    done = api.ok("GET", f"/campaigns/{made['campaign_id']}")
    assert done["status"] == "completed" and done["completed_at"]
    assert (done["completed_count"], done["failed_count"], done["skipped_count"]) == (2, 1, 0)
    stats = api.ok("GET", f"/campaigns/{made['campaign_id']}/stats")
    assert stats["contacts_by_status"] == {
        "queued": 0,
        "calling": 0,
        "completed": 2,
        "failed": 1,
        "skipped": 0,
    }
    calls = api.ok("GET", "/calls")["calls"]
    talked = [call["duration_seconds"] for call in calls if call["duration_seconds"]]
    assert stats["average_duration_seconds"] == round(sum(talked) / 2, 1)
    assert stats["total_credits_used"] > 0


def test_never_more_calls_than_either_limit(build: Callable[..., Api]) -> None:
    for cap, limit, expected in ((5, 2, 2), (2, 10, 2), (0, 10, 10)):
        api = build(concurrency=cap)
        made = campaign(api, numbers(15), concurrency_limit=limit)
        act(api, made, "start")
        seen = 0
        for _ in range(300):
            api.advance(0.1)
            seen = max(seen, api.ok("GET", "/calls/concurrency")["active"])
        assert seen == expected
        assert api.ok("GET", f"/campaigns/{made['campaign_id']}")["status"] == "completed"


def test_pausing_lets_calls_finish_and_resuming_goes_on(api: Api) -> None:
    made = campaign(api, numbers(3))
    act(api, made, "start")
    api.advance(0.5)
    assert act(api, made, "pause")["paused_at"]
    api.advance(60)
    stats = api.ok("GET", f"/campaigns/{made['campaign_id']}/stats")
    assert stats["contacts_by_status"]["completed"] == 1 and stats["contacts_by_status"]["queued"] == 2
    act(api, made, "resume")
    api.advance(60)
    assert api.ok("GET", f"/campaigns/{made['campaign_id']}")["completed_count"] == 3


def test_stopping_skips_the_rest_permanently(api: Api) -> None:
    made = campaign(api, numbers(4))
    act(api, made, "start")
    api.advance(0.5)
    stopped = act(api, made, "stop")
    assert (stopped["status"], stopped["skipped_count"]) == ("cancelled", 3)
    api.advance(60)
    assert api.ok("GET", f"/campaigns/{made['campaign_id']}")["completed_count"] == 1
    for verb in ("start", "pause", "resume", "stop"):
        api.fails(400, "POST", f"/campaigns/{made['campaign_id']}/{verb}")


@pytest.mark.parametrize(
    ("reached", "refused"),
    [
        ([], ["pause", "resume", "stop"]),
        (["start"], ["start", "resume", "contacts"]),
        (["start", "pause"], ["start", "pause", "contacts"]),
    ],
)
def test_states_allow_only_their_own_actions(api: Api, reached: list[str], refused: list[str]) -> None:
    made = campaign(api, numbers(1))
    for verb in reached:
        act(api, made, verb)
    for verb in refused:
        body = {"contacts": [{"phone": "+919876500009"}]} if verb == "contacts" else None
        api.fails(400, "POST", f"/campaigns/{made['campaign_id']}/{verb}", body)


def test_starting_needs_contacts(api: Api) -> None:
    assert "contacts" in api.fails(400, "POST", f"/campaigns/{campaign(api)['campaign_id']}/start")["message"]


def test_an_empty_balance_stops_a_campaign_and_rejects_its_start(build: Callable[..., Api]) -> None:
    api = build(balance=2.0)
    made = campaign(api, numbers(5))
    act(api, made, "start")
    api.advance(60)
    assert api.ok("GET", f"/campaigns/{made['campaign_id']}")["status"] == "credit_exhausted"
    assert api.fails(403, "POST", f"/campaigns/{made['campaign_id']}/resume")["code"] == "FORBIDDEN"
    other = campaign(api, numbers(1))
    api.fails(403, "POST", f"/campaigns/{other['campaign_id']}/start")
    api.sandbox.world.account["balance_paise"] = 10_000
    act(api, made, "resume")
    api.advance(60)
    assert api.ok("GET", f"/campaigns/{made['campaign_id']}")["status"] == "completed"


def test_metadata_fills_variables_of_the_same_name(api: Api) -> None:
    agent = api.agent(
        variables=["tier", "name", "missing"], intro_message="{{name}} has {{tier}}{{missing}}."
    )
    made = campaign(api, agent_id=agent["id"])
    contact = {"phone": "+919876543210", "name": "Asha", "metadata": {"tier": "gold", "other": 1}}
    api.ok("POST", f"/campaigns/{made['campaign_id']}/contacts", {"contacts": [contact]})
    act(api, made, "start")
    api.advance(60)
    session = api.ok("GET", f"/sessions/{api.ok('GET', '/calls')['calls'][0]['session_id']}")
    assert session["transcript"][0]["content"] == "Asha has gold."
    assert session["variables"] == {"tier": "gold", "name": "Asha"}


def test_deleting_the_agent_fails_the_remaining_contacts(api: Api) -> None:
    agent = api.agent()
    made = campaign(api, numbers(3), agent_id=agent["id"])
    act(api, made, "start")
    api.ok("DELETE", f"/agent/{agent['id']}")
    api.advance(60)
    done = api.ok("GET", f"/campaigns/{made['campaign_id']}")
    assert (done["status"], done["failed_count"]) == ("completed", 3)
