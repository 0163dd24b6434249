"""Adversarial variants of openapi.json: what a publisher may do to the document, each as a function.

The functions of EQUIVALENT do not change what the document means, so the client's public names must not change.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("get", "put", "post", "delete", "patch")
MOVED = {
    "/calls/dismiss-stale": ("post", "/calls/stale/dismissal", "delete"),
    "/campaigns/{id}/stats": ("get", "/campaign-statistics/{id}", "get"),
    "/config/display-name": ("put", "/config/display-name", "patch"),
}
HOSTILE = (
    '"""\nimport os\nos.system("echo injected")\n"""',
    "'''\nINJECTED = 1\n'''",
    'a" + __import__("os").getcwd() + "b',
    "line\nINJECTED = 2",
    "back\\slash \\N{DASH} \\u0041 \\x",
    "{injected} {{injected}} {0.__class__} %s %(x)s",
    "{{ 7 * 7 }} {% raw %} {# injected #}",
    "\u202eright to left\u2066 \u2028 \u2029 \x00\x01\x1b[31m\x7f",
    "\\" * 150 + '"' * 7,
    ('\\"' * 120) + '"""' * 50,
    "# noqa\rINJECTED = 3",
)


def document() -> Json:
    """Return a fresh copy of openapi.json."""
    result: Json = json.loads((ROOT / "openapi.json").read_bytes())
    return result


def each_operation(spec: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def each_schema(spec: Json) -> Iterator[Json]:
    """Yield every schema, the inner ones first, so that they can be replaced in place."""

    def inside(node: Any) -> Iterator[Json]:
        if isinstance(node, dict):
            for key, value in list(node.items()):
                if key == "properties" and isinstance(value, dict):
                    for member in value.values():
                        yield from inside(member)
                elif key not in {"x-evidence", "enum", "default", "example"}:
                    yield from inside(value)
            if {"type", "properties", "$ref", "anyOf", "allOf", "enum"} & node.keys() and "in" not in node:
                yield node
        elif isinstance(node, list):
            for item in node:
                yield from inside(item)

    for _, _, operation in each_operation(spec):
        for part in ("requestBody", "responses", "parameters"):
            yield from inside(operation.get(part))
    yield from inside(spec["components"])


def _rewritten(node: Any, change: Callable[[Json], Any]) -> Any:
    if isinstance(node, dict):
        return change({key: _rewritten(value, change) for key, value in node.items()})
    return [_rewritten(item, change) for item in node] if isinstance(node, list) else node


def all_inline(spec: Json) -> Json:
    """Write every schema where it is used, without components."""
    schemas = spec["components"]["schemas"]

    def change(node: Json) -> Any:
        reference = node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/components/schemas/"):
            return node
        target = _rewritten(copy.deepcopy(schemas[reference.rpartition("/")[2]]), change)
        return {**target, **{key: value for key, value in node.items() if key != "$ref"}}

    result: Json = _rewritten(spec, change)
    del result["components"]["schemas"]
    return result


def foreign_components(spec: Json) -> Json:
    """Hoist every object, enum and array under a name that says nothing, and rename the others."""
    schemas: Json = {}
    old = spec["components"]["schemas"]
    names = {name: f"UM5_{number:03}.Dto" for number, name in enumerate(sorted(old))}
    for node in list(each_schema(spec)):
        if node.get("type") in ("object", "array") or "enum" in node:
            inner = dict(node)
            name = f"getV2_Response{len(schemas)}-Inner"
            schemas[name] = inner
            node.clear()
            node["$ref"] = f"#/components/schemas/{name}"
    spec["components"]["schemas"] = {**schemas, **{names[name]: schema for name, schema in old.items()}}

    def change(node: Json) -> Json:
        target = str(node.get("$ref", "")).rpartition("/")[2]
        return {**node, "$ref": f"#/components/schemas/{names[target]}"} if target in names else node

    result: Json = _rewritten(spec, change)
    return result


def without_operation_ids(spec: Json) -> Json:
    for _, _, operation in each_operation(spec):
        del operation["operationId"]
    return spec


def shuffled_operation_ids(spec: Json) -> Json:
    every = [operation for _, _, operation in each_operation(spec)]
    ids = [operation["operationId"] for operation in every]
    random.Random(1).shuffle(ids)
    for operation, new in zip(every, ids, strict=True):
        operation["operationId"] = new
    return spec


def as_version_30(spec: Json) -> Json:
    """Write 3.1 as 3.0.3: `nullable` instead of type lists and null alternatives."""

    def change(node: Json) -> Json:
        types = node.get("type")
        if isinstance(types, list):
            node = {**node, "type": next(name for name in types if name != "null"), "nullable": True}
        if node.get("nullable") and None in node.get("enum", []):
            node["enum"] = [value for value in node["enum"] if value is not None]
        parts = node.get("anyOf")
        if isinstance(parts, list) and {"type": "null"} in parts:
            rest = [part for part in parts if part != {"type": "null"}]
            outer = {key: value for key, value in node.items() if key != "anyOf"}
            if len(rest) > 1:
                node = {**outer, "anyOf": [*rest[:-1], {**rest[-1], "nullable": True}]}
            else:
                node = {**outer, "allOf": rest, "nullable": True}
        return node

    result: Json = _rewritten(spec, change)
    result["openapi"] = "3.0.3"
    for extra in ("webhooks", "jsonSchemaDialect"):
        result.pop(extra, None)
    result["info"].pop("summary", None)
    result["info"].get("license", {}).pop("identifier", None)
    return result


def envelopes_as_allof(spec: Json) -> Json:
    """Write {success, data} as an `allOf` of a shared envelope and the payload."""
    schemas = spec["components"]["schemas"]
    success = {"type": "object", "required": ["success"], "properties": {"success": {"type": "boolean"}}}
    schemas["Envelope"] = success
    for _, _, operation in each_operation(spec):
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                media = response["content"]["application/json"]
                data = media["schema"]["properties"]["data"]
                inner = {"type": "object", "properties": {"data": data}, "required": ["data"]}
                media["schema"] = {"allOf": [{"$ref": "#/components/schemas/Envelope"}, inner]}
    return spec


def other_placeholders(spec: Json) -> Json:
    """Rename the path parameters: {id} becomes {call_id}, {agent_id} ..."""
    paths: Json = {}
    for path, item in spec["paths"].items():
        resource = path.split("/")[1].replace("-", "_")
        paths[path.replace("{id}", f"{{{resource}_id}}")] = item
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] == "id":
                    parameter["name"] = f"{resource}_id"
    return {**spec, "paths": paths}


def other_spelling_of_titles(spec: Json) -> Json:
    for number, (_, _, operation) in enumerate(each_operation(spec)):
        operation["tags"] = [operation["tags"][0].upper().replace(" ", "_"), "Everything"]
        summary = operation["summary"].replace("-", " ").replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        operation["summary"] = f" {summary.title() if number % 2 else summary.lower()}. "
    return spec


def prefix_in_paths(spec: Json) -> Json:
    spec["servers"] = [{"url": "https://api.vocobase.com"}]
    spec["paths"] = {f"/api/v2{path}": item for path, item in spec["paths"].items()}
    return spec


def shuffled_order(spec: Json) -> Json:
    order = random.Random(2)

    def change(node: Json) -> Json:
        items = list(node.items())
        order.shuffle(items)
        return dict(items)

    result: Json = _rewritten(spec, change)
    return result


def security_on_operations(spec: Json) -> Json:
    spec["components"]["securitySchemes"] = {"Partner key": {"type": "http", "scheme": "Bearer"}}
    del spec["security"]
    for _, _, operation in each_operation(spec):
        operation["security"] = [{"Partner key": []}]
    return spec


def parameters_on_path_items(spec: Json) -> Json:
    for item in spec["paths"].values():
        shared: list[Json] = []
        for operation in item.values():
            own = operation.get("parameters", [])
            shared += [
                parameter for parameter in own if parameter["in"] == "path" and parameter not in shared
            ]
            operation["parameters"] = [parameter for parameter in own if parameter["in"] != "path"]
        item["parameters"] = shared
    return spec


def undeclared_path_parameters(spec: Json) -> Json:
    for _, _, operation in each_operation(spec):
        own = operation.get("parameters", [])
        operation["parameters"] = [parameter for parameter in own if parameter["in"] != "path"]
    return spec


def open_lists(spec: Json) -> Iterator[Json]:
    """Yield every schema that is an open list of values."""
    return (node for node in each_schema(spec) if {"type": "string"} in node.get("anyOf", ()))


def _rotated(node: Json, listed: Json, null: list[Json], number: int) -> None:
    any_string: Json = {"type": "string"}
    each = [{"const": value} for value in listed["enum"]]
    forms: tuple[tuple[str, list[Json]], ...] = (
        ("anyOf", [any_string, listed, *null]),
        ("oneOf", [listed, any_string, *null]),
        ("anyOf", [*null, *each, any_string]),
        ("anyOf", [{"enum": listed["enum"]}, {"type": ["string", "null"] if null else "string"}]),
        ("anyOf", [{"anyOf": [listed, *null]}, any_string]),
    )
    word, parts = forms[number % len(forms)]
    del node["anyOf"]
    node[word] = parts


def open_lists_written_otherwise(spec: Json) -> Json:
    """Write open lists of values in the other forms in which publishers write them."""
    for number, node in enumerate(list(open_lists(spec))):
        listed, null = node["anyOf"][0], [part for part in node["anyOf"] if part == {"type": "null"}]
        _rotated(node, listed, null, number)
    return spec


def open_lists_typed_once(spec: Json) -> Json:
    """Write the type of an open list next to its alternatives instead of inside each."""
    for node in list(open_lists(spec)):
        null = {"type": "null"} in node["anyOf"]
        listed = {"enum": [*node["anyOf"][0]["enum"], *([None] if null else [])]}
        node.update(type=["string", "null"] if null else "string", anyOf=[listed, {"type": "string"}])
    return spec


EQUIVALENT: dict[str, Callable[[Json], Json]] = {
    function.__name__: function
    for function in (
        all_inline,
        foreign_components,
        without_operation_ids,
        shuffled_operation_ids,
        as_version_30,
        envelopes_as_allof,
        other_placeholders,
        other_spelling_of_titles,
        prefix_in_paths,
        shuffled_order,
        security_on_operations,
        parameters_on_path_items,
        open_lists_written_otherwise,
        open_lists_typed_once,
    )
}


def everything_at_once(spec: Json) -> Json:
    """Apply several equivalent changes in a row."""
    for change in (envelopes_as_allof, foreign_components, as_version_30, other_placeholders):
        spec = change(spec)
    return shuffled_order(prefix_in_paths(without_operation_ids(other_spelling_of_titles(spec))))


EQUIVALENT["everything_at_once"] = everything_at_once


def moved_routes(spec: Json) -> Json:
    """Move three inferred routes to another path, another method, or both."""
    for path, (method, new_path, new_method) in MOVED.items():
        operation = spec["paths"][path].pop(method)
        spec["paths"].setdefault(new_path, {})[new_method] = operation
    return spec


def closed_lists(spec: Json) -> Json:
    """Write open lists of values as closed ones, as most publishers do."""
    for node in list(open_lists(spec)):
        listed = node.pop("anyOf")
        null = {"type": "null"} in listed
        node["type"] = ["string", "null"] if null else "string"
        node["enum"] = [*listed[0]["enum"], *([None] if null else [])]
    return spec


def extra_operations(spec: Json) -> Json:
    def operation(tag: str, summary: str) -> Json:
        schema = {"type": "object", "properties": {"id": {"type": "string"}, "details": {"type": "object"}}}
        answer = {"description": "Done.", "content": {"application/json": {"schema": schema}}}
        return {"tags": [tag], "summary": summary, "responses": {"200": answer}}

    spec["paths"]["/calls/{id}/hold"] = {"post": operation("Calls", "Put a call on hold")}
    spec["paths"]["/tickets/{client}/{id}"] = {"get": operation("Tickets", "Get a ticket")}
    spec["paths"]["/untitled/{a-b}"] = {"get": {"responses": {"204": {"description": "Nothing."}}}}
    spec["paths"]["/agents/import"] = {"post": operation("Agents", "Import")}
    return spec


def extra_enum_values(spec: Json) -> Json:
    for node in each_schema(spec):
        if "enum" in node:
            node["enum"] = [*node["enum"], "brand-new", "9 lives", ""]
    return spec


def extra_response_members(spec: Json) -> Json:
    """Add members to every payload, two of them named so that they could be taken for other models."""
    members = {
        "details": {"type": "object", "properties": {"deep": {"type": "object", "properties": {"x": {}}}}},
        "list": {"type": "array", "items": {"type": "object", "properties": {"y": {"type": "string"}}}},
        "brand_new": {"type": ["string", "null"], "enum": ["a", "b", None]},
    }
    for schema in spec["components"]["schemas"].values():
        if schema.get("type") == "object" and {"id", "call_id"} & schema.get("properties", {}).keys():
            schema["properties"].update(copy.deepcopy(members))
    return spec


def every_addition(spec: Json) -> Json:
    for change in (extra_operations, extra_enum_values, extra_response_members, recursive_schema, odd_enums):
        spec = change(spec)
    return spec


def removed_response_members(spec: Json) -> Json:
    """Take away members that answers need not have."""
    call = spec["components"]["schemas"]["Call"]["properties"]
    for name in ("duration_seconds", "disposition"):
        call.pop(name, None)
    return spec


def recursive_schema(spec: Json) -> Json:
    agent = spec["components"]["schemas"]["Agent"]["properties"]
    agent["parent"] = {"$ref": "#/components/schemas/Agent"}
    agent["children"] = {"type": "array", "items": {"$ref": "#/components/schemas/Agent"}}
    return spec


def odd_enums(spec: Json) -> Json:
    agent = spec["components"]["schemas"]["Agent"]["properties"]
    agent["letter_case"] = {"type": "string", "enum": ["active", "ACTIVE", "Active", "act-ive", "act_ive"]}
    agent["number"] = {"type": "integer", "enum": [1, 2, 2, -1]}
    agent["mixed"] = {"enum": ["a", 1, None, True]}
    agent["constant"] = {"const": "only"}
    agent["nothing"] = {"type": "string", "enum": []}
    return spec


def binary_answer(spec: Json) -> Json:
    wave = {
        "description": "Audio.",
        "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}},
    }
    spec["paths"]["/calls/{id}/recording-url"]["get"]["responses"]["200"] = wave
    form = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    body = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    spec["paths"]["/projects"]["post"]["requestBody"] = body
    return spec


def hostile_strings(spec: Json) -> Json:
    """Put strings that try to leave their place everywhere a publisher may write one."""
    names = [
        "field",
        "define",
        "from_dict",
        "absent",
        "additional_properties",
        "class",
        "self",
        "__class__",
        "",
    ]
    names += [
        "_members",
        "load_enum",
        "datetime",
        "None",
        "Any",
        "str",
        "dict",
        "x" * 5000,
        "\u6570\u636e",
        "a\nb",
    ]
    members: Json = {name: {"type": "string"} for name in [*names, *HOSTILE]}
    nested = {f"{name}!": {"type": "object", "properties": {"x": {"type": "string"}}} for name in names}
    spec["info"]["description"] = spec["info"]["title"] = HOSTILE[0]
    for number, (_, _, operation) in enumerate(each_operation(spec)):
        operation["description"] = HOSTILE[number % len(HOSTILE)] + operation.get("description", "")
    for number, (name, schema) in enumerate(sorted(spec["components"]["schemas"].items())):
        schema["description"] = HOSTILE[number % len(HOSTILE)]
        schema["title"] = HOSTILE[-1 - number % len(HOSTILE)]
        if name in {"Agent", "Project"}:
            schema["properties"].update(copy.deepcopy({**members, **nested}))
            schema["properties"]["hostile"] = {"type": "string", "enum": list(HOSTILE), "default": HOSTILE[0]}
            schema["properties"]["pattern"] = {"type": "string", "pattern": HOSTILE[1], "default": HOSTILE[2]}
    parameters = spec["paths"]["/calls"]["get"]["parameters"]
    for name in [*names, *HOSTILE, "client", "body", "request", "PATH"]:
        schema = {"type": "string", "default": HOSTILE[0]}
        parameters.append({"name": name, "in": "query", "description": HOSTILE[1], "schema": schema})
    answer = {"200": {"description": HOSTILE[0]}}
    for number, text in enumerate(HOSTILE):
        path = f"/hostile/{number}/{text.replace('{', '').replace('}', '')}/{{{text.replace('{', '').replace('}', '')}}}"
        spec["paths"][path] = {"get": {"tags": [text * 30], "summary": text * 30, "responses": answer}}
    return spec
