"""Write stored rows as JSON lines or CSV: exact values, times in ISO 8601 and UTC, money in rupees."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from vocobase._base.files import NewFile
from vocobase.contacts._formulas import escape_formula
from vocobase.records.row import COLUMNS, MICROS, Kind

Row = Sequence[Any]
# Writes pages of rows into a new file.
Write = Callable[[Iterable[list[Row]], NewFile], object]
# A member of an object, up to its value.
_MEMBERS = tuple(f'"{name}":' for name in COLUMNS)


def instant(milliseconds: int) -> str:
    """Return a time in ISO 8601, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _rupees(micros: int) -> str:
    return f"{(Decimal(micros) / MICROS).normalize():f}"


def _flag(value: int) -> str:
    return "true" if value else "false"


# `json.dumps` would make an encoder for each value.
_encoded = json.JSONEncoder(ensure_ascii=False).encode

# JSON is stored as its text, so it needs no change.
_JSON: Mapping[Kind, Callable[[Any], str]] = {
    "text": _encoded,
    "whole": str,
    "real": _encoded,
    "time": lambda value: f'"{instant(value)}"',
    "money": _rupees,
    "flag": _flag,
    "json": str,
}
_CSV: Mapping[Kind, Callable[[Any], str]] = {
    **_JSON,
    "text": escape_formula,
    "time": instant,
}
_JSON_COLUMNS = tuple(_JSON[kind] for kind in COLUMNS.values())
_CSV_COLUMNS = tuple(_CSV[kind] for kind in COLUMNS.values())


@contextmanager
def json_lines() -> Generator[Write]:
    """Yield the function that writes JSON objects, one a line."""
    yield write_json_lines


def write_json_lines(pages: Iterable[list[Row]], part: NewFile) -> int:
    """Write rows as JSON objects, one a line; return the number of bytes of the longest page."""
    longest = 0
    for page in pages:
        longest = max(longest, part.file.write("".join(map(_json_line, page)).encode()))
    return longest


@contextmanager
def csv_lines() -> Generator[Write]:
    """Yield the function that writes CSV, in which no spreadsheet finds a formula."""
    yield _write_csv


def _write_csv(pages: Iterable[list[Row]], part: NewFile) -> None:
    part.file.write(_csv([tuple(COLUMNS)]))
    for page in pages:
        part.file.write(_csv(map(_csv_row, page)))


def _json_line(row: Row) -> str:
    members = (
        member + ("null" if value is None else text(value))
        for member, text, value in zip(_MEMBERS, _JSON_COLUMNS, row, strict=True)
    )
    return "{" + ",".join(members) + "}\n"


def _csv_row(row: Row) -> list[str]:
    return ["" if value is None else text(value) for text, value in zip(_CSV_COLUMNS, row, strict=True)]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
