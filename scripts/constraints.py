"""Write vocobase/_constraints.py: the documented limits of requests, taken from openapi.json.

python scripts/constraints.py [TARGET]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from spec_tools.config import ROOT, load_naming
from spec_tools.document import json_schema, load, operations
from spec_tools.matching import match
from spec_tools.schemas import Schema, normalise

HEAD = '''"""The documented limits of requests; written from openapi.json by scripts/constraints.py.

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


def rows(schema: Schema, path: str = "") -> Iterator[tuple[str, str, bool, dict[str, object]]]:
    """Yield a row for each member, `[]` for the elements of a list."""
    if path and schema.kind in KINDS and path not in UNSURE:
        limits = {name: schema.limits[name] for name in LIMITS if name in schema.limits}
        if "E.164" in schema.description and schema.kind == "string" and "pattern" not in limits:
            limits["e164"] = True
        yield path, schema.kind, schema.nullable, limits
    for name, member in schema.properties.items():
        yield from rows(member, f"{path}.{name}" if path else name)
    if schema.items is not None:
        yield from rows(schema.items, f"{path}[]")


def line(path: str, kind: str, nullable: bool, limits: dict[str, object]) -> str:
    """Write one row as Python."""
    shown = ", ".join(
        f"{json.dumps(name)}: {True if limit is True else json.dumps(limit)}"
        for name, limit in limits.items()
    )
    return f'        ("{path}", "{kind}", {nullable}, {{{shown}}}),\n'


def write(target: Path) -> None:
    """Write the module."""
    document = load(ROOT / "openapi.json")
    naming = load_naming()
    text = HEAD
    for found in match(naming.rows, operations(document, naming.base_path)):
        body = found.operation.body.get("requestBody")
        schema = json_schema(document, body, found.row.key) if body else None
        lines = [line(*row) for row in rows(normalise(document, schema, found.row.key))] if schema else []
        for parameter in found.operation.parameters:
            member = normalise(document, parameter["schema"], found.row.key)
            # Identifiers that are strings are opaque, so there is nothing to check.
            if parameter["in"] == "query" or member.kind != "string":
                lines += [line(*row) for row in rows(member, parameter["name"])]
        if lines:
            text += "".join([f'    "{found.row.key}": (\n', *lines, "    ),\n"])
    target.write_text(text + "}\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "vocobase" / "_constraints.py")
