"""What is uploaded: a path, bytes or a binary file, opened, measured and checked before any request."""

from __future__ import annotations

import io
import mimetypes
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from vocobase._base.arguments import path_text, shown
from vocobase._base.errors import InvalidArgumentError, UploadError, UploadRejectedError
from vocobase._transport.bodies import reading

SourceLike = str | os.PathLike[str] | bytes | BinaryIO

DOCUMENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
MAX_AUDIO_BYTES = 5 * 1024 * 1024
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Source:
    """An open source at its start.

    Attributes:
        file: Where the bytes come from.
        size: Number of bytes from ``start`` to the end.
        start: Position of the first byte.
        name: File name, empty when there is none.
        path: Path as it was given, empty when there is none.
        stamp: Time of the last change in nanoseconds, None for what is no file on a disk.
    """

    file: BinaryIO
    size: int
    start: int = 0
    name: str = ""
    path: str = ""
    stamp: int | None = None

    def rewind(self) -> None:
        """Go back to the first byte.

        Raises:
            UploadError: the source cannot be read any more.
        """
        with reading():
            self.file.seek(self.start)

    def check_same(self) -> None:
        """Refuse a source that has changed since it was opened: what was sent is a mixture.

        Raises:
            UploadError: it has another size, was written to, or cannot be read any more.
        """
        with reading():
            self.file.seek(0, os.SEEK_END)
            size = self.file.tell() - self.start
            stamp = _changed(self.file)
        if (size, stamp) != (self.size, self.stamp):
            raise UploadError("The source changed while it was sent; upload it again when it is complete.")


@contextmanager
def open_source(source: SourceLike) -> Generator[Source]:
    """Open a source; a file that the caller opened stays open.

    Raises:
        InvalidArgumentError: it is none of the types that can be sent.
        UploadError: it does not exist, is no file, cannot be read, or cannot be measured.
    """
    if isinstance(source, bytes):
        yield Source(io.BytesIO(source), len(source))
    elif isinstance(source, (str, os.PathLike)):
        path = path_text(source, "The source")
        with _open(path) as file:
            size = os.fstat(file.fileno()).st_size
            yield Source(file, size, name=Path(path).name, path=path, stamp=_changed(file))
    elif hasattr(source, "read"):
        yield _measure(source)
    else:
        kind = type(source).__name__
        raise InvalidArgumentError(f"The source is of type {kind}; pass a path, bytes or a binary file.")


def _changed(file: BinaryIO) -> int | None:
    # Only what open() returns: a spooled file that is asked for its number moves to the disk.
    if not isinstance(file, (io.BufferedReader, io.BufferedRandom, io.FileIO)):
        return None
    try:
        return os.fstat(file.fileno()).st_mtime_ns
    except io.UnsupportedOperation:
        return None


def _open(path: str) -> BinaryIO:
    try:
        file = open(path, "rb", opener=_at_once)  # noqa: SIM115 - Path.open takes no opener
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UploadError(f"{path[:200]!r} cannot be read: {reason or error}.") from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UploadRejectedError(f"{path[:200]!r} is no regular file; write its content to a file first.")
    return file


def _at_once(path: str, flags: int) -> int:
    # Opening a FIFO would wait for somebody who writes to it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _measure(file: BinaryIO) -> Source:
    try:
        start = file.tell()
        file.seek(0, os.SEEK_END)
        end = file.tell()
        file.seek(start)
        binary = isinstance(cast(object, file.read(0)), bytes)
    except (OSError, AttributeError, TypeError, ValueError) as error:
        raise UploadError(
            f"The file object cannot be measured ({error}); pass a seekable binary file, a path or bytes."
        ) from error
    if not binary:
        raise UploadRejectedError("The file object is open in text mode; open it with mode 'rb'.")
    name = getattr(file, "name", "")
    return Source(
        file, end - start, start, Path(name).name if isinstance(name, str) else "", stamp=_changed(file)
    )


def document_type(name: str, given: str | None) -> str:
    """Return the MIME type of a document; the documented list is complete.

    Raises:
        UploadRejectedError: the type is not accepted or cannot be told from the name.
    """
    known = sorted(set(DOCUMENT_TYPES.values()))
    if given is None:
        guessed, packed = mimetypes.guess_type(name)
        found = DOCUMENT_TYPES.get(Path(name).suffix.lower()) or (guessed if packed is None else packed)
        if found not in known:
            what = f"{name!r} is of type {found}" if found else f"the type of {name!r} is not known"
            raise UploadRejectedError(
                f"documents.upload: {what}; pass mime_type=, one of {', '.join(known)}."
            )
        return found
    if given not in known:
        raise UploadRejectedError(
            f"documents.upload: mime_type {shown(given)} is not accepted; use one of {', '.join(known)}."
        )
    return given


def document_name(given: str | None, source: Source) -> str:
    """Return the display name of a document.

    Raises:
        InvalidArgumentError: it is no string.
        UploadRejectedError: there is none, or it is too long.
    """
    what = "documents.upload"
    if given is not None and not isinstance(cast(object, given), str):
        raise InvalidArgumentError(f"{what}: name is of type {type(given).__name__}; give a string.")
    # Not the object itself, as a subclass may write itself otherwise.
    name = str.__str__(given or source.name)
    if not name:
        raise UploadRejectedError(f"{what}: the source has no name; pass name=.")
    if len(name) > LONGEST_NAME:
        raise UploadRejectedError(
            f"{what}: the name has {len(name)} characters, at most {LONGEST_NAME}; pass name=."
        )
    return name


def check_size(size: int, largest: int, what: str) -> None:
    """Refuse an empty or too large source before anything is sent."""
    if size == 0:
        raise UploadRejectedError(f"{what}: the source is empty.")
    if size > largest:
        raise UploadRejectedError(f"{what}: the source has {size:,} bytes; at most {largest:,} are accepted.")
