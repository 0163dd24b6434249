"""Send a file to a presigned URL of the object store."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from vocobase._base.clock import Deadline
from vocobase._base.errors import ConnectionFailedError, TimeoutExceededError
from vocobase._core.aio.core import AsyncCore
from vocobase._policy.messages import Request, Response
from vocobase._policy.options import Timeout
from vocobase._transfers.aio.transfer_attempts import attempt_until_final
from vocobase._transfers.sources import Source
from vocobase._transfers.transfer_outcomes import Outcome, Verdict, upload_outcome
from vocobase._transport.bodies import Meter, async_chunks

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Transfer:
    """The bytes of one upload, and the options for sending them.

    Attributes:
        source: The open source.
        mime_type: Content-Type of the PUT.
        on_progress: The caller's callback.
        timeout: Time limits for one presigned URL.
    """

    source: Source
    mime_type: str
    on_progress: Progress | None
    timeout: Timeout

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the PUT, none of which is a header of the API."""
        return {"Content-Type": self.mime_type, "Content-Length": str(self.source.size)}


async def put(core: AsyncCore, request: Request, transfer: Transfer, expires_at: float = math.inf) -> None:
    """Send a source to a presigned URL.

    The same bytes may be sent to the same URL again, so a broken transfer starts over.

    Args:
        core: The client's core.
        request: The PUT, without its body.
        transfer: The bytes to send.
        expires_at: When the URL expires, on the monotonic clock of the runtime.

    Raises:
        UploadExpiredError: the URL has expired.
        UploadRejectedError: the object store refused the bytes.
        UploadError: the source changed, or cannot be read.
        ConnectionFailedError: the object store could not be reached.
    """
    deadline = Deadline(core.runtime.clock, transfer.timeout.total)
    outcome = await attempt_until_final(
        core, request, lambda: _send_once(core, request, transfer, deadline, expires_at), deadline
    )
    if outcome.error is not None:
        raise outcome.error
    transfer.source.check_same()


async def _send_once(
    core: AsyncCore, request: Request, transfer: Transfer, deadline: Deadline, expires_at: float
) -> Outcome:
    source, timeout, what = transfer.source, transfer.timeout, request.name
    meter = Meter(source.size, transfer.on_progress)

    def report(sent: int) -> None:
        if deadline.remaining() < 0:
            text = f"{what}: the transfer took longer than {timeout.total:g} s; pass transfer_timeout=."
            raise TimeoutExceededError(text, sent=True, operation=what)
        meter.report(sent)

    source.rewind()
    body = async_chunks(source.file, source.size, report, core.runtime)
    result: Response | BaseException
    try:
        result = await core.pool.send(request.with_body(body), timeout, deadline)
    except BaseException as error:  # noqa: BLE001 - it is raised below
        result = error
    if meter.failure is not None:
        # The callback may raise anything; its error counts, whatever the transport made of it.
        return Outcome(Verdict.FAIL, meter.failure)
    if not isinstance(result, (Response, ConnectionFailedError)):
        raise result
    url_expired = core.runtime.monotonic() > expires_at and deadline.remaining() >= 0
    return upload_outcome(result, what, taken=meter.taken, size=source.size, url_expired=url_expired)
