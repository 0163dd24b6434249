"""The file of rejected rows, with the reasons, to be corrected and read again."""

from __future__ import annotations

import csv
import json
import os
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

from vocobase._base.arguments import path_text
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.files import OWNER_ONLY, NewFile
from vocobase._base.secrets import reveal
from vocobase.contacts._columns import REJECTED_LINE, REJECTED_REASON, REJECTED_REST
from vocobase.contacts._formulas import escape_formula
from vocobase.contacts._header_rows import DELIMITERS
from vocobase.contacts._lines import broken, name_of
from vocobase.contacts._types import BadRow, FileForm, is_path
from vocobase.contacts._values import Refused, as_text, missing


class Rejects:
    """Write rows into a CSV file that only its owner may read: line, reason, the columns of the source.

    The file is written next to its path and moved there after the last row: the earlier content of the path
    stays until then, and if reading fails. Devices and pipes are written to directly.

    People open it in a spreadsheet: formulas are written as text, and the delimiter and the byte order mark
    are those of the source.

    Args:
        path: The file; an existing one is replaced. None writes nothing.
        source: Source of the rows, which must be another file.
        form: Format of the source, known once its first row was read.

    Raises:
        InvalidArgumentError: it is the source itself.
        ContactsError: it cannot be written.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        source: object = None,
        form: FileForm | None = None,
    ) -> None:
        if path is not None:
            _check_path(path)
        self._path = path
        self._source = source
        self._form = form or FileForm()
        self._columns: tuple[str, ...] | None = None
        self._file: IO[str] | None = None
        self._new: NewFile | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            self._refuse_source(self._path)
            try:
                self._file = self._open(self._path)
            except (OSError, ValueError) as error:
                raise broken(name_of(self._path), error, "rejects: ") from error
            except BaseException:
                # Ctrl-C may come when the file exists already.
                self._discard()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def _discard(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        if self._new is not None:
            self._new.discard()

    def commit(self) -> None:
        """Put the rows that were written in place of an older file.

        Raises:
            ContactsError: they cannot be written.
        """
        try:
            if self._file is not None:
                self._file.close()
            if self._new is not None:
                self._new.commit()
        except OSError as error:
            raise broken(name_of(self._path), error, "rejects: ") from error

    def write(self, bad: BadRow) -> None:
        """Write one row."""
        if self._file is None:
            return
        row = _without_remarks(bad.row)
        try:
            if self._columns is None:
                self._columns = tuple(name for name in row if name)
                self._write_header(self._file, self._columns)
            values = [_text(row.pop(name, "")) for name in self._columns]
            cells = [bad.reason, *values, _rest(row)]
            writer = csv.writer(self._file, delimiter=self._form.delimiter)
            writer.writerow([bad.line, *map(escape_formula, cells)])
        except OSError as error:
            raise broken(name_of(self._path), error, "rejects: ") from error

    def _write_header(self, file: IO[str], columns: tuple[str, ...]) -> None:
        if self._form.mark:
            file.write("\ufeff")
        # The delimiter is detected from the header, so others in it are quoted.
        others = any(delimiter in name for name in columns for delimiter in DELIMITERS)
        writer = csv.writer(
            file,
            delimiter=self._form.delimiter,
            quoting=csv.QUOTE_ALL if others else csv.QUOTE_MINIMAL,
        )
        names = [*map(escape_formula, columns)]
        writer.writerow([REJECTED_LINE, REJECTED_REASON, *names, REJECTED_REST])

    def _refuse_source(self, path: str | os.PathLike[str]) -> None:
        name = self._source if is_path(self._source) else getattr(self._source, "name", None)
        try:
            same = is_path(name) and Path(name).samefile(path)
        except (OSError, ValueError):
            return
        if same:
            raise InvalidArgumentError("rejects: this is the source itself; pass another file.")

    def _open(self, path: str | os.PathLike[str]) -> IO[str]:
        place = Path(os.path.realpath(path_text(path, "rejects")))
        if place.exists() and not place.is_file():
            return _text_file(os.fdopen(os.open(place, os.O_WRONLY | getattr(os, "O_BINARY", 0)), "wb"))
        self._new = NewFile(place, OWNER_ONLY)
        return _text_file(self._new.open().file)


def _check_path(path: object) -> None:
    if not is_path(path):
        raise InvalidArgumentError("rejects: pass the path of a file.")
    path_text(path, "rejects")


def check_apart(rejects: object, ledger: object, what: str) -> None:
    """Refuse to write rejects over a ledger.

    Raises:
        InvalidArgumentError: both are the same file.
    """
    try:
        same = (
            is_path(rejects)
            and is_path(reveal(ledger))
            and os.path.realpath(rejects) == os.path.realpath(reveal(ledger))
        )
    except ValueError:  # not a path at all, which is reported when it is opened
        return
    if same:
        raise InvalidArgumentError(f"{what}: rejects and ledger must be two files. Nothing was sent.")


def _text_file(file: BinaryIO) -> IO[str]:
    return TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")


def _without_remarks(row: Any) -> dict[str, Any]:
    """Return a row without the columns that an earlier file of rejects has added."""
    found = {name: value for name, value in row.items() if name not in (REJECTED_LINE, REJECTED_REASON)}
    rest = found.pop(REJECTED_REST, None)
    return found if missing(rest) else {"": rest, **found}


def _text(value: Any) -> str:
    if missing(value):
        return ""
    kind = type(value).__name__
    try:
        if isinstance(value, (dict, list)):
            return json.dumps(value, ensure_ascii=False, default=as_text)
        return as_text(value)
    except (TypeError, ValueError, RecursionError, Refused):
        # A value that neither JSON nor text can express; the row is written nevertheless.
        return f"({kind})"


def _rest(row: dict[str, Any]) -> str:
    alone = row.pop("", "")
    return _text(alone) if not row else _text(row | ({"": alone} if alone else {}))
