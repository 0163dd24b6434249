"""The lines of an option in the help, where those of click are hard to read."""

from __future__ import annotations

import re

import click

# Values that take more columns are listed in the help of an option instead.
MAX_METAVAR = 40
# How click writes a range.
BETWEEN = re.compile(r"\b([\d.]+)<=x<=([\d.]+)")
AT_LEAST = re.compile(r"\bx>=([\d.]+)")


def readable(record: tuple[str, str], option: click.Option, context: click.Context) -> tuple[str, str]:
    """Return names and help of an option: ranges in words, and long lists of values in the help."""
    names, text = record
    values = option.type.get_metavar(option, context)
    if isinstance(option.type, click.Choice) and values and len(values) > MAX_METAVAR:
        names = names.replace(values, "VALUE")
        text = f"{text} One of {', '.join(option.type.choices)}."
    return names, AT_LEAST.sub(r"at least \1", BETWEEN.sub(r"\1 to \2", text))
