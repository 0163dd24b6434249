# Derived from vocobase/_transfers/aio/downloads.py by scripts/derive_sync.py; edit that instead.
"""Download a file over presigned URLs: it appears under its name only when it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from vocobase._base.clock import Deadline
from vocobase._base.errors import ConnectionFailedError
from vocobase._core.sync.core import Core
from vocobase._policy.messages import Request
from vocobase._policy.options import Timeout, resolve_transfer
from vocobase._transfers.destinations import FileSink, as_target, new_file
from vocobase._transfers.links import file_url, store_url
from vocobase._transfers.sync.transfer_attempts import attempt_until_final
from vocobase._transfers.transfer_outcomes import Outcome, Verdict, download_outcome
from vocobase._transfers.work import Work
from vocobase._transport.bodies import Collector, Sink
from vocobase_raw.api.calls import recording_url as calls_recording_url
from vocobase_raw.api.documents import get as documents_get


def download_document(
    core: Core,
    document_id: str,
    dest: str | PathLike[str],
    transfer_timeout: float | Timeout | None,
) -> Path:
    """Download the file of a document; see ``documents.download``."""

    def presign() -> str:
        found = core.call(documents_get.build(document_id), documents_get.parse)
        return file_url(found, core.pool.http_hosts)

    return download(core, presign, dest, "documents.download", transfer_timeout)


def download_recording(
    core: Core, call_id: str, dest: str | PathLike[str], transfer_timeout: float | Timeout | None
) -> Path:
    """Download the recording of a call; see ``calls.download_recording``."""
    what = "calls.download_recording"

    def presign() -> str:
        found = core.call(calls_recording_url.build(call_id), calls_recording_url.parse)
        return store_url(found.recording_url, "recording_url", what, core.pool.http_hosts)

    return download(core, presign, dest, what, transfer_timeout)


def download(
    core: Core,
    presign: Work[str],
    dest: str | PathLike[str],
    what: str,
    transfer_timeout: float | Timeout | None,
) -> Path:
    """Download the file of a presigned URL; if the first URL has expired, use another one.

    Raises:
        InvalidArgumentError: ``dest`` is not a path, or not that of a regular file.
        DownloadError: the file cannot be written.
        ResponseError: the object store refused, or the body is damaged.
        ConnectionFailedError: the object store could not be reached.
    """
    path = as_target(dest, what)
    timeout = resolve_transfer(transfer_timeout)
    with new_file(path, what) as sink:
        request = _get(presign(), what)
        deadline = Deadline(core.runtime.clock, timeout.total)
        outcome = _fetch(core, request, sink, timeout, deadline)
        if outcome.verdict is Verdict.RENEW:
            request = _get(presign(), what)
            outcome = _fetch(core, request, sink, timeout, deadline)
        if outcome.error is not None:
            raise outcome.error
    return path


def _get(url: str, what: str) -> Request:
    return Request("GET", url, {"Accept-Encoding": "identity"}, None, what)


def _fetch(core: Core, request: Request, sink: FileSink, timeout: Timeout, deadline: Deadline) -> Outcome:
    """Receive the file over one URL."""
    what = request.name

    def receive(status: int, headers: Mapping[str, str]) -> Sink:
        return sink.begin(headers, status) if status == 200 else Collector(headers, what, status)

    def attempt() -> Outcome:
        try:
            response = core.pool.send(request, timeout, deadline, receive)
        except ConnectionFailedError as error:
            return download_outcome(error, what)
        outcome = download_outcome(response, what)
        if outcome.verdict is Verdict.DONE:
            sink.check_whole(response.headers)
        return outcome

    return attempt_until_final(core, request, attempt, deadline)
