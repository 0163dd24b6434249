"""Download a presigned link into a file that appears only when it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from vocobase._base.errors import ConnectionFailedError, ResponseError
from vocobase._base.runtime import Deadline
from vocobase._policy.messages import Request, Response
from vocobase._policy.options import Timeout, resolve_transfer
from vocobase._policy.retry import backoff
from vocobase._transfers.destinations import as_target, new_file
from vocobase._transfers.object_store import is_expired, is_temporary, said
from vocobase._transfers.sources import AsyncAttempt
from vocobase._transport.bodies import Collector, Sink

if TYPE_CHECKING:
    from vocobase._core.aio.core import AsyncCore


async def download(
    core: AsyncCore,
    mint: AsyncAttempt[str],
    dest: str | PathLike[str],
    what: str,
    transfer_timeout: float | Timeout | None,
) -> Path:
    """Download what a fresh link leads to; broken transfers start anew, an expired link is minted anew once.

    Raises:
        InvalidArgumentError: ``dest`` is no path, a folder, or no regular file.
        DownloadError: the file cannot be written.
        ResponseError: the store refused, or the body is damaged.
        ConnectionFailedError: the store could not be reached.
    """
    path = as_target(dest, what)
    timeout = resolve_transfer(transfer_timeout)
    with new_file(path, what) as sink:

        def receive(status: int, headers: Mapping[str, str]) -> Sink:
            return sink.begin(headers, status) if status == 200 else Collector(headers, what, status)

        request, renewed, attempt = _from_store(await mint(), what), False, 0
        deadline = Deadline(core.runtime.clock, timeout.total)
        while True:
            attempt += 1
            failed: ConnectionFailedError | None = None
            response: Response | None = None
            try:
                response = await core.pool.send(request, timeout, deadline, receive)
            except ConnectionFailedError as error:
                failed = error
            if response is not None and response.status == 200:
                sink.check_whole(response.headers)
                return path
            if response is not None and not renewed and (response.status == 403 or is_expired(response)):
                request, renewed = _from_store(await mint(), what), True
                continue
            hopeless = response is not None and not is_temporary(response)
            if hopeless or attempt > core.options.max_retries or deadline.remaining() < 0:
                raise failed or _refused(response, what)
            await core.runtime.sleep(backoff(attempt, core.runtime.random()))


def _from_store(url: str, what: str) -> Request:
    return Request("GET", url, {"Accept-Encoding": "identity"}, None, what)


def _refused(response: Response | None, what: str) -> ResponseError:
    assert response is not None
    text = f"{what}: the object store answered {said(response)}; try again later."
    return ResponseError(text, status=response.status, operation=what)
