"""What a change of the document means: breaking or additive, for requests and for responses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from spec_tools.changes import Change
from spec_tools.diff import compare
from spec_tools.rules import RULES, WHOLE, Severity, limit_change
from spec_tools.surface import compare as compare_names
from tests.pipeline import variants
from tests.pipeline.generator import NAMING
from tests.pipeline.variants import EQUIVALENT, Json, document

A, B = Severity.ADDITIVE, Severity.BREAKING


@pytest.mark.parametrize("variant", EQUIVALENT.values(), ids=EQUIVALENT)
def test_equivalent_documents_do_not_differ(variant: Callable[[Json], Json]) -> None:
    assert compare(document(), variant(document()), NAMING) == []


def test_descriptions_mean_nothing() -> None:
    spec = document()
    spec["info"]["description"] = "Other."
    for schema in spec["components"]["schemas"].values():
        schema["description"] = "Other."
    for _, _, operation in variants.each_operation(spec):
        operation["description"] = "Other."
    assert compare(document(), spec, NAMING) == []


def excerpt() -> Json:
    """The document with the few operations that the tests below change, which is quicker."""
    spec = document()
    kept = ("/projects", "/projects/{id}", "/calls", "/calls/{id}", "/calls/start")
    spec["paths"] = {path: spec["paths"][path] for path in kept}
    return spec


def body(spec: Json) -> Json:
    """The request of projects.create, inlined so that nothing else changes with it."""
    media = spec["paths"]["/projects"]["post"]["requestBody"]["content"]["application/json"]
    media["schema"] = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 100},
            "size": {"type": "integer", "minimum": 1, "default": 2},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "note": {"type": ["string", "null"]},
            "free": {},
            "open": {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "string"}], "default": "a"},
        },
    }
    schema: Json = media["schema"]
    return schema


def answer(spec: Json) -> Json:
    """The payload of projects.get, the same schema as ``body``."""
    envelope = spec["paths"]["/projects/{id}"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    envelope["properties"]["data"] = body(spec)
    schema: Json = envelope["properties"]["data"]
    return schema


def known(schema: Json) -> list[str]:
    values: list[str] = schema["properties"]["open"]["anyOf"][0]["enum"]
    return values


CHANGES: dict[str, tuple[Callable[[Json], object], str, Severity, Severity | None]] = {
    # what is done to the schema: the kind, its severity in a request, and in a response (None: not reported)
    "optional member added": (lambda s: s["properties"].update(x={"type": "string"}), "member added", A, A),
    "member removed": (lambda s: s["properties"].pop("kind"), "member removed", B, B),
    "now required": (lambda s: s["required"].append("kind"), "now required", B, A),
    "no longer required": (lambda s: s["required"].clear(), "no longer required", A, A),
    "null allowed": (lambda s: s["properties"]["size"].update(nullable=True), "null now allowed", A, A),
    "null refused": (lambda s: s["properties"]["note"].update(type="string"), "null no longer allowed", B, A),
    "value added": (lambda s: s["properties"]["kind"]["enum"].append("c"), "value added", A, A),
    "value removed": (lambda s: s["properties"]["kind"]["enum"].pop(), "value removed", B, A),
    "values listed": (lambda s: s["properties"]["name"].update(enum=["a"]), "limited to listed values", B, A),
    "values not listed": (lambda s: s["properties"]["kind"].pop("enum"), "no longer limited to listed values", A, A),
    "open list closed": (lambda s: s["properties"]["open"]["anyOf"].pop(), "limited to listed values", B, A),
    "closed list opened": (
        lambda s: s["properties"].update(kind={"anyOf": [s["properties"]["kind"], {"type": "string"}]}),
        "no longer limited to listed values", A, A,
    ),
    "value added to open list": (lambda s: known(s).append("c"), "value added", A, A),
    "value gone from open list": (lambda s: known(s).pop(), "value no longer listed", A, A),
    "default of open list": (lambda s: s["properties"]["open"].update(default="b"), "default changed", A, None),
    "length narrowed": (lambda s: s["properties"]["name"].update(maxLength=50), "limit narrowed", B, None),
    "length widened": (lambda s: s["properties"]["name"].update(maxLength=200), "limit widened", A, None),
    "length unlimited": (lambda s: s["properties"]["name"].pop("maxLength"), "limit widened", A, None),
    "pattern added": (lambda s: s["properties"]["name"].update(pattern="^a"), "limit narrowed", B, None),
    "minimum raised": (lambda s: s["properties"]["size"].update(minimum=2), "limit narrowed", B, None),
    "default changed": (lambda s: s["properties"]["size"].update(default=3), "default changed", A, None),
    "number for integer": (lambda s: s["properties"]["size"].update(type="number"), "type widened", A, B),
    "anything for text": (lambda s: s["properties"]["name"].pop("type"), "type widened", A, B),
    "text for anything": (lambda s: s["properties"]["free"].update(type="string"), "type narrowed", B, A),
    "object for text": (lambda s: s["properties"]["note"].update(type="object", nullable=True), "type changed", B, B),
    "time for text": (lambda s: s["properties"]["name"].update(format="date-time"), "type narrowed", B, A),
}  # fmt: skip


@pytest.mark.parametrize(("change", "kind", "in_request", "in_response"), CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(
    ("part", "key"), [(body, "projects.create"), (answer, "projects.get")], ids=["sent", "received"]
)
def test_a_change_of_a_schema_is_judged_by_its_side(
    part: Callable[[Json], Json],
    key: str,
    change: Callable[[Json], object],
    kind: str,
    in_request: Severity,
    in_response: Severity | None,
) -> None:
    old, new = excerpt(), excerpt()
    part(old)
    change(part(new))
    found = [item for item in compare(old, new, NAMING) if item.key == key]
    expected = in_request if part is body else in_response
    assert [(item.kind, item.severity) for item in found] == ([] if expected is None else [(kind, expected)])


def test_closed_lists_where_ours_are_open_are_reported() -> None:
    """Most publishers write closed lists; that is worth a line, and breaks no response."""
    found = compare(document(), variants.closed_lists(document()), NAMING)
    assert {item.kind for item in found} == {"limited to listed values"}
    assert {(item.side, item.severity) for item in found} == {("request", B), ("response", A)}
    back = compare(variants.closed_lists(document()), document(), NAMING)
    assert {(item.kind, item.severity) for item in back} == {("no longer limited to listed values", A)}


def test_closing_an_open_list_without_one_of_its_values_names_the_value() -> None:
    old, new = excerpt(), excerpt()
    body(old)
    body(new)["properties"]["open"] = {"type": "string", "enum": ["a", "c"], "default": "a"}
    found = [(item.kind, item.detail, item.severity) for item in compare(old, new, NAMING)]
    assert found == [
        ("limited to listed values", "a, c", B),
        ("value added", "c", A),
        ("value removed", "b", B),
    ]


def test_a_string_gets_and_loses_known_values() -> None:
    old, new = excerpt(), excerpt()
    body(old)
    body(new)["properties"]["open"] = {"type": "string", "default": "a"}
    assert {(item.kind, item.detail) for item in compare(old, new, NAMING)} == {
        ("value no longer listed", "a"),
        ("value no longer listed", "b"),
    }
    assert {(item.kind, item.detail) for item in compare(new, old, NAMING)} == {
        ("value added", "a"),
        ("value added", "b"),
    }


def test_a_new_required_member_breaks_requests_only() -> None:
    old, new = excerpt(), excerpt()
    body(old)
    schema = body(new)
    schema["properties"]["x"] = {"type": "string"}
    schema["required"].append("x")
    (change,) = compare(old, new, NAMING)
    assert (change.kind, change.member, change.severity) == ("required member added", "x", B)


def test_members_of_lists_and_maps_are_compared() -> None:
    old, new = excerpt(), excerpt()
    for spec, kind in ((old, "string"), (new, "integer")):
        answer(spec)["properties"]["deep"] = {
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": kind}},
        }
    members = [change.member for change in compare(old, new, NAMING) if change.key == "projects.get"]
    assert members == ["deep[].*"]


def one(change: Callable[[Json], object]) -> list[tuple[str, str, Severity]]:
    new = excerpt()
    change(new)
    return [(item.key, item.kind, item.severity) for item in compare(excerpt(), new, NAMING)]


def calls(spec: Json) -> Json:
    operation: Json = spec["paths"]["/calls"]["get"]
    return operation


X_PARAMETER = {"name": "x", "in": "query", "schema": {"type": "string"}}
WHOLE_CHANGES: dict[str, tuple[Callable[[Json], object], tuple[str, str, Severity]]] = {
    "operation removed": (lambda s: s["paths"].pop("/calls/start"), ("calls.start", "operation removed", B)),
    "operation added": (
        lambda s: s["paths"].update({"/x": {"get": {"tags": ["X"], "summary": "Y", "responses": {}}}}),
        ("X / Y", "operation added", A),
    ),
    "path moved": (
        lambda s: s["paths"].update({"/calls/begin": s["paths"].pop("/calls/start")}),
        ("calls.start", "route moved", B),
    ),
    "title changed": (lambda s: calls(s).update(summary="Search calls"), ("calls.list", "title changed", A)),
    "parameter added": (
        lambda s: calls(s)["parameters"].append(X_PARAMETER),
        ("calls.list", "member added", A),
    ),
    "required parameter added": (
        lambda s: calls(s)["parameters"].append({**X_PARAMETER, "required": True}),
        ("calls.list", "required member added", B),
    ),
    "required header added": (
        lambda s: calls(s)["parameters"].append({**X_PARAMETER, "in": "header", "required": True}),
        ("calls.list", "required member added", B),
    ),
    "parameter removed": (lambda s: calls(s)["parameters"].pop(), ("calls.list", "member removed", B)),
    "another status": (
        lambda s: calls(s)["responses"].update({"206": calls(s)["responses"].pop("200")}),
        ("calls.list", "success status changed", A),
    ),
    "another error": (
        lambda s: calls(s)["responses"].update({"418": {"description": "Teapot."}}),
        ("calls.list", "error status added", A),
    ),
    "an error less": (lambda s: calls(s)["responses"].pop("400"), ("calls.list", "error status removed", A)),
    "no body any more": (
        lambda s: calls(s)["responses"]["200"].pop("content"),
        ("calls.list", "body removed", B),
    ),
    "another envelope": (
        lambda s: calls(s)["responses"]["200"]["content"]["application/json"].update(
            schema={"$ref": "#/components/schemas/CallList"}
        ),
        ("calls.list", "envelope changed", B),
    ),
    "request body gone": (
        lambda s: s["paths"]["/projects"]["post"].pop("requestBody"),
        ("projects.create", "body removed", B),
    ),
    "request body new": (
        lambda s: calls(s).update(
            requestBody={"content": {"application/json": {"schema": {"type": "object"}}}}
        ),
        ("calls.list", "body added", A),
    ),
    "request body new and required": (
        lambda s: calls(s).update(
            requestBody={"required": True, "content": {"application/json": {"schema": {}}}}
        ),
        ("calls.list", "required body added", B),
    ),
    "no key needed": (lambda s: calls(s).update(security=[]), ("calls.list", "authentication changed", B)),
    "deprecated": (lambda s: calls(s).update(deprecated=True), ("calls.list", "deprecated", A)),
    "server moved": (
        lambda s: s["servers"][0].update(url="https://eu.vocobase.com/api/v2"),
        ("servers", "server moved", B),
    ),
    "event added": (lambda s: s["webhooks"].update(later={"post": {}}), ("later", "event added", A)),
    "event removed": (lambda s: s["webhooks"].clear(), ("session.completed", "event removed", B)),
}


@pytest.mark.parametrize(("change", "expected"), WHOLE_CHANGES.values(), ids=WHOLE_CHANGES)
def test_a_change_of_an_operation_or_the_document_is_judged(
    change: Callable[[Json], object], expected: tuple[str, str, Severity]
) -> None:
    assert one(change) == [expected]


def test_a_moved_route_with_another_number_of_parameters_says_so() -> None:
    found = one(lambda spec: spec["paths"].update({"/calls/{a}/{b}": spec["paths"].pop("/calls/{id}")}))
    assert ("calls.get", "route moved", B) in found


def test_a_relative_server_address_means_nothing() -> None:
    assert one(lambda spec: spec.update(servers=[{"url": "/api/v2"}])) == []


def test_a_version_without_webhooks_is_not_taken_for_their_removal() -> None:
    assert one(lambda spec: (spec.update(openapi="3.0.3"), spec.pop("webhooks"))) == []


def test_every_rule_can_be_read() -> None:
    for kind in RULES:
        for side in ("request", "response"):
            assert Change("k", side, "m", kind, "").severity in Severity
    for kind in WHOLE:
        assert Change("k", "", "", kind, "").severity in (A, B)


@pytest.mark.parametrize(
    ("name", "before", "after", "kind"),
    [
        ("minimum", 1, 2, "limit narrowed"),
        ("minimum", 2, 1, "limit widened"),
        ("maxItems", 1, 2, "limit widened"),
        ("maxItems", None, 2, "limit narrowed"),
        ("pattern", "a", "b", "limit narrowed"),
        ("pattern", "a", None, "limit widened"),
        ("maximum", "x", 2, "limit narrowed"),
        ("default", None, 2, "default changed"),
    ],
)
def test_a_limit_is_narrowed_or_widened(name: str, before: object, after: object, kind: str) -> None:
    assert limit_change(name, before, after) == kind


def test_a_new_function_may_ask_for_what_it_likes() -> None:
    changes = compare_names({}, {"m:f": "def -> None", "m:f(x)": "str"})
    assert not any(change.breaking for change in changes)


@pytest.mark.parametrize(
    ("name", "before", "after", "breaking"),
    [
        ("m:f(x)", None, "str", True),
        ("m:f(x)", None, "str | Unset = UNSET", False),
        ("m:f(x)", "str", None, True),
        ("m:f(x)", "str", "str | None", False),
        ("m:f(x)", "str = 'a'", "str = 'b'", True),
        ("m:f(x)", "str at 0", "str at 1", True),
        ("m:C.a", None, "str", False),
        ("m:C.a", "str", "str | None", False),
        ("m:C.a", "str | None", "str", True),
        ("m:C.a", "str", "int", True),
        ("m:C", "class(Model)", None, True),
        ("m", None, "module", False),
        ("m:PATH", "Final = '/a'", "Final = '/b'", False),
    ],
)
def test_a_change_of_a_public_name_is_judged(
    name: str, before: str | None, after: str | None, breaking: bool
) -> None:
    function = {name.partition("(")[0]: "def -> None"} if "(" in name else {}
    old, new = ({**function, name: text} if text else function for text in (before, after))
    (change,) = compare_names(old, new)
    assert change.breaking is breaking
