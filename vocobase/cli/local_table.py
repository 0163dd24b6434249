"""The local table of calls of an account, and the options of the commands that use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from vocobase.cli.periods import DEFAULT_ZONE, in_zone
from vocobase.cli.session import Session
from vocobase.cli.stores import Store
from vocobase.records import Records

F = TypeVar("F", bound=Callable[..., object])
VARIABLE = "VOCOBASE_RECORDS"
STORE = Store("--db", VARIABLE, "records.sqlite", "No records exist at {place}; run vocobase records sync.")
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
    """Return filters in the form of the records, with the limits of a period.

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
    return STORE.place(session, db)


def open_table(session: Session, db: str | None, *, create: bool = False) -> Records:
    """Return the table, which the caller closes.

    Args:
        session: The run.
        db: Value of ``--db``.
        create: Create the file if there is none.

    Raises:
        LookupFailedError: there is no such file, and ``create`` is False.
    """
    return Records.open(STORE.created(session, db) if create else STORE.existing(session, db))
