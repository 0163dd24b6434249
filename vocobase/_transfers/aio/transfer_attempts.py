"""Send one request to the object store until its outcome is final."""

from __future__ import annotations

from vocobase._base.clock import Deadline
from vocobase._core.aio.core import AsyncCore
from vocobase._policy.messages import Request
from vocobase._policy.retry import backoff
from vocobase._policy.tracing import PRESIGNED_PATH, Trace, observed
from vocobase._transfers.transfer_outcomes import Outcome, is_final
from vocobase._transfers.work import AsyncWork


async def attempt_until_final(
    core: AsyncCore, request: Request, attempt: AsyncWork[Outcome], deadline: Deadline
) -> Outcome:
    """Retry an attempt as long as that may help, and return its last outcome."""
    trace = Trace(request.name, request.method, PRESIGNED_PATH)
    with observed(core.options.observe, trace):
        while True:
            trace.attempts += 1
            outcome = await attempt()
            trace.note(outcome.error)
            final = is_final(
                outcome,
                attempt=trace.attempts,
                max_retries=core.options.max_retries,
                remaining=deadline.remaining(),
            )
            if final or outcome.error is None:
                return outcome
            seconds = backoff(trace.attempts, core.runtime.random())
            core.emit(trace.retry(outcome.error, seconds))
            await core.runtime.sleep(seconds)
