"""Where a download goes: a file that appears under its name only when it is complete."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from vocobase._base.arguments import path_text
from vocobase._base.errors import DownloadError, InvalidArgumentError, ResponseError
from vocobase._base.files import NewFile
from vocobase._transport.bodies import CHUNK, Inflater, inflater


class FileSink:
    """Write a body to a file as it comes, undoing gzip and deflate."""

    def __init__(self, file: BinaryIO, path: Path, what: str) -> None:
        self._file, self._path, self._what = file, path, what
        self._packed: Callable[[], Inflater | None] = lambda: None
        self._inflate: Inflater | None = None
        self._received = 0

    def begin(self, headers: Mapping[str, str], status: int) -> FileSink:
        """Start anew from the first byte."""
        with disk(self._path, self._what):
            self._file.seek(0)
            self._file.truncate()
        self._packed = partial(inflater, headers, self._what, status)
        self._inflate, self._received = self._packed(), 0
        return self

    def feed(self, chunk: bytes, /) -> None:
        """Write a piece.

        Raises:
            DownloadError: there is no room for it.
            ResponseError: the body is damaged.
        """
        self._received += len(chunk)
        if self._inflate is None:
            self._write(chunk)
        # Bounded pieces: a small body can unpack to a huge one.
        while self._inflate is not None and chunk:
            try:
                self._write(self._inflate.decompress(chunk, CHUNK))
            except zlib.error as error:
                raise self._damaged(f"the body cannot be unpacked: {error}") from error
            chunk = self._inflate.unconsumed_tail or self._inflate.unused_data
            if self._inflate.eof and chunk:
                # One packed body may follow another.
                self._inflate = self._packed()

    def check_whole(self, headers: Mapping[str, str]) -> None:
        """Refuse a body that broke off.

        Raises:
            ResponseError: bytes are missing.
        """
        expected = headers.get("content-length", "")
        if re.fullmatch("[0-9]{1,18}", expected) and int(expected) != self._received:
            raise self._damaged(f"{self._received:,} of {int(expected):,} bytes came")
        if self._inflate is not None and not self._inflate.eof:
            raise self._damaged("the packed body broke off")

    def _write(self, chunk: bytes) -> None:
        with disk(self._path, self._what):
            self._file.write(chunk)

    def _damaged(self, text: str) -> ResponseError:
        return ResponseError(f"{self._what}: {text}; try again.", status=200, operation=self._what)


@contextmanager
def disk(path: Path, what: str) -> Generator[None]:
    """Turn what the disk refuses into our error.

    Raises:
        DownloadError: no room, no right, no such folder.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        text = f"{what}: {str(path)[:200]!r} cannot be written: {reason or error}."
        raise DownloadError(text) from error


def as_target(dest: str | os.PathLike[str], what: str) -> Path:
    """Return the path of a file that will be made or replaced.

    Raises:
        InvalidArgumentError: it is no path, a folder, or something that is no file, such as a device.
    """
    if not isinstance(cast(object, dest), (str, os.PathLike)):
        raise InvalidArgumentError(f"{what}: the destination is of type {type(dest).__name__}; give a path.")
    name = path_text(dest, f"{what}: the destination")
    path = Path(name)
    # Not the methods of Path, which raise where a name is too long.
    if os.path.isdir(path) or name.endswith(("/", os.sep)):  # noqa: PTH112
        raise InvalidArgumentError(f"{what}: {name[:200]!r} is a folder; give the path of a file.")
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        raise InvalidArgumentError(
            f"{what}: {name[:200]!r} is no regular file, and would be replaced by one."
        )
    return path


@contextmanager
def new_file(path: Path, what: str) -> Generator[FileSink]:
    """Yield the sink of a file that replaces ``path`` at the end of the block; on an error nothing is left.

    Raises:
        DownloadError: the file cannot be written.
    """
    with disk(path, what):
        path.parent.mkdir(parents=True, exist_ok=True)
        permissions = _permissions(path)
        part = NewFile(path)
    with part:
        yield FileSink(part.file, path, what)
        with disk(path, what):
            part.commit(permissions)


def _permissions(path: Path) -> int | None:
    """Return the permissions of the file that will be replaced, None if there is none."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return None
