"""What was recorded is what openapi.json describes, and nothing that it describes is missing."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import pytest

from tests.cassettes.cassette import Exchange, load, path_of
from tests.cassettes.scenario import PARTS, Need, Part
from tests.cassettes.scrub import API, FILES
from tests.documented import KEYS, known
from vocobase._policy.operations import OPERATIONS

DOCUMENT: dict[str, Any] = known()
ANYWHERE = {401, 403, 429}
"""Failures that every operation may answer with."""


def as_checked(document: dict[str, Any]) -> dict[str, Any]:
    """Let requests hold nothing that is not documented."""
    document = copy.deepcopy(document)
    for name, schema in document["components"]["schemas"].items():
        if name.endswith(("Request", "Input")) and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return document


CHECKED = as_checked(DOCUMENT)
KIND = jsonschema.Draft202012Validator
TEMPLATES = [
    (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))), path)
    for path in sorted(DOCUMENT["paths"], key=lambda path: path.count("{"))
]


@cache
def exchanges(name: str) -> list[Exchange]:
    return load(path_of(name).read_text(encoding="utf-8"))


def recorded() -> list[tuple[Part, Exchange]]:
    return [(part, exchange) for part in PARTS for exchange in exchanges(part.name)]


@cache
def validator(pointer: str) -> Any:
    return KIND({**CHECKED, "$ref": "#" + pointer}, format_checker=KIND.FORMAT_CHECKER)


def errors_of(place: tuple[str, ...], value: Any) -> list[str]:
    escaped = (
        part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D") for part in place
    )
    return [
        f"{error.json_path}: {error.message}"
        for error in validator("/" + "/".join(escaped)).iter_errors(value)
    ]


def find(method: str, url: str) -> tuple[str, dict[str, str]]:
    """Return the path template of a request to the API and the values in its path."""
    path = unquote(urlsplit(url).path.removeprefix(urlsplit(API).path))
    for pattern, template in TEMPLATES:
        found = pattern.fullmatch(path)
        if found and method.lower() in DOCUMENT["paths"][template]:
            return template, found.groupdict()
    raise AssertionError(f"{method} {path} is not documented")


def key_of(method: str, url: str) -> str:
    return KEYS[method.upper(), find(method, url)[0]]


def problems(exchange: Exchange) -> list[str]:
    """Return how an exchange differs from what is documented."""
    if not exchange.url.startswith(API + "/"):
        return storage_problems(exchange)
    template, values = find(exchange.method, exchange.url)
    return [*request_problems(exchange, template, values), *response_problems(exchange, template)]


def storage_problems(exchange: Exchange) -> list[str]:
    known = exchange.method == "PUT" and exchange.url.startswith(FILES + "/") and exchange.request_type
    return [] if known else [f"{exchange.method} {exchange.url} is neither the API nor an upload"]


def request_problems(exchange: Exchange, template: str, values: dict[str, str]) -> list[str]:
    method = exchange.method.lower()
    operation = DOCUMENT["paths"][template][method]
    place = ("paths", template, method)
    given = {"path": values, "query": dict(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True))}
    found: list[str] = []
    for index, parameter in enumerate(operation.get("parameters", [])):
        name, where = parameter["name"], parameter["in"]
        if name in given[where]:
            value = given[where].pop(name)
            number = parameter["schema"].get("type") == "integer" and re.fullmatch(r"-?\d+", value)
            found += errors_of((*place, "parameters", str(index), "schema"), int(value) if number else value)
        elif parameter.get("required"):
            found.append(f"{where} parameter {name} is missing")
    found += [f"{where} parameter {name} is not documented" for where in given for name in given[where]]
    body = operation.get("requestBody")
    if exchange.request_body:
        if body is None:
            return [*found, "a body is not documented"]
        if exchange.request_type != "application/json":
            found.append(f"the body is {exchange.request_type}")
        content = (*place, "requestBody", "content", "application/json", "schema")
        found += errors_of(content, json.loads(exchange.request_body))
    elif body and body.get("required"):
        found.append("the body is missing")
    return found


def response_problems(exchange: Exchange, template: str) -> list[str]:
    method = exchange.method.lower()
    if exchange.response_headers.get("content-type") != "application/json":
        return ["the answer is not JSON"]
    payload = json.loads(exchange.response_body)
    failed = exchange.status >= 400
    found = [] if set(payload) == {"success", "error" if failed else "data"} else ["the envelope is another"]
    if payload.get("success") is not (not failed):
        found.append("success contradicts the status")
    responses = DOCUMENT["paths"][template][method]["responses"]
    if failed and exchange.status in ANYWHERE:
        return found + errors_of(("components", "schemas", "Error"), payload)
    if str(exchange.status) not in responses:
        return [*found, f"status {exchange.status} is not documented"]
    place = ("paths", template, method, "responses", str(exchange.status), "content", "application/json")
    return found + errors_of((*place, "schema"), payload)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_recorded_exchange_is_as_documented(part: Part) -> None:
    wrong = {
        f"{number}: {exchange.method} {exchange.url}": found
        for number, exchange in enumerate(exchanges(part.name))
        if (found := problems(exchange))
    }
    assert wrong == {}


def test_every_operation_was_recorded_with_success() -> None:
    keys = {
        key_of(exchange.method, exchange.url)
        for _, exchange in recorded()
        if exchange.url.startswith(API) and exchange.status < 400
    }
    assert keys == set(OPERATIONS)
    assert len(keys) == 89


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (400, "VALIDATION_ERROR", "agents.create"),
        (400, "VALIDATION_ERROR", "documents.confirm"),
        (400, "VALIDATION_ERROR", "calls.transfer"),
        (400, "VALIDATION_ERROR", "campaigns.resume"),
        (401, "UNAUTHORIZED", "voices.list"),
        (403, "FORBIDDEN", "calls.start"),
        (404, "NOT_FOUND", "agents.get"),
        (409, "CONFLICT", "agents.create"),
        (429, "LIMIT_REACHED", "calls.start"),
        (429, "LIMIT_REACHED", "calls.concurrency"),
    ],
)
def test_every_main_failure_was_recorded(status: int, code: str, key: str) -> None:
    codes = [
        json.loads(exchange.response_body)["error"]["code"]
        for _, exchange in recorded()
        if exchange.status == status and key_of(exchange.method, exchange.url) == key
    ]
    assert code in codes


DIALLING = {"calls.start", "calls.transfer", "campaigns.start", "campaigns.resume", "sessions.start_webrtc"}


def test_a_part_that_dials_says_so() -> None:
    dialled = {part.name for part, exchange in recorded() if exchange.url.startswith(API) and dials(exchange)}
    assert dialled == {part.name for part in PARTS if Need.CALLS in part.needs}


def dials(exchange: Exchange) -> bool:
    return key_of(exchange.method, exchange.url) in DIALLING


def good() -> Exchange:
    return next(exchange for _, exchange in recorded() if "/agent?limit" in exchange.url)


def changed(exchange: Exchange, **changes: Any) -> Exchange:
    return Exchange(**{name: getattr(exchange, name) for name in Exchange.__slots__} | changes)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"url": f"{API}/agent?limit=1000"}, "$: 1000 is greater than the maximum of 100"),
        ({"url": f"{API}/agent?colour=red"}, "query parameter colour is not documented"),
        ({"status": 418}, "status 418 is not documented"),
        ({"response_body": '{"success": false, "data": {}}'}, "success contradicts the status"),
        ({"response_body": '{"success": true, "data": {}, "more": 1}'}, "the envelope is another"),
        ({"response_body": '{"success": true, "data": 5}'}, "$.data: 5 is not of type 'object'"),
        ({"response_headers": {"content-type": "text/html"}}, "the answer is not JSON"),
        ({"request_body": "{}"}, "a body is not documented"),
        ({"method": "POST", "request_body": ""}, "the body is missing"),
        ({"url": "https://example.org/"}, "GET https://example.org/ is neither the API nor an upload"),
        (
            {
                "method": "POST",
                "url": f"{API}/agent",
                "request_type": "application/json",
                "request_body": '{"a": 1}',
            },
            "$: Additional properties are not allowed ('a' was unexpected)",
        ),
    ],
)
def test_the_check_finds_what_is_not_documented(changes: dict[str, Any], problem: str) -> None:
    assert problems(good()) == []
    assert problem in problems(changed(good(), **changes))
