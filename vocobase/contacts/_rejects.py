"""The file of rejected rows: what to mend, and what is wrong with it."""

from __future__ import annotations

import csv
import json
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from vocobase._errors import InvalidArgument
from vocobase.contacts._columns import REJECTED_LINE, REJECTED_REASON, REJECTED_REST
from vocobase.contacts._lines import broken, name_of
from vocobase.contacts._types import BadRow, is_path


class Rejects:
    """Write rows into a CSV file that only its owner may read: line, reason, the columns of the source.

    Args:
        path: The file; an existing one is replaced. None writes nothing.
        source: Where the rows come from, which must be another file.

    Raises:
        InvalidArgument: it is the source itself.
        ContactsError: it cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str] | None, source: object = None) -> None:
        self._path = path
        self._source = source
        self._columns: tuple[str, ...] | None = None
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            self._refuse_source(self._path)
            try:
                self._file = _open(self._path)
            except (OSError, ValueError) as error:
                raise broken(name_of(self._path), error, "rejects: ") from error
            self._writer = csv.writer(self._file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        try:
            self._file.close()
        except OSError as failed:
            if error is None or isinstance(error, GeneratorExit):
                raise broken(name_of(self._path), failed, "rejects: ") from failed

    def write(self, bad: BadRow) -> None:
        """Write one row."""
        if self._file is None:
            return
        row = {**bad.row}
        try:
            if self._columns is None:
                self._columns = tuple(name for name in row if name)
                self._writer.writerow([REJECTED_LINE, REJECTED_REASON, *self._columns, REJECTED_REST])
            values = [_text(row.pop(name, "")) for name in self._columns]
            self._writer.writerow([bad.line, bad.reason, *values, _rest(row)])
        except OSError as error:
            raise broken(name_of(self._path), error, "rejects: ") from error

    def _refuse_source(self, path: str | os.PathLike[str]) -> None:
        name = self._source if is_path(self._source) else getattr(self._source, "name", None)
        try:
            same = is_path(name) and Path(name).samefile(path)
        except (OSError, ValueError):
            return
        if same:
            raise InvalidArgument("rejects: this is the source itself; name another file.")


def _open(path: str | os.PathLike[str]) -> IO[str]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode) and hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="")


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)


def _rest(row: dict[str, Any]) -> str:
    alone = row.pop("", "")
    return _text(alone) if not row else _text(row | ({"": alone} if alone else {}))
