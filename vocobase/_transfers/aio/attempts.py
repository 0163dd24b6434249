"""Send one request to the object store until its outcome is final."""

from __future__ import annotations

from vocobase._base.runtime import Deadline
from vocobase._core.aio.core import AsyncCore
from vocobase._policy.retry import backoff
from vocobase._transfers.outcomes import Outcome, is_final
from vocobase._transfers.work import AsyncWork


async def attempt_until_final(core: AsyncCore, attempt: AsyncWork[Outcome], deadline: Deadline) -> Outcome:
    """Repeat an attempt as long as a retry may help, and return its last outcome."""
    count = 0
    while True:
        outcome = await attempt()
        count += 1
        final = is_final(
            outcome, attempt=count, max_retries=core.options.max_retries, remaining=deadline.remaining()
        )
        if final:
            return outcome
        await core.runtime.sleep(backoff(count, core.runtime.random()))
