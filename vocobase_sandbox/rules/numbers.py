"""Magic numbers: fictional numbers that choose the outcome of a call.

Only numbers reserved for fiction are magic: +1 NPA 555 0100 to 0199 (North America) and +44 7700 900100 to
900199 (United Kingdom). The last two digits choose the outcome.
"""

from __future__ import annotations

import re
from typing import NamedTuple

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_RESERVED = re.compile(r"\+(?:1[0-9]{3}55501|4477009001)([0-9]{2})")


def is_e164(value: object) -> bool:
    """Whether a value is a phone number in E.164 format."""
    return isinstance(value, str) and E164.fullmatch(value) is not None


class Outcome(NamedTuple):
    """The outcome of a call."""

    name: str
    status: str
    disposition: str
    answered_by: str
    ring_factor: float = 1.0
    """Multiple of the ordinary ringing time."""
    error: str | None = None


ANSWERED = Outcome("answered", "completed", "completed", "human")
_OUTCOMES = {
    "00": ANSWERED,
    "01": Outcome("busy", "busy", "busy", "not_answered", error="The line was busy"),
    "02": Outcome("no_answer", "no_answer", "no_answer", "not_answered", 4, "The call was not answered"),
    "03": Outcome("voicemail", "completed", "voicemail", "machine", 2),
    "04": Outcome(
        "failed", "failed", "failed", "not_answered", error="The carrier could not complete the call"
    ),
    "05": Outcome("blocked", "failed", "blocked", "not_answered", error="The carrier blocked the call"),
    "06": Outcome("slow", "completed", "completed", "human", 10),
    "07": Outcome("hang_up", "completed", "user_hangup_no_speech", "human"),
    "08": Outcome("canceled", "canceled", "canceled", "not_answered", error="The call was canceled"),
    "09": Outcome("long", "completed", "completed", "human"),
    # Rings until calls.dismiss_stale.
    "10": Outcome("stuck", "ringing", "", "not_answered"),
}


_BY_DISPOSITION = {outcome.disposition: outcome for outcome in reversed(_OUTCOMES.values())}


def outcome_with(disposition: str) -> Outcome:
    """Return the plainest outcome with a disposition; an undocumented one is that of an answered call."""
    return _BY_DISPOSITION.get(disposition) or ANSWERED._replace(disposition=disposition)


def outcome_of(number: str) -> Outcome:
    """Return the outcome of a call to a number; an ordinary number answers."""
    match = _RESERVED.fullmatch(number)
    return _OUTCOMES.get(match[1], ANSWERED) if match else ANSWERED
