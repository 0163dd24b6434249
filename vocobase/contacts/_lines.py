"""Physical lines of files: decoded, counted, and never longer than a limit."""

from __future__ import annotations

import codecs
import io
import os
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from vocobase._base.arguments import shown
from vocobase._base.errors import ContactsError, InvalidArgumentError
from vocobase.contacts._types import FileForm, is_path

MAX_LINE_CHARACTERS = 1024 * 1024
_SKIP = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Files that are passed as CSV by mistake, detected by their first bytes.
_KINDS = (
    (b"PK\x03\x04", "an Excel workbook or another zip file; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (b"\x1f\x8b", "compressed; pass gzip.open(path) with format="),
    (b"%PDF", "a PDF document; export the list as CSV"),
    (b"PAR1", "a Parquet file; read it with pandas or polars and pass the dataframe"),
    (b"SQLite format 3", "an SQLite database; pass its rows as mappings"),
)
# The errors that reading any kind of file can raise.
_BROKEN = (OSError, EOFError, ValueError, zlib.error)
# A line, None for one that is too long.
Lines = Iterator[tuple[int, str | None]]


def check_encoding(encoding: str | None) -> None:
    """Refuse an encoding that does not exist.

    Raises:
        InvalidArgumentError: it does not exist, or is not a text encoding.
    """
    try:
        if encoding is not None:
            io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    except (LookupError, TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"encoding: {shown(encoding)} is not known; try 'utf-8' or 'cp1252'."
        ) from error


@contextmanager
def open_text(
    source: str | os.PathLike[str] | IO[Any], encoding: str | None, form: FileForm
) -> Generator[IO[str]]:
    """Open a source for reading lines; a file that the caller opened stays open.

    Raises:
        ContactsError: it cannot be opened, or does not hold text.
    """
    if isinstance(source, (str, os.PathLike)):
        try:
            file = Path(source).open("rb")  # noqa: SIM115 - closed below
        except (OSError, ValueError) as error:
            raise broken(name_of(source), error) from error
        with file, _decoded(file, encoding, name_of(source), form) as text:
            yield text
    else:
        try:
            binary = isinstance(source.read(0), bytes)
        except io.UnsupportedOperation as error:
            raise ContactsError(f"{name_of(source)}: it is not open for reading.") from error
        except _BROKEN as error:
            raise broken(name_of(source), error) from error
        if not binary:
            yield source
            return
        # The wrappers close what they wrap when they are collected.
        with _decoded(
            io.BufferedReader(_Borrowed(cast("IO[bytes]", source))), encoding, "file", form
        ) as text:
            yield text


@contextmanager
def _decoded(file: io.BufferedReader, encoding: str | None, name: str, form: FileForm) -> Generator[IO[str]]:
    try:
        start = file.peek(_SKIP)[:_SKIP]
    except _BROKEN as error:
        raise broken(name, error) from error
    marked = next((found for mark, found in _MARKS if start.startswith(mark)), None)
    _check_text(start, name, encoded=bool(marked or encoding))
    found = marked or encoding or "utf-8"
    form.mark = codecs.lookup(found).name != "utf-8"
    yield io.TextIOWrapper(file, encoding=found, newline="")


def _check_text(start: bytes, name: str, *, encoded: bool) -> None:
    for magic, kind in _KINDS:
        if start.startswith(magic):
            raise ContactsError(f"{name}: this is {kind}.")
    if encoded or b"\0" not in start:
        return
    if re.match(rb"(?:[^\0]\0){2}|(?:\0[^\0]){2}", start):
        raise ContactsError(f"{name}: this looks like UTF-16; pass encoding='utf-16-le' or 'utf-16-be'.")
    if start.count(b"\0") > len(start) // 20:
        raise ContactsError(f"{name}: this is a binary file, not text.")


class _Borrowed(io.RawIOBase):
    """Read from a file that is not ours to close."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        """Return True: it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        data = self._file.read(len(buffer)) or b""
        buffer[: len(data)] = data
        return len(data)


def lines(file: IO[str], name: str, form: FileForm | None = None) -> Lines:
    """Yield number and text of every line, with its end; None in place of one that is too long.

    Raises:
        ContactsError: the file cannot be read to its end, or holds bytes that are not of its encoding.
    """
    number = 0
    while True:
        number += 1
        try:
            text = file.readline(MAX_LINE_CHARACTERS + 1)
            whole = len(text) <= MAX_LINE_CHARACTERS or text.endswith(("\n", "\r"))
            if not whole:
                _skip(file)
        except UnicodeDecodeError as error:
            raise _undecodable(name, number, error) from error
        except _BROKEN as error:
            raise broken(name, error, f"line {number}: ") from error
        if not text:
            return
        if number == 1 and text.startswith("\ufeff"):
            text = text.removeprefix("\ufeff")
            if form is not None:
                form.mark = True
        yield number, text if whole else None


def _skip(file: IO[str]) -> None:
    while text := file.readline(_SKIP):
        if text.endswith(("\n", "\r")):
            return


def _undecodable(name: str, number: int, error: UnicodeDecodeError) -> ContactsError:
    before = error.object[: error.start].decode(error.encoding, "ignore")
    line = number + len(before.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
    return ContactsError(
        f"{name}: line {line} is not {error.encoding}; save the file as UTF-8, or pass its encoding,"
        " such as encoding='cp1252' for older Windows programs."
    )


def name_of(source: object) -> str:
    """Return the name of a source in messages."""
    if is_path(source):
        return repr(os.fsdecode(source)[:200])
    name = getattr(source, "name", None)
    return repr(name[:200]) if isinstance(name, str) else type(source).__name__


def broken(name: str, error: BaseException, where: str = "") -> ContactsError:
    """Return the error for a file that cannot be read or written."""
    reason = error.strerror if isinstance(error, OSError) else None
    return ContactsError(f"{name}: {where}{reason or ' '.join(str(error).split()) or type(error).__name__}.")
