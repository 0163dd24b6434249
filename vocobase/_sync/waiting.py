# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""Wait for a call to end, inside the documented budgets."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from vocobase._errors import (
    CallFailed,
    ConnectionFailed,
    LimitReached,
    ServerError,
    VocobaseError,
    WaitTimeout,
)
from vocobase._selection import check_timeout, is_settled
from vocobase._states import CALL_DONE, CALL_FAILED, CALLS_LOOK, FIRST_LOOK, GROWTH, LONGEST_LOOK
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails

if TYPE_CHECKING:
    from vocobase._sync.resources.calls import Calls

# What may be gone at the next look.
TEMPORARY = (ConnectionFailed, LimitReached, ServerError)


def wait_for_call(
    calls: Calls, call_id: str, *, timeout: float, on_update: Callable[[Call | CallDetails], None] | None
) -> CallDetails:
    """Wait for a call; see ``calls.wait``.

    One page of ``GET /calls`` is read instead of ``GET /calls/{id}``: its budget is six times larger.
    """
    check_timeout(timeout)
    deadline = time.monotonic() + timeout
    pause, status = FIRST_LOOK, None
    last: Call | CallDetails | None = None
    while True:
        try:
            newest = calls.list(limit=100)
            last = next((call for call in newest if call.call_id == call_id), None)
            if last is None:
                last, pause = calls.get(call_id), CALLS_LOOK
        except TEMPORARY as error:
            # One bad answer must not end a wait of minutes.
            _pause(pause, deadline, last, error)
            continue
        if on_update is not None and last.status != status:
            on_update(last)
        status = last.status
        if status in CALL_DONE | CALL_FAILED:
            break
        pause = _pause(pause, deadline, last)
    return _settled(calls, call_id, deadline, last)


def _settled(calls: Calls, call_id: str, deadline: float, last: Call | CallDetails) -> CallDetails:
    """Read the call until its processing is over, so that transcript and extraction are final."""
    while True:
        try:
            call = calls.get(call_id)
        except TEMPORARY as error:
            _pause(CALLS_LOOK, deadline, last, error)
            continue
        if call.status in CALL_FAILED:
            raise CallFailed(
                f"calls.wait: the call ended as {call.status}; see `call` of this error.", call=call
            )
        if is_settled(call):
            return call
        _pause(CALLS_LOOK, deadline, call)


def _pause(
    seconds: float, deadline: float, last: Call | CallDetails | None, error: VocobaseError | None = None
) -> float:
    wait = seconds * (0.9 + 0.2 * random.random())
    if time.monotonic() + wait > deadline:
        state = f"is still {last.status}" if last else "was not seen"
        text = f"calls.wait: the call {state}; wait longer, or look again with calls.get."
        raise WaitTimeout(text, last=last) from error
    time.sleep(wait)
    return max(seconds, min(LONGEST_LOOK, seconds * GROWTH))
