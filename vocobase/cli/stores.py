"""Where commands keep data of an account: a file of its state folder, another file, or a database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from vocobase import LookupFailedError
from vocobase.cli.session import Session
from vocobase.cli.state import folder_of, make_folder


@dataclass(frozen=True)
class Store:
    """A place for data, chosen by an option, else by a variable, else by the profile.

    Attributes:
        option: Name of the option, such as ``--db``.
        variable: Name of the variable of the environment.
        file: Name of the file in the state folder of an account.
        missing: Message for a file that does not exist; ``{place}`` stands for it.
    """

    option: str
    variable: str
    file: str
    missing: str

    def place(self, session: Session, given: str | None) -> str:
        """Return the file or the address.

        Raises:
            click.UsageError: the argument is an address with a password.
        """
        if given and "://" in given and ("password" in urlsplit(given).query or urlsplit(given).password):
            raise click.UsageError(
                f"{self.option} has a password, and other users of this machine can see arguments;"
                f" set {self.variable} instead."
            )
        place = given or os.environ.get(self.variable)
        return place or str(folder_of(session.profile, os.environ) / self.file)

    def existing(self, session: Session, given: str | None) -> str:
        """Return the file or the address; a file must exist.

        Raises:
            LookupFailedError: there is no such file.
        """
        place = self.place(session, given)
        if "://" not in place and not Path(place).exists():
            raise LookupFailedError(self.missing.format(place=place))
        return place

    def created(self, session: Session, given: str | None) -> str:
        """Return the file or the address; create the state folder if the file is there."""
        place = self.place(session, given)
        if "://" not in place and not given:
            make_folder(Path(place).parent)
        return place


def shown(place: str) -> str:
    """Return the place of data without anything secret."""
    return "the database" if "://" in place else place
