"""The rows of any source, not checked yet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from vocobase._base.arguments import path_text
from vocobase._base.errors import InvalidArgumentError
from vocobase.contacts._columns import NoLayout, find_layout, name_columns, unusable
from vocobase.contacts._files import csv_rows, json_rows
from vocobase.contacts._lines import name_of, open_text
from vocobase.contacts._types import BadRow, Columns, Contact, ContactSource, FileForm, Format, Row, is_path
from vocobase.contacts._values import NARROW, Narrow, Refused, as_text

FORMATS = ("csv", "tsv", "jsonl")
_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
_WORKBOOKS = {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".numbers"}
Rows = Iterator[Row | Contact | BadRow]


def rows_of(
    source: ContactSource,
    columns: Columns | None,
    format: Format | None,
    encoding: str | None,
    delimiter: str | None,
    form: FileForm,
) -> Rows:
    """Yield the rows of a source, and record its format.

    Raises:
        InvalidArgumentError: immediately, if it is not a source that can be read.
        ContactsError: while iterating, if reading fails.
    """
    given: Any = source
    if is_path(given) or hasattr(given, "read"):
        kind = format or _format_of(given)
        if kind == "jsonl":
            _refuse_names(columns)
        return _file_rows(given, kind, columns, encoding, delimiter, form)
    _refuse_names(columns)
    if hasattr(given, "iter_rows"):
        return _table_rows(given, given.iter_rows(), columns)
    if hasattr(given, "itertuples"):
        return _table_rows(given, given.itertuples(index=False, name=None), columns)
    if hasattr(given, "collect"):
        raise InvalidArgumentError("source: collect the lazy dataframe first.")
    if isinstance(source, (bytes, Mapping)) or not isinstance(source, Iterable):
        type_name = type(given).__name__
        raise InvalidArgumentError(
            f"source: {type_name} cannot be read; pass a path, an open file, a dataframe or mappings."
        )
    return _mapping_rows(given)


def _refuse_names(columns: Columns | None) -> None:
    if columns is not None and not isinstance(columns, Mapping):
        raise InvalidArgumentError(
            "columns: only a CSV file without header takes the names of all columns; pass a mapping such as"
            " {'phone': 'Mobile No'}."
        )


def _format_of(source: str | os.PathLike[str] | IO[Any]) -> Format:
    name = source if is_path(source) else getattr(source, "name", None)
    suffix = Path(path_text(name, "source")).suffix.lower() if is_path(name) else ""
    if suffix in _WORKBOOKS:
        raise InvalidArgumentError("source: workbooks cannot be read; save the sheet as CSV.")
    if suffix not in _SUFFIXES:
        raise InvalidArgumentError(
            f"source: the format of {name_of(source)} is not known; pass format=, one of"
            f" {', '.join(FORMATS)}."
        )
    return _SUFFIXES[suffix]


def _file_rows(
    source: str | os.PathLike[str] | IO[Any],
    format: Format,
    columns: Columns | None,
    encoding: str | None,
    delimiter: str | None,
    form: FileForm,
) -> Rows:
    name = name_of(source)
    with open_text(source, encoding, form) as file:
        if format == "jsonl":
            yield from json_rows(file, name)
        else:
            tab = "\t" if format == "tsv" else None
            yield from csv_rows(file, name, delimiter=delimiter or tab, columns=columns, form=form)


def _table_rows(frame: Any, rows: Iterable[Any], given: Columns | None) -> Rows:
    columns = name_columns(frame.columns)
    try:
        # Checked here, because a table may have no rows.
        find_layout(columns, given)
    except NoLayout as error:
        raise unusable(name_of(frame), error) from None
    # Rows contain Python floats, which do not show how many digits of a number were lost.
    kinds = getattr(frame, "dtypes", ())
    narrow = [place for place, kind in enumerate(kinds) if str(kind) in NARROW]
    for number, values in enumerate(rows, 1):
        yield Row(number, columns, _marked(values, narrow) if narrow else values)


def _marked(values: Iterable[Any], narrow: Iterable[int]) -> list[Any]:
    marked = [*values]
    for place in narrow:
        if isinstance(marked[place], float):
            marked[place] = Narrow(marked[place])
    return marked


def _name_of(key: object) -> str:
    try:
        return as_text(key)
    except Refused:
        return type(key).__name__


def _mapping_rows(source: Iterable[object]) -> Rows:
    for number, row in enumerate(source, 1):
        if isinstance(row, (Contact, BadRow)):
            yield row
        elif isinstance(row, Mapping):
            members = cast("Mapping[object, Any]", row)
            yield Row(number, tuple(_name_of(key) for key in members), [*members.values()])
        else:
            yield BadRow(number, f"the row is not a mapping but of the type {type(row).__name__}", {"": row})
