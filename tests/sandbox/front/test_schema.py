"""The validator decides like jsonschema, enforces formats, and takes linear time."""

from __future__ import annotations

import random
import time
from typing import Any

import jsonschema
import pytest

from tests.sandbox.contract import DOCUMENT
from tests.sandbox.values import make_value
from vocobase_sandbox.front.schema import compile_schema


@pytest.mark.parametrize("kind", ["uri", "email"])
def test_the_time_to_check_a_format_grows_with_the_length(kind: str) -> None:
    check = compile_schema({"type": "string", "format": kind})
    for text in ("https://" + "a" * 300_000 + " ", "a@" + "." * 300_000 + "@", "a@" + "b." * 150_000 + " "):
        began = time.thread_time()
        assert check(text, "x", []) is not None
        assert time.thread_time() - began < 2
    for good in ("a@b.c", "a@.b.c", "a@b..c"):
        assert (check(good, "x", []) is None) is (kind == "email")
    for bad in ("a@b", "a@b.", "a@.b", "@b.c", "a@b@c.d"):
        assert check(bad, "x", []) is not None


REQUESTS = sorted(name for name in DOCUMENT["components"]["schemas"] if name.endswith("Request"))


def _without_formats(node: Any) -> Any:
    """Copy a schema without its formats, which are compared elsewhere."""
    if isinstance(node, dict):
        return {key: _without_formats(value) for key, value in node.items() if key != "format"}
    return [_without_formats(item) for item in node] if isinstance(node, list) else node


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


def test_maps_of_schemas_and_single_values_are_checked() -> None:
    check = compile_schema({"type": "object", "additionalProperties": {"type": "string"}})
    assert check({"a": "b"}, "x", []) is None and check({"a": 1}, "x", []) == "x.a must be of type string"
    assert compile_schema({"properties": {"a": {"type": "string"}}})(7, "x", []) is None
