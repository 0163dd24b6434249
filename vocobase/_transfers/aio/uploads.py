"""Presign, PUT, confirm: one upload from its source to a usable object."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from vocobase._base.arguments import check_callback
from vocobase._base.errors import (
    ConnectionFailedError,
    OutcomeUnknownError,
    TimeoutExceededError,
    UploadExpiredError,
    UploadRejectedError,
    VocobaseError,
    one_line,
)
from vocobase._base.runtime import Deadline
from vocobase._policy.budgets import Acquired
from vocobase._policy.messages import Request, Response
from vocobase._policy.operations import Budget
from vocobase._policy.options import Timeout, resolve_transfer
from vocobase._policy.retry import backoff
from vocobase._transfers.object_store import broken_off, check_stored, is_temporary, runs_out
from vocobase._transfers.sources import (
    MAX_AUDIO_BYTES,
    MAX_DOCUMENT_BYTES,
    AsyncAttempt,
    Source,
    SourceLike,
    check_size,
    document_name,
    document_type,
    link,
    needed,
    open_source,
)
from vocobase._transfers.wav import check_wav
from vocobase._transport.bodies import Meter, async_chunks
from vocobase_raw.models.background_audio import BackgroundAudio
from vocobase_raw.models.background_audio_upload import BackgroundAudioUpload
from vocobase_raw.models.document import Document
from vocobase_raw.models.document_upload import DocumentUpload

if TYPE_CHECKING:
    from vocobase._core.aio.core import AsyncCore
    from vocobase._resources.aio.background_audio import AsyncBackgroundAudios
    from vocobase._resources.aio.documents import AsyncDocuments

# What an upload asks of the API: a record, and its confirmation.
REQUESTS = 2
Progress = Callable[[int, int], None]
# Told before a record is asked for, with None, and again with its id.
Journal = Callable[[str | None], None]
T = TypeVar("T")


async def upload_document(
    documents: AsyncDocuments,
    core: AsyncCore,
    source: SourceLike,
    *,
    name: str | None = None,
    mime_type: str | None = None,
    on_progress: Progress | None = None,
    transfer_timeout: float | Timeout | None = None,
    journal: Journal | None = None,
    check: Callable[[], object] = bool,
) -> Document:
    """Upload a document; see ``documents.upload``.

    ``check`` is called now and then while there is no room in the budget, and may raise.
    """
    what = "documents.upload"
    check_callback(on_progress, f"{what}: on_progress")
    note: Journal = journal or (lambda _: None)
    timeout = resolve_transfer(transfer_timeout)
    with open_source(source) as opened:
        label = document_name(name, opened)
        check_size(opened.size, MAX_DOCUMENT_BYTES, what)
        kind = document_type(opened.name or label, mime_type)

        async def attempt() -> Document:
            prepaid = type(documents)(await _prepaid(core, check))
            note(None)
            asked = core.runtime.monotonic()
            ticket = await core.runtime.shield(
                prepaid.create_upload(label, opened.size, mime_type=kind),
                undo=lambda late: prepaid.delete(late.document_id),
            )
            document_id = needed(ticket.document_id, "document_id", what)
            try:
                note(document_id)
                request = _to_store(ticket, kind, opened.size, what)
                until = runs_out(ticket.expires_in, asked)
                await put(core, request, opened, on_progress, timeout, until)
                return await _confirm(prepaid, document_id)
            except BaseException:
                # The record would stay in status uploading for good; the first error is the one that counts.
                with suppress(VocobaseError):
                    await core.runtime.shield(prepaid.delete(document_id))
                raise

        return await _once_more_when_expired(attempt)


async def _confirm(documents: AsyncDocuments, document_id: str) -> Document:
    try:
        return await documents.confirm(document_id)
    except OutcomeUnknownError as lost:
        try:
            found = await documents.get(document_id)
        except VocobaseError as error:
            raise lost from error
        if found.status == "uploading":
            return await documents.confirm(document_id)
        return Document.from_dict(found.to_dict())


async def upload_audio(
    assets: AsyncBackgroundAudios,
    core: AsyncCore,
    source: SourceLike,
    *,
    slug: str,
    label: str | None,
    on_progress: Progress | None,
    transfer_timeout: float | Timeout | None,
) -> BackgroundAudio:
    """Upload a track; see ``background_audio.upload``."""
    what = "background_audio.upload"
    check_callback(on_progress, f"{what}: on_progress")
    timeout = resolve_transfer(transfer_timeout)
    with open_source(source) as opened:
        check_size(opened.size, MAX_AUDIO_BYTES, what)
        check_wav(opened, what)

        async def attempt() -> BackgroundAudio:
            prepaid = type(assets)(await _prepaid(core, bool))
            ticket = await core.runtime.shield(
                prepaid.create_upload(slug, label or slug, mime_type="audio/wav", size_bytes=opened.size),
                undo=lambda late: prepaid.delete(late.id),
            )
            asset_id = needed(ticket.id, "id", what)
            try:
                request = _to_store(ticket, "audio/wav", opened.size, what)
                await put(core, request, opened, on_progress, timeout)
                asset = await _finalize(prepaid, asset_id)
                if asset.status == "FAILED":
                    reason = asset.additional_properties.get("error") or "the server gave no reason"
                    raise UploadRejectedError(f"{what}: the file was refused: {one_line(reason)}.")
                return asset
            except BaseException:
                with suppress(VocobaseError):
                    await core.runtime.shield(prepaid.delete(asset_id))
                raise

        return await _once_more_when_expired(attempt)


async def _finalize(assets: AsyncBackgroundAudios, asset_id: str) -> BackgroundAudio:
    try:
        return await assets.finalize(asset_id)
    except OutcomeUnknownError as lost:
        try:
            listed = await assets.list()
        except VocobaseError as error:
            raise lost from error
        found = next((asset for asset in listed if asset.id == asset_id), None)
        if found is not None and found.status in ("READY", "FAILED"):
            return found
        return await assets.finalize(asset_id)


async def _prepaid(core: AsyncCore, check: Callable[[], object]) -> AsyncCore:
    """Wait for both places in the budget now; later that would hold up a cancellation and use up the URL."""
    pacer = core.options.pacer
    if pacer is None:
        return core
    for _ in range(REQUESTS):
        await core.acquire(Budget.GENERAL, check)
    return core.view(pacer=Acquired(pacer, REQUESTS))


async def _once_more_when_expired(attempt: AsyncAttempt[T]) -> T:
    try:
        return await attempt()
    except UploadExpiredError:
        return await attempt()


def _to_store(
    ticket: DocumentUpload | BackgroundAudioUpload, mime_type: str, size: int, what: str
) -> Request:
    """Return the PUT, without any header of the API; the URL, a secret, is in no variable of its own."""
    headers = {"Content-Type": mime_type, "Content-Length": str(size)}
    return Request("PUT", link(ticket.upload_url, "upload_url", what), headers, None, what)


async def put(
    core: AsyncCore,
    request: Request,
    source: Source,
    on_progress: Progress | None,
    timeout: Timeout,
    until: float = math.inf,
) -> None:
    """Send a source to a presigned URL.

    Sending the same bytes to the same URL again changes nothing, so broken transfers start anew. A store that
    refuses a URL without reading on may break the connection, and its answer is lost; so ``until``, on the
    monotonic clock of the runtime, tells as well that the URL has run out.

    Raises:
        UploadExpiredError: the URL has run out.
        UploadRejectedError: the object store refused the bytes.
        UploadError: the source changed, or cannot be read.
        ConnectionFailedError: the store could not be reached.
    """
    what = request.name
    deadline = Deadline(core.runtime.clock, timeout.total)
    attempt = 0
    meter = Meter(source.size, on_progress)

    def tell(done: int) -> None:
        if deadline.remaining() < 0:
            text = f"{what}: the transfer took longer than {timeout.total:g} s; see transfer_timeout=."
            raise TimeoutExceededError(text, sent=True, operation=what)
        meter.tell(done)

    while True:
        attempt, meter.taken = attempt + 1, 0
        source.rewind()
        body = async_chunks(source.file, source.size, tell, core.runtime)
        failed: ConnectionFailedError | None = None
        response: Response | None = None
        try:
            response = await core.pool.send(replace(request, body=body), timeout, deadline)
        except ConnectionFailedError as error:
            failed = error
        except BaseException:  # a callback may raise anything
            if not meter.failed:
                raise
        # Not above, where it would be chained to what the transport made of it.
        meter.check()
        if response is not None and not is_temporary(response):
            check_stored(response, what)
            if meter.taken == source.size:
                return source.check_same()
            failed, response = broken_off(what, meter.taken, source.size), None
        late = deadline.remaining() < 0
        if core.runtime.monotonic() > until and not late:
            raise UploadExpiredError(f"{what}: the presigned URL has run out.") from failed
        if attempt > core.options.max_retries or late:
            if response is not None:
                check_stored(response, what)
            assert failed is not None
            raise failed
        await core.runtime.sleep(backoff(attempt, core.runtime.random()))
