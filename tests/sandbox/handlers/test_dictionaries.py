"""Dictionaries."""

from __future__ import annotations

from tests.sandbox.support import Api


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
