"""Tables and cards for people, with rich; the only module that loads it for output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from vocobase.cli.cells import cell_width, cut, wrapped

# Where the width is not known, as in a pipe.
WIDTH = 80
# A column that would be narrower than this is left out.
MIN_COLUMN = 6
# Characters between two columns.
GAP = 3
# Characters between the names of a card and its values.
CARD_GAP = 2


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
    """Write rows as a table that is at most as wide as the terminal.

    Args:
        rows: Cells by name; the first row decides the order.
    """
    target = console()
    shown = [{name: _shown(" ".join(cell.split())) for name, cell in row.items()} for row in rows]
    widths = _widths(list(dict.fromkeys(name for row in shown for name in row)), shown, target.width)
    if not widths:
        return
    dash, mark = ("\u2500", "\u2026") if _encoding().lower().startswith("utf") else ("-", "~")
    length = min(target.width, sum(widths.values()) + GAP * (len(widths) - 1))
    _write(target, _line({name: name for name in widths}, widths, mark), "bold")
    _write(target, dash * length)
    for row in shown:
        _write(target, _line(row, widths, mark))


def _line(cells: Mapping[str, str], widths: Mapping[str, int], mark: str) -> str:
    texts = ((cut(cells.get(name, ""), width, mark), width) for name, width in widths.items())
    return (" " * GAP).join(text + " " * (width - cell_width(text)) for text, width in texts).rstrip()


def _widths(names: list[str], rows: Sequence[Mapping[str, str]], width: int) -> dict[str, int]:
    """Return the first names whose columns fit next to each other, each with its width.

    An identifier in the first column is never cut, because it is copied; a name of several words is.
    """
    widths, wanted, left = dict[str, int](), dict[str, int](), width + GAP
    for name in names:
        cells = [row.get(name, "") for row in rows]
        if not any(cells):
            continue
        longest = max(map(cell_width, (name, *cells)))
        whole = not widths and not any(" " in cell for cell in cells)
        share = longest if whole else min(longest, max(MIN_COLUMN, len(name), width // 3))
        if widths and share + GAP > left:
            break
        widths[name], wanted[name] = share, longest
        left -= share + GAP
    for name, longest in wanted.items():
        more = max(0, min(left, longest - widths[name]))
        widths[name] += more
        left -= more
    return widths


def write_card(
    title: str, facts: Sequence[tuple[str, str]], sections: Sequence[tuple[str, Sequence[str]]]
) -> None:
    """Write an object: a title, names with their values, and sections of lines."""
    target = console()
    if title:
        _write(target, _shown(title), "bold")
    indent = max((cell_width(_shown(name)) for name, _ in facts), default=0) + CARD_GAP
    for name, value in facts:
        label, lines = _shown(name), wrapped(_shown(value), target.width - indent)
        _write(target, label + " " * (indent - cell_width(label)) + lines[0], dim=len(label))
        for line in lines[1:]:
            _write(target, " " * indent + line)
    for heading, texts in sections:
        target.print()
        _write(target, _shown(heading), "bold")
        for each in texts:
            for part in wrapped(_shown(each), target.width):
                _write(target, part)


def _write(target: Console, line: str, style: str = "", *, dim: int = 0) -> None:
    """Write a line, its first characters dim; the terminal wraps it, so that you can copy it whole."""
    text = Text(line, style)
    text.stylize("dim", 0, dim)
    target.print(text, soft_wrap=True)


def _shown(text: str) -> str:
    """Return a text that neither moves the cursor nor fails in a terminal without its characters."""
    shown = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)
    return shown.encode(_encoding(), "backslashreplace").decode(_encoding())


def _encoding() -> str:
    return sys.stdout.encoding or "utf-8"
