"""The list that started a call, from its ledger: its name, the job, and the attempt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vocobase._dialing.attempts import attempts_of
from vocobase._dialing.scopes import DIALLED, name_of
from vocobase._ledger import Entry, Ledger, State

# A call is noted as live, and later as over.
_STATES: tuple[State, ...] = ("waiting", "done")
# Calls that a list may have started, for which that is not known yet. The attempt of a call is in the
# ledger a moment later than the call itself.
UNJOINED = (
    "SELECT session_id, call_id FROM {calls} WHERE (list IS NULL OR attempt IS NULL) AND call_id IS NOT NULL"
    " AND lower(direction) = 'outbound' AND created_at >= ? AND session_id > ? ORDER BY session_id LIMIT ?"
)


def origins(ledger: Ledger, calls: Iterable[Sequence[Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the columns ``list``, ``list_key`` and ``attempt`` of the calls that the ledger has started.

    Args:
        ledger: The ledger.
        calls: Identifiers of sessions with those of their calls.

    Returns:
        The columns, by session.
    """
    sessions = {call_id: session_id for session_id, call_id in calls}
    keys = [key for state in _STATES for key in ledger.find(DIALLED, list(sessions), state)]
    noted = [ledger.get(DIALLED, key) for key in keys]
    return {sessions[call.key]: _columns(ledger, call) for call in noted if call is not None}


def _columns(ledger: Ledger, call: Entry) -> dict[str, Any]:
    scope, key = call.payload["scope"], call.payload["job"]
    job = ledger.get(scope, key)
    attempts = attempts_of(job) if job is not None else []
    numbers = [attempt.number for attempt in attempts if attempt.call_id == call.key]
    return {"list": name_of(scope), "list_key": key, "attempt": next(iter(numbers), None)}
