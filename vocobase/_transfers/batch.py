"""Several uploads as one: results in the order of the paths, and one progress for all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import cast

from vocobase._base.errors import (
    AuthenticationError,
    ConfigurationError,
    InvalidArgumentError,
    PermissionDeniedError,
    UploadResult,
    UploadsFailedError,
    VocobaseError,
)
from vocobase_raw.models.document import Document

PathLike = str | os.PathLike[str]
MAX_CONCURRENCY = 16


class Stopped(BaseException):
    """The batch was stopped. This ends a transfer in a thread, which cannot be cancelled."""


class Batch:
    """Collect the results and the progress of several uploads; thread-safe."""

    def __init__(self, paths: Iterable[PathLike], on_progress: Callable[[int, int], None] | None) -> None:
        self.paths = _listed(paths)
        self._results: list[UploadResult | None] = [None] * len(self.paths)
        self._on_progress = on_progress
        self._lock = threading.Lock()
        self._sent = [0] * len(self.paths)
        self._sizes = [_size(path) for path in self.paths]
        self._stopped = False
        self._refusal: VocobaseError | None = None

    def stop(self) -> None:
        """End every transfer at its next piece."""
        self._stopped = True

    def refusal(self) -> VocobaseError | None:
        """Return the error that every further file would meet too, None if there is none.

        Raises:
            Stopped: the batch was stopped.
        """
        if self._stopped:
            raise Stopped
        return self._refusal

    def progress(self, number: int) -> Callable[[int, int], None]:
        """Return a callback for one file that reports the progress of all files."""

        def report(sent: int, size: int) -> None:
            with self._lock:
                self.refusal()
                self._sent[number], self._sizes[number] = sent, size
                if self._on_progress is not None:
                    self._on_progress(sum(self._sent), sum(self._sizes))

        return report

    def done(self, number: int, document: Document) -> None:
        """Store the document of a file."""
        self._results[number] = UploadResult(self.paths[number], document, None)

    def failed(self, number: int, error: VocobaseError) -> None:
        """Store the error of a file."""
        self._results[number] = UploadResult(self.paths[number], None, error)
        if is_refusal(error):
            self._refusal = error

    def documents(self) -> list[Document]:
        """Return all documents, in the order of the paths.

        Raises:
            UploadsFailedError: some files were not uploaded.
        """
        results = [result for result in self._results if result is not None]
        errors = [result.error for result in results if result.error is not None]
        if errors:
            counted = f"{len(errors)} of {len(results)} files were not uploaded"
            raise UploadsFailedError(
                f"documents.upload_many: {counted}; see `results` of this error. First: {errors[0]}",
                results=results,
            ) from errors[0]
        return [result.document for result in results if result.document is not None]


def is_refusal(error: VocobaseError) -> bool:
    """Return whether every further file would meet this error too."""
    # A plain ConfigurationError is about the client, such as a closed one, not about the file.
    refused = isinstance(error, (AuthenticationError, PermissionDeniedError))
    return refused or type(error) is ConfigurationError


def _listed(paths: Iterable[PathLike]) -> list[PathLike]:
    given = cast(object, paths)
    if isinstance(given, (str, bytes, os.PathLike)) or not isinstance(given, Iterable):
        raise InvalidArgumentError(
            "documents.upload_many: pass a list of paths; for one source use documents.upload."
        )
    listed = list(paths)
    for path in cast("list[object]", listed):
        if not isinstance(path, (str, os.PathLike)):
            kind = type(path).__name__
            raise InvalidArgumentError(
                f"documents.upload_many: pass paths, not {kind}; for other sources use documents.upload."
            )
    return listed


def _size(path: PathLike) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - it needs no Path
    except (OSError, ValueError, TypeError):
        return 0
