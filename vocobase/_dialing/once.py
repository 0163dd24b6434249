"""The result of a call with a key: its identifier, or the error that says what to do. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vocobase._base.arguments import shown
from vocobase._base.errors import (
    CallRefusedError,
    InvalidArgumentError,
    LedgerError,
    OutcomeUnknownError,
    WaitTimeoutError,
)
from vocobase._base.masked_repr import redacted
from vocobase._dialing.marks import Pause
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import scope_of
from vocobase._ledger import Entry, Ledger
from vocobase._ledger.base import write

# The members that make two calls with one key the same call.
_CONTENT = ("agent_id", "to_number", "variables", "provider", "connection_id")


def _key(key: str) -> str:
    """Return a key for a message: it may contain the number of a person."""
    return redacted(shown(key))


def job_of(ledger: Ledger, name: str, key: str) -> Entry:
    """Return a job that was added."""
    entry = ledger.get(scope_of(name), key)
    if entry is None:
        raise LedgerError(f"ledger: the call with the key {_key(key)} was removed from it.")
    return entry


def check_same(known: Entry, payload: Mapping[str, Any]) -> None:
    """Require that a key is used for the call for which it was first used.

    Raises:
        InvalidArgumentError: it belongs to another call; the message names the differences.
    """
    given = json.loads(write(payload))
    other = [name for name in _CONTENT if known.payload.get(name) != given.get(name)]
    if other:
        raise InvalidArgumentError(
            f"calls.start_once: the key {_key(known.key)} belongs to a call with another"
            f" {' and '.join(other)}; use another key for another call. Nothing was dialled."
        )


def call_of(entry: Entry, name: str, pause: Pause | None) -> str:
    """Return the call of a job that was dialled.

    Args:
        entry: The job.
        name: Name of its list, for messages.
        pause: The pause of the list, if it is paused.

    Raises:
        OutcomeUnknownError: it may have been dialled.
        CallRefusedError: it is not dialled.
        WaitTimeoutError: it was not dialled yet.
    """
    result = entry.result or {}
    what = f"calls.start_once: the call with the key {_key(entry.key)}"
    jobs = f"DialList(ledger, {str.__str__(name)!r})"
    match entry.state:
        case "done":
            return str(result["call_id"])
        case "refused":
            code, reason = result.get("code") or "refused", result.get("reason", "")
            raise CallRefusedError(
                f"{what} is refused ({code}): {redacted(reason).rstrip('.')}. It was not"
                f" dialled; {jobs}.retry lets it be dialled after all.",
                key=entry.key,
                code=code,
                reason=reason,
            )
        case "parked":
            at = f" at {moment(entry.claimed_at):%Y-%m-%d %H:%M:%S} UTC" if entry.claimed_at else ""
            raise OutcomeUnknownError(
                f"{what} may have been dialled{at}, and no call was found. Check calls.list or ask the"
                f" person; then {jobs}.retry dials it again, and {jobs}.drop does not.",
                operation="calls.start",
            )
        case _:
            cause = (
                f"its list is paused: {redacted(pause.reason).rstrip('.')}"
                if pause
                else "no free slot or permit"
            )
            raise WaitTimeoutError(f"{what} was not dialled ({cause}); run it again with the same key.")
