"""Every operation of openapi.json is there, and the validator agrees with jsonschema."""

from __future__ import annotations

import copy
import random
from typing import Any

import jsonschema
import pytest

from vocobase_sandbox.front.schema import compile_schema
from vocobase_sandbox.front.spec import operations
from vocobase_sandbox.handlers.context import route
from vocobase_sandbox.handlers.table import HANDLERS
from vocobase_sandbox.kernel.paths import CONTROL as CONTROL_PREFIX

from .contract import DOCUMENT
from .support import Api

OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, item in DOCUMENT["paths"].items()
    for method in ("get", "post", "put", "patch", "delete")
    if method in item
)
REQUESTS = sorted(name for name in DOCUMENT["components"]["schemas"] if name.endswith("Request"))


def test_every_operation_has_a_handler_and_every_handler_an_operation() -> None:
    assert CONTROL_PREFIX and sorted(HANDLERS) == OPERATIONS
    assert len(operations()) == len(OPERATIONS) >= 89


@pytest.mark.parametrize("key", OPERATIONS)
def test_no_operation_breaks_on_an_empty_account(api: Api, key: str) -> None:
    method, path = key.split(" ")
    for body in (None, {}, {"unexpected": [1]}):
        answer = api.send(
            method, path.replace("{client_id}", "7").replace("{id}", "x").replace("_id}", "}"), body
        )
        assert answer.status_code < 500


def test_custom_functions_never_show_header_values(api: Api) -> None:
    body = {
        "name": "lookup",
        "description": "d",
        "url": "https://example.com/f",
        "headers": [{"key": "X-Key", "value": "SECRET"}],
        "input_schema": [{"name": "id", "type": "string", "description": "d", "required": True}],
        "output_schema": [{"name": "ids", "type": "number[]"}],
        "timeout": 5,
        "started_messages": ["One moment"],
        "error_message": "Sorry",
    }
    made = api.ok("POST", "/functions", body)
    assert made["header_keys"] == ["X-Key"] and "SECRET" not in str(made)
    for name in body:
        if name != "headers":
            assert made[name] == body[name]
    for name in ("name", "description", "url"):
        api.fails(400, "POST", "/functions", {key: body[key] for key in body if key != name})
    api.fails(400, "POST", "/functions", {**body, "url": "file://etc/passwd"})
    api.fails(400, "POST", "/functions", {**body, "input_schema": [{"name": "x", "type": "int"}]})


def test_folders_hold_each_document_once(api: Api) -> None:
    folder = api.ok("POST", "/document-folders", {"name": "Docs", "description": "d"})
    assert (folder["document_count"], folder["agent_count"]) == (0, 0)
    api.fails(409, "POST", "/document-folders", {"name": "Docs"})
    first, second = api.document()["id"], api.document()["id"]
    path = f"/document-folders/{folder['id']}/documents"
    assert api.ok("POST", path, {"document_ids": [first]})["document_count"] == 1
    assert api.ok("POST", path, {"document_ids": [first, second]})["document_count"] == 2
    api.fails(404, "POST", path, {"document_ids": ["unknown"]})
    api.fails(404, "POST", "/document-folders/unknown/documents", {"document_ids": [first]})
    api.ok("DELETE", f"/documents/{first}")
    assert api.ok("POST", path, {"document_ids": []})["document_count"] == 1


VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.0,
    1.5,
    10**20,
    "",
    "a",
    "a_b",
    "x" * 200,
    "+918011223344",
]
VALUES += [
    "medium",
    "twilio",
    [],
    ["a"],
    [1],
    {},
    {"name": "x"},
    {"keys": [{"type": "date"}]},
    [{"phone": 1}],
    [None],
]


def _without_formats(node: Any) -> Any:
    """Copy a schema without its formats, which are compared elsewhere."""
    if isinstance(node, dict):
        return {key: _without_formats(value) for key, value in node.items() if key != "format"}
    return [_without_formats(item) for item in node] if isinstance(node, list) else node


def make_value(schema: dict[str, Any], rng: random.Random) -> Any:
    """Make a value that often fits the schema."""
    schemas = DOCUMENT["components"]["schemas"]
    if "$ref" in schema:
        return make_value(schemas[schema["$ref"].rsplit("/", 1)[1]], rng)
    if rng.random() < 0.15:
        return copy.deepcopy(rng.choice(VALUES))
    if "anyOf" in schema:
        return make_value(rng.choice(schema["anyOf"]), rng)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type")
    kind = rng.choice(kind) if isinstance(kind, list) else kind
    if kind == "object":
        names = [name for name in schema.get("properties", {}) if rng.random() < 0.7]
        names += [name for name in schema.get("required", []) if rng.random() < 0.9]
        return {name: make_value(schema["properties"][name], rng) for name in names}
    if kind == "array":
        return [make_value(schema["items"], rng) for _ in range(rng.choice((0, 1, 2, 3, 21)))]
    texts = ["", "a", "ab-c", "x" * 90, "+918011223344"]
    plain: dict[str, list[Any]] = {"string": texts, "boolean": [True, False], "null": [None]}
    return rng.choice(plain.get(kind or "", [0, 1, 5, 60, 3600, 5_000_000, 1.0, 0.5]))


@pytest.mark.parametrize("name", REQUESTS)
def test_the_validator_decides_like_jsonschema(name: str) -> None:
    check = compile_schema({"$ref": f"#/components/schemas/{name}"}, formats=False)
    components = {"schemas": _without_formats(DOCUMENT["components"]["schemas"])}
    reference = jsonschema.Draft202012Validator(
        {"components": components, "$ref": f"#/components/schemas/{name}"}
    )
    rng = random.Random(name)
    verdicts = set()
    for _ in range(60):
        instance = make_value({"$ref": f"#/components/schemas/{name}"}, rng)
        verdict = check(instance, "", []) is None
        assert verdict == reference.is_valid(instance), instance
        verdicts.add(verdict)
    assert verdicts == {True, False}


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("email", ["a@b.in", "x.y+z@example.com"], ["", "a", "a@b", "a b@c.d", "@b.in"]),
        (
            "uri",
            ["https://example.com", "wss://a.b/c?d#e", "http://[::1]:80/"],
            ["", "example.com", "https://", "a b://c"],
        ),
        ("date", ["2026-01-31"], ["2026-13-01", "2026-1-1", "today", "2026-01-01T00:00:00Z"]),
    ],
)
def test_formats_are_enforced(form: str, good: list[str], bad: list[str]) -> None:
    check = compile_schema({"type": "string", "format": form})
    assert [text for text in good if check(text, "x", [])] == []
    assert [text for text in bad if not check(text, "x", [])] == []


def test_an_operation_has_one_handler() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        route("GET /agent")(lambda ctx: None)


def test_maps_of_schemas_and_single_values_are_checked() -> None:
    check = compile_schema({"type": "object", "additionalProperties": {"type": "string"}})
    assert check({"a": "b"}, "x", []) is None and check({"a": 1}, "x", []) == "x.a must be of type string"
    assert compile_schema({"properties": {"a": {"type": "string"}}})(7, "x", []) is None
