"""Numbers that no list of the ledger dials."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from vocobase import DoNotCall
from vocobase.cli.effects import RINGS
from vocobase.cli.frame import command
from vocobase.cli.ledgers import LEDGER, ledger_option
from vocobase.cli.lookups import number_of
from vocobase.cli.periods import Moment
from vocobase.cli.session import NO_ROWS, Session

COLUMNS = ("number", "reason", "source", "valid_until")
DAY = click.DateTime(("%Y-%m-%d",))
_region = click.option("--region", metavar="IN", help="Country of numbers without a country code.")
_until = click.option("--until", type=DAY, metavar="DATE", help="Last day, in UTC; default: no end.")


def _day(moment: datetime | None) -> Any:
    return None if moment is None else moment.date()


@command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--reason", default="added by hand", show_default=True, help="Reason, for the log.")
@click.option("--source", default="manual", show_default=True, help="Source of the information.")
@_until
@_region
@ledger_option
def add(
    session: Session,
    numbers: tuple[str, ...],
    reason: str,
    source: str,
    until: datetime | None,
    region: str | None,
    ledger: str | None,
) -> None:
    """Add numbers; lists that are being dialled respect them immediately."""
    wanted = [number_of(each, region) for each in numbers]
    with DoNotCall(LEDGER.created(session, ledger)) as listed:
        rows = [
            {
                "number": each,
                "changed": listed.add(each, reason=reason, source=source, valid_until=_day(until)),
            }
            for each in wanted
        ]
    session.emit(rows, id_field="number")


@command()
@click.argument("number")
@click.option("--reason", required=True, help="Reason that it may be called again, for the log.")
@_region
@ledger_option
def remove(session: Session, number: str, reason: str, region: str | None, ledger: str | None) -> None:
    """Remove a number, so that it may be called again; the log keeps it."""
    wanted = number_of(number, region)
    with DoNotCall(LEDGER.existing(session, ledger)) as listed:
        session.confirm(RINGS, f"{wanted} may be called again.")
        session.emit_one({"number": wanted, "changed": listed.remove(wanted, reason=reason)})


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Where it comes from, such as the name of the registry.")
@click.option("--scrubbed-on", type=DAY, metavar="DATE", help="Date of the file, unless a column has it.")
@click.option("--column", metavar="HEADER", help="Column with the numbers; detected by default.")
@click.option("--date-column", metavar="HEADER", help="Column with the dates.")
@_until
@_region
@click.option("--rejects", metavar="FILE", help="Write the rows whose number cannot be read to this file.")
@ledger_option
@click.option("--dry-run", is_flag=True, help="Read the file, and add nothing.")
def import_(
    session: Session,
    /,
    file: Path,
    scrubbed_on: datetime | None,
    until: datetime | None,
    ledger: str | None,
    dry_run: bool,
    **options: Any,
) -> None:
    """Add the numbers of a file, such as the result of a scrub against a registry."""
    with TemporaryDirectory() as folder:
        place = str(Path(folder) / "dry-run.sqlite") if dry_run else LEDGER.created(session, ledger)
        with DoNotCall(place) as listed:
            result = listed.import_csv(
                file, scrubbed_on=_day(scrubbed_on), valid_until=_day(until), **options
            )
    session.emit_one(result, id_field="changed")
    if result.rejected:
        session.note(
            f"Warning: {result.rejected:,} numbers cannot be read; these people can still be called."
        )
    if dry_run:
        session.note("Nothing was added.")


@command()
@click.argument("number")
@_region
@ledger_option
def check(session: Session, number: str, region: str | None, ledger: str | None) -> None:
    """Show whether a number must not be called, and why."""
    wanted = number_of(number, region)
    with DoNotCall(LEDGER.existing(session, ledger)) as listed:
        entry = listed.check(wanted)
    session.emit_one({"number": wanted, "listed": entry is not None, **(vars(entry) if entry else {})})


@command("list")
@ledger_option
def list_(session: Session, ledger: str | None) -> None:
    """List the numbers that must not be called now."""
    with DoNotCall(LEDGER.existing(session, ledger)) as listed:
        session.emit(listed.entries(), columns=COLUMNS, id_field="number", empty=NO_ROWS)


@command()
@click.option("--list", "name", metavar="LIST", help="Only decisions about this list.")
@click.option("--since", type=Moment(), help="Only decisions since then, such as today or 7d.")
@ledger_option
def log(session: Session, name: str | None, since: datetime | None, ledger: str | None) -> None:
    """List the decisions not to dial a number, oldest first, and the numbers that were removed."""
    with DoNotCall(LEDGER.existing(session, ledger)) as listed:
        columns = ("at", "list", "number", "code", "reason")
        session.emit(listed.log(name=name, since=since), columns=columns, empty=NO_ROWS)
