"""Calls, for support engineers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import get_args

import click

from vocobase import OMIT, clock
from vocobase.cli.call_card import card_of, transcript_of
from vocobase.cli.frame import command
from vocobase.cli.lookups import agent_of, number_of
from vocobase.cli.moments import local, moment_of
from vocobase.cli.operations import MAX_PAGE, USUAL_ROWS
from vocobase.cli.periods import zone_of
from vocobase.cli.session import Session
from vocobase.types import Call, CallStatusValue

STATUSES = get_args(get_args(CallStatusValue)[0])


@command()
@click.option("--since", metavar="WHEN", help="today, yesterday, 30m, 2h, 3d or 2026-11-01T14:30.")
@click.option("--until", metavar="WHEN", help="Only calls before this moment.")
@click.option("--tz", metavar="ZONE", help="Time zone, such as Asia/Kolkata; default: this machine's.")
@click.option("--status", type=click.Choice(STATUSES), help="Only calls in this status.")
@click.option("--agent", metavar="NAME_OR_ID", help="Only calls of this agent.")
@click.option("--to", metavar="NUMBER", help="Only calls to or from this number.")
@click.option("--all", "everything", is_flag=True, help=f"Show all calls, not only {USUAL_ROWS}.")
def calls(
    session: Session,
    since: str | None,
    until: str | None,
    tz: str | None,
    status: str | None,
    agent: str | None,
    to: str | None,
    everything: bool,
) -> None:
    """Show the newest calls: those of a period, with a status, of an agent, with a number."""
    read = _reader(tz)
    first, end = read("--since", since), read("--until", until)
    number = None if to is None else number_of(to)
    limit = session.limit if session.limit is not None else None if everything else USUAL_ROWS
    found: Iterator[Call] = session.client.calls.iter(
        page_size=MAX_PAGE if limit is None or number or agent else max(1, min(limit, MAX_PAGE)),
        status=OMIT if status is None else status,
        since=first,
        until=end,
        agent_id=None if agent is None else agent_of(session, agent).id,
    )
    if number:
        found = (call for call in found if number in (call.to_number, call.from_number))
    rows = islice(found, limit)
    shown = session.emit(map(_line, rows) if session.is_for_people else rows, id_field="call_id")
    if shown == limit and session.limit is None and next(found, None) is not None:
        session.hint(f"The newest {shown} calls; --all shows all of them.")
    elif not shown:
        session.hint("No call matches.")


def _line(call: Call) -> dict[str, object]:
    """Return a call in 80 columns, with the time of this machine."""
    return {
        "call_id": call.call_id,
        "status": call.status,
        "to_number": call.to_number,
        "created": local(call.created_at, "%m-%d %H:%M"),
        "seconds": call.duration_seconds,
        "error": call.error_message,
    }


def _reader(tz: str | None) -> Callable[[str, str | None], datetime | None]:
    """Return a function that reads the moment of an option."""
    zone = None if tz is None else zone_of(tz)
    now = clock.now()

    def read(option: str, text: str | None) -> datetime | None:
        try:
            return None if text is None else moment_of(text, now, zone)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint=option) from error

    return read


@command()
@click.argument("call_id")
def show(session: Session, call_id: str) -> None:
    """Show a call: who, when, what it cost, what was said."""
    call = session.client.calls.get(call_id)
    session.emit_one(call, card=card_of(call), id_field="call_id")


@command()
@click.argument("call_id")
def transcript(session: Session, call_id: str) -> None:
    """Show what was said in a call: text on a terminal, one row for each turn elsewhere."""
    call = session.client.calls.get(call_id)
    turns = call.session.transcript if call.session else ()
    if session.is_for_people:
        session.emit_one(call, card=transcript_of(call))
    else:
        session.emit(turns, id_field="content")
    if not turns:
        session.hint(f"The call is {call.status} and has no transcript.")
