"""Bring any JSON schema of an OpenAPI document into one small normal form."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from spec_tools.document import Json, SpecError, is_array, is_object, resolve

SCALARS = {"string", "integer", "number", "boolean"}
# The formats that change a Python type. `uuid` is not among them: documented ids are not always valid UUIDs.
FORMATS = {"date-time", "date"}
# A hundred times the largest payload of the API: a hostile document makes few references expand without end.
MAX_NODES = 5_000
MAX_DEPTH = 60
# The API's longest list has about twenty; each becomes a line of the client.
MAX_VALUES = 5_000
MAX_INTEGER = 2**63


def _no_properties() -> dict[str, Schema]:
    return {}


def _no_limits() -> dict[str, Any]:
    return {}


@dataclass
class Schema:
    """A schema without references: what the generator and the drift check need to know of it.

    ``kind`` is a JSON type, ``any`` for a value of unknown or mixed type. ``enum`` holds the known values of
    a string; when ``open`` is true, the document allows other values as well.
    """

    kind: str = "any"
    nullable: bool = False
    format: str | None = None
    enum: tuple[str, ...] = ()
    open: bool = False
    description: str = ""
    properties: dict[str, Schema] = field(default_factory=_no_properties)
    required: frozenset[str] = frozenset()
    items: Schema | None = None
    values: Schema | None = None
    limits: dict[str, Any] = field(default_factory=_no_limits)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= MAX_INTEGER if isinstance(value, int) else math.isfinite(value)


def _is_count(value: object) -> bool:
    return _is_number(value) and isinstance(value, (int, float)) and value >= 0 and value == int(value)


NUMBER = ("a number", _is_number)
COUNT = ("a whole number that is not negative", _is_count)
# The requirement on each limit, in words and as a test.
LIMITS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "minimum": NUMBER,
    "maximum": NUMBER,
    "minLength": COUNT,
    "maxLength": COUNT,
    "minItems": COUNT,
    "maxItems": COUNT,
    "pattern": ("a string", lambda value: isinstance(value, str)),
    "default": ("a value", lambda value: True),
}


def normalise(document: Json, node: Any, where: str) -> Schema:
    """Return the normal form of ``node``.

    3.0 ``nullable`` and 3.1 type lists, inline and referenced schemas, ``allOf`` and plain objects
    all end in the same value. A schema that contains itself becomes ``any`` where it recurs.

    Raises:
        SpecError: a reference leads nowhere, a schema is not an object, or it expands without end.
    """
    return _Reader(document, where).read(node, where, ())


class _Reader:
    """One expansion, with the count of the schemas that it has met."""

    def __init__(self, document: Json, root: str) -> None:
        self.document = document
        self.root = root
        self.nodes = 0

    def read(self, node: Any, where: str, seen: tuple[str, ...]) -> Schema:
        self.nodes += 1
        if self.nodes > MAX_NODES or len(seen) > MAX_DEPTH or where.count(".") > 4 * MAX_DEPTH:
            raise SpecError(f"{self.root}: expands to more than {MAX_NODES} schemas or {MAX_DEPTH} levels")
        if node is True or node is None:
            return Schema()
        if not is_object(node):
            raise SpecError(f"{where}: a schema is {type(node).__name__}, an object was expected")
        if "$ref" in node:
            return self.follow(node, where, seen)
        for word in ("allOf", "anyOf", "oneOf"):
            if node.get(word):
                return self.combine(node, word, where, seen)
        return self.plain(node, where, seen)

    def follow(self, node: Json, where: str, seen: tuple[str, ...]) -> Schema:
        reference = node["$ref"]
        if reference in seen:
            return Schema(description=_text(node.get("description")))
        try:
            found = resolve(self.document, reference)
        except SpecError as error:
            raise SpecError(f"{where}: {error}") from error
        return _with_siblings(self.read(found, f"{where} ({reference})", (*seen, reference)), node, where)

    def combine(self, node: Json, word: str, where: str, seen: tuple[str, ...]) -> Schema:
        alternatives = node[word]
        if not is_array(alternatives):
            raise SpecError(f"{where}: `{word}` is {type(alternatives).__name__}, an array was expected")
        rest = {key: value for key, value in node.items() if key != word}
        parts = [self.read(part, f"{where}.{word}[{i}]", seen) for i, part in enumerate(alternatives)]
        null = any(part.kind == "null" for part in parts)
        parts = [part for part in parts if part.kind != "null"]
        schema = intersection(parts) if word == "allOf" else union(parts)
        if null and word != "allOf":
            schema = replace(schema, nullable=True)
        if {"type", "properties", "items", "enum", "allOf", "anyOf", "oneOf"} & rest.keys():
            # A type next to alternatives applies to all of them; it is not one more alternative.
            schema = intersection([schema, self.read(rest, where, seen)])
        # `required` next to `allOf` may name members of its parts.
        required = schema.required | (_names(rest.get("required")) & schema.properties.keys())
        return _with_siblings(replace(schema, required=required), node, where)

    def plain(self, node: Json, where: str, seen: tuple[str, ...]) -> Schema:
        types = node.get("type")
        names = (
            [types] if isinstance(types, str) else [str(name) for name in types] if is_array(types) else []
        )
        enum = node.get("enum")
        values: list[Any] = [node["const"]] if "const" in node else enum if is_array(enum) else []
        if len(values) > MAX_VALUES:
            raise SpecError(f"{where}: `enum` has more than {MAX_VALUES} values")
        nullable = node.get("nullable") is True or "null" in names or None in values
        if names == ["null"]:
            return Schema(kind="null")
        names = [name for name in names if name != "null"]
        kind = names[0] if len(names) == 1 else "any" if names else _implied(node, values)
        schema = Schema(
            kind=kind,
            nullable=nullable,
            description=_text(node.get("description")),
            limits=_limits(node, where),
        )
        if kind == "string":
            schema.format = node["format"] if node.get("format") in tuple(FORMATS) else None
            schema.enum = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
        elif kind == "array":
            schema.items = self.read(node.get("items"), f"{where}[]", seen)
        elif kind == "object":
            self.fill_object(schema, node, where, seen)
        elif kind not in SCALARS and kind != "any":
            raise SpecError(f"{where}: unknown type {kind!r}")
        return schema

    def fill_object(self, schema: Schema, node: Json, where: str, seen: tuple[str, ...]) -> None:
        properties: Any = node.get("properties") or {}
        if not is_object(properties):
            raise SpecError(f"{where}: `properties` is {type(properties).__name__}, an object was expected")
        for name, value in properties.items():
            schema.properties[name] = self.read(value, f"{where}.{name}", seen)
        schema.required = _names(node.get("required")) & schema.properties.keys()
        more = node.get("additionalProperties")
        if is_object(more) and more:
            values = self.read(more, f"{where}.*", seen)
            schema.values = None if values.kind == "any" else values


def _limits(node: Json, where: str) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for name, (wanted, fits) in LIMITS.items():
        # Some publishers write null for a limit that does not exist; as a default, null is a value.
        if name not in node or (node[name] is None and name != "default"):
            continue
        if not fits(node[name]):
            raise SpecError(f"{where}: `{name}` is {node[name]!r}; {wanted} was expected")
        limits[name] = int(node[name]) if LIMITS[name] is COUNT else node[name]
    return limits


def _text(node: Any) -> str:
    return str(node) if node else ""


def _names(node: Any) -> frozenset[str]:
    return frozenset(name for name in node if isinstance(name, str)) if is_array(node) else frozenset()


def _with_siblings(schema: Schema, node: Json, where: str) -> Schema:
    # 3.0 writers put `nullable` and `description` next to `$ref` and `allOf`, where 3.0 itself ignores them.
    return replace(
        schema,
        nullable=schema.nullable or node.get("nullable") is True,
        description=_text(node.get("description")) or schema.description,
        limits={**schema.limits, **_limits(node, where)},
    )


def _implied(node: Json, values: list[Any]) -> str:
    if "properties" in node or is_object(node.get("additionalProperties")):
        return "object"
    if "items" in node:
        return "array"
    known = [value for value in values if value is not None]
    return "string" if known and all(isinstance(value, str) for value in known) else "any"


def intersection(parts: Iterable[Schema]) -> Schema:
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
    nullable = left.nullable and right.nullable if all_of else left.nullable or right.nullable
    description = left.description or right.description
    kind = join_kinds(left.kind, right.kind)
    if kind is None:
        return Schema(nullable=nullable, description=description)
    properties = {
        name: union([part.properties[name] for part in (left, right) if name in part.properties])
        for name in {**left.properties, **right.properties}
    }
    items = [part.items for part in (left, right) if part.items]
    enum, is_open = _join_values(left, right, all_of=all_of)
    return Schema(
        kind=kind,
        nullable=nullable,
        format=left.format if left.format == right.format else None,
        enum=enum,
        open=is_open,
        description=description,
        properties=properties,
        required=left.required | right.required if all_of else left.required & right.required,
        items=union(items) if items else None,
        values=left.values or right.values,
        limits={key: value for key, value in left.limits.items() if right.limits.get(key, value) == value},
    )


def _join_values(left: Schema, right: Schema, *, all_of: bool) -> tuple[tuple[str, ...], bool]:
    """Return the known values of two joined schemas, and whether others are allowed.

    Known values or any string is the standard form of an open list of values.
    """
    enum = tuple(dict.fromkeys(left.enum + right.enum))
    if left.enum and right.enum:
        return enum, left.open and right.open if all_of else left.open or right.open
    listed, plain = (left, right) if left.enum else (right, left)
    if all_of:
        return enum, listed.open
    # A time or a number is not a further value of a list, so `enum` or `format` stays a string.
    return (enum, True) if listed.enum and plain.format is None else ((), False)


def join_kinds(left: str, right: str) -> str | None:
    """Return the kind that covers both, or None when there is none (``integer`` is a ``number``)."""
    if left == right:
        return left
    return "number" if {left, right} == {"integer", "number"} else None
