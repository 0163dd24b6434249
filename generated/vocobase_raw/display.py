"""Values for screens: without personal data, short, and as tables for notebooks and rich."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

ROWS = 20
COLUMNS = 8
CELL = 80
ITEMS = 3
# A repr fits a screen of 80 columns and 24 lines.
REPR = 1600
MASK = "***"
# Seven digits or more, as people write numbers, whatever the name of the member; identifiers have letters or
# hyphens. A date is found apart from a number that follows it.
_PHONE = re.compile(r"(?<![\w.-])(?:\d{4}-\d\d-\d\d|\+?\d[\d ().-]{5,}\d)(?![\w-])")
_FEWEST_DIGITS = 7
# Dates and fractions are not numbers to call.
_OTHER = re.compile(r"\d{4}-\d\d-\d\d|0\.\d+")
_NUMBERS = re.compile(r"(^|_)(number|phone|did|mobile|to|from|caller_id)s?$")
# API keys and signing secrets begin so, wherever they are.
_KEY = re.compile(r"(?i)(rg_(?:live|test)_|whsec_)[\w+/=.~-]+")
# Members whose text is about a person, or was spoken by one; unknown variables are names without values.
_PERSONAL = re.compile(
    r"transcript|summary|(?<!unknown_)variables|extract|^(content|text|answers?|first_name|last_name|email|contact|metadata|row|values)$"
)


def is_personal(name: str) -> bool:
    """Return whether a member holds text about a person, or text that a person has spoken."""
    return bool(_PERSONAL.search(name))


def is_number(name: str, value: float) -> bool:
    """Return whether a member holds a phone number that was read as a number, which some tables do."""
    return bool(_NUMBERS.search(name)) and abs(value) >= 10_000_000


def redact(name: str, text: str) -> str:
    """Return a text in which phone numbers and keys are masked.

    Of a number the beginning and the last two digits are left, of a key how it begins.

    Args:
        name: Name of the member that holds the text; in one for numbers, the whole text is one.
        text: The text.
    """
    text = without_keys(text)
    return _masked(text) if _NUMBERS.search(name) else _PHONE.sub(_shortened, text)


def without_keys(text: str) -> str:
    """Return a text in which API keys and signing secrets are masked, whatever the member is called."""
    return _KEY.sub(rf"\1{MASK}", text)


def _shortened(found: re.Match[str]) -> str:
    text = found[0]
    is_number = sum(map(str.isdigit, text)) >= _FEWEST_DIGITS and not _OTHER.fullmatch(text)
    return _masked(text) if is_number else text


def _masked(number: str) -> str:
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if len(number) > 6 else MASK


def few(items: list[Any]) -> list[Any]:
    """Return the first items of a list, and how many more there are."""
    return items if len(items) <= ITEMS else [*items[:ITEMS], f"... {len(items) - ITEMS} more"]


def clipped(text: str, longest: int = REPR) -> str:
    """Return a text that is not too long for its place."""
    return text if len(text) <= longest else text[:longest] + "..."


class Table(NamedTuple):
    """A table for people.

    Attributes:
        caption: The text above it.
        head: The headings of the columns; empty for a list of names and values.
        rows: The cells.
        more: How many rows are left out.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    more: int = 0

    def to_html(self) -> str:
        """Return the table as HTML, for notebooks; every text is escaped."""
        head = "".join(f"<th>{escape(cell(name))}</th>" for name in self.head)
        rows = [f"<tr>{head}</tr>"] if head else []
        rows += [
            "<tr>" + "".join(f"<td>{escape(cell(value))}</td>" for value in row) + "</tr>"
            for row in self.rows
        ]
        note = f"<p>{self._note}</p>" if self.more else ""
        return f"<table><caption>{escape(cell(self.caption))}</caption>{''.join(rows)}</table>{note}"

    def to_rich(self) -> Any:
        """Return the table for rich; no text is read as markup."""
        # Only called by rich, so it is installed.
        from rich.table import Table as RichTable
        from rich.text import Text

        note = Text(self._note) if self.more else None
        table = RichTable(title=Text(cell(self.caption)), caption=note, show_header=bool(self.head))
        for name in self.head:
            table.add_column(Text(cell(name)))
        for row in self.rows:
            table.add_row(*(Text(cell(value)) for value in row))
        return table

    @property
    def _note(self) -> str:
        return f"... {self.more} more"


def cell(value: object) -> str:
    """Return a value on one line, without characters that control a terminal."""
    text = "" if value is None else str(value)
    return clipped("".join(sign if sign.isprintable() else " " for sign in text), CELL)


def table_of_pairs(caption: str, pairs: Sequence[tuple[str, Any]]) -> Table:
    """Return names and values."""
    return Table(caption, (), pairs[:ROWS], max(0, len(pairs) - ROWS))


def table_of_rows(caption: str, rows: Sequence[dict[str, Any]], more: int = 0) -> Table:
    """Return rows under the names of the first of their members."""
    shown = rows[:ROWS]
    head = list(dict.fromkeys(name for row in shown for name in row))[:COLUMNS]
    cells = [[row.get(name) for name in head] for row in shown]
    return Table(caption, head, cells, more + len(rows) - len(shown))
