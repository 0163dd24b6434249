"""The destination of a download: a file that appears under its name only when it is complete."""

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
from vocobase._transport.bodies import CHUNK_BYTES, Inflater, inflater


class FileSink:
    """Write a body to a file as it arrives, decoding gzip and deflate."""

    def __init__(self, file: BinaryIO, path: Path, what: str) -> None:
        self._file, self._path, self._what = file, path, what
        self._decoder: Callable[[], Inflater | None] = lambda: None
        self._decoding: Inflater | None = None
        self._received = 0

    def begin(self, headers: Mapping[str, str], status: int) -> FileSink:
        """Start over at the first byte."""
        with disk(self._path, self._what):
            self._file.seek(0)
            self._file.truncate()
        self._decoder = partial(inflater, headers, self._what, status)
        self._decoding, self._received = self._decoder(), 0
        return self

    def feed(self, chunk: bytes, /) -> None:
        """Write a piece.

        Raises:
            DownloadError: it cannot be written.
            ResponseError: the body is damaged.
        """
        self._received += len(chunk)
        if self._decoding is None:
            self._write(chunk)
        # In bounded pieces: a small body can decode to a huge one.
        while self._decoding is not None and chunk:
            try:
                self._write(self._decoding.decompress(chunk, CHUNK_BYTES))
            except zlib.error as error:
                raise self._damaged(f"the body cannot be decoded: {error}") from error
            chunk = self._decoding.unconsumed_tail or self._decoding.unused_data
            if self._decoding.eof and chunk:
                # One encoded body may follow another.
                self._decoding = self._decoder()

    def check_whole(self, headers: Mapping[str, str]) -> None:
        """Require the whole body.

        Raises:
            ResponseError: bytes are missing.
        """
        expected = headers.get("content-length", "")
        if re.fullmatch("[0-9]{1,18}", expected) and int(expected) != self._received:
            raise self._damaged(f"only {self._received:,} of {int(expected):,} bytes arrived")
        if self._decoding is not None and not self._decoding.eof:
            raise self._damaged("the encoded body is incomplete")

    def _write(self, chunk: bytes) -> None:
        with disk(self._path, self._what):
            self._file.write(chunk)

    def _damaged(self, text: str) -> ResponseError:
        return ResponseError(f"{self._what}: {text}; try again.", status=200, operation=self._what)


@contextmanager
def disk(path: Path, what: str) -> Generator[None]:
    """Translate the errors of the disk.

    Raises:
        DownloadError: the file cannot be written.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        text = f"{what}: {str(path)[:200]!r} cannot be written: {reason or error}."
        raise DownloadError(text) from error


def as_target(dest: str | os.PathLike[str], what: str) -> Path:
    """Return the path of a file that will be created or replaced.

    Raises:
        InvalidArgumentError: it is not a path, or leads to a folder, a device or something else that is not a
            file.
    """
    if not isinstance(cast(object, dest), (str, os.PathLike)):
        raise InvalidArgumentError(f"{what}: the destination must be a path, not {type(dest).__name__}.")
    name = path_text(dest, f"{what}: the destination")
    path = Path(name)
    # Not the methods of Path, which raise where a name is too long.
    if os.path.isdir(path) or name.endswith(("/", os.sep)):  # noqa: PTH112
        raise InvalidArgumentError(f"{what}: {name[:200]!r} is a folder; pass the path of a file.")
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        raise InvalidArgumentError(
            f"{what}: {name[:200]!r} is not a regular file, and would be replaced by one."
        )
    return path


@contextmanager
def new_file(path: Path, what: str) -> Generator[FileSink]:
    """Yield the sink of a file that replaces ``path`` at the end of the block; on an error nothing is left.

    Raises:
        DownloadError: the file cannot be written.
    """
    part = NewFile(path)
    try:
        with disk(path, what):
            path.parent.mkdir(parents=True, exist_ok=True)
            permissions = _permissions(path)
            part.open()
        yield FileSink(part.file, path, what)
        with disk(path, what):
            part.commit(permissions)
    finally:
        part.discard()


def _permissions(path: Path) -> int | None:
    """Return the permissions of the file that will be replaced, None if there is none."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return None
