# Derived from vocobase/_transfers/aio/upload_many.py by scripts/derive_sync.py; edit that instead.
"""Upload several documents at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vocobase._base.arguments import check_callback, check_whole
from vocobase._base.errors import VocobaseError
from vocobase._core.sync.core import Core
from vocobase._policy.options import Timeout, resolve_transfer
from vocobase._transfers.batch import MAX_CONCURRENCY, Batch, PathLike
from vocobase._transfers.sync.uploads import upload_document
from vocobase_raw.models.document import Document


def upload_documents(
    core: Core,
    paths: Iterable[PathLike],
    *,
    concurrency: int,
    on_progress: Callable[[int, int], None] | None,
    transfer_timeout: float | Timeout | None,
) -> list[Document]:
    """Upload several documents; see ``documents.upload_many``."""
    what = "documents.upload_many"
    check_whole(concurrency, f"{what}: concurrency", 1, MAX_CONCURRENCY)
    check_callback(on_progress, f"{what}: on_progress")
    timeout = resolve_transfer(transfer_timeout)
    batch = Batch(paths, on_progress)

    def upload(number: int) -> None:
        refusal = batch.refusal()
        if refusal is not None:
            batch.failed(number, refusal)
            return
        try:
            document = upload_document(
                core,
                batch.paths[number],
                on_progress=batch.progress(number),
                transfer_timeout=timeout,
                check=batch.refusal,
            )
        except VocobaseError as error:
            batch.failed(number, error)
        else:
            batch.done(number, document)

    core.runtime.gather(upload, len(batch.paths), concurrency, batch.stop)
    return batch.documents()
