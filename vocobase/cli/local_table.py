"""The local table of calls of an account, and the options of the commands that use it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from vocobase import LookupFailedError
from vocobase.cli.periods import DEFAULT_ZONE, in_zone
from vocobase.cli.session import Session
from vocobase.cli.state import folder_of, make_folder
from vocobase.records import Records

F = TypeVar("F", bound=Callable[..., object])
VARIABLE = "VOCOBASE_RECORDS"
FILE = "records.sqlite"
FILTERS = {
    "agent": "Identifier of the agent.",
    "disposition": "Outcome, such as voicemail.",
    "status": "Status, such as completed.",
    "direction": "outbound, inbound or web.",
    "person": "Number of the other party, in E.164 form.",
    "list": "Name of the list that started the call.",
    "project": "Identifier of the project.",
}

db_option = click.option(
    "--db",
    metavar="PATH",
    help=f"File or postgresql:// address of the table; default: {VARIABLE}, else a file for each profile.",
)
tz_option = click.option("--tz", default=DEFAULT_ZONE, show_default=True, help="Time zone of the days.")
period_option = click.option(
    "--for",
    "period",
    metavar="PERIOD",
    help='Such as today, "last month", 2026-10 or 2026-10-01..2026-10-15.',
)


def filter_options(function: F) -> F:
    """Add an option for each filter of the records."""
    for name, text in reversed(FILTERS.items()):
        function = click.option(f"--{name}", help=text)(function)
    return function


def filters_of(period: str | None, tz: str, filters: dict[str, Any]) -> dict[str, Any]:
    """Return filters as the records take them, with the limits of a period.

    Raises:
        InvalidArgumentError: there is no such zone.
        click.BadParameter: there is no such period.
    """
    since, until = in_zone(period, tz)
    return {"since": since, "until": until, **filters}


def place_of(session: Session, db: str | None) -> str:
    """Return the file or the address of the table.

    Raises:
        click.UsageError: the argument is an address with a password.
    """
    if db and "://" in db and ("password" in urlsplit(db).query or urlsplit(db).password):
        raise click.UsageError(
            f"--db has a password, and other users of this machine can see arguments; set {VARIABLE} instead."
        )
    place = db or os.environ.get(VARIABLE)
    return place or str(folder_of(session.profile, os.environ) / FILE)


def open_table(session: Session, db: str | None, *, create: bool = False) -> Records:
    """Return the table, which the caller closes.

    Args:
        session: The run.
        db: Value of ``--db``.
        create: Make the file if there is none.

    Raises:
        LookupFailedError: there is no such file, and it is not to be made.
    """
    place = place_of(session, db)
    if "://" not in place:
        if create and not db:
            make_folder(Path(place).parent)
        if not create and not Path(place).exists():
            raise LookupFailedError(f"There are no records in {place}; run vocobase records sync.")
    return Records.open(place)


def shown(place: str) -> str:
    """Return the place of a table without anything secret."""
    return "the database" if "://" in place else place
