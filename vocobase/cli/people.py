"""Files of people to call: the options that say how to read them, and their contacts and bad rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from vocobase.cli.session import Session
from vocobase.cli.wording import counted
from vocobase.contacts import BadRow, Contact, Format, read

F = TypeVar("F", bound=Callable[..., object])
# Rows after which the progress is shown again.
STEP = 1000

_OPTIONS = (
    click.option("--region", metavar="IN", help="Country of numbers without a country code."),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="NAME=HEADER",
        help='Meaning of a column, such as phone="Mobile No."; repeatable.',
    ),
    click.option("--format", type=click.Choice(get_args(Format)), help="Default: that of the suffix."),
    click.option("--encoding", metavar="NAME", help="Encoding of a file that is not UTF-8."),
    click.option("--delimiter", metavar="SIGN", help="Field separator; default: as in the header row."),
    click.option("--rejects", metavar="FILE", help="Write the rows that cannot be called to this CSV file."),
)


def people_options(function: F) -> F:
    """Add the options that ``reading`` takes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True)
class People:
    """A file of people, read to its end.

    Attributes:
        contacts: The people, in the order of the file.
        bad: The rows that are not among them.
    """

    contacts: list[Contact]
    bad: list[BadRow]

    @property
    def duplicates(self) -> int:
        """How many of the bad rows have the number of an earlier row."""
        return sum(each.duplicate_of is not None for each in self.bad)

    @property
    def wrong(self) -> int:
        """How many of the bad rows have no number that can be called."""
        return len(self.bad) - self.duplicates

    @property
    def counts(self) -> str:
        """How many there are, as a text."""
        people, double, wrong = len(self.contacts), self.duplicates, self.wrong
        return ", ".join(
            (
                counted(people, "person", "people"),
                counted(double, "duplicate", "duplicates"),
                counted(wrong, "row that cannot be called", "rows that cannot be called"),
            )
        )


def arguments_of(columns: tuple[str, ...], **options: Any) -> dict[str, Any]:
    """Return the options as arguments of ``vocobase.contacts.read``.

    Raises:
        click.UsageError: a column is not NAME=HEADER.
    """
    pairs = [text.partition("=") for text in columns]
    twice = [name for name, count in Counter(name for name, _, _ in pairs).items() if count > 1]
    wrong = [text for text, (name, _, header) in zip(columns, pairs, strict=True) if not (name and header)]
    if wrong or twice:
        text = f"{wrong[0]!r} is not NAME=HEADER." if wrong else f"{twice[0]!r} is passed twice."
        raise click.BadParameter(text, param_hint="--column")
    return {"columns": {name: header for name, _, header in pairs} or None, **options}


def read_people(session: Session, file: Path, arguments: dict[str, Any]) -> People:
    """Read a file of people.

    Raises:
        click.UsageError: there is no such file.
        ContactsError: it cannot be read, or has no column with numbers.
    """
    people = People([], [])
    with session.progress("Reading") as bar:
        for number, row in enumerate(read(file, **arguments), 1):
            if isinstance(row, Contact):
                people.contacts.append(row)
            else:
                people.bad.append(row)
            if number % STEP == 0:
                bar.update(number)
    return people
