"""One command for each operation of the API."""

from __future__ import annotations

import click


def summaries(path: tuple[str, ...]) -> dict[str, str]:
    """Return the commands in a group of operations, each with one line for the help."""
    return {}


def command(path: tuple[str, ...]) -> click.Command:
    """Return the command of an operation."""
    raise KeyError(path)
