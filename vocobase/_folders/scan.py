"""Scan a folder: the files that can be documents, and the rest with a reason."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import BufferedReader
from pathlib import Path
from typing import cast

from vocobase._base.errors import InvalidArgumentError, UploadError
from vocobase._transfers.sources import (
    MAX_DOCUMENT_BYTES,
    MAX_NAME_LENGTH,
    check_size,
    document_type,
    open_source,
)


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file that can be a document.

    Attributes:
        path: Path in the folder, with slashes.
        file: Its full path.
        name: Display name of its document.
        sha256: Hash of its content.
        mime_type: Its type.
        size: Number of bytes.
        stamp: Time of its last change in nanoseconds.
    """

    path: str
    file: Path
    name: str
    sha256: str
    mime_type: str
    size: int
    stamp: int

    @property
    def content(self) -> tuple[str, str]:
        """Hash and type; two files with the same content become one document."""
        return self.sha256, self.mime_type

    def check_same(self) -> None:
        """Refuse a file that has changed since it was hashed.

        Raises:
            UploadError: it has changed, or no longer exists.
        """
        try:
            now = self.file.stat()
        except OSError as error:
            raise UploadError(f"The file no longer exists ({error.strerror}); synchronise again.") from error
        if (now.st_mtime_ns, now.st_size) != (self.stamp, self.size):
            raise UploadError("The file changed during the synchronisation; synchronise again.")


@dataclass(frozen=True, slots=True)
class Unusable:
    """An entry of the folder that cannot be a document.

    Attributes:
        path: Path in the folder, with slashes.
        reason: Why not.
    """

    path: str
    reason: str


def scan(folder: Path, pattern: str, manifest: Path) -> tuple[list[FolderFile], list[Unusable]]:
    """Return the files whose path matches the pattern, and those that cannot be used; ignore hidden ones.

    Raises:
        InvalidArgumentError: the folder does not exist, or cannot be read.
    """
    if not os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir raises if a name is too long
        raise InvalidArgumentError(f"agents.documents.sync: {str(folder)[:200]!r} is not a folder.")
    files: list[FolderFile] = []
    unusable: list[Unusable] = []
    # Not Path.resolve, which raises for circular links.
    root = Path(os.path.realpath(folder))
    own = Path(os.path.realpath(manifest.parent), manifest.name)
    for path, problem in sorted(_walk(folder), key=str):
        name = path.relative_to(folder).as_posix()
        if problem is None and (root / name == own or not fnmatchcase(name, pattern)):
            continue
        try:
            if problem is not None:
                raise UploadError(problem)
            files.append(_examine(path, name, root))
        except (OSError, UploadError, UnicodeError) as error:
            unusable.append(Unusable(name.encode("utf-8", "replace").decode(), _reason(error)))
    return files, unusable


def _walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield files, and folders that are not entered with the reason."""
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        for name in folders:
            if os.path.islink(Path(place, name)):  # noqa: PTH114 - Path.is_symlink raises without permission
                yield Path(place, name), "It is a link to a folder; such links are not followed."
        for name in names:
            if not _is_hidden(name):
                yield Path(place, name), None
    for error in closed:
        if Path(error.filename) == folder:
            # If it counted as empty, the agent would lose all of its documents.
            text = f"agents.documents.sync: {str(folder)[:200]!r} cannot be read: {error.strerror}."
            raise InvalidArgumentError(text) from error
        yield Path(error.filename), f"The folder cannot be read: {error.strerror}."


def _is_hidden(name: str) -> bool:
    # Word creates a file with this prefix next to every open document.
    return name.startswith((".", "~$"))


def _examine(path: Path, name: str, root: Path) -> FolderFile:
    name.encode("utf-8")
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
        raise UploadError("It is a link that leads out of the folder.")
    label = name if len(name) <= MAX_NAME_LENGTH else path.name
    if len(label) > MAX_NAME_LENGTH:
        raise UploadError(f"Its name has {len(label)} characters; at most {MAX_NAME_LENGTH} are accepted.")
    kind = document_type(path.name, None)
    with open_source(path) as source:
        check_size(source.size, MAX_DOCUMENT_BYTES, "documents.upload")
        digest = hashlib.file_digest(cast(BufferedReader, source.file), "sha256").hexdigest()
        source.check_same()
        return FolderFile(name, path, label, digest, kind, source.size, source.stamp or 0)


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "Its name is not UTF-8."
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
