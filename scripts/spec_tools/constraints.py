"""Build the module constraints.py of the raw client: the documented limits of requests.

A member whose name is not plain has no row. A pattern that could take long to match is left out (see
patterns.py). The client does not check those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec_tools.document import Json, json_schema
from spec_tools.matching import Match, placeholders
from spec_tools.patterns import linear
from spec_tools.schemas import Schema, normalise

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
# The client has its own words for this pattern.
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
        if not NAME.fullmatch(name):
            continue
        if in_query or (parameter["in"] == "path" and member.kind != "string"):
            result += rows(member, name)
        elif parameter["in"] == "path":
            # An identifier that is a string is opaque, so nothing but its type is checked.
            result.append((name, "string", False, {}))
    return result


def table(document: Json, matches: list[Match]) -> dict[str, tuple[Row, ...]]:
    """Return the rows of each operation that has any."""
    every = {found.row.key: tuple(of_operation(document, found)) for found in matches}
    return {key: result for key, result in every.items() if result}
