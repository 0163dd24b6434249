# Derived from vocobase/_transfers/aio/attempts.py by scripts/derive_sync.py; edit that instead.
"""Send one request to the object store until its outcome is final."""

from __future__ import annotations

from vocobase._base.runtime import Deadline
from vocobase._core.sync.core import Core
from vocobase._policy.retry import backoff
from vocobase._transfers.outcomes import Outcome, is_final
from vocobase._transfers.work import Work


def attempt_until_final(core: Core, attempt: Work[Outcome], deadline: Deadline) -> Outcome:
    """Repeat an attempt as long as a retry may help, and return its last outcome."""
    count = 0
    while True:
        outcome = attempt()
        count += 1
        final = is_final(
            outcome, attempt=count, max_retries=core.options.max_retries, remaining=deadline.remaining()
        )
        if final:
            return outcome
        core.runtime.sleep(backoff(count, core.runtime.random()))
