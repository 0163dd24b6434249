"""Calls, as a support engineer asks for them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from vocobase.cli.frame import command
from vocobase.cli.output import Card
from vocobase.cli.session import Session
from vocobase.types import CallDetails, TranscriptTurn


@command()
@click.argument("call_id")
def show(session: Session, call_id: str) -> None:
    """Show a call: who, when, what it cost, what was said."""
    call = session.client.calls.get(call_id)
    session.emit_one(call, card=card_of(call), id_field="call_id")


def card_of(call: CallDetails) -> Card:
    """Return a call as a person reads it."""
    heard = call.session
    turns: Sequence[TranscriptTurn] = heard.transcript if heard and heard.transcript else ()
    return Card(
        f"Call {call.call_id}",
        [
            ("Status", call.status),
            ("To", call.to_number),
            ("From", call.from_number),
            ("Agent", call.agent_id),
            ("Provider", call.provider),
            ("Created", call.created_at),
            ("Started", call.started_at),
            ("Ended", call.ended_at),
            ("Seconds", call.duration_seconds),
            ("Cost", heard.credits_used if heard else None),
            ("Answered by", call.answered_by),
            ("Error", call.error_message),
        ],
        [("Transcript", [f"{turn.role}: {turn.content}" for turn in turns])] if turns else [],
    )
