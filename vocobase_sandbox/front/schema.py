"""Compile the part of JSON Schema that openapi.json uses into plain functions.

jsonschema takes 80 ms to import and a millisecond per body; these closures take microseconds. The tests
compare both on generated documents. One feature is added: unknown fields are collected, so that the caller
can log or reject them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from vocobase_sandbox.front.combinations import COMBINATIONS, IS_REQUIRED, Check, every, shown, silent
from vocobase_sandbox.front.patterns import NOT_BLANK
from vocobase_sandbox.front.spec import document

_compiled: dict[str, Check] = {}
# Adjacent items never match the same character; otherwise a long near-match would take quadratic time.
_EMAIL = re.compile(r"[^@\s]+@[^@\s][^@\s.]*\.[^@\s]+")
_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[!$-.0-;=@-\[\]_a-z~]+([/?#]\S*)?")
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
# Identifiers are opaque: documented ones are not always UUIDs, but they are never empty.
_OPAQUE = re.compile(r".+", re.DOTALL)
_FORMATS = {"email": _EMAIL, "uri": _URI, "date": _DATE, "uuid": _OPAQUE}
# The spaces of JavaScript, as in the patterns of JSON Schema; Python also counts control characters.
_SPACES = (
    "\t\n\v\f\r \u00a0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_DEMANDS = {
    r"^\+[1-9]\d{6,14}$": "must be in E.164 format, for example +12025550100",
    NOT_BLANK: "must not be blank",
    "uuid": "must not be empty",
}
"""The requirement of a pattern or format in words, for messages."""


def _is_integer(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and value.is_integer()
    )


_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def compile_schema(schema: dict[str, Any], *, formats: bool = True) -> Check:
    """Compile a schema into a check.

    Args:
        schema: A schema of the document, or a reference into it.
        formats: Whether the formats email, uri, date and uuid are enforced.
    """
    if "$ref" in schema:
        return _reference(schema["$ref"], formats)
    checks = [build(schema) for key, build in _KEYWORDS.items() if key in schema]
    if formats and schema.get("format") in _FORMATS:
        checks.append(_format(schema["format"]))
    if "properties" in schema or "required" in schema or isinstance(schema.get("additionalProperties"), dict):
        checks.append(_object(schema, formats))
    if "items" in schema:
        checks.append(_items(compile_schema(schema["items"], formats=formats)))
    for key, combine in COMBINATIONS.items():
        if key in schema:
            check = combine(schema, lambda part: compile_schema(part, formats=formats))
            # Only alternatives that stand alone know every field; the other parts are conditions.
            checks.append(check if key == "anyOf" and "properties" not in schema else silent(check))
    return checks[0] if len(checks) == 1 else every(checks)


def known_values(schema: dict[str, Any]) -> list[Any]:
    """Return the values that a closed or an open enum lists."""
    return [value for part in schema.get("anyOf", [schema]) for value in part.get("enum", ())]


def _reference(ref: str, formats: bool) -> Check:
    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        key = f"{ref} {formats}"
        target = _compiled.get(key)
        if target is None:
            schema = document()["components"]["schemas"][ref.rsplit("/", 1)[1]]
            target = _compiled[key] = compile_schema(schema, formats=formats)
        return target(value, path, unknown)

    return check


def _type(schema: dict[str, Any]) -> Check:
    given: Any = schema["type"]
    names: list[str] = [given] if isinstance(given, str) else given
    tests = [_TYPES[name] for name in names]
    wanted = " or ".join(names)

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        return None if any(test(value) for test in tests) else f"{path} must be of type {wanted}"

    return check


def _enum(schema: dict[str, Any]) -> Check:
    allowed: list[Any] = schema["enum"]
    listed = shown(allowed)

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        # True equals 1 in Python but not in JSON.
        matches = any(value == item and isinstance(value, bool) == isinstance(item, bool) for item in allowed)
        return None if matches else f"{path} must be one of: {listed}"

    return check


def _limit(kinds: type | tuple[type, ...], key: str, fails: Callable[[Any, Any], bool], text: str) -> Any:
    def build(schema: dict[str, Any]) -> Check:
        bound = schema[key]

        def check(value: Any, path: str, unknown: list[str]) -> str | None:
            applies = isinstance(value, kinds) and not isinstance(value, bool)
            return f"{path} {text} {bound}" if applies and fails(value, bound) else None

        return check

    return build


def _is_not_blank(text: str) -> bool:
    return text.strip(_SPACES) != ""


def _pattern(schema: dict[str, Any]) -> Check:
    # In JSON Schema digits are ASCII, and `$` is the very end. `spec` has rejected anything but `^...$`.
    pattern = schema["pattern"]
    if pattern == NOT_BLANK:
        matches: Callable[[str], object] = _is_not_blank
    else:
        matches = re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII).search
    demand = _DEMANDS.get(pattern, f"does not match {pattern}")

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        return f"{path} {demand}" if isinstance(value, str) and not matches(value) else None

    return check


def _format(name: str) -> Check:
    expression = _FORMATS[name]

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        wrong = isinstance(value, str) and not expression.fullmatch(value)
        return f"{path} {_DEMANDS.get(name, f'is not a valid {name}')}" if wrong else None

    return check


def _object(schema: dict[str, Any], formats: bool) -> Check:
    members = {
        name: compile_schema(item, formats=formats) for name, item in schema.get("properties", {}).items()
    }
    required: list[str] = schema.get("required", [])
    extra: Any = schema.get("additionalProperties")
    others = None if extra in (None, True, False) else compile_schema(extra, formats=formats)

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        if not isinstance(value, dict):
            return None
        given = cast("dict[str, Any]", value)
        for name in required:
            if name not in given:
                return _join(path, name) + IS_REQUIRED
        for name, item in given.items():
            one = members.get(name, others)
            if one is not None:
                error = one(item, _join(path, name), unknown)
                if error is not None:
                    return error
            elif extra is not True:
                unknown.append(_join(path, name))
        return None

    return check


def _items(one: Check) -> Check:
    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        if isinstance(value, list):
            for index, item in enumerate(cast("list[object]", value)):
                error = one(item, f"{path}[{index}]", unknown)
                if error is not None:
                    return error
        return None

    return check


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_KEYWORDS: dict[str, Callable[[dict[str, Any]], Check]] = {
    "type": _type,
    "enum": _enum,
    "minLength": _limit(str, "minLength", lambda value, n: len(value) < n, "must have a length of at least"),
    "maxLength": _limit(str, "maxLength", lambda value, n: len(value) > n, "must have a length of at most"),
    "minimum": _limit((int, float), "minimum", lambda value, n: value < n, "must be at least"),
    "maximum": _limit((int, float), "maximum", lambda value, n: value > n, "must be at most"),
    "minItems": _limit(
        list, "minItems", lambda value, n: len(value) < n, "must have at least this many items:"
    ),
    "maxItems": _limit(
        list, "maxItems", lambda value, n: len(value) > n, "must have at most this many items:"
    ),
    "minProperties": _limit(
        dict, "minProperties", lambda value, n: len(value) < n, "must have at least this many fields:"
    ),
    "pattern": _pattern,
}
