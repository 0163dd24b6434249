"""Hoist schemas into named components and write the prepared document."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from spec_tools.config import Naming
from spec_tools.document import Json, deref, is_object, json_schema
from spec_tools.matching import TAKEN_BY_FUNCTIONS, Match, placeholders
from spec_tools.names import Names
from spec_tools.schemas import SCALARS, Schema, join_kinds, normalise
from spec_tools.text import prose

REQUEST, RESPONSE = "request", "response"
# Rendered as `dict[str, Any]` by the model template: free-form objects need no class of their own.
FREE_FORM = "JsonObject"
# Names that the generated models use themselves, in lower case: a member of such a name would replace them.
TAKEN_BY_MODELS = frozenset(
    {"absent", "additional_properties", "define", "field", "from_dict", "to_dict"}
    | {"load_date", "load_datetime", "load_enum", "load_list", "load_model", "load_transcript"}
)
# Class names become file names, which file systems limit.
_LONGEST_NAME = 100


def pascal(text: str) -> str:
    """Turn `calls.start` or `call_id` into `CallsStart`, `CallId`; keep capitals that are there."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", text) if word)


def _bare(name: str) -> str:
    # The generator's own spelling of a name: two names with the same one would share a file.
    return re.sub(r"[^a-z0-9]", "", name.lower())


def usable(names: Iterable[str], taken: frozenset[str]) -> list[str]:
    """Return the names that can be attributes or arguments, in order; only one of several similar names.

    That is the one in lower case, so that a new `agentName` does not displace `agent_name`.
    """
    alike: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name != name.lower(), name)):
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,99}", name) and name.lower() not in taken:
            alike.setdefault(_bare(name), name)
    return [name for name in names if alike.get(_bare(name)) == name]


@dataclass
class Namer:
    """Collect named components while operations are written."""

    naming: Naming
    components: dict[str, Schema] = field(default_factory=dict[str, Schema])
    roles: dict[str, str] = field(default_factory=dict[str, str])
    warnings: list[str] = field(default_factory=list[str])
    reserved: set[str] = field(default_factory=set[str])
    origins: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    def __post_init__(self) -> None:
        chosen = [row.data or pascal(row.key) + "Data" for row in self.naming.rows]
        chosen += [pascal(row.key) + "Request" for row in self.naming.rows]
        self.reserved = {_bare(name) for name in [*chosen, *self.naming.members.values(), FREE_FORM]}

    def claim(self, name: str, role: str) -> str:
        """Return ``name``, or a variant of it when the other role uses it already.

        A request model distinguishes omitted from null and a response model does not, so they never share a
        class.
        """
        if self.roles.setdefault(name, role) == role:
            return name
        return self.claim(name + ("Input" if role == REQUEST else "Output"), role)

    def hoist(self, schema: Schema, name: str, role: str) -> str:
        """Name an object and everything inside it; objects with the same name are merged."""
        name = self.claim(name, role)
        typed = usable(schema.properties, TAKEN_BY_MODELS)
        for key in sorted(schema.properties.keys() - set(typed)):
            # Such a member still survives a round trip, among the additional properties.
            self.warnings.append(f"{name}: the member {key!r} cannot be an attribute; it is left untyped")
        schema = replace(
            schema,
            properties={key: self.place(schema.properties[key], name, key, role) for key in typed},
            required=schema.required & set(typed),
            values=self.place(schema.values, name, "*", role) if schema.values else None,
        )
        known = self.components.get(name)
        self.components[name] = self.merge(known, schema, name) if known else schema
        return name

    def place(self, schema: Schema, parent: str, member: str, role: str) -> Schema:
        """Replace the parts of ``parent`` that need a name by references (kind `ref`)."""
        wanted = self.naming.members.get(f"{parent}.{member}")
        if schema.kind == "array":
            items = self.place(schema.items or Schema(), parent, member + "[]", role)
            return replace(schema, items=items)
        if schema.kind == "object":
            if not schema.properties and not schema.values:
                return _reference(schema, FREE_FORM)
            return _reference(schema, self.hoist(schema, wanted or self.fallback(parent, member), role))
        if schema.enum and role == RESPONSE:
            name = self.claim(wanted or self.fallback(parent, member), role)
            known = self.components.get(name)
            bare = Schema(kind="string", enum=schema.enum)
            self.components[name] = self.merge(known, bare, name) if known else bare
            return _reference(schema, name)
        return schema

    def fallback(self, parent: str, member: str) -> str:
        """Name a schema that has no row; an unlisted `Call.details` is not a CallDetails."""
        name = parent + (pascal(member.replace("[]", "_item").replace("*", "value")) or "Member")
        if len(name) > _LONGEST_NAME:
            name = name[:_LONGEST_NAME] + hashlib.sha256(name.encode()).hexdigest()[:8]
        origin = (parent, member)
        variants = itertools.chain([name, f"{name}Value"], (f"{name}Value{n}" for n in itertools.count(2)))
        return next(
            variant
            for variant in variants
            if _bare(variant) not in self.reserved
            and self.origins.setdefault(_bare(variant), origin) == origin
        )

    def merge(self, left: Schema, right: Schema, name: str) -> Schema:
        """Unite two schemas of one name: all properties, all enum values."""
        properties = dict(left.properties)
        for key, value in right.properties.items():
            known = properties.get(key)
            properties[key] = self.merge_member(known, value, f"{name}.{key}") if known else value
        return replace(
            left,
            description=left.description or right.description,
            properties=properties,
            enum=tuple(dict.fromkeys(left.enum + right.enum)),
            required=left.required & right.required,
            values=left.values or right.values,
        )

    def merge_member(self, left: Schema, right: Schema, where: str) -> Schema:
        """Unite two properties of one name, or report that they do not match."""
        left_type, right_type = (part.format if part.kind == "ref" else part.kind for part in (left, right))
        kind = join_kinds(left_type or "", right_type or "")
        if kind is None:
            self.warnings.append(f"{where}: declared as {left_type} and as {right_type}; typed as Any")
            return Schema(description=left.description or right.description)
        nullable = left.nullable or right.nullable
        if left.kind == "ref":
            return replace(left, nullable=nullable)
        items = left.items or right.items
        if left.items and right.items:
            items = self.merge_member(left.items, right.items, where + "[]")
        return replace(left, kind=kind, nullable=nullable, items=items)


def _reference(schema: Schema, name: str) -> Schema:
    return Schema(kind="ref", format=name, nullable=schema.nullable, description=schema.description)


def emit(schema: Schema) -> Json:
    """Write a normal form as the JSON schema that the generator reads."""
    if schema.kind == "ref":
        reference: Json = {"$ref": f"#/components/schemas/{schema.format}"}
        # A `$ref` with siblings loses them in the generator, so null and text go around it.
        around: Json = {"anyOf": [reference, {"type": "null"}]} if schema.nullable else {"allOf": [reference]}
        return _described(around, schema)
    if schema.kind == "any":
        return _described({}, schema)
    result: Json = {"type": [schema.kind, "null"] if schema.nullable else schema.kind}
    if schema.kind == "string" and schema.format:
        result["format"] = schema.format
    if schema.kind == "array":
        result["items"] = emit(schema.items or Schema())
    return _described(result, schema)


def _described(result: Json, schema: Schema) -> Json:
    text = schema.description
    if schema.enum:
        text = f"{text} Known values: {', '.join(schema.enum)}.".strip()
    if schema.limits:
        text = f"{text} ({', '.join(f'{key} {value}' for key, value in schema.limits.items())})".strip()
    return {**result, "description": prose(text)} if text else result


def member_names(values: tuple[str, ...]) -> list[str]:
    """Name the members of an enum.

    The generator would use the values themselves, and assign one name to values that differ in case or
    signs only.
    """
    names = Names()
    return [names.claim(_member_name(value)) for value in values]


def _member_name(value: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", value.replace("[]", "_list"))
    name = "_".join(words).upper()[:_LONGEST_NAME].strip("_") or "EMPTY"
    return name if name[0].isalpha() else f"VALUE_{name}"


def emit_component(schema: Schema, role: str, nullable: set[str]) -> Json:
    """Write a named component; ``nullable`` holds the members that a fix makes nullable."""
    if schema.enum:
        return {"type": "string", "enum": list(schema.enum), "x-enum-varnames": member_names(schema.enum)}
    result: Json = {"type": "object", "description": prose(schema.description)}
    if schema.properties:
        result["properties"] = {
            name: emit(replace(value, nullable=value.nullable or name in nullable))
            for name, value in schema.properties.items()
        }
        # Publishers' `required` lists say little about responses, so a member's type never depends on them.
        result["required"] = sorted(schema.properties) if role == RESPONSE else sorted(schema.required)
    result["additionalProperties"] = emit(schema.values) if schema.values else True
    return result


def emit_operation(document: Json, match: Match, namer: Namer) -> Json:
    """Write one operation: key as summary, one body, one response, no `operationId` of the publisher."""
    row, operation = match.row, match.operation
    where = f"{row.key} ({operation.route})"
    result: Json = {
        # The raw client's module is `api/<resource>/<verb>.py`; ids need to be unique within a tag only.
        "operationId": row.verb,
        "tags": [row.resource],
        "summary": row.key,
        "description": prose(f"{operation.summary}.\n\n{operation.body.get('description') or ''}".strip()),
        "security": [{"bearerAuth": []}],
        "parameters": _emit_parameters(document, match, where, namer.warnings),
    }
    body = operation.body.get("requestBody")
    if body is not None:
        schema = json_schema(document, body, f"{where}: requestBody")
        if schema is not None:
            normal = normalise(document, schema, f"{where}: requestBody")
            root = _emit_root(namer, normal, pascal(row.key) + "Request", REQUEST)
            result["requestBody"] = {"required": True, "content": {"application/json": {"schema": root}}}
        else:
            namer.warnings.append(
                f"{where}: the request body is not JSON; the operation is generated without it"
            )
    data = response_data(document, operation.body, where)
    schema_of_data = _emit_root(namer, data, row.data or pascal(row.key) + "Data", RESPONSE)
    result["responses"] = {
        "2XX": {"description": "Success.", "content": {"application/json": {"schema": schema_of_data}}}
    }
    return result


def _emit_root(namer: Namer, schema: Schema, name: str, role: str) -> Json:
    if schema.kind == "object" and (schema.properties or schema.values):
        return {"$ref": f"#/components/schemas/{namer.hoist(schema, name, role)}"}
    if schema.kind in SCALARS | {"any"}:
        return emit(replace(schema, enum=()))
    return emit(namer.place(schema, name, "", role))


def _emit_parameters(document: Json, match: Match, where: str, warnings: list[str]) -> list[Json]:
    declared = {(parameter["name"], parameter["in"]): parameter for parameter in match.operation.parameters}
    # Path parameters take the row's names, by position, as in `Match.path`.
    pairs = zip(placeholders(match.operation.path), placeholders(match.row.path), strict=True)
    wanted = [("path", theirs, ours) for theirs, ours in pairs]
    query = [name for name, location in declared if location == "query"]
    kept = usable(query, TAKEN_BY_FUNCTIONS)
    for name in sorted(set(query) - set(kept)):
        warnings.append(f"{where}: the parameter {name!r} cannot be an argument; it is left out")
    wanted += [("query", name, name) for name in kept]
    result: list[Json] = []
    for location, theirs, ours in wanted:
        # Some publishers forget to declare a path parameter; the path itself says that it is there.
        parameter = declared.get((theirs, location), {})
        schema = normalise(
            document, parameter.get("schema") or {"type": "string"}, f"{where}: parameter {theirs}"
        )
        emitted = emit(replace(schema, description=str(parameter.get("description") or schema.description)))
        result.append(
            {
                "name": ours,
                "in": location,
                "required": location == "path" or parameter.get("required") is True,
                "description": emitted.pop("description", ""),
                "schema": emitted,
            }
        )
    return result


def response_data(document: Json, body: Json, where: str) -> Schema:
    """Return the payload inside the envelope of the first success response."""
    responses = body.get("responses")
    found = responses if is_object(responses) else {}
    for status in sorted(status for status in found if status.startswith("2")):
        schema = json_schema(document, deref(document, found[status], where), f"{where}: {status}")
        if schema is not None:
            return unwrap(normalise(document, schema, f"{where}: {status}"))
    return Schema()


def unwrap(response: Schema) -> Schema:
    """Return the payload of an envelope, or the response itself if it is not an envelope."""
    return response.properties["data"] if {"success", "data"} <= response.properties.keys() else response


def prepared(document: Json, matches: list[Match], namer: Namer) -> Json:
    """Write the whole prepared document."""
    paths: dict[str, dict[str, Any]] = {}
    for match in matches:
        paths.setdefault(match.path, {})[match.operation.method] = emit_operation(document, match, namer)
    fixed: dict[str, set[str]] = {}
    for fix in namer.naming.fixes:
        model, _, member = fix.at.partition(".")
        if member not in namer.components.get(model, Schema()).properties:
            namer.warnings.append(f"fixes: {fix.at}: the member no longer exists; delete the row")
        fixed.setdefault(model, set()).add(member)
    schemas = {
        name: emit_component(schema, namer.roles[name], fixed.get(name, set()))
        for name, schema in sorted(namer.components.items())
    }
    schemas[FREE_FORM] = {"type": "object", "description": "Any JSON object.", "additionalProperties": True}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vocobase Partner API", "version": "2"},
        "servers": [{"url": f"https://api.vocobase.com{namer.naming.base_path}"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(sorted(schemas.items())),
        },
    }
