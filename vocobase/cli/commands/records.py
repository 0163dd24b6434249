"""The local table of calls: fill it, count it, export it, remove people and old calls from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import click

from vocobase.cli.effects import DELETES
from vocobase.cli.frame import command
from vocobase.cli.local_table import (
    db_option,
    filter_options,
    filters_of,
    open_table,
    period_option,
    place_of,
    tz_option,
)
from vocobase.cli.periods import Moment
from vocobase.cli.session import Session
from vocobase.cli.stores import shown
from vocobase.records.exports import ExportFormat

_dry_run = click.option("--dry-run", is_flag=True, help="Show how many, and remove nothing.")


@command()
@db_option
@click.option(
    "--since", type=Moment(), help="Read only calls created then or later, such as 30d or 2026-11-01."
)
def sync(session: Session, db: str | None, since: datetime | None) -> None:
    """Read the calls of the account into the local table: new ones, and those that were not final yet.

    The first run reads all calls, about 55 a minute. An interrupted run can be continued.
    """
    with open_table(session, db, create=True) as records, session.progress("Reading", unit="calls") as bar:
        result = records.sync(session.client, since=since, on_progress=lambda each: bar.update(each.read))
    session.emit_one(result, id_field="changed")
    if result.pending:
        session.hint(f"Not final yet, and read again by the next run: {result.pending}")


@command()
@db_option
@period_option
@tz_option
@filter_options
def count(session: Session, /, db: str | None, period: str | None, tz: str, **filters: Any) -> None:
    """Count the calls in the local table."""
    wanted = filters_of(period, tz, filters)
    with open_table(session, db) as records:
        session.emit_one({"calls": records.count(**wanted)})


@command()
@click.argument("folder", type=click.Path(file_okay=False))
@db_option
@click.option(
    "--format", "style", type=click.Choice(get_args(ExportFormat)), default="jsonl", show_default=True
)
@tz_option
def export(session: Session, folder: str, db: str | None, style: ExportFormat, tz: str) -> None:
    """Write the local table into a folder, one file for each day; later runs write only days that have
    changed."""
    with open_table(session, db) as records, session.progress("Exporting") as bar:
        result = records.export(folder, format=style, tz=tz, on_progress=bar.update)
    session.emit([{"file": str(each)} for each in result.files])
    session.hint(f"Rows: {result.rows}, in files that have changed: {len(result.files)}")


@command()
@click.argument("number")
@db_option
@_dry_run
def forget(session: Session, number: str, db: str | None, dry_run: bool) -> None:
    """Remove every call of a person from the local table, and the number from the texts of all others.

    NUMBER is in E.164 form. The calls in your account and in exports stay; export again after this.
    """
    with open_table(session, db) as records:
        found = records.count(person=number)
        what = f"Calls of {number} to remove permanently from {shown(place_of(session, db))}: {found}."
        if _goes_on(session, what, dry_run):
            session.emit_one({"removed": records.forget(number)})


@command()
@click.option(
    "--older-than", type=Moment(), required=True, metavar="AGE", help="Such as 365d, 52w or 2026-01-01."
)
@db_option
@_dry_run
def purge(session: Session, older_than: datetime, db: str | None, dry_run: bool) -> None:
    """Remove every older call from the local table."""
    with open_table(session, db) as records:
        found = records.count(until=older_than)
        what = (
            f"Calls created before {older_than.isoformat(timespec='seconds')} to remove"
            f" permanently from {shown(place_of(session, db))}: {found}."
        )
        if _goes_on(session, what, dry_run):
            session.emit_one({"removed": records.purge(older_than=older_than)})


def _goes_on(session: Session, what: str, dry_run: bool) -> bool:
    if dry_run:
        session.note(f"{what} Nothing was done.")
        return False
    session.confirm(DELETES, what)
    return True
