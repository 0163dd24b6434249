"""Errors of files: uploads, downloads, exports; and the results of several transfers."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vocobase._base.errors.root import VocobaseError

if TYPE_CHECKING:
    # At run time it would load the models with every error.
    from vocobase_raw.models.document import Document


class UploadError(VocobaseError):
    """A file did not reach the object store."""


class UploadRejectedError(UploadError):
    """The object store, or the check of the file, rejected it.

    Attributes:
        status: HTTP status of the object store, None if the file itself was rejected.
    """

    status: int | None = None


class UploadExpiredError(UploadError):
    """The presigned URL expired before the transfer was complete."""


class UploadResult(NamedTuple):
    """The result of uploading one of several files.

    Attributes:
        path: The path as you passed it.
        document: The document, None if the file was not uploaded.
        error: Why the file was not uploaded, None if it was.
    """

    path: str | PathLike[str]
    document: Document | None
    error: VocobaseError | None


class UploadsFailedError(UploadError):
    """Some of several files were not uploaded; the others were.

    Attributes:
        results: One ``UploadResult`` for every path, in the order of the paths.
    """

    results: Sequence[UploadResult] = ()


class DownloadError(VocobaseError):
    """A download could not be written to its file, such as to a full disk; no part of it stays behind."""


class DownloadResult(NamedTuple):
    """The result of downloading one of several documents.

    Attributes:
        document: The document.
        path: Path of its file, None if it was not downloaded.
        error: Why it was not downloaded, None if it was.
    """

    document: Document
    path: Path | None
    error: VocobaseError | None


class DownloadsFailedError(DownloadError):
    """Some of several documents were not downloaded; the others were.

    Attributes:
        results: One ``DownloadResult`` for every document that has a file, newest first.
    """

    results: Sequence[DownloadResult] = ()


class ExportError(VocobaseError):
    """The folder of an export or archive cannot be used or written; the files in it are complete."""
