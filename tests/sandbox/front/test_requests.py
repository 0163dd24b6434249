"""Rules for every request: key, rate limits, bodies, unknown fields, errors."""

from __future__ import annotations

import logging
from collections.abc import Callable

import httpx
import pytest

from tests.sandbox.contract import DOCUMENT
from tests.sandbox.front.test_methods import CONTROL
from tests.sandbox.support import Api


@pytest.mark.parametrize(
    "value", [None, "", "Bearer", "Bearer wrong", "Basic abc", "bearer  ", "Bearer rg_live_\u00e9"]
)
def test_a_missing_or_wrong_key_is_unauthorized(api: Api, value: str | None) -> None:
    headers = {} if value is None else {"authorization": value.encode("latin-1")}
    for path in ("/agent", "/nowhere"):
        answer = api.bare.get(api.sandbox.base_url + path, headers=headers)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "UNAUTHORIZED")


def test_the_key_is_never_taken_from_the_query(api: Api) -> None:
    answer = api.bare.get(f"{api.sandbox.base_url}/agent?api_key={api.sandbox.api_key}")
    assert answer.status_code == 401


def test_unknown_paths_and_methods_get_the_envelope(api: Api) -> None:
    assert api.fails(404, "GET", "/nowhere")["code"] == "NOT_FOUND"
    assert "POST" in api.fails(405, "DELETE", "/calls/start")["message"]
    api.fails(404, "GET", "/agent//documents")


@pytest.mark.parametrize(
    "key", ["..", "%2e%2e", "%00", "a%2Fb", "x" * 5000, "%F0%9F%92%A9", "'; drop table agents", "%zz"]
)
def test_hostile_ids_are_not_found(api: Api, key: str) -> None:
    for path in (
        "/agent/{}",
        "/calls/{}",
        "/documents/{}",
        "/projects/{}",
        "/sessions/{}",
        "/dictionaries/{}",
    ):
        url = httpx.URL(api.sandbox.base_url).copy_with(raw_path=("/api/v2" + path.format(key)).encode())
        assert api.send("GET", str(url)).status_code in (404, 405)


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff",
    b"{'a':1}",
    b'{"name": NaN}',
    b'{"name": "\\ud800"}',
]
BAD_BODIES += [b"[" * 100_000, b'{"a":' * 50_000, b'{"name": ' + b"9" * 5000 + b"}", b'{"name": 1e999}']


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_unreadable_bodies_are_rejected(api: Api, body: bytes) -> None:
    answer = api.client.post("/projects", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "VALIDATION_ERROR"


def test_a_body_must_be_declared_as_json(api: Api) -> None:
    answer = api.client.post("/projects", content=b'{"name": "x"}', headers={"content-type": "text/plain"})
    assert "Content-Type" in answer.json()["error"]["message"]


def test_undocumented_fields_are_ignored_with_a_warning(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "vocobase_sandbox"):
        api.ok("POST", "/projects", {"name": "x", "colour": "red"})
        api.ok("GET", "/agent?colour=red")
    assert [record.getMessage() for record in caplog.records] == [
        "POST /projects: not documented, ignored: colour",
        "GET /agent: not documented, ignored: colour",
    ]


def test_undocumented_fields_cannot_forge_lines_of_the_log(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "vocobase_sandbox"):
        api.ok("POST", "/projects", {"name": "x", "a\nERROR forged\x1b[31m": 1})
    assert [record.getMessage() for record in caplog.records] == [
        r"POST /projects: not documented, ignored: 'a\nERROR forged\x1b[31m'"
    ]


def test_a_parameter_that_is_not_documented_may_be_repeated(api: Api) -> None:
    """Most routes without parameters document no 400."""
    assert api.ok("GET", "/config?x=1&x=2")["name"] == "sandbox"
    assert "twice" in api.fails(400, "GET", "/agent?limit=1&limit=2")["message"]


CLOSED = [
    (method.upper(), path, parameter["name"])
    for document, prefix in ((DOCUMENT, ""), (CONTROL, "/_sandbox"))
    for path, item in ((prefix + path, item) for path, item in document["paths"].items())
    for method, operation in item.items()
    for parameter in operation.get("parameters", [])
    if parameter["in"] == "query" and "enum" in parameter["schema"]
]


@pytest.mark.parametrize(("method", "path", "name"), CLOSED)
def test_a_value_outside_of_a_closed_list_is_rejected_in_the_query(
    api: Api, method: str, path: str, name: str
) -> None:
    base = (
        api.sandbox.base_url
        if path.startswith("/_sandbox") is False
        else api.sandbox.base_url[: -len("/api/v2")]
    )
    for value in ("", "9", "unknown", "complete", "completed,failed"):
        response = api.client.request(method, base + path, params={name: value})
        assert response.status_code == 400 and name in response.json()["error"]["message"]


@pytest.mark.parametrize("offset", [10**18, 10**30])
def test_an_offset_beyond_every_row_gives_an_empty_page(api: Api, offset: int) -> None:
    api.agent()
    page = api.ok("GET", f"/agent?offset={offset}")
    assert (page["agents"], page["total"], page["offset"]) == ([], 1, offset)


@pytest.mark.parametrize("limit", ["\u0663", "9" * 5000, "1_0", " 1", "+1", "1.0", "0x1"])
def test_a_limit_in_another_notation_is_rejected(api: Api, limit: str) -> None:
    api.fails(400, "GET", "/agent", params={"limit": limit})


@pytest.mark.parametrize("digits", ["\u0661\u0662\u0663\u0664\u0665\u0666\u0667", "\uff11" * 7])
def test_numbers_are_written_in_ascii_digits(api: Api, digits: str) -> None:
    agent = api.agent()
    api.fails(400, "POST", "/calls/start", {"agent_id": agent["id"], "to_number": f"+9{digits}"})
    api.fails(400, "PUT", "/config/telephony/mcube", {"jwt_token": "t", "exe_number": f"+9{digits}"})


def test_strict_mode_rejects_undocumented_members(build: Callable[..., Api]) -> None:
    api = build(strict=True)
    assert "colour" in api.fails(400, "POST", "/projects", {"name": "x", "colour": "red"})["message"]
    assert "colour" in api.fails(400, "GET", "/agent?colour=red")["message"]
    agent = api.agent()
    config = {"keys": [{"name": "k", "colour": "red"}]}
    error = api.fails(400, "PUT", f"/agent/{agent['id']}", {"extraction_config": config})
    assert "extraction_config.keys[0].colour" in error["message"]


def test_general_requests_are_limited_to_sixty_a_minute(build: Callable[..., Api]) -> None:
    api = build(rate_limits=True)
    for _ in range(60):
        api.ok("GET", "/agent")
    assert api.fails(429, "GET", "/agent")["code"] == "LIMIT_REACHED"
    assert api.send("GET", "/calls/concurrency").status_code == 200
    api.advance(59)
    api.fails(429, "GET", "/agent")
    api.advance(1)
    api.ok("GET", "/agent")


def test_routes_below_calls_share_ten_a_minute_and_the_list_does_not_count(build: Callable[..., Api]) -> None:
    api = build(rate_limits=True)
    agent = api.agent()
    api.call(agent["id"], "+12025550101")
    for _ in range(9):
        api.ok("GET", "/calls/concurrency")
    api.fails(429, "GET", "/calls/x")
    api.fails(429, "POST", "/calls/start", {"agent_id": agent["id"], "to_number": "+919876543210"})
    api.ok("GET", "/calls")


def test_browser_sessions_are_limited_to_ten_a_minute(build: Callable[..., Api]) -> None:
    api = build(rate_limits=True, concurrency=0)
    agent = api.agent()
    for _ in range(10):
        api.ok("POST", "/sessions/webrtc", {"agent_id": agent["id"]})
    api.fails(429, "POST", "/sessions/webrtc", {"agent_id": agent["id"]})


def test_requests_with_a_bad_key_use_no_budget(build: Callable[..., Api]) -> None:
    api = build(rate_limits=True)
    for _ in range(100):
        api.bare.get(api.sandbox.base_url + "/agent")
    api.ok("GET", "/agent")
