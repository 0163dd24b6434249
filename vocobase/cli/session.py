"""The context of a command: the client, the options that all commands share, questions, notes and output."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, cast

import click

from vocobase.cli.effects import asks

if TYPE_CHECKING:
    from vocobase import Vocobase
    from vocobase.cli.output import Card
    from vocobase.cli.profiles import Profile, Profiles
    from vocobase.cli.progress import Progress

NO_ROWS = "There are none."
FORMATS = ("table", "json", "jsonl", "csv")


class Declined(Exception):
    """The answer to a question was no; nothing was done."""


class BudgetSpent(Exception):
    """A list stopped, because its budget or the balance of the account does not allow another call."""


def _printable(text: str) -> str:
    """Return a text that does not control the terminal: names come from files and from the API."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


class Session:
    """One run of the command line. Commands get it as their first argument.

    Args:
        client_options: More options for the client, such as the transport of a sandbox; for tests.
        ask_secret: Asks for a text that is not shown while it is typed.

    Attributes:
        profile_name: Value of ``--profile``, empty without it.
        output: Value of ``--output``, empty without it.
        fields: Members to show, such as ``session.credits_used``; empty for the usual ones.
        limit: How many rows to show at most, None for the usual number.
        quiet: Whether only identifiers are shown.
        no_pii: Whether personal data is masked: phone numbers, what was said, variables, recordings.
        yes: Whether questions are answered with yes.
        debug: Whether a traceback is shown for an error.
    """

    def __init__(
        self,
        client_options: dict[str, Any] | None = None,
        ask_secret: Callable[[str], str] = getpass.getpass,
    ) -> None:
        self.profile_name = ""
        self.output = ""
        self.fields: tuple[str, ...] = ()
        self.limit: int | None = None
        self.quiet = False
        self.no_pii = False
        self.yes = False
        self.debug = False
        self._client_options = client_options or {}
        self._ask_secret = ask_secret

    @property
    def format(self) -> str:
        """How data is written: as asked for, else a table on a terminal and JSON lines in a pipe."""
        return self.output or ("table" if sys.stdout.isatty() else "jsonl")

    @property
    def is_for_people(self) -> bool:
        """Whether a command may choose what it shows: a table without ``--fields`` and ``--quiet``."""
        return self.format == "table" and not self.fields and not self.quiet

    @property
    def wants_json(self) -> bool:
        """Whether errors are JSON objects, too."""
        return self.output in ("json", "jsonl")

    @property
    def can_ask(self) -> bool:
        """Whether a person can see a question and answer it."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    # Loaded when they are used: help and completion need none of them.

    @cached_property
    def profiles(self) -> Profiles:
        """The file of profiles."""
        profiles: Profiles = import_module("vocobase.cli.profiles").Profiles.of(os.environ)
        return profiles

    @cached_property
    def profile(self) -> Profile:
        """The profile of this run; see docs/cli.md for the order."""
        return self.profiles.chosen(self.profile_name, os.environ)

    @cached_property
    def client(self) -> Vocobase:
        """The client of the profile, opened at its first use."""
        return self.open(self.profile.client_options())

    def open(self, options: Mapping[str, Any]) -> Vocobase:
        """Return a client with some options; the caller closes it."""
        from vocobase import Vocobase

        return Vocobase(**{**options, **self._client_options})

    def emit(
        self,
        rows: Iterable[Any],
        *,
        columns: Sequence[str] = (),
        id_field: str = "",
        live: bool = False,
        empty: str = "",
    ) -> int:
        """Write rows to standard output, in the format and with the members that were asked for.

        Args:
            rows: Models, mappings or dataclasses; an iterator is read up to ``--limit``.
            columns: The members that a table on a terminal shows; by default those that fit.
            id_field: The member that ``--quiet`` shows; by default the identifier.
            live: Write each row as it comes; a table becomes lines.
            empty: Shown to a person if there are no rows: silence would look like a failure.

        Returns:
            The number of rows.
        """
        from vocobase.cli import output

        count = output.write_rows(self._view(columns, id_field), rows, live=live)
        if not count and empty and self.is_for_people:
            self.note(empty)
        return count

    def emit_one(
        self, row: Any, *, columns: Sequence[str] = (), id_field: str = "", card: Card | None = None
    ) -> None:
        """Write one object to standard output: a table shows it as a card.

        Args:
            row: A model, mapping or dataclass.
            columns: The members that the card shows; by default all that have a value.
            id_field: The member that ``--quiet`` shows; by default the identifier.
            card: Shown on a terminal instead of the members.
        """
        from vocobase.cli import output

        output.write_one(self._view(columns, id_field), row, card)

    def emit_result(self, result: object, *, columns: Sequence[str] = ()) -> None:
        """Write the result of a method: rows, one object, or nothing."""
        if isinstance(result, Sequence) and not isinstance(result, str):
            self.emit(cast("Sequence[object]", result), columns=columns, empty=NO_ROWS)
        elif result is not None:
            self.emit_one(result)

    def _view(self, columns: Sequence[str], id_field: str) -> Any:
        from vocobase.cli import output

        return output.View(
            format="quiet" if self.quiet else self.format,
            fields=self.fields,
            columns=tuple(columns),
            id_field=id_field,
            limit=self.limit,
            masked=self.no_pii,
        )

    def note(self, text: str) -> None:
        """Write a line to standard error."""
        self._say(f"{text}\n")

    def _say(self, text: str) -> None:
        if self.no_pii:
            # Lazy, as few runs need it.
            from vocobase.cli.masking import masked

            text = masked(text)
        sys.stderr.write(_printable(text))
        sys.stderr.flush()

    def hint(self, text: str) -> None:
        """Write a line to standard error, except with ``--quiet``."""
        if not self.quiet:
            self.note(text)

    def confirm(self, effect: str, text: str) -> None:
        """Ask before an action that rings, spends, deletes or overwrites.

        Args:
            effect: One of ``effects.EFFECTS``; reading and writing need no question.
            text: The action, as a sentence.

        Raises:
            Declined: the answer was no.
            click.UsageError: there is no one to ask, and ``--yes`` was not passed.
        """
        if self.yes or not asks(effect):
            return
        if not self.can_ask:
            raise click.UsageError(f"{text} Without a terminal to ask, this needs --yes; nothing was done.")
        # Lazy, as few runs ask.
        from shutil import get_terminal_size

        from vocobase.cli.cells import wrapped

        # One word for `wrapped`, so that the answer is typed after all of it.
        lines = wrapped(f"{text} Continue?\0[y/N]", get_terminal_size().columns - len("yes"))
        self._say("\n".join(lines).replace("\0", " ") + " ")
        with _line_ends():
            answer = sys.stdin.readline()
        if answer.strip().lower() not in ("y", "yes"):
            raise Declined("nothing was done.")

    def ask_secret(self, question: str, instead: str) -> str:
        """Ask for a secret, which is not shown while it is typed.

        Args:
            question: Shown before the cursor.
            instead: What to do where there is no one to ask, as a sentence.
        """
        if not self.can_ask:
            raise click.UsageError(f"This prompt needs a terminal. {instead}")
        with _line_ends():
            return self._ask_secret(question).strip()

    def progress(
        self, title: str, total: int | None = None, unit: str = "rows"
    ) -> AbstractContextManager[Progress]:
        """Show the progress of longer work: a bar on a terminal, a line every few seconds elsewhere.

        Args:
            title: The work, such as ``Uploading``.
            total: The number of steps, None if it is not known.
            unit: What is counted; ``bytes`` are shown as kB and MB.
        """
        from vocobase.cli.progress import progress

        return progress(title, total, unit, quiet=self.quiet)

    def close(self) -> None:
        """Close the client, if it was opened."""
        client = vars(self).get("client")
        if client is not None:
            client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@contextmanager
def _line_ends() -> Generator[None]:
    """End the line of a question after Ctrl-C, so that the message has a line of its own."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise
