# Derived from vocobase/_async by scripts/derive_sync.py; edit that instead.
"""Wait for a call to end, inside the documented budgets."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from vocobase._errors import CallFailed, WaitTimeout
from vocobase._states import CALL_DONE, CALL_FAILED, CALLS_LOOK, FIRST_LOOK, GROWTH, LONGEST_LOOK
from vocobase_raw.models.call import Call
from vocobase_raw.models.call_details import CallDetails

if TYPE_CHECKING:
    from vocobase._sync.resources.calls import Calls


def wait_for_call(
    calls: Calls, call_id: str, *, timeout: float, on_update: Callable[[Call | CallDetails], None] | None
) -> CallDetails:
    """Wait for a call; see ``calls.wait``.

    One page of ``GET /calls`` is read instead of ``GET /calls/{id}``: its budget is six times larger.
    """
    deadline = time.monotonic() + timeout
    pause = FIRST_LOOK
    status = None
    last: Call | CallDetails | None = None
    while True:
        newest = calls.list(limit=100)
        last = next((call for call in newest if call.call_id == call_id), None) or calls.get(call_id)
        if on_update is not None and last.status != status:
            on_update(last)
        status = last.status
        if status in CALL_DONE | CALL_FAILED:
            break
        pause = _pause(pause, deadline, last)
    return _settled(calls, call_id, deadline)


def _settled(calls: Calls, call_id: str, deadline: float) -> CallDetails:
    """Read the call until its processing is over, so that transcript and extraction are final."""
    while True:
        call = calls.get(call_id)
        if call.status in CALL_FAILED:
            raise CallFailed(
                f"calls.wait: the call ended as {call.status}; see `call` of this error.", call=call
            )
        # An absent flag belongs to older answers, which know no processing after the call.
        if call.session is None or call.session.processing_complete is not False:
            return call
        _pause(CALLS_LOOK, deadline, call)


def _pause(seconds: float, deadline: float, last: Call | CallDetails) -> float:
    wait = seconds * (0.9 + 0.2 * random.random())
    if time.monotonic() + wait > deadline:
        raise WaitTimeout(
            f"calls.wait: the call is still {last.status}; wait longer, or look again with calls.get.",
            last=last,
        )
    time.sleep(wait)
    return min(LONGEST_LOOK, seconds * GROWTH)
