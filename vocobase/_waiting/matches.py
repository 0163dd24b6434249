"""Match rows of the list of calls: the call of an unknown start, or those of a period. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from vocobase._policy.cadence import OVERLAP_SECONDS
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


@dataclass(frozen=True, slots=True)
class CallFilter:
    """The calls of an agent and a period; a call without a readable time of creation is one of them.

    Attributes:
        since: First time of creation; None for any.
        until: Time before which they were created; None for any.
        agent_id: Their agent; None for any.
    """

    since: datetime | None = None
    until: datetime | None = None
    agent_id: str | None = None

    def includes(self, call: Call) -> bool:
        """Return whether a call is one of them."""
        created = _created(call)
        in_period = created is None or (
            (self.since is None or created >= self.since) and (self.until is None or created < self.until)
        )
        return in_period and self.agent_id in (None, call.agent_id)

    def ends_at(self, call: Call) -> bool:
        """Return whether all calls below this one in the list, newest first, are too old.

        Calls that were created at almost the same time may be listed in any order.
        """
        created = _created(call)
        overlap = timedelta(seconds=OVERLAP_SECONDS)
        return self.since is not None and created is not None and self.since - created > overlap


def _created(call: Call) -> datetime | None:
    return _as_time(call.created_at) or _as_time(call.started_at)


def _as_time(value: object) -> datetime | None:
    # Models keep malformed times as they are, so the declared type is not certain.
    return value if isinstance(value, datetime) else None
