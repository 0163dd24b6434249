"""Convert any source to contacts and bad rows."""

from __future__ import annotations

import os
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import closing
from types import NoneType
from typing import Any, cast

from vocobase._base.arguments import shown
from vocobase._base.errors import InvalidArgumentError
from vocobase.contacts._columns import Layout, NoLayout, check_columns, find_layout, unusable
from vocobase.contacts._lines import check_encoding, name_of
from vocobase.contacts._phones import Phones
from vocobase.contacts._rejects import Rejects
from vocobase.contacts._sources import FORMATS, Rows, rows_of
from vocobase.contacts._types import BadRow, Columns, Contact, ContactSource, FileForm, Format, LineType, Row
from vocobase.contacts._unique import Seen
from vocobase.contacts._values import Refused, cell, missing, plain

_LAYOUTS = 100
# Lines and rows of contacts, in the order in which they are read.
Trail = list[tuple[int, Row | Contact | BadRow]]


def read(
    source: ContactSource,
    *,
    region: str | None = None,
    columns: Columns | None = None,
    format: Format | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    line_types: Collection[LineType] | None = None,
    rejects: str | os.PathLike[str] | None = None,
) -> Generator[Contact | BadRow, None, None]:
    """Read a list of people to call, row by row.

    Args:
        source: A path, an open file (text or binary), a pandas or polars dataframe, or an iterable of
            mappings or of results of ``read``.
        region: Two letters of the country to which numbers without a country code belong, such as ``IN``;
            by default only international forms are accepted.
        columns: Which column is the ``phone``, the ``name``, the ``first_name`` and the ``last_name``, as a
            mapping, if the headers do not identify them; any other key is a name for a column in the
            metadata, such as that of a pre-call variable. Or a list with the names of all columns of a CSV
            file that has no header.
        format: ``csv``, ``tsv`` or ``jsonl`` (one object on each line); detected from the suffix by default.
        encoding: Encoding of a file without byte order mark; UTF-8 by default.
        delimiter: Character between the fields of CSV; detected from the header row by default.
        line_types: Only numbers of these kinds, such as ``{"mobile"}``; others are bad rows. Where mobile and
            fixed lines share their numbers, as in the US, both kinds include them. By default all kinds.
        rejects: File for the bad rows as CSV, readable by its owner only. An existing one is replaced at the
            end; it stays if reading fails.

    Returns:
        A generator of ``Contact`` and ``BadRow``; every row that is not blank is returned once.

    Raises:
        ConfigurationError: phonenumbers is not installed (the extra ``contacts``).
        InvalidArgumentError: an argument cannot be used.
        ContactsError: while iterating, if the source cannot be read or has no column with phone numbers,
            or if ``rejects`` cannot be written.
    """
    form = FileForm()
    rows = read_rows(source, form, region, columns, format, encoding, delimiter, line_types)
    return rows if rejects is None else _rejecting(rows, Rejects(rejects, source, form))


def read_rows(
    source: ContactSource,
    form: FileForm,
    region: str | None,
    columns: Columns | None,
    format: Format | None,
    encoding: str | None,
    delimiter: str | None,
    line_types: Collection[LineType] | None = None,
    trail: Trail | None = None,
) -> Generator[Contact | BadRow, None, None]:
    """Read a list as ``read`` does, and note in ``form`` how it is written.

    The caller empties ``trail``, which receives the line and the row of each contact.
    """
    phones = Phones(region, line_types)
    checked = check_columns(columns)
    check_encoding(encoding)
    if delimiter is not None and not _is_delimiter(delimiter):
        raise InvalidArgumentError("delimiter: pass one character, such as ';'.")
    if format is not None and not (isinstance(cast(object, format), str) and format in FORMATS):
        raise InvalidArgumentError(f"format: {shown(format)} is not one of {', '.join(FORMATS)}.")
    rows = rows_of(source, checked, format, encoding, delimiter, form)
    return _judged(rows, _Judge(name_of(source), checked, phones), trail)


def _is_delimiter(value: object) -> bool:
    return isinstance(value, str) and len(value) == 1 and value not in '"\r\n\0'


def refused_row(place: tuple[int, Row | Contact | BadRow], reason: str) -> BadRow:
    """Return the row of a contact that is left out for a reason."""
    return BadRow(place[0], reason, _shown(place[1]))


def _judged(rows: Rows, judge: _Judge, trail: Trail | None) -> Generator[Contact | BadRow, None, None]:
    with Seen() as seen:
        for number, row in enumerate(rows, 1):
            if isinstance(row, Row) and all(missing(value) for value in row.values):
                continue
            line = number if isinstance(row, Contact) else row.line
            result = judge.judge(row, line)
            if isinstance(result, Contact):
                before = seen.first(result.phone, line)
                if before is not None:
                    reason = f"the number came before, in line {before}"
                    result = BadRow(line, reason, _shown(row), before)
                elif trail is not None:
                    trail.append((line, row))
            yield result


def _rejecting(
    rows: Generator[Contact | BadRow, None, None], rejects: Rejects
) -> Generator[Contact | BadRow, None, None]:
    with closing(rows), rejects:
        try:
            for row in rows:
                if isinstance(row, BadRow):
                    rejects.write(row)
                yield row
        except GeneratorExit:
            # A caller who stops reading gets the bad rows up to that point.
            rejects.commit()
            raise
        rejects.commit()


class _Judge:
    """Turn rows of one source into contacts or bad rows."""

    def __init__(self, name: str, columns: Columns | None, phones: Phones) -> None:
        self._name = name
        self._columns = columns
        self._phones = phones
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def judge(self, row: Row | Contact | BadRow, line: int) -> Contact | BadRow:
        """Check one row.

        Raises:
            ContactsError: it is the first one, and its columns cannot be identified.
        """
        if isinstance(row, BadRow):
            return row
        try:
            if isinstance(row, Row):
                return self._contact(row, self._layout(row.columns))
            name = _text("the name", row.name) or None
            return Contact(self._phones.e164(row.phone), name, _metadata(_members(row.metadata)))
        except (NoLayout, Refused) as error:
            return BadRow(line, str(error), _shown(row))

    def _layout(self, columns: tuple[str, ...]) -> Layout:
        found = self._layouts.get(columns)
        if found is not None:
            return found
        try:
            # A mistake in the first row is one in all of them; later ones may be a matter of the row.
            found = find_layout(columns, self._columns, strict=not self._layouts)
        except NoLayout as error:
            if not self._layouts:
                raise unusable(self._name, error) from None
            raise
        if len(self._layouts) == _LAYOUTS:
            self._layouts.popitem()
        self._layouts[columns] = found
        return found

    def _contact(self, row: Row, layout: Layout) -> Contact:
        values = row.values
        phone = self._phones.e164(values[layout.phone])
        name = " ".join(filter(None, (_text("the name", values[position]) for position in layout.name)))
        rest = ((column, values[position]) for position, column in layout.rest)
        return Contact(phone, name or None, _metadata(rest))


def _text(what: str, value: Any) -> str:
    try:
        return cell(value)
    except Refused as error:
        raise Refused(f"{what} {error}") from None


def _metadata(columns: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the other columns without blank ones; a mapping called metadata is that of the API."""
    metadata: dict[str, Any] = {}
    for column, value in columns:
        if missing(value):
            continue
        written = plain(column, value)
        if column == "metadata" and isinstance(written, dict):
            metadata = {**written, **metadata}
        else:
            metadata[column] = written
    return metadata


def _members(metadata: object) -> Iterable[tuple[str, Any]]:
    """Return the members of the metadata of a contact, which may have any form."""
    if not isinstance(metadata, (Mapping, NoneType)):
        raise Refused("the metadata is not a mapping")
    members = cast("Mapping[object, Any]", metadata or {})
    return ((str(name), value) for name, value in members.items())


def _shown(row: Row | Contact | BadRow) -> Mapping[str, Any]:
    if isinstance(row, Contact):
        parts = {"phone": row.phone, "name": row.name, "metadata": row.metadata}
        return {part: value for part, value in parts.items() if value}
    return dict(zip(row.columns, row.values, strict=False)) if isinstance(row, Row) else row.row
