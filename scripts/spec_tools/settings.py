"""Build the module settings.py of the raw client: typed dictionaries of keyword arguments.

The document is not trusted: only names that are the same in Python become members, texts stand in docstrings
only, and the docstrings are read back and compared before the module is written.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import textwrap
from collections.abc import Iterator, Mapping

from spec_tools.config import Keywords, Naming
from spec_tools.document import SpecError
from spec_tools.naming import FREE_FORM, pascal
from spec_tools.schemas import Schema
from spec_tools.text import prose

HEAD = '''"""The optional settings of requests that have many, as typed dictionaries.

Generated from openapi.json.
"""

from __future__ import annotations

'''
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
TIMES = {"date-time": "datetime.datetime", "date": "datetime.date"}
# A name that the generator would spell differently has no member here, only in the request model.
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TAKEN = {*dir(builtins), *keyword.kwlist, "self", "true", "false", "datetime"} - {"id"}
WIDTH = 110
# The words for a limit in a docstring.
LIMITS = {
    "maxLength": "at most {:,} characters",
    "minLength": "at least {:,} characters",
    "maxItems": "at most {:,} entries",
    "minItems": "at least {:,} entries",
    "minimum": "at least {:,}",
    "maximum": "at most {:,}",
    "pattern": "pattern {}",
}


def module(naming: Naming, components: Mapping[str, Schema]) -> str:
    """Return the module, written from the named schemas of the prepared document.

    Raises:
        SpecError: a text does not read back as it was written.
    """
    data = {row.key: row.data for row in naming.rows}
    models: set[str] = set()
    classes: list[str] = []
    for row in naming.settings:
        request = components.get(pascal(row.key) + "Request", Schema())
        known = components.get(data.get(row.key) or "", Schema())
        classes.append(_class(row, _members(row, request), known, models))
    text = "".join(classes)
    lines = [
        "import datetime\n" if "datetime." in text else "",
        "from collections.abc import Mapping, Sequence\nfrom typing import Any, TypedDict\n\n",
        f"from .models import {', '.join(sorted(models))}\n" if models else "",
        "from .types import Unset\n",
    ]
    return HEAD + "".join(lines) + text


def _members(row: Keywords, request: Schema) -> dict[str, Schema]:
    return {
        name: schema
        for name, schema in request.properties.items()
        if NAME.fullmatch(name) and name not in TAKEN and name not in row.apart
    }


def _class(row: Keywords, members: Mapping[str, Schema], known: Schema, models: set[str]) -> str:
    text = "\n".join(_documentation(row, members))
    lines = [f"\n\nclass {row.name}(TypedDict, total=False):\n", f'    """{_escaped(text)}"""\n', "\n"]
    for name, schema in members.items():
        kinds = dict.fromkeys(_types(schema, known.properties.get(name, Schema()), models))
        lines.append(f"    {name}: {' | '.join([*kinds, 'Unset'])}\n")
    written = "".join(lines)
    (node,) = ast.parse(written).body
    if not isinstance(node, ast.ClassDef) or ast.get_docstring(node, clean=False) != text:
        raise SpecError(f"settings.py: {row.name} does not read back as it was written; please report this")
    return written


def _types(schema: Schema, known: Schema, models: set[str]) -> Iterator[str]:
    """Yield the types that a setting may have; objects that the API returned may be passed back."""
    if schema.kind == "ref":
        for each in (schema, known):
            if each.kind == "ref" and each.format and each.format != FREE_FORM and each.format.isidentifier():
                models.add(each.format)
                yield each.format
        yield "Mapping[str, Any]"
    elif schema.kind == "array":
        items = dict.fromkeys(_types(schema.items or Schema(), known.items or Schema(), models))
        yield f"Sequence[{' | '.join(items)}]"
    else:
        yield TIMES.get(schema.format or "") or SCALARS.get(schema.kind, "Any")
    if schema.nullable:
        yield "None"


def _documentation(row: Keywords, members: Mapping[str, Schema]) -> Iterator[str]:
    yield f"Settings of {row.key}, each of them optional."
    if members:
        yield from ("", "    Attributes:")
    for name, schema in members.items():
        line = " ".join(f"{name}: {_described(schema)}".split())
        yield from textwrap.wrap(
            line,
            WIDTH,
            initial_indent=" " * 8,
            subsequent_indent=" " * 12,
            break_long_words=False,
            break_on_hyphens=False,
        )
    yield "    "


def _described(schema: Schema) -> str:
    limits = list(_limits(schema))
    text = prose(schema.description).strip().removesuffix(".")
    return f"{text}{' (' + '; '.join(limits) + ')' if limits else ''}."


def _limits(schema: Schema) -> Iterator[str]:
    if schema.enum:
        yield prose(f"one of {', '.join(schema.enum)}")
    limits = {**(schema.items.limits if schema.items else {}), **schema.limits}
    if {"minimum", "maximum"} <= limits.keys():
        yield f"{limits.pop('minimum'):,} to {limits.pop('maximum'):,}"
    yield from (prose(words.format(limits[name])) for name, words in LIMITS.items() if name in limits)
    if "default" in limits:
        yield prose(f"default {_shown(limits['default'])}")


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _escaped(text: str) -> str:
    """Return a text for a docstring in three double quotes."""
    shown = (
        character if character.isprintable() or character == "\n" else _code_point(character)
        for character in text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    )
    return "".join(shown)


def _code_point(character: str) -> str:
    return f"\\U{ord(character):08x}"
