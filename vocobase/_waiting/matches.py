"""Find the call of a start whose outcome is unknown among the rows of a list: pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from vocobase_raw.models.call import Call

# The clocks of server and caller may differ by this much.
CLOCK_SKEW = timedelta(seconds=30)


def is_started_call(call: Call, agent_id: str, to_number: str, since: datetime) -> bool:
    """Return whether a call may be the one that was started; a row may lack its agent."""
    fits = call.agent_id in (agent_id, None) and digits_of(call.to_number) == digits_of(to_number)
    return fits and not was_created_before(call, since)


def digits_of(number: object) -> str:
    """Return the digits of a number: a server may write it without its plus sign."""
    return re.sub(r"\D", "", str(number))


def was_created_before(call: Call, since: datetime) -> bool:
    """Return whether a call is certainly too old. Lists come newest first, so a search can end there."""
    created = _created(call)
    return created is not None and since - created > CLOCK_SKEW


def was_created_after(call: Call, until: datetime) -> bool:
    """Return whether a call is certainly too new."""
    created = _created(call)
    return created is not None and created - until > CLOCK_SKEW


def _created(call: Call) -> datetime | None:
    return _as_time(call.created_at) or _as_time(call.started_at)


def _as_time(value: object) -> datetime | None:
    # Models keep malformed times as they are, so the declared type is not certain.
    return value if isinstance(value, datetime) else None
