"""Rows of CSV and JSON lines."""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import IO, Any, cast

from vocobase._base.errors import ContactsError, ContactsHeaderError
from vocobase._base.nesting import TOO_DEEP
from vocobase.contacts._columns import is_rejects
from vocobase.contacts._formulas import unescape_formula
from vocobase.contacts._header_rows import DELIMITERS, SEARCHED_LINES, Header
from vocobase.contacts._lines import MAX_LINE_CHARACTERS, Lines, lines
from vocobase.contacts._types import BadRow, Columns, FileForm, Row

_SHOWN = 1000
_MAX_HEADER_CHARACTERS = 128 * 1024
# A bad row is returned with every column, so a wide header would multiply many short lines.
_MAX_COLUMNS = 1000
_TOO_LONG = f"the line is longer than {MAX_LINE_CHARACTERS:,} characters"
_UNCLOSED = "a quote is opened and never closed"


class _Unusable(Exception):
    """A line that cannot be part of a row."""


class _Feed:
    """Pass lines to a CSV reader and keep those of the current row, so that they can be read again."""

    def __init__(self, source: Lines) -> None:
        self._lines = source
        self._again: deque[tuple[int, str | None]] = deque()
        self._size = 0
        self._open_until = 0
        self.taken: list[tuple[int, str | None]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.taken and self.taken[0][0] < self._open_until:
            raise _Unusable(_UNCLOSED)
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        text = line[1]
        if text is None:
            raise _Unusable(_TOO_LONG if len(self.taken) == 1 else _UNCLOSED)
        if "\0" in text:
            raise _Unusable("the line contains a NUL character")
        self._size += len(text)
        if len(self.taken) > 1 and self._size > MAX_LINE_CHARACTERS:
            raise _Unusable(_UNCLOSED)
        return text

    def begin(self) -> None:
        """Forget the lines of the previous row."""
        self.taken.clear()
        self._size = 0

    @property
    def seen(self) -> str:
        """The extent of the current row, in words."""
        return f"within {len(self.taken):,} lines ({self._size:,} characters)"

    def fail(self) -> None:
        """Take back all lines of a row that cannot be read but the first one.

        A later row of those lines that does not end on its own line is within the same quotes. It would be
        read to the same place and fail too, so it is not read again: the time would grow with the square of
        their number.
        """
        self._open_until = max(self._open_until, self.taken[-1][0])
        self.back(1)

    def back(self, count: int) -> None:
        """Take back all lines of the current row but the first ones."""
        self._again.extendleft(reversed(self.taken[count:]))
        del self.taken[count:]


def csv_rows(
    file: IO[str], name: str, *, delimiter: str | None, columns: Columns | None, form: FileForm
) -> Iterator[Row | BadRow]:
    """Yield the rows of a CSV file; a row that cannot be split does not affect those below it.

    Args:
        file: Text.
        name: Its name in messages.
        delimiter: Character between fields; detected from the first line if None.
        columns: Meaning of the columns, or the names of all columns of a file that has no header.
        form: Receives the delimiter and the byte order mark.

    Raises:
        ContactsError: it is empty or cannot be read.
        ContactsHeaderError: its header cannot be used, or no row matches it.
    """
    feed = _Feed(lines(file, name, form))
    form.delimiter = delimiter = _first_line(feed, name, delimiter)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    header = _header(feed, reader, name, delimiter, columns)
    names = header.columns
    from_rejects = is_rejects(names)
    while True:
        feed.begin()
        try:
            values = next(reader)
        except StopIteration:
            header.check_rows()
            return
        except (csv.Error, _Unusable) as error:
            feed.fail()
            yield _unsplit(feed, names, _reason(error))
            continue
        if not any(value and not value.isspace() for value in values):
            continue
        first, last = feed.taken[0][0], feed.taken[-1][0]
        if header.fits(first, values, whole=first == last):
            if len(values) != len(names):
                values = [*values[: len(names)], *[""] * (len(names) - len(values))]
            yield Row(first, names, [*map(unescape_formula, values)] if from_rejects else values)
        else:
            until = f", up to line {last}," if last > first else ""
            reason = f"the row{until} has {len(values)} fields where the header has {len(names)}"
            yield BadRow(first, reason, _by_column(names, values, delimiter))


def _first_line(feed: _Feed, name: str, delimiter: str | None) -> str:
    """Return the delimiter, and leave the feed before the header."""
    while True:
        feed.begin()
        try:
            text = next(feed)
        except StopIteration:
            raise ContactsError(f"{name}: the file is empty.") from None
        except _Unusable as error:
            raise ContactsError(f"{name}: line {feed.taken[0][0]}: {error}.") from None
        said = re.fullmatch(r"sep=(.)\s*", text)
        if said and feed.taken[0][0] == 1:  # a line that Excel writes and reads
            delimiter = delimiter or said[1]
        elif text.strip():
            header = _whole_header(feed, text)
            feed.back(0)
            return delimiter or _guess(header)


def _whole_header(feed: _Feed, text: str) -> str:
    """Return the lines up to the end of quotes that are opened in the first; only that one if they never
    end."""
    parts, quotes, size = [text], text.count('"'), len(text)
    while quotes % 2:
        try:
            part = next(feed)
        except (_Unusable, StopIteration):
            return text
        parts.append(part)
        quotes += part.count('"')
        size += len(part)
        if size > _MAX_HEADER_CHARACTERS:
            return text
    return "".join(parts)


def _guess(line: str) -> str:
    unquoted = re.sub('"[^"]*"', "", line)
    return max(DELIMITERS, key=unquoted.count)


def _header(
    feed: _Feed, reader: Iterator[list[str]], name: str, delimiter: str, columns: Columns | None
) -> Header:
    """Return the header, whose column with phone numbers is known."""
    if columns is not None and not isinstance(columns, Mapping):
        header = Header(name, None, columns, delimiter, columns)
        header.find_phone("", ())
        return header
    names = _header_names(feed, reader, name)
    if is_rejects(names):
        names = [*map(unescape_formula, names)]
    first, text = feed.taken[0]
    header = Header(name, first, names, delimiter, columns)
    header.find_phone(text or "", _following(feed))
    return header


def _following(feed: _Feed) -> Iterator[tuple[int, str | None]]:
    """Yield a few lines below the header, which are not read as rows."""
    feed.begin()
    with suppress(StopIteration, _Unusable):
        for _ in range(SEARCHED_LINES):
            next(feed)
            yield feed.taken[-1]


def _header_names(feed: _Feed, reader: Iterator[list[str]], name: str) -> list[str]:
    feed.begin()
    try:
        header = next(reader)
    except (csv.Error, _Unusable) as error:
        reason = f"a quote is opened and not closed {feed.seen}" if len(feed.taken) > 1 else _reason(error)
        raise _unusable(name, feed, f"line {feed.taken[0][0]}, the header: {reason}") from None
    if len(header) > _MAX_COLUMNS:
        raise _unusable(
            name,
            feed,
            f"line {feed.taken[0][0]}, the header: there are {len(header):,} columns, more than the"
            f" {_MAX_COLUMNS:,} that can be read; check the delimiter",
        )
    if header[0].lstrip().startswith(("{", "[")):
        raise _unusable(name, feed, "this looks like JSON; pass format='jsonl', one object on each line")
    return header


def _unusable(name: str, feed: _Feed, text: str) -> ContactsHeaderError:
    return ContactsHeaderError(f"{name}: {text}.", line=feed.taken[0][0])


def _reason(error: Exception) -> str:
    text = str(error)
    if isinstance(error, _Unusable):
        return text
    return _UNCLOSED if "unexpected end" in text else f"the line cannot be split into fields ({text})"


def _by_column(columns: tuple[str, ...], values: list[str], delimiter: str) -> dict[str, str]:
    row = dict.fromkeys(columns, "") | dict(zip(columns, values, strict=False))
    extra = values[len(columns) :]
    return row | {"": delimiter.join(extra)[:_SHOWN]} if extra else row


def _unsplit(feed: _Feed, columns: tuple[str, ...], reason: str) -> BadRow:
    number, text = feed.taken[0]
    return BadRow(number, reason, dict.fromkeys(columns, "") | {"": (text or "").rstrip("\r\n")[:_SHOWN]})


def json_rows(file: IO[str], name: str) -> Iterator[Row | BadRow]:
    """Yield the rows of a file with one JSON object on each line.

    Raises:
        ContactsError: it is empty, cannot be read, is one JSON array, or has no line with an object.
    """
    number, first, found = 0, True, False
    for number, text in lines(file, name):
        if text is not None and not text.strip():
            continue
        if first and text is not None and text.lstrip().startswith("["):
            raise ContactsError(f"{name}: this is a JSON array; write one object on each line.")
        first = False
        try:
            row = _object(text)
        except _Unusable as error:
            yield BadRow(number, str(error), {"": (text or "").strip()[:_SHOWN]})
        else:
            found = True
            yield Row(number, tuple(row), [*row.values()])
    if first:
        raise ContactsError(f"{name}: the file is empty.")
    if not found:
        raise ContactsError(
            f"{name}: no line is a JSON object; pass format='csv' if this is CSV, or write one object on each"
            " line."
        )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Unusable("the line has a member twice")
    return members


def _object(text: str | None) -> dict[str, Any]:
    if text is None:
        raise _Unusable(_TOO_LONG)
    try:
        row = json.loads(text, object_pairs_hook=_members)
    except RecursionError:
        raise _Unusable(f"the line is {TOO_DEEP}") from None
    except ValueError as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise _Unusable(f"the line is not JSON ({what})") from None
    if not isinstance(row, dict):
        raise _Unusable("the line is not a JSON object")
    return cast("dict[str, Any]", row)
