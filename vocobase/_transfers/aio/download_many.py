"""Download the files of all documents into one folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from vocobase._base.arguments import as_path, check_callback, is_id
from vocobase._base.errors import (
    DownloadResult,
    DownloadsFailedError,
    InvalidArgumentError,
    NotFoundError,
    VocobaseError,
)
from vocobase._base.filenames import distinct_filenames
from vocobase._core.aio.core import AsyncCore
from vocobase._policy.options import Timeout, resolve_transfer
from vocobase._policy.pages import MAX_PAGE_SIZE
from vocobase._transfers.aio.downloads import download_document
from vocobase._transfers.batch import PathLike, is_refusal
from vocobase._transfers.links import has_file
from vocobase_raw.api.documents import list_ as documents_list
from vocobase_raw.models.document import Document


async def download_documents(
    core: AsyncCore,
    folder: PathLike,
    *,
    on_progress: Callable[[int, int], None] | None,
    transfer_timeout: float | Timeout | None,
) -> list[Path]:
    """Download the files of all documents; see ``documents.download_all``."""
    what = "documents.download_all"
    root = as_path(folder, f"{what}: folder")
    if os.path.lexists(root) and not os.path.isdir(root):  # noqa: PTH112 - Path.is_dir raises if a name is too long
        raise InvalidArgumentError(f"{what}: {str(root)[:200]!r} is not a folder.")
    check_callback(on_progress, f"{what}: on_progress")
    timeout = resolve_transfer(transfer_timeout)
    documents = [
        document
        async for document in core.walk(
            lambda offset: documents_list.build(limit=MAX_PAGE_SIZE, offset=offset),
            "documents",
            Document.from_dict,
            lambda document: document.id,
        )
        if has_file(document) and is_id(document.id)
    ]
    # The oldest document keeps its name, whatever is added later.
    names = distinct_filenames((str(document.name), document.id) for document in reversed(documents))
    results: list[DownloadResult] = []
    refusal: VocobaseError | None = None
    for number, (document, name) in enumerate(zip(documents, reversed(names), strict=True), 1):
        try:
            path = None if refusal else await download_document(core, document.id, root / name, timeout)
        except NotFoundError:
            # It was deleted after it was listed.
            pass
        except VocobaseError as error:
            results.append(DownloadResult(document, None, error))
            refusal = error if is_refusal(error) else None
        else:
            results.append(DownloadResult(document, path, refusal))
        if on_progress is not None:
            on_progress(number, len(documents))
    return _paths(results, what)


def _paths(results: list[DownloadResult], what: str) -> list[Path]:
    errors = [result.error for result in results if result.error is not None]
    if errors:
        counted = f"{len(errors)} of {len(results)} files were not downloaded"
        raise DownloadsFailedError(
            f"{what}: {counted}; see `results` of this error. First: {errors[0]}", results=results
        ) from errors[0]
    return [result.path for result in results if result.path is not None]
