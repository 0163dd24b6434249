# Derived from vocobase/_events/aio/single.py by scripts/derive_sync.py; edit that instead.
"""Build the event of one call."""

from __future__ import annotations

from vocobase._base.errors import (
    InvalidArgumentError,
    LookupFailedError,
    NotFoundError,
    ValidationFailedError,
)
from vocobase._core.sync.core import Core
from vocobase._events.event import event_of, session_of
from vocobase._waiting.finality import is_ongoing
from vocobase.webhooks._payloads import SessionCompleted
from vocobase_raw.api.calls import get as calls_get
from vocobase_raw.api.sessions import get as sessions_get
from vocobase_raw.models.call_details import CallDetails
from vocobase_raw.models.session import Session


def event_of_call(core: Core, call_id: str) -> SessionCompleted:
    """Return the event of a call that has ended; see ``events.of_call``."""
    call = core.call(calls_get.build(call_id), calls_get.parse)
    if is_ongoing(call):
        raise LookupFailedError(
            f"events.of_call: the call is {call.status} and has no event yet; wait with calls.wait."
        )
    return event_of(call_id, call, read_session(core, call))


def read_session(core: Core, call: CallDetails) -> Session | None:
    """Read the session of a call; return None if there is none."""
    session_id = session_of(call)
    if session_id is None:
        return None
    try:
        return core.call(sessions_get.build(session_id), sessions_get.parse)
    except (NotFoundError, ValidationFailedError, InvalidArgumentError):
        return None
