# Derived from vocobase/_transfers/aio/uploads.py by scripts/derive_sync.py; edit that instead.
"""Upload one file: create a record, send the bytes to its presigned URL, confirm."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from vocobase._base.arguments import check_callback
from vocobase._base.errors import UploadExpiredError, VocobaseError
from vocobase._core.sync.core import Core
from vocobase._policy.budgets import Acquired
from vocobase._policy.cadence import MAX_ACQUIRE_STEP_SECONDS
from vocobase._policy.messages import Request
from vocobase._policy.operations import Budget
from vocobase._policy.options import Timeout, resolve_transfer
from vocobase._transfers.links import required_text, store_url
from vocobase._transfers.object_store import expiry_of
from vocobase._transfers.sources import (
    MAX_AUDIO_BYTES,
    MAX_DOCUMENT_BYTES,
    SourceLike,
    check_size,
    document_name,
    document_type,
    open_source,
)
from vocobase._transfers.sync.put import Progress, Transfer, put
from vocobase._transfers.sync.upload_records import DocumentRecords, Records, TrackRecords
from vocobase._transfers.wav import check_wav
from vocobase_raw.models.background_audio import BackgroundAudio
from vocobase_raw.models.document import Document

# Creating the record, and confirming it.
REQUESTS_PER_UPLOAD = 2
# Receives None before a record is created, and then its id.
Journal = Callable[[str | None], None]
T = TypeVar("T")


def _ignore(_: str | None = None) -> None:
    """Do nothing; the default of callbacks."""


def upload_document(
    core: Core,
    source: SourceLike,
    *,
    name: str | None = None,
    mime_type: str | None = None,
    on_progress: Progress | None = None,
    transfer_timeout: float | Timeout | None = None,
    journal: Journal = _ignore,
    check: Callable[[], object] = _ignore,
) -> Document:
    """Upload a document; see ``documents.upload``.

    ``check`` is called during a wait for permits, and may raise to end it.
    """
    what = DocumentRecords.what
    check_callback(on_progress, f"{what}: on_progress")
    timeout = resolve_transfer(transfer_timeout)
    with open_source(source) as opened:
        label = document_name(name, opened)
        check_size(opened.size, MAX_DOCUMENT_BYTES, what, opened.start)
        kind = document_type(label, mime_type, opened.name)
        records = DocumentRecords(label, opened.size, kind)
        return _upload(core, records, Transfer(opened, kind, on_progress, timeout), journal, check)


def upload_track(
    core: Core,
    source: SourceLike,
    *,
    slug: str,
    label: str | None,
    on_progress: Progress | None,
    transfer_timeout: float | Timeout | None,
) -> BackgroundAudio:
    """Upload a background audio track; see ``background_audio.upload``."""
    what, kind = TrackRecords.what, "audio/wav"
    check_callback(on_progress, f"{what}: on_progress")
    timeout = resolve_transfer(transfer_timeout)
    with open_source(source) as opened:
        check_size(opened.size, MAX_AUDIO_BYTES, what, opened.start)
        check_wav(opened, what)
        records = TrackRecords(slug, label or slug, opened.size, kind)
        return _upload(core, records, Transfer(opened, kind, on_progress, timeout), _ignore, _ignore)


def _upload(
    core: Core,
    records: Records[T],
    transfer: Transfer,
    journal: Journal,
    check: Callable[[], object],
) -> T:
    """Upload with one record; if its URL expires, with one more."""
    try:
        return _upload_once(core, records, transfer, journal, check)
    except UploadExpiredError:
        return _upload_once(core, records, transfer, journal, check)


def _upload_once(
    core: Core,
    records: Records[T],
    transfer: Transfer,
    journal: Journal,
    check: Callable[[], object],
) -> T:
    what, core = records.what, _acquire_permits(core, check)
    journal(None)
    requested_at = core.runtime.monotonic()
    ticket = core.runtime.shield(
        records.create(core),
        undo=lambda late: records.delete(core, getattr(late, records.id_member)),
    )
    record_id = required_text(getattr(ticket, records.id_member), records.id_member, what)
    try:
        journal(record_id)
        # The URL is a secret, so it becomes no variable.
        request = Request(
            "PUT",
            store_url(ticket.upload_url, "upload_url", what, core.pool.http_hosts),
            transfer.headers,
            None,
            what,
        )
        expires_at = expiry_of(getattr(ticket, "expires_in", None), requested_at)
        put(core, request, transfer, expires_at)
        return records.confirm(core, record_id)
    except BaseException:
        # The record would stay unfinished forever. The first error is the one that counts.
        with suppress(VocobaseError):
            core.runtime.shield(records.delete(core, record_id))
        raise


def _acquire_permits(core: Core, check: Callable[[], object]) -> Core:
    """Acquire the permits of an upload now; a later wait would delay a cancellation and use up the URL."""
    pacer = core.options.pacer
    if pacer is None:
        return core

    def sleep(seconds: float) -> None:
        check()
        core.runtime.sleep(min(seconds, MAX_ACQUIRE_STEP_SECONDS))

    for _ in range(REQUESTS_PER_UPLOAD):
        core.acquire(Budget.GENERAL, sleep)
    return core.view(pacer=Acquired(pacer, REQUESTS_PER_UPLOAD))
