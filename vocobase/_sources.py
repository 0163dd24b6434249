"""What is uploaded: a path, bytes or a binary file, opened, measured and checked before any request."""

from __future__ import annotations

import io
import mimetypes
import os
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from vocobase._errors import ResponseError, UploadError, UploadRejected

T = TypeVar("T")
# One try of an upload.
Attempt = Callable[[], T]
AsyncAttempt = Callable[[], Awaitable[T]]

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
LARGEST_DOCUMENT = 50 * 1024 * 1024
LARGEST_AUDIO = 5 * 1024 * 1024
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Source:
    """An open source at its start.

    Attributes:
        file: Where the bytes come from.
        size: Number of bytes from ``start`` to the end.
        start: Position of the first byte.
        name: File name, empty when there is none.
    """

    file: BinaryIO
    size: int
    start: int
    name: str

    def rewind(self) -> None:
        """Go back to the first byte."""
        self.file.seek(self.start)


@contextmanager
def open_source(source: SourceLike) -> Generator[Source]:
    """Open a source; a file that the caller opened stays open.

    Raises:
        UploadError: it does not exist, is no file, cannot be read, or cannot be measured.
    """
    if isinstance(source, bytes):
        yield Source(io.BytesIO(source), len(source), 0, "")
    elif isinstance(source, (str, os.PathLike)):
        path = Path(source)
        with _open(path) as file:
            yield Source(file, os.fstat(file.fileno()).st_size, 0, path.name)
    else:
        yield _measure(source)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UploadError(f"{str(path)[:200]!r} cannot be read: {reason or error}.") from error


def _measure(file: BinaryIO) -> Source:
    try:
        start = file.tell()
        end = file.seek(0, os.SEEK_END)
        file.seek(start)
    except (OSError, AttributeError, ValueError) as error:
        raise UploadError(
            f"The file object cannot be measured ({error}); pass a seekable binary file, a path or bytes."
        ) from None
    if isinstance(file, io.TextIOBase):
        raise UploadError("The file object is open in text mode; open it with mode 'rb'.")
    name = getattr(file, "name", "")
    return Source(file, end - start, start, Path(name).name if isinstance(name, str) else "")


def document_type(name: str, given: str | None) -> str:
    """Return the MIME type of a document; the documented list is complete.

    Raises:
        UploadRejected: the type is not accepted or cannot be told from the name.
    """
    known = sorted(set(DOCUMENT_TYPES.values()))
    if given is None:
        found = DOCUMENT_TYPES.get(Path(name).suffix.lower()) or mimetypes.guess_type(name)[0]
        if found not in known:
            what = f"{name!r} is of type {found}" if found else f"the type of {name!r} is not known"
            raise UploadRejected(f"documents.upload: {what}; pass mime_type=, one of {', '.join(known)}.")
        return found
    if given not in known:
        raise UploadRejected(
            f"documents.upload: mime_type {given!r} is not accepted; use one of {', '.join(known)}."
        )
    return given


def needed(value: object, member: str, what: str) -> str:
    """Return a member without which an answer is of no use.

    Raises:
        ResponseError: it is missing.
    """
    if not isinstance(value, str) or not value:
        raise ResponseError(f"{what}: the answer has no {member}.", operation=what)
    return value


def check_size(size: int, largest: int, what: str) -> None:
    """Refuse an empty or too large source before anything is sent."""
    if size == 0:
        raise UploadRejected(f"{what}: the source is empty.")
    if size > largest:
        raise UploadRejected(f"{what}: the source has {size:,} bytes; at most {largest:,} are accepted.")
