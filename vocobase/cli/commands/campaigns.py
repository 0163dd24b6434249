"""Run a campaign from a file, and show its results."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from vocobase import OMIT, VocobaseError
from vocobase.cli.commands.call import cost_of
from vocobase.cli.effects import RINGS
from vocobase.cli.frame import command
from vocobase.cli.ledgers import LEDGER, ledger_option
from vocobase.cli.lookups import agent_of
from vocobase.cli.people import arguments_of, people_options, read_people
from vocobase.cli.session import Session
from vocobase.cli.wording import counted
from vocobase.types import Campaign, ContactResult, FinishedCall


@command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--agent", required=True, metavar="NAME_OR_ID", help="Agent that talks.")
@click.option("--provider", required=True, metavar="CARRIER", help="Carrier: mcube, twilio or exotel.")
@click.option("--name", help="Name of the campaign; default: that of the file.")
@click.option("--concurrency", type=click.IntRange(1, 10), metavar="N", help="Calls at once; default: 1.")
@click.option("--campaign", "draft", metavar="ID", help="Continue with this draft instead of a new one.")
@people_options
@ledger_option
@click.option("--watch", "watching", is_flag=True, help="Follow the campaign until its end.")
@click.option("--dry-run", is_flag=True, help="Read the file, and create nothing.")
def run(
    session: Session,
    /,
    file: Path,
    agent: str,
    provider: str,
    name: str | None,
    concurrency: int | None,
    draft: str | None,
    ledger: str | None,
    watching: bool,
    dry_run: bool,
    **options: Any,
) -> None:
    """Create a campaign, import the people of a file, and start it.

    It shows their number, the agent and the cost per minute, and asks first. People on the do-not-call list
    are left out. After an interruption, --campaign continues with the draft.
    """
    arguments = arguments_of(**options)
    # An address with a password is refused before anything is read.
    LEDGER.place(session, ledger)
    people = read_people(session, file, arguments)
    chosen = agent_of(session, agent)
    text = (
        f"Call {people.counts.partition(',')[0]} of {file} with the agent {chosen.agent_name} ({chosen.id})."
    )
    if dry_run or session.yes:
        session.hint(f"{text} {people.counts}.")
    if dry_run:
        session.note("Nothing was created.")
        return
    if not people.contacts:
        raise VocobaseError(f"{file}: {people.counts}; nothing was created.")
    session.confirm(RINGS, f"{text}\n{cost_of(session, chosen.id)}")
    campaigns = session.client.campaigns
    limit = OMIT if concurrency is None else concurrency
    made = (
        campaigns.get(draft)
        if draft
        else campaigns.create(name or file.stem, chosen.id, provider=provider, concurrency_limit=limit)
    )
    with _draft(session, made, file), session.progress("Importing", unit="people") as bar:
        report = campaigns.import_contacts(
            made.id,
            file,
            ledger=LEDGER.created(session, ledger),
            on_progress=lambda each: bar.update(each.done, each.total),
            **arguments,
        )
        if not report.added + report.skipped + report.known:
            raise VocobaseError("No one is left to call; the campaign was not started.")
    session.hint(f"{counted(report.added, 'person was', 'people were')} added.")
    started = campaigns.start(made.id)
    if watching:
        _watch(session, made.id, len(people.contacts))
    else:
        session.emit_one(started)
        session.hint(f"To see the results: vocobase campaigns results {made.id}")


@contextmanager
def _draft(session: Session, campaign: Campaign, file: Path) -> Generator[None]:
    """Explain how to continue if the import is interrupted."""
    try:
        yield
    except (VocobaseError, KeyboardInterrupt):
        session.note(
            f"The campaign {campaign.id} is a draft: no one is called. To continue:"
            f" vocobase campaigns run {file} --campaign {campaign.id} with the same options."
        )
        raise


def _watch(session: Session, campaign_id: str, total: int) -> None:
    ended = None
    try:
        with session.progress("Calling", total, "people") as bar:
            for each in session.client.campaigns.watch(campaign_id):
                ended = each
                bar.update(each.total - each.remaining, each.total)
    except KeyboardInterrupt:
        session.note(f"The campaign continues. To stop it: vocobase campaigns stop {campaign_id}")
        raise
    session.emit_one(ended.campaign if ended else {"id": campaign_id})


@command()
@click.argument("campaign_id")
@ledger_option
@click.option("--timeout", type=float, default=1800.0, metavar="SECONDS", help="Longest wait for results.")
def results(session: Session, campaign_id: str, ledger: str | None, timeout: float) -> None:
    """Show the result for each person of a campaign that was imported on this machine."""
    found = session.client.campaigns.results(
        campaign_id, ledger=LEDGER.existing(session, ledger), timeout=timeout
    )
    columns = ("phone", "outcome", "status", "seconds", "cost", "call_id")
    session.emit(map(_row, found), columns=columns, id_field="call_id")


def _row(result: ContactResult) -> dict[str, Any]:
    call = result.call
    return {
        "phone": result.phone,
        "outcome": result.outcome,
        "call_id": call.call_id if call else None,
        "call_ids": result.call_ids,
        "status": call.status if call else None,
        "seconds": call.duration_seconds if call else None,
        "cost": call.session.credits_used if isinstance(call, FinishedCall) else None,
    }
