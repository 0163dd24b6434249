"""A call for people."""

from __future__ import annotations

from collections.abc import Sequence

from vocobase.cli.moments import local
from vocobase.cli.output import Card
from vocobase.cli.progress import clock_time
from vocobase.types import CallDetails


def card_of(call: CallDetails) -> Card:
    """Return the parties, times, cost and transcript."""
    heard = call.session
    facts = [
        ("Status", call.status),
        ("To", call.to_number),
        ("From", call.from_number),
        ("Agent", call.agent_id),
        ("Carrier", call.provider),
        ("Created", local(call.created_at)),
        ("Started", local(call.started_at)),
        ("Ended", local(call.ended_at)),
        ("Duration", None if call.duration_seconds is None else clock_time(call.duration_seconds)),
        ("Cost", rupees(heard.credits_used) if heard else None),
        ("Disposition", call.disposition),
        ("Answered by", call.answered_by),
        ("Error", call.error_message),
        ("Recording", f"vocobase recording {call.call_id}" if heard and heard.recording_url else None),
    ]
    sections = [("Transcript", _turns(call))]
    if heard:
        pairs = dict(heard.variables or {}).items()
        sections.insert(0, ("Variables", [f"{name}: {value}" for name, value in pairs]))
    return Card(f"Call {call.call_id}", facts, [section for section in sections if section[1]])


def rupees(amount: float | None) -> str | None:
    """Return an amount of money; None for a member that is missing."""
    return None if amount is None else f"{amount:,.2f} rupees"


def transcript_of(call: CallDetails) -> Card:
    """Return only what was said."""
    return Card(f"Call {call.call_id}", [], [("Transcript", _turns(call))])


def _turns(call: CallDetails) -> Sequence[str]:
    turns = call.session.transcript if call.session else None
    return [f"{turn.role}: {turn.content}" for turn in turns or ()]
