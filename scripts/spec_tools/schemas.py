"""Bring any JSON schema of an OpenAPI document into one small normal form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from spec_tools.document import Json, SpecError, resolve

SCALARS = {"string", "integer", "number", "boolean"}
# The formats that change a Python type. `uuid` is not among them: documented ids are not always valid UUIDs.
FORMATS = {"date-time", "date"}


@dataclass
class Schema:
    """A schema without references: what the generator and the drift check need to know of it.

    ``kind`` is a JSON type, ``any`` for a value of unknown or mixed type.
    """

    kind: str = "any"
    nullable: bool = False
    format: str | None = None
    enum: tuple[str, ...] = ()
    description: str = ""
    properties: dict[str, Schema] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Schema | None = None
    values: Schema | None = None
    limits: dict[str, Any] = field(default_factory=dict)


LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default")


def normalise(document: Json, node: Any, where: str, seen: tuple[str, ...] = ()) -> Schema:
    """Return the normal form of ``node``.

    3.0 ``nullable`` and 3.1 type lists, inline and referenced schemas, ``allOf`` and plain objects
    all end in the same value. A schema that contains itself becomes ``any`` at the repetition.

    Raises:
        SpecError: a reference leads nowhere, or a schema is not an object.
    """
    if node is True or node is None:
        return Schema()
    if not isinstance(node, dict):
        raise SpecError(f"{where}: a schema is {type(node).__name__}, an object was expected")
    if "$ref" in node:
        return _follow(document, node, where, seen)
    for word in ("allOf", "anyOf", "oneOf"):
        if node.get(word):
            return _combine(document, node, word, where, seen)
    return _plain(document, node, where, seen)


def _follow(document: Json, node: Json, where: str, seen: tuple[str, ...]) -> Schema:
    reference = node["$ref"]
    if reference in seen:
        return Schema(description=str(node.get("description", "")))
    target = normalise(document, resolve(document, reference), f"{where} ({reference})", (*seen, reference))
    return _with_siblings(target, node)


def _with_siblings(schema: Schema, node: Json) -> Schema:
    # 3.0 writers put `nullable` and `description` beside `$ref` and `allOf`, where 3.0 itself ignores them.
    return replace(
        schema,
        nullable=schema.nullable or bool(node.get("nullable")),
        description=str(node.get("description") or schema.description),
    )


def _combine(document: Json, node: Json, word: str, where: str, seen: tuple[str, ...]) -> Schema:
    rest = {key: value for key, value in node.items() if key != word}
    parts = [normalise(document, part, f"{where}.{word}[{i}]", seen) for i, part in enumerate(node[word])]
    if {"type", "properties", "items", "enum", "allOf", "anyOf", "oneOf"} & rest.keys():
        parts.append(normalise(document, rest, where, seen))
    null = any(part.kind == "null" for part in parts)
    parts = [part for part in parts if part.kind != "null"]
    schema = (intersection if word == "allOf" else union)(parts)
    return _with_siblings(replace(schema, nullable=schema.nullable or (null and word != "allOf")), node)


def _plain(document: Json, node: Json, where: str, seen: tuple[str, ...]) -> Schema:
    types = node.get("type")
    names = [types] if isinstance(types, str) else list(types or [])
    values = [*node.get("enum", [])] if isinstance(node.get("enum"), list) else []
    if "const" in node:
        values = [node["const"]]
    nullable = bool(node.get("nullable")) or "null" in names or None in values
    names = [name for name in names if name != "null"]
    if types == "null":
        return Schema(kind="null")
    kind = names[0] if len(names) == 1 else "any" if names else _implied(node, values)
    schema = Schema(
        kind=kind,
        nullable=nullable,
        description=str(node.get("description") or ""),
        limits={key: node[key] for key in LIMITS if key in node},
    )
    if kind == "string":
        schema.format = node.get("format") if node.get("format") in FORMATS else None
        schema.enum = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    elif kind == "array":
        schema.items = normalise(document, node.get("items"), f"{where}[]", seen)
    elif kind == "object":
        _fill_object(document, schema, node, where, seen)
    elif kind not in SCALARS and kind != "any":
        raise SpecError(f"{where}: unknown type {kind!r}")
    return schema


def _implied(node: Json, values: list[Any]) -> str:
    if "properties" in node or isinstance(node.get("additionalProperties"), dict):
        return "object"
    if "items" in node:
        return "array"
    known = [value for value in values if value is not None]
    return "string" if known and all(isinstance(value, str) for value in known) else "any"


def _fill_object(document: Json, schema: Schema, node: Json, where: str, seen: tuple[str, ...]) -> None:
    properties = node.get("properties") or {}
    if not isinstance(properties, dict):
        raise SpecError(f"{where}: `properties` is {type(properties).__name__}, an object was expected")
    for name, value in properties.items():
        schema.properties[name] = normalise(document, value, f"{where}.{name}", seen)
    schema.required = frozenset(node.get("required") or []) & schema.properties.keys()
    if isinstance(node.get("additionalProperties"), dict) and node["additionalProperties"]:
        values = normalise(document, node["additionalProperties"], f"{where}.*", seen)
        schema.values = None if values.kind == "any" else values


def intersection(parts: list[Schema]) -> Schema:
    """Merge the members of an ``allOf``: all properties together."""
    merged = Schema()
    for part in parts:
        merged = part if merged.kind == "any" else _join(merged, part, all_of=True)
    return merged


def union(parts: list[Schema]) -> Schema:
    """Merge alternatives into the one schema that describes them all, ``any`` when they differ in kind."""
    if not parts:
        return Schema()
    merged = parts[0]
    for part in parts[1:]:
        merged = _join(merged, part, all_of=False)
    return merged


def _join(left: Schema, right: Schema, *, all_of: bool) -> Schema:
    if all_of and right.kind == "any":
        return left
    kind = join_kinds(left.kind, right.kind)
    if kind is None:
        return Schema(nullable=left.nullable or right.nullable, description=left.description or right.description)
    names = {**left.properties, **right.properties}
    return Schema(
        kind=kind,
        nullable=left.nullable and right.nullable if all_of else left.nullable or right.nullable,
        format=left.format if left.format == right.format else None,
        enum=tuple(dict.fromkeys(left.enum + right.enum)) if left.enum and right.enum else (),
        description=left.description or right.description,
        properties={
            name: union([part.properties[name] for part in (left, right) if name in part.properties]) for name in names
        },
        required=left.required | right.required if all_of else left.required & right.required,
        items=union([part.items for part in (left, right) if part.items]) if left.items or right.items else None,
        values=left.values or right.values,
        limits={key: value for key, value in left.limits.items() if right.limits.get(key, value) == value},
    )


def join_kinds(left: str, right: str) -> str | None:
    """Return the kind that covers both, or None when there is none (``integer`` is a ``number``)."""
    if left == right:
        return left
    return "number" if {left, right} == {"integer", "number"} else None
