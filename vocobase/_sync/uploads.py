# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""Presign, PUT, confirm: one upload from its source to a usable object."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from vocobase._config import TRANSFER
from vocobase._errors import (
    ConnectionFailed,
    OutcomeUnknownError,
    TimeoutExceeded,
    UploadExpired,
    UploadRejected,
    VocobaseError,
    one_line,
)
from vocobase._retry import FIRST_DELAY, LONGEST_DELAY
from vocobase._sources import (
    LARGEST_AUDIO,
    LARGEST_DOCUMENT,
    LONGEST_NAME,
    Attempt,
    Source,
    SourceLike,
    check_size,
    document_type,
    needed,
    open_source,
)
from vocobase._wire import Answer, Request, chunks
from vocobase_raw.models.background_audio import BackgroundAudio
from vocobase_raw.models.document import Document

if TYPE_CHECKING:
    from vocobase._sync.core import Core
    from vocobase._sync.resources.background_audio import BackgroundAudios
    from vocobase._sync.resources.documents import Documents

Progress = Callable[[int, int], None]
T = TypeVar("T")


def upload_document(
    documents: Documents,
    core: Core,
    source: SourceLike,
    *,
    name: str | None,
    mime_type: str | None,
    on_progress: Progress | None,
) -> Document:
    """Upload a document; see ``documents.upload``."""
    with open_source(source) as opened:
        label = name or opened.name
        if not label:
            raise UploadRejected("documents.upload: the source has no name; pass name=.")
        if len(label) > LONGEST_NAME:
            raise UploadRejected(
                f"documents.upload: the name has {len(label)} characters, at most {LONGEST_NAME}; pass name=."
            )
        check_size(opened.size, LARGEST_DOCUMENT, "documents.upload")
        kind = document_type(opened.name or label, mime_type)

        def attempt() -> Document:
            ticket = documents.create_upload(label, opened.size, mime_type=kind)
            try:
                url = needed(ticket.upload_url, "upload_url", "documents.upload")
                put(core, opened, url, kind, "documents.upload", on_progress)
                return _confirm(documents, ticket.document_id)
            except BaseException:
                # The record would stay in status uploading for good; the first error is the one that counts.
                with suppress(VocobaseError):
                    documents.delete(ticket.document_id)
                raise

        return _once_more_when_expired(attempt)


def _confirm(documents: Documents, document_id: str) -> Document:
    try:
        return documents.confirm(document_id)
    except OutcomeUnknownError:
        found = documents.get(document_id)
        if found.status == "uploading":
            return documents.confirm(document_id)
        return Document.from_dict(found.to_dict())


def upload_audio(
    assets: BackgroundAudios,
    core: Core,
    source: SourceLike,
    *,
    slug: str,
    label: str | None,
    on_progress: Progress | None,
) -> BackgroundAudio:
    """Upload a track; see ``background_audio.upload``."""
    with open_source(source) as opened:
        check_size(opened.size, LARGEST_AUDIO, "background_audio.upload")

        def attempt() -> BackgroundAudio:
            ticket = assets.create_upload(slug, label or slug, mime_type="audio/wav", size_bytes=opened.size)
            try:
                url = needed(ticket.upload_url, "upload_url", "background_audio.upload")
                put(core, opened, url, "audio/wav", "background_audio.upload", on_progress)
                asset = _finalize(assets, ticket.id)
                if asset.status == "FAILED":
                    reason = asset.additional_properties.get("error") or "the server gave no reason"
                    raise UploadRejected(
                        f"background_audio.upload: the file was refused: {one_line(reason)}."
                    )
                return asset
            except BaseException:
                with suppress(VocobaseError):
                    assets.delete(ticket.id)
                raise

        return _once_more_when_expired(attempt)


def _finalize(assets: BackgroundAudios, asset_id: str) -> BackgroundAudio:
    try:
        return assets.finalize(asset_id)
    except OutcomeUnknownError:
        found = next((asset for asset in assets.list() if asset.id == asset_id), None)
        if found is not None and found.status in ("READY", "FAILED"):
            return found
        return assets.finalize(asset_id)


def _once_more_when_expired(attempt: Attempt[T]) -> T:
    try:
        return attempt()
    except UploadExpired:
        return attempt()


def put(
    core: Core, source: Source, url: str, mime_type: str, what: str, on_progress: Progress | None
) -> None:
    """Send a source to a presigned URL, without any header of the API.

    Sending the same bytes to the same URL again changes nothing, so broken transfers start anew.

    Raises:
        UploadExpired: the URL has run out.
        UploadRejected: the object store refused the bytes.
        ConnectionFailed: it could not be reached.
    """
    headers = {"Content-Type": mime_type, "Content-Length": str(source.size)}
    deadline = time.monotonic() + TRANSFER.total
    attempt = 0

    def tell(done: int) -> None:
        if time.monotonic() > deadline:
            raise TimeoutExceeded(
                f"{what}: the transfer took longer than its URL lives.", sent=True, operation=what
            )
        if on_progress is not None:
            on_progress(done, source.size)

    while True:
        attempt += 1
        source.rewind()
        body = chunks(source.file, source.size, tell)
        failed: ConnectionFailed | None = None
        answer: Answer | None = None
        try:
            answer = core.pool.send(Request("PUT", url, headers, body, what), TRANSFER, deadline)
        except ConnectionFailed as error:
            failed = error
        if answer is not None and answer.status < 500:
            return _check_stored(answer, what)
        if attempt > core.options.max_retries:
            raise failed or UploadRejected(
                f"{what}: the object store answered {answer.status if answer else ''}."
            )
        time.sleep(random.random() * min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1)))


def _check_stored(answer: Answer, what: str) -> None:
    if 200 <= answer.status < 300:
        return
    text = answer.body[:4000].decode("utf-8", errors="replace")
    if answer.status == 403 and re.search(r"expired", text, re.IGNORECASE):
        raise UploadExpired(f"{what}: the presigned URL has run out.")
    found = re.search(r"<Code>([^<]*)</Code>", text)
    code = f" {found.group(1)}" if found else ""
    raise UploadRejected(f"{what}: the object store answered {answer.status}{code}.", status=answer.status)
