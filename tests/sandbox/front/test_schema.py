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


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        (
            "TelephonyConnectionsCreateRequest",
            {"provider": "sip", "name": "a", "sip_host": "h"},
            "did_number or from_number is required",
        ),
        (
            "TelephonyConnectionsCreateRequest",
            {"provider": "mcube", "name": "a", "jwt_token": "t"},
            "exe_number is required",
        ),
        ("VoicelinkDidsMakeCallReadyRequest", {}, "did_id or did_number is required"),
        ("ProjectsUpdateRequest", {}, "must have at least this many fields: 1"),
        ("ProjectsUpdateRequest", {"colour": 1}, "name or description is required"),
        ("ProjectsCreateRequest", {"name": " \u00a0"}, "name must not be blank"),
        ("ProjectsCreateRequest", {"name": "\x1c"}, None),
        ("CallsStartRequest", {"agent_id": "", "to_number": "+12025550100"}, "agent_id must not be empty"),
        (
            "CallsStartRequest",
            {"agent_id": "a", "to_number": "12"},
            "to_number must be in E.164 format, for example +12025550100",
        ),
        (
            "ConfigWebhooksCreateRequest",
            {"label": "default", "url": "https://a"},
            "label must not be any of: default",
        ),
        (
            "AgentsUpdateRequest",
            {"transfer_number": "12"},
            "transfer_number must be in E.164 format, for example +12025550100",
        ),
        ("AgentsUpdateRequest", {"transfer_number": ""}, None),
        ("PhoneNumbersUpdateRequest", {"agent_id": ""}, None),
        ("PhoneNumbersUpdateRequest", {"agent_id": None}, None),
        (
            "PhoneNumbersSyncRequest",
            {"provider": "vobiz", "numbers": []},
            "provider must not be any of: vobiz",
        ),
        ("PhoneNumbersSyncRequest", {"provider": "vobiz"}, "numbers is required"),
        (
            "PhoneNumbersSyncRequest",
            {"provider": "sip"},
            "provider must not be any of: mcube, twilio, exotel, sip, voicelink, tata_smartflo",
        ),
        (
            "VoicelinkCallRoutingUpdateRequest",
            {"for_inbound_call": 1, "for_outbound_call": 2, "status": 1},
            "outbound_sip_trunk_id is required",
        ),
    ],
)
def test_a_refusal_says_what_is_missing_or_wrong(name: str, body: dict[str, Any], reason: str | None) -> None:
    check = compile_schema({"$ref": f"#/components/schemas/{name}"})
    error = check(body, "", [])
    assert error == reason or (error or "").endswith(reason or "")
    validator = jsonschema.Draft202012Validator(
        {"components": DOCUMENT["components"], "$ref": f"#/components/schemas/{name}"}
    )
    assert (
        name == "CallsStartRequest"
        or body == {"name": "\x1c"}
        or validator.is_valid(body) is (reason is None)
    )


def test_conditions_next_to_fields_leave_the_list_of_unknown_fields_alone() -> None:
    unknown: list[str] = []
    body = {
        "provider": "plivo",
        "name": "a",
        "auth_id": "i",
        "auth_token": "t",
        "from_number": "+12025550100",
        "x": 1,
    }
    check = compile_schema({"$ref": "#/components/schemas/TelephonyConnectionsCreateRequest"})
    assert check(body, "", unknown) is None and unknown == ["x"]


def test_every_condition_says_where_it_comes_from() -> None:
    """Each rule in an `allOf` has a description, and names that it is inferred if no page states it."""
    schemas = {name: DOCUMENT["components"]["schemas"][name] for name in REQUESTS}
    nodes = [node for schema in schemas.values() for node in (schema, *schema["properties"].values())]
    rules = [rule for node in nodes for rule in node.get("allOf", [])]
    assert len(rules) > 40 and all(rule.get("description", "").endswith(".") for rule in rules)
    blank = [rule for rule in rules if rule.get("pattern") == r"\S"]
    assert blank and all(rule["description"].startswith("Inferred") for rule in blank)
    carriers = schemas["TelephonyConnectionsCreateRequest"]["allOf"][0]["anyOf"]
    documented = {
        name
        for rule in carriers
        if "Documented" in rule["description"]
        for name in rule["properties"]["provider"]["enum"]
    }
    assert documented == {"mcube", "tata_smartflo"}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in REQUESTS
        if name.endswith("UpdateRequest") and "required" not in DOCUMENT["components"]["schemas"][name]
    ],
)
def test_an_update_needs_a_documented_field(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]
    check = compile_schema(schema)
    if name == "VoicelinkClientsUpdateRequest":  # each field is documented as optional
        assert check({}, "", []) is None
        return
    assert schema["minProperties"] == 1
    assert check({}, "", []) and check({"colour": "red"}, "", [])
