"""Check a file of people before anyone is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from vocobase import VocobaseError
from vocobase.cli.frame import command
from vocobase.cli.people import arguments_of, people_options, read_people
from vocobase.cli.session import Session
from vocobase.cli.wording import translated
from vocobase.contacts import LineType


@command()
@click.argument("file", type=click.Path(path_type=Path))
@people_options
@click.option(
    "--line-type", "kinds", type=click.Choice(get_args(LineType)), multiple=True, help="Only such numbers."
)
def check(session: Session, /, file: Path, kinds: tuple[LineType, ...], **options: Any) -> None:
    """Show each row of a file that cannot be called, and why; the exit status is 1 if there are any.

    FILE is CSV, TSV or JSON lines. Nothing is sent: neither a key nor a network is needed. Correct the file
    of --rejects and check that one: it contains only those rows.
    """
    people = read_people(session, file, arguments_of(**options, line_types=kinds or None))
    rows = [{"line": each.line, "reason": translated(each.reason), "row": each.row} for each in people.bad]
    session.emit(rows, columns=("line", "reason"), id_field="line")
    if people.bad:
        raise VocobaseError(f"{file}: {people.counts}.")
    session.hint(f"{file}: {people.counts}.")
