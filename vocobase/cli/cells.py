"""Measure, cut and wrap texts by the columns that they take in a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate

# Marks over or under another character, and joiners. A mark with a place of its own (Mc), as in Hindi and
# Tamil, takes a column in xterm, VTE and tmux; rich counts none, and lines would be longer than the screen.
NO_COLUMN = ("Mn", "Me", "Cf")
WIDE = ("W", "F")


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in NO_COLUMN:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in WIDE else 1


def cut(text: str, width: int, mark: str = "\u2026") -> str:
    """Return a text that is at most ``width`` columns wide.

    The middle is left out, because names and paths often differ at their ends only.

    Args:
        text: One line.
        width: The available columns.
        mark: One character in place of the part that is left out.
    """
    if cell_width(text) <= width:
        return text
    tail = _fitting(text[::-1], (width - 1) // 3)[::-1].lstrip()
    # A mark that belongs to the character before it does not begin the tail.
    while tail and unicodedata.category(tail[0]).startswith("M"):
        tail = tail[1:]
    return _fitting(text, width - 1 - cell_width(tail)).rstrip() + mark + tail


def _fitting(text: str, width: int) -> str:
    return text[: sum(taken <= width for taken in accumulate(map(_columns, text)))]


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, broken between words.

    A word that is longer, such as an address or a signature, stays whole, so that you can copy it.
    """
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width)]


def _lines(paragraph: str, width: int) -> Iterator[str]:
    line = ""
    for word in paragraph.split(" "):
        if line.strip() and cell_width(line) + cell_width(word) > width:
            yield line.rstrip()
            line = ""
        line += f"{word} "
    yield line.rstrip()
