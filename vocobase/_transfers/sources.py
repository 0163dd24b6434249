"""The source of an upload: a path, bytes or a binary file, opened and checked before any request."""

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
MAX_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Source:
    """An open source at its start.

    Attributes:
        file: The open file.
        size: Number of bytes from ``start`` to the end.
        start: Position of the first byte.
        name: File name, empty if there is none.
        path: Path as it was passed, empty if there is none.
        stamp: Time of the last change in nanoseconds, None unless it is a file on a disk.
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
            UploadError: the source can no longer be read.
        """
        with reading():
            self.file.seek(self.start)

    def check_same(self) -> None:
        """Refuse a source that has changed since it was opened: the bytes that were sent are a mixture.

        Raises:
            UploadError: it has another size, was written to, or can no longer be read.
        """
        with reading():
            self.file.seek(0, os.SEEK_END)
            size = self.file.tell() - self.start
            stamp = _stamp(self.file)
        if (size, stamp) != (self.size, self.stamp):
            raise UploadError("The source changed during the upload; upload it again when it is complete.")


@contextmanager
def open_source(source: SourceLike) -> Generator[Source]:
    """Open a source; a file that the caller opened stays open.

    Raises:
        InvalidArgumentError: it is not a path, bytes or a binary file.
        UploadError: it does not exist, is not a file, or cannot be read or measured.
    """
    if isinstance(source, bytes):
        yield Source(io.BytesIO(source), len(source))
    elif isinstance(source, (str, os.PathLike)):
        path = path_text(source, "The source")
        with _open(path) as file:
            size = os.fstat(file.fileno()).st_size
            yield Source(file, size, name=Path(path).name, path=path, stamp=_stamp(file))
    elif hasattr(source, "read"):
        yield _measure(source)
    else:
        kind = type(source).__name__
        raise InvalidArgumentError(f"The source must be a path, bytes or a binary file, not {kind}.")


def _stamp(file: BinaryIO) -> int | None:
    # Only the types that open() returns: fileno() moves a spooled file to the disk.
    if not isinstance(file, (io.BufferedReader, io.BufferedRandom, io.FileIO)):
        return None
    try:
        return os.fstat(file.fileno()).st_mtime_ns
    except io.UnsupportedOperation:
        return None


def _open(path: str) -> BinaryIO:
    try:
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - Path.open takes no opener
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UploadError(f"{path[:200]!r} cannot be read: {reason or error}.") from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UploadRejectedError(f"{path[:200]!r} is not a regular file; write its content to a file first.")
    return file


def _without_waiting(path: str, flags: int) -> int:
    # Opening a FIFO would wait for a writer.
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
        file, end - start, start, Path(name).name if isinstance(name, str) else "", stamp=_stamp(file)
    )


def document_type(name: str, given: str | None, file_name: str = "") -> str:
    """Return the MIME type of a document; the documented list is complete.

    Args:
        name: Display name, which counts first: the name of a temporary file shows no type.
        given: The type that the caller passed.
        file_name: Name of the file.

    Raises:
        UploadRejectedError: the type is not accepted, or no name shows it.
    """
    known = sorted(set(DOCUMENT_TYPES.values()))
    if given is None:
        found = _type_of(name)
        found = found if found in known else _type_of(file_name) or found
        if found not in known:
            what = f"{name!r} is of type {found}" if found else f"the type of {name!r} is unknown"
            raise UploadRejectedError(
                f"documents.upload: {what}; pass mime_type=, one of {', '.join(known)}."
            )
        return found
    if not isinstance(cast(object, given), str) or given not in known:
        raise UploadRejectedError(
            f"documents.upload: mime_type {shown(given)} is not accepted; use one of {', '.join(known)}."
        )
    return given


def _type_of(name: str) -> str | None:
    guessed, packed = mimetypes.guess_type(name)
    return DOCUMENT_TYPES.get(Path(name).suffix.lower()) or (guessed if packed is None else packed)


def document_name(given: str | None, source: Source) -> str:
    """Return the display name of a document.

    Raises:
        InvalidArgumentError: it is not a string.
        UploadRejectedError: there is none, or it is too long.
    """
    what = "documents.upload"
    if given is not None and not isinstance(cast(object, given), str):
        raise InvalidArgumentError(f"{what}: name must be a string, not {type(given).__name__}.")
    # Not the object itself: a subclass may convert itself to other text.
    name = str.__str__(given or source.name)
    if not name:
        raise UploadRejectedError(f"{what}: the source has no name; pass name=.")
    if len(name) > MAX_NAME_LENGTH:
        raise UploadRejectedError(
            f"{what}: the name has {len(name)} characters, at most {MAX_NAME_LENGTH}; pass name=."
        )
    return name


def check_size(size: int, largest: int, what: str, start: int = 0) -> None:
    """Refuse a source that is empty after its start, or too large."""
    if size == 0:
        after = f" after position {start:,}; call seek(0) to upload it from its beginning" if start else ""
        raise UploadRejectedError(f"{what}: the source is empty{after}.")
    if size > largest:
        raise UploadRejectedError(f"{what}: the source has {size:,} bytes; at most {largest:,} are accepted.")
