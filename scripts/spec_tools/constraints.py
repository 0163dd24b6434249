"""Build the module constraints.py of the raw client: the documented limits of requests.

The document is not trusted, and every client runs this module. The module is therefore a fixed head and one
literal, which is read back and compared before it is written. A member whose name is not plain has no row. A
pattern that could take long to match is left out (see patterns.py). The client does not check those.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import cast

from spec_tools.document import Json, SpecError, is_object, json_schema
from spec_tools.matching import Match, placeholders
from spec_tools.patterns import linear
from spec_tools.schemas import Schema, normalise
from spec_tools.text import clean

HEAD = '''"""The documented limits of requests, generated from openapi.json.

One row for each member: path, JSON type, whether null is accepted, and its limits.
"""

from __future__ import annotations

from typing import Any, Final

Row = tuple[str, str, bool, dict[str, Any]]

CONSTRAINTS: Final[dict[str, tuple[Row, ...]]] = {
'''
KINDS = {"string", "integer", "number", "boolean", "array", "object"}
# The type of these entries is inferred and the documentation may mean objects, so any is passed on.
UNSURE = {"numbers[]"}
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern")
# The client has words of its own for this pattern.
E164 = r"^\+[1-9]\d{6,14}$"
# Dots and brackets have a meaning in the path of a row.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")

Row = tuple[str, str, bool, dict[str, object]]


def rows(schema: Schema, path: str = "") -> Iterator[Row]:
    """Yield a row for each member, `[]` for the elements of a list."""
    if path and schema.kind in KINDS and path not in UNSURE:
        yield path, schema.kind, schema.nullable, _limits(schema)
    for name, member in schema.properties.items():
        if NAME.fullmatch(name):
            yield from rows(member, f"{path}.{name}" if path else name)
    if schema.items is not None:
        yield from rows(schema.items, f"{path}[]")


def _limits(schema: Schema) -> dict[str, object]:
    limits: dict[str, object] = {name: schema.limits[name] for name in LIMITS if name in schema.limits}
    if limits.get("pattern", E164) == E164 and "E.164" in schema.description and schema.kind == "string":
        limits.pop("pattern", None)
        limits["e164"] = True
    if not linear(str(limits.get("pattern", "^$"))):
        del limits["pattern"]
    return limits


def of_operation(document: Json, found: Match) -> list[Row]:
    """Return the rows of one operation: its body, then its parameters."""
    key, operation = found.row.key, found.operation
    body = operation.body.get("requestBody")
    schema = json_schema(document, body, key) if body else None
    result = list(rows(normalise(document, schema, key))) if schema else []
    # The facade fills the path template of the row, by position.
    ours = dict(zip(placeholders(operation.path), placeholders(found.row.path), strict=True))
    for parameter in operation.parameters:
        member = normalise(document, parameter.get("schema"), f"{key}: parameter {parameter['name']}")
        in_query = parameter["in"] == "query"
        name = parameter["name"] if in_query else ours.get(parameter["name"], "")
        # Identifiers that are strings are opaque, so there is nothing to check.
        if NAME.fullmatch(name) and (in_query or (parameter["in"] == "path" and member.kind != "string")):
            result += rows(member, name)
    return result


def table(document: Json, matches: list[Match]) -> dict[str, list[Row]]:
    """Return the rows of each operation that has any."""
    every = {found.row.key: of_operation(document, found) for found in matches}
    return {key: result for key, result in every.items() if result}


def literal(value: object) -> str:
    """Write a plain value as Python, in ASCII; nothing but plain values can be written."""
    if isinstance(value, str):
        text = value.encode("unicode_escape").decode("ascii").replace('"', '\\"')
        return f'"{text}"'
    if isinstance(value, (bool, int, float)):
        return repr(value)
    if is_object(value):
        return "{" + ", ".join(f"{literal(name)}: {literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(literal(item) for item in cast("tuple[object, ...]", value)) + ")"
    raise SpecError(f"{clean(repr(value))} is not a plain value")


def module(found: dict[str, list[Row]]) -> str:
    """Return the module; what it says is exactly ``found``.

    Raises:
        SpecError: it would not be.
    """
    lines: list[str] = []
    for key, result in found.items():
        lines += [f"    {literal(key)}: (\n", *(f"        {literal(row)},\n" for row in result), "    ),\n"]
    written = "{\n" + "".join(lines) + "}\n"
    if ast.literal_eval(written) != {key: tuple(result) for key, result in found.items()}:
        raise SpecError("constraints.py does not read back as the table that was written; please report this")
    return HEAD.removesuffix("{\n") + written
