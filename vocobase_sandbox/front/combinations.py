"""Combine checks: all of them, any of them, none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from vocobase_sandbox.front.patterns import NOT_HTTPS

Check = Callable[[Any, str, list[str]], str | None]
"""Return the reason why a value is invalid, or None; append unknown fields to the list."""

Compile = Callable[[dict[str, Any]], Check]
"""Compile a part of a schema, with the same options as the whole."""

IS_REQUIRED = " is required"


def every(checks: list[Check]) -> Check:
    """Return the reason of the first check that fails."""

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        for one in checks:
            error = one(value, path, unknown)
            if error is not None:
                return error
        return None

    return check


def silent(one: Check) -> Check:
    """Keep the unknown fields of a check to itself."""
    return lambda value, path, unknown: one(value, path, [])


def _all_of(schema: dict[str, Any], compiled: Compile) -> Check:
    return every([compiled(part) for part in schema["allOf"]])


def _any_of(schema: dict[str, Any], compiled: Compile) -> Check:
    parts: list[dict[str, Any]] = schema["anyOf"]
    checks = [compiled(part) for part in parts]
    discriminators = [_discriminator(part) for part in parts]

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        errors: list[str] = []
        for one in checks:
            seen: list[str] = []
            error = one(value, path, seen)
            if error is None:
                unknown.extend(seen)
                return None
            errors.append(error)
        meant = [error for error, fits in zip(errors, discriminators, strict=True) if fits(value)]
        return _best(meant or errors)

    return check


def _best(errors: list[str]) -> str:
    """Return the message for a value that matches no alternative, from those of the alternatives."""
    missing = [error.removesuffix(IS_REQUIRED) for error in errors if error.endswith(IS_REQUIRED)]
    return " or ".join(dict.fromkeys(missing)) + IS_REQUIRED if missing else errors[0]


def _discriminator(part: dict[str, Any]) -> Callable[[Any], bool]:
    """Return whether a value has the listed values of an alternative, such as the carrier."""
    members: dict[str, dict[str, Any]] = part.get("properties", {})
    listed = {name: member["enum"] for name, member in members.items() if "enum" in member}

    def fits(value: Any) -> bool:
        given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        return all(given.get(name) in known for name, known in listed.items())

    return fits


def _not(schema: dict[str, Any], compiled: Compile) -> Check:
    refused: dict[str, Any] = schema["not"]
    if refused == {"pattern": NOT_HTTPS}:
        # The sandbox also delivers over plain HTTP to loopback addresses, so `rules.webhooks` decides.
        return every([])
    fits = compiled(refused)
    demand = f"must not be any of: {shown(refused['enum'])}" if "enum" in refused else "is not allowed"

    def check(value: Any, path: str, unknown: list[str]) -> str | None:
        return f"{path} {demand}".lstrip() if fits(value, path, []) is None else None

    return check


def shown(values: list[Any]) -> str:
    """Write values for a message."""
    words = {"None": "null", "True": "true", "False": "false"}
    return ", ".join(words.get(str(value), str(value)) for value in values)


COMBINATIONS: dict[str, Callable[[dict[str, Any], Compile], Check]] = {
    "allOf": _all_of,
    "anyOf": _any_of,
    "not": _not,
}
