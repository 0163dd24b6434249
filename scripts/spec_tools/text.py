"""Show text that is not trusted: one line, printable, short, and never markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 300
# Of the invisible characters, only these two are needed to write words, for instance in Hindi.
_JOINERS = frozenset("\u200c\u200d")
_LONGEST_PROSE = 10_000
# Characters that Markdown shows unchanged; `://` and `www.` would become links.
_PLAIN = re.compile(r"(?!.*(?:://|www\.))[A-Za-z0-9_ .,;:()/{}'\"?+=-]+", re.IGNORECASE)


def clean(text: str, longest: int = _LONGEST) -> str:
    """Return one line without control or direction characters, shortened."""
    line = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:longest]
    )
    # The log of a workflow takes this for a command wherever it is in a line.
    line = line.replace("##[", "## [")
    return line if len(text) <= longest else line + "..."


def prose(text: str) -> str:
    """Return a description without invisible or control characters, shortened; lines stay."""
    kept = text[:_LONGEST_PROSE].replace("\r\n", "\n").replace("\r", "\n")
    # Most texts have no invisible characters, and a document has thousands of texts.
    if not kept.replace("\n", "").isprintable():
        kept = "".join(
            character
            for character in kept
            if character in "\n\t" or character in _JOINERS or not _unseen(character)
        )
    return kept if len(text) <= _LONGEST_PROSE else kept + "..."


def _unseen(character: str) -> bool:
    category = unicodedata.category(character)
    return category.startswith("C") or category in {"Zl", "Zp"}


def code(text: str) -> str:
    """Write Markdown that shows ``text`` as code, where neither mentions nor links nor HTML are rendered."""
    # A table ends a cell at a bar, even inside code; and our own pages have markers in comments.
    shown = clean(text).replace("`", "'").replace("|", "\N{BROKEN BAR}").replace("<!--", "<! --")
    return f"`{shown or ' '}`"


def words(text: str) -> str:
    """Write Markdown that shows ``text``: unchanged if it consists of plain words, else as code."""
    line = " ".join(text.split())
    return line if _PLAIN.fullmatch(line) and not line.startswith(("-", "+", "=")) else code(line)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a Markdown table; the cells are Markdown already."""
    cells = [list(head), *(list(row) for row in rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return [lines[0], "|" + " --- |" * len(cells[0]), *lines[1:]]
