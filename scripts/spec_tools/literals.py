"""Write a table as a module of Python that is a fixed head and one literal.

The tables are read from a document that is not trusted, and every client runs the modules. Each is therefore
read back and compared before it is written.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import cast

from spec_tools.document import SpecError, is_object
from spec_tools.text import clean


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


def module(name: str, head: str, table: Mapping[str, tuple[object, ...]]) -> str:
    """Return a module whose head ends where its table begins; each row is a tuple.

    Args:
        name: Name of the module, for messages.
        head: Its text up to the opening brace of the table.
        table: The rows by their key.

    Raises:
        SpecError: the module would not read back as the table.
    """
    lines = [f"    {literal(key)}: {_row(row)},\n" for key, row in table.items()]
    written = "{\n" + "".join(lines) + "}\n"
    if ast.literal_eval(written) != table:
        raise SpecError(f"{name} does not read back as the table that was written; please report this")
    return head.removesuffix("{\n") + written


def _row(row: tuple[object, ...]) -> str:
    """Write a row on one line, or with one line for each tuple in it."""
    if not any(isinstance(item, tuple) for item in row):
        return literal(row)
    return "(\n" + "".join(f"        {literal(item)},\n" for item in row) + "    )"
