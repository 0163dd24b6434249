"""Dial a list: add people to it, and run it or work on it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from vocobase import (
    CallJob,
    DialList,
    DialPlan,
    DialReport,
    JobUpdate,
    OutcomeUnknownError,
    VocobaseError,
    clock,
)
from vocobase.cli.dial_list import existing_list, plan_card, progress_card, row_of
from vocobase.cli.dial_rules import rule_options, rules_of, taken, window_of, window_options
from vocobase.cli.effects import RINGS
from vocobase.cli.frame import command
from vocobase.cli.ledgers import LEDGER, ledger_option
from vocobase.cli.lookups import agent_of
from vocobase.cli.moments import duration_of, local
from vocobase.cli.people import People, arguments_of, people_options, read_people
from vocobase.cli.session import BudgetSpent, Session
from vocobase.cli.wording import counted
from vocobase.contacts import Contact
from vocobase.types import Agent

PATH = click.Path(path_type=Path)
# States in which a job needs nothing more.
_MOVED = ("started", "finished", "refused", "parked")
# Ends of a run that leave jobs which could be dialled now.
_HALTS = {
    "paused": "it is paused; to continue: vocobase dial resume {name}",
    "circuit_breaker": "too many calls failed; to continue: vocobase dial resume {name}",
    "budget": "its budget is spent; to raise it: vocobase dial change {name} --budget RUPEES",
    "balance": "the balance of the account is too low; top it up, then: vocobase dial resume {name}",
}
_SPENT = ("budget", "balance")

_concurrency = click.option(
    "--concurrency", type=click.IntRange(min=1), metavar="N", help="Calls at once; default: the account's."
)


@command()
@click.argument("name", metavar="LIST")
@click.argument("file", type=PATH)
@click.option("--agent", required=True, metavar="NAME_OR_ID", help="Agent that talks.")
@click.option("--provider", metavar="CARRIER", help="Carrier, such as twilio; default: mcube, as in the API.")
@click.option("--connection", metavar="ID", help="Telephony connection, if several share the carrier.")
@people_options
@window_options
@ledger_option
@click.option("--dry-run", is_flag=True, help="Read the file, and add no one.")
def add(
    session: Session,
    /,
    name: str,
    file: Path,
    agent: str,
    provider: str | None,
    connection: str | None,
    ledger: str | None,
    dry_run: bool,
    **options: Any,
) -> None:
    """Add the people of a file to a list, without dialling.

    FILE is CSV, TSV or JSON lines with a column of phone numbers. Columns with the names of the agent's
    variables fill them. People who are in the list already stay as they are, so you can run it again.
    """
    window = window_of(**taken(options, window_of))
    arguments = arguments_of(**options)
    # An address with a password is refused before anything is read.
    LEDGER.place(session, ledger)
    people = read_people(session, file, arguments)
    chosen = agent_of(session, agent)
    jobs = jobs_from(session, people, chosen, provider=provider, connection_id=connection)
    session.hint(f"{file}: {people.counts}.")
    if dry_run:
        session.note("Nothing was added.")
        return
    with DialList(LEDGER.created(session, ledger), name) as known:
        added = known.add(jobs, window=window)
    counts = {"added": added, "known": len(jobs) - added}
    session.emit_one({"list": name, **counts, "duplicates": people.duplicates, "bad": people.wrong})


def jobs_from(session: Session, people: People, agent: Agent, **members: Any) -> list[CallJob]:
    """Return the jobs of people; warn about variables and columns that do not match."""
    declared = set(agent.variables or ())
    values = [_values(contact) for contact in people.contacts]
    for variable in sorted(declared):
        lacking = sum(variable not in each for each in values)
        if lacking:
            those = counted(lacking, "person has", "people have")
            session.note(f"Warning: {those} no {variable}, a variable of the agent.")
    unused = sorted({column for each in values for column in each} - declared - {"name"})
    if unused:
        session.hint(f"Columns that the agent has no variable for are not sent: {', '.join(unused)}.")
    return [
        CallJob(
            agent.id,
            contact.phone,
            variables={name: value for name, value in each.items() if name in declared} or None,
            **members,
        )
        for contact, each in zip(people.contacts, values, strict=True)
    ]


def _values(contact: Contact) -> dict[str, Any]:
    return {**({} if contact.name is None else {"name": contact.name}), **contact.metadata}


@command()
@click.argument("name", metavar="LIST")
@click.argument("file", type=PATH, required=False)
@click.option("--agent", metavar="NAME_OR_ID", help="Agent that talks to the people of FILE.")
@click.option("--rows", is_flag=True, help="Show the plan for each person.")
@people_options
@window_options
@ledger_option
@rule_options
@_concurrency
def plan(
    session: Session,
    /,
    name: str,
    file: Path | None,
    agent: str | None,
    rows: bool,
    ledger: str | None,
    concurrency: int | None,
    **options: Any,
) -> None:
    """Show what a run would do, how long it would take and what it would cost; nothing is dialled or changed.

    With FILE, as if its people had been added to the list.
    """
    rules, window = rules_of(**taken(options, rules_of)), window_of(**taken(options, window_of))
    arguments = arguments_of(**options)
    if (file is None) != (agent is None):
        raise click.UsageError("FILE and --agent belong together.")
    jobs: list[CallJob] = []
    # An address with a password is refused before anything is read.
    LEDGER.place(session, ledger)
    if file is not None and agent is not None:
        people = read_people(session, file, arguments)
        chosen = agent_of(session, agent)
        session.hint(f"{file}: {people.counts}.")
        jobs = jobs_from(session, people, chosen)
    place = LEDGER.place(session, ledger) if jobs else LEDGER.existing(session, ledger)
    found = session.client.calls.plan_many(
        jobs, ledger=place, name=name, concurrency=concurrency or "auto", window=window, **rules
    )
    _emit_plan(session, found, rows)


def _emit_plan(session: Session, plan: DialPlan, rows: bool) -> None:
    if rows:
        session.emit(plan.rows, columns=("to_number", "code", "dial_at", "reason"), id_field="key")
    else:
        members = {each: value for each, value in vars(plan).items() if each != "rows"}
        session.emit_one({**members, "to_dial": plan.to_dial}, card=plan_card(plan), id_field="name")


@command()
@click.argument("name", metavar="LIST")
@ledger_option
@rule_options
@_concurrency
@click.option("--for", "longest", metavar="DURATION", help="Start no call after this time, such as 2h.")
@click.option("--no-wait", is_flag=True, help="End when all who are waiting are outside their hours.")
@click.option("--wait-for-outcomes", is_flag=True, help="Stay until the outcome of every call is known.")
@click.option("--dry-run", is_flag=True, help="Show the list, and dial no one.")
def run(
    session: Session,
    /,
    name: str,
    ledger: str | None,
    concurrency: int | None,
    longest: str | None,
    no_wait: bool,
    wait_for_outcomes: bool,
    dry_run: bool,
    **options: Any,
) -> None:
    """Dial a list until no one is waiting; run it again to continue after an interruption.

    It shows how many people are waiting, and asks first. Rules are stored in the list: pass them once. Exit
    status: 1 if the list is paused, 5 if budget or balance stop it, 7 if it is unknown whether a call was
    started.
    """
    rules = rules_of(**options)
    until = None if longest is None else clock.now() + _duration(longest)
    before = _before(session, ledger, name, rules)
    if dry_run:
        _emit(session, name, before)
        session.note("Nothing was dialled.")
        return
    _ask(session, _question(name, before, rules))
    with _dialling(session, name, before) as show:
        report = session.client.calls.start_many(
            (),
            ledger=LEDGER.existing(session, ledger),
            name=name,
            concurrency=concurrency or "auto",
            wait_for_windows=not no_wait,
            wait_for_outcomes=wait_for_outcomes,
            until=until,
            on_update=show,
            **rules,
        )
    _end(session, name, report)


@command()
@click.argument("name", metavar="LIST")
@ledger_option
@rule_options
@_concurrency
def work(session: Session, /, name: str, ledger: str | None, concurrency: int | None, **options: Any) -> None:
    """Dial the people of a list that others add, until SIGTERM or Ctrl-C; start several if you like.

    The worker completes the request that it has sent, and requeues the jobs that it has not dialled.
    """
    rules = rules_of(**options)
    place = LEDGER.created(session, ledger)
    with DialList(place, name) as jobs:
        before = jobs.report()
    _ask(session, _question(name, before, rules))
    with _dialling(session, name, before) as show:
        report = session.client.calls.work(
            ledger=place, name=name, concurrency=concurrency or "auto", on_update=show, **rules
        )
    _emit(session, name, report)


def _before(session: Session, ledger: str | None, name: str, rules: dict[str, Any]) -> DialReport:
    with existing_list(session, ledger, name) as jobs:
        return jobs.report()


def _question(name: str, before: DialReport, rules: dict[str, Any]) -> str:
    text = f"Dial the list {name}: {counted(before.waiting, 'person waits', 'people wait')}"
    if before.next_opening:
        text += f", the first until {local(before.next_opening)}"
    if "budget" in rules:
        text += f"; it may spend {rules['budget'].rupees:,} rupees, of which {before.spent:,} are spent"
    return f"{text}."


def _ask(session: Session, text: str) -> None:
    if session.yes:
        session.hint(text)
    session.confirm(RINGS, text)


def _duration(text: str) -> timedelta:
    try:
        return duration_of(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--for") from error


@contextmanager
def _dialling(session: Session, name: str, before: DialReport) -> Generator[Callable[[JobUpdate], None]]:
    """Show how many of the people who were waiting have been dialled."""
    moved: set[str] = set()
    total = before.waiting + before.dialling
    with session.progress("Dialling", total, "people") as bar:

        def show(update: JobUpdate) -> None:
            (moved.add if update.state in _MOVED else moved.discard)(update.key)
            bar.update(len(moved), max(total, len(moved)))

        try:
            yield show
        except KeyboardInterrupt:
            session.note(f"No one is dialled twice. To continue: vocobase dial run {name}")
            raise


def _emit(session: Session, name: str, report: DialReport) -> None:
    session.emit_one(row_of(name, report), card=progress_card(name, report), id_field="list")


def _end(session: Session, name: str, report: DialReport) -> None:
    _emit(session, name, report)
    halt = _HALTS.get(report.stopped or "")
    if halt:
        kind = BudgetSpent if report.stopped in _SPENT else VocobaseError
        raise kind(f"The list {name} stopped: {halt.format(name=name)}")
    if report.run and report.run.parked:
        raise OutcomeUnknownError(
            f"It is unknown whether {counted(report.run.parked, 'call was', 'calls were')} started;"
            f" see: vocobase dial jobs {name} --state parked",
            operation="calls.start",
        )
