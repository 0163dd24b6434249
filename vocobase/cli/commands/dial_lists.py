"""Show a list, pause it, and decide about its jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vocobase.cli.dial_list import (
    COLUMNS,
    LIST_COLUMNS,
    STATES,
    existing_list,
    job_card,
    jobs_of,
    lists_in,
    outcome_rows,
    progress_card,
    row_of,
)
from vocobase.cli.dial_rules import rule_options, rules_of
from vocobase.cli.effects import OVERWRITES, RINGS
from vocobase.cli.frame import command
from vocobase.cli.ledgers import LEDGER, ledger_option
from vocobase.cli.session import NO_ROWS, Session
from vocobase.cli.wording import counted
from vocobase.types import JobState

_name = click.argument("name", metavar="LIST")
_keys = click.argument("keys", nargs=-1, metavar="[KEY_OR_NUMBER]...")


@command()
@_name
@ledger_option
def status(session: Session, name: str, ledger: str | None) -> None:
    """Show the progress of a list: waiting and dialled people, spending, and whether it is paused."""
    with existing_list(session, ledger, name) as jobs:
        report = jobs.report()
    session.emit_one(row_of(name, report), card=progress_card(name, report), id_field="list")


@command()
@ledger_option
def lists(session: Session, ledger: str | None) -> None:
    """Show all lists of the ledger: their progress, what they spent, and whether they are paused."""
    session.emit(lists_in(LEDGER.existing(session, ledger)), columns=LIST_COLUMNS, id_field="list")


@command()
@_name
@ledger_option
@click.option(
    "--csv",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write every job to this file.",
)
def report(session: Session, name: str, ledger: str | None, file: Path | None) -> None:
    """Show how many jobs have each outcome, with attempts, minutes and cost in rupees."""
    with existing_list(session, ledger, name) as jobs:
        if file is not None:
            if file.exists():
                session.confirm(OVERWRITES, f"{file} will be replaced.")
            session.hint(f"{counted(jobs.to_csv(file), 'job is', 'jobs are')} in {file}.")
        session.emit(outcome_rows(jobs.results()), id_field="outcome")


@command()
@_name
@ledger_option
@click.option("--state", type=click.Choice(STATES), help="Only jobs in this state.")
def jobs(session: Session, name: str, ledger: str | None, state: JobState | None) -> None:
    """List the jobs of a list with their attempts, costs, outcomes and extracted values."""
    with existing_list(session, ledger, name) as found:
        session.emit(found.results(state), columns=COLUMNS, id_field="key", empty=NO_ROWS)


@command()
@_name
@click.argument("key", metavar="KEY_OR_NUMBER")
@ledger_option
def show(session: Session, name: str, key: str, ledger: str | None) -> None:
    """Show a person of a list: each attempt, the outcome, and why nothing more happens."""
    with existing_list(session, ledger, name) as jobs:
        found = jobs_of(jobs, [key])
    if len(found) == 1:
        session.emit_one(found[0], card=job_card(found[0]), id_field="key")
    else:
        session.emit(found, columns=("key", *COLUMNS), id_field="key")


@command()
@_name
@click.option("--reason", default="by hand", show_default=True, help="Reason, shown in reports.")
@ledger_option
def pause(session: Session, name: str, reason: str, ledger: str | None) -> None:
    """Pause a list: workers stop starting calls within 5 seconds; live calls continue."""
    with existing_list(session, ledger, name) as jobs:
        jobs.pause(reason)
    session.emit_one({"list": name, "paused": True, "reason": reason})


@command()
@_name
@ledger_option
def resume(session: Session, name: str, ledger: str | None) -> None:
    """Resume a list that is paused; running workers dial immediately."""
    with existing_list(session, ledger, name) as jobs:
        session.confirm(
            RINGS, f"Resume the list {name}: {counted(jobs.report().waiting, 'person waits', 'people wait')}."
        )
        session.emit_one({"list": name, "paused": False, "changed": jobs.resume()})


@command()
@_name
@ledger_option
@rule_options
def change(session: Session, /, name: str, ledger: str | None, **options: Any) -> None:
    """Replace rules of a list, for running workers too."""
    rules = rules_of(**options)
    if not rules:
        raise click.UsageError("Pass at least one rule, such as --budget 500.")
    with existing_list(session, ledger, name) as jobs:
        session.confirm(OVERWRITES, f"Rules of the list {name} will be replaced: {', '.join(sorted(rules))}.")
        jobs.change(**rules)
    session.emit_one({"list": name, "changed": sorted(rules)})


@command()
@_name
@_keys
@ledger_option
@click.option("--state", type=click.Choice(("parked", "refused")), help="All jobs in this state.")
def retry(
    session: Session, name: str, keys: tuple[str, ...], ledger: str | None, state: JobState | None
) -> None:
    """Put parked or refused jobs back into the list, to be dialled; some phones may ring again."""
    with existing_list(session, ledger, name) as jobs:
        chosen = _chosen(jobs, keys, state)
        session.confirm(
            RINGS, f"{counted(len(chosen), 'job', 'jobs')} of {name} will be dialled, some perhaps again."
        )
        session.emit_one({"list": name, "retried": jobs.retry(chosen)})


@command()
@_name
@_keys
@ledger_option
@click.option("--state", type=click.Choice(("parked", "waiting")), help="All jobs in this state.")
def drop(
    session: Session, name: str, keys: tuple[str, ...], ledger: str | None, state: JobState | None
) -> None:
    """Refuse parked or waiting jobs, so that they are not dialled."""
    with existing_list(session, ledger, name) as jobs:
        chosen = _chosen(jobs, keys, state)
        session.confirm(OVERWRITES, f"{counted(len(chosen), 'job', 'jobs')} of {name} will not be dialled.")
        session.emit_one({"list": name, "dropped": jobs.drop(chosen)})


def _chosen(jobs: Any, keys: tuple[str, ...], state: JobState | None) -> list[str]:
    if bool(keys) == bool(state):
        raise click.UsageError("Pass keys or numbers of jobs, or --state.")
    return [each.key for each in (jobs.jobs(state) if state else jobs_of(jobs, keys))]
