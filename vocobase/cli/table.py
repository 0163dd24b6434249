"""Tables and cards for people, with rich; the only module that loads it for output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Where the width is not known, as in a pipe.
WIDTH = 80
# A column that would be narrower than this is left out.
MIN_COLUMN = 6
# Spaces between two columns.
GAP = 3


def console() -> Console:
    """Return a console on standard output; it writes colours on a terminal only, and none with NO_COLOR."""
    terminal = sys.stdout.isatty()
    dumb = os.environ.get("TERM", "") in ("dumb", "unknown")
    return Console(
        file=sys.stdout,
        force_terminal=terminal and not dumb,
        no_color=not terminal or dumb or None,
        width=None if terminal else int(os.environ.get("COLUMNS", WIDTH)),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )


def write_table(rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows as a table that is as wide as the terminal at most.

    Args:
        rows: Cells by name; the first row decides the order.
    """
    target = console()
    names = _fitting(list(dict.fromkeys(name for row in rows for name in row)), rows, target.width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, name in enumerate(names):
        table.add_column(_text(name), overflow="fold" if number == 0 else "ellipsis", no_wrap=number > 0)
    for row in rows:
        table.add_row(*(_text(_one_line(row.get(name, ""))) for name in names))
    if names:
        target.print(table)


def _fitting(names: list[str], rows: Sequence[Mapping[str, str]], width: int) -> list[str]:
    """Return the names whose columns fit next to each other; long cells are cut, but not identifiers."""
    taken, left = list[str](), width
    for name in names:
        cells = [name, *(_one_line(row.get(name, "")) for row in rows)]
        full = max(map(len, cells))
        need = GAP + (full if not taken else min(full, max(MIN_COLUMN, len(name), width // 3)))
        if taken and need > left:
            break
        if any(cells[1:]):
            taken.append(name)
            left -= need
    return taken


def write_card(
    title: str, facts: Sequence[tuple[str, str]], sections: Sequence[tuple[str, Sequence[str]]]
) -> None:
    """Write an object: a title, names with their values, and sections of lines."""
    target = console()
    if title:
        target.print(_text(title), style="bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts:
        grid.add_row(_text(name), _text(value))
    if facts:
        target.print(grid)
    for heading, lines in sections:
        target.print()
        target.print(_text(heading), style="bold")
        for line in lines:
            target.print(_text(line))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> Text:
    """Return a text that neither moves the cursor nor fails in a terminal without its characters."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)
    return Text(shown.encode(encoding, "backslashreplace").decode(encoding))
