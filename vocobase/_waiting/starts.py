"""Decide when `calls.start(wait_for_slot=)` may start a call: after which errors, and with which slots.
Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import cast

from vocobase._base.arguments import is_number
from vocobase._base.errors import CertificateError, ConnectionFailedError, LimitReachedError, VocobaseError
from vocobase_raw.models.call_concurrency import CallConcurrency


class NextStep(Enum):
    """The step after a start that failed."""

    WAIT_FOR_SLOT = "wait for a slot, then start again"
    RETRY = "the same, as often as the client may retry"
    RAISE = "raise the error"


# The first class that matches decides. Both errors mean that nothing was dialled: `calls.start` raises a
# ConnectionFailedError only if the request was certainly not sent. After any other error the call may exist.
NEXT_STEPS: Mapping[type[VocobaseError], NextStep] = {
    LimitReachedError: NextStep.WAIT_FOR_SLOT,
    CertificateError: NextStep.RAISE,
    ConnectionFailedError: NextStep.RETRY,
    VocobaseError: NextStep.RAISE,
}


def next_step(error: VocobaseError, retries_left: int) -> NextStep:
    """Return the step after a start failed with an error."""
    step = next(step for kind, step in NEXT_STEPS.items() if isinstance(error, kind))
    return NextStep.RAISE if step is NextStep.RETRY and retries_left <= 0 else step


def has_free_slot(concurrency: CallConcurrency) -> bool:
    """Return whether a start is worth a request: always, unless there is clearly no slot."""
    remaining = cast(object, concurrency.remaining)
    # A limit of 0 means that the account has no limit.
    return concurrency.limit == 0 or not is_number(remaining) or remaining > 0
