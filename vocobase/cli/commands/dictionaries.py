"""Apply a file of terms to the dictionaries of the account."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from pathlib import Path

import click

from vocobase import OMIT
from vocobase.cli.effects import OVERWRITES
from vocobase.cli.frame import command
from vocobase.cli.session import Session
from vocobase.cli.terms import Terms, read_terms
from vocobase.types import Dictionary

LISTS = ("added", "removed")


@dataclass(frozen=True)
class Difference:
    """The changes to one dictionary when a file is applied.

    Attributes:
        wanted: The dictionary of the file.
        exists: Whether the account has it.
        added: Terms that are added.
        removed: Terms that are removed.
        described: Whether its description changes.
    """

    wanted: Terms
    exists: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    described: bool

    @property
    def change(self) -> str:
        """The change: created, changed or unchanged."""
        if not self.exists:
            return "created"
        return "changed" if self.added or self.removed or self.described else "unchanged"

    def row(self, change: str = "") -> dict[str, object]:
        """Return the members that are shown; those of a change that was made are from the API."""
        return {
            "dictionary": self.wanted.name,
            "change": change or self.change,
            "terms": len(self.wanted.terms),
            "added": self.added,
            "removed": self.removed,
        }


def _counted(row: dict[str, object]) -> dict[str, object]:
    """Return a row for people, who have seen the terms."""
    return {
        name: len(value) if name in LISTS and isinstance(value, Sized) else value
        for name, value in row.items()
    }


def difference(wanted: Terms, found: Dictionary | None) -> Difference:
    """Compare the dictionary of a file with that of the account."""
    old = tuple(found.terms or ()) if found else ()
    return Difference(
        wanted,
        found is not None,
        tuple(term for term in wanted.terms if term not in old),
        tuple(term for term in old if term not in wanted.terms),
        wanted.description is not None and found is not None and found.description != wanted.description,
    )


@command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", metavar="TEXT", help="Name of the dictionary; default: that of the file.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def apply(session: Session, file: Path, name: str | None, dry_run: bool) -> None:
    """Create the dictionary of a file, or change it so that it has exactly its terms.

    FILE has one term on each line; or is a CSV file with a column "term" and, for several dictionaries, a
    column "dictionary"; or a JSON file with a list of terms, or objects with "name" and "terms". It asks
    before terms are removed. You can run it again: only differences are changed.
    """
    wanted = read_terms(file, name)
    dictionaries = session.client.dictionaries
    ids = {each.name: each.id for each in dictionaries.iter()}
    plan = [
        difference(each, dictionaries.get(ids[each.name]) if each.name in ids else None) for each in wanted
    ]
    for each in plan:
        _show(session, each)
    removed = sum(len(each.removed) for each in plan)
    if removed and not dry_run:
        session.confirm(OVERWRITES, f"{removed} term{'s' if removed > 1 else ''} will be removed.")
    rows = [each.row("" if dry_run else _apply(session, each)) for each in plan]
    session.emit(map(_counted, rows) if session.is_for_people else rows, id_field="dictionary")


def _apply(session: Session, each: Difference) -> str:
    if each.change == "unchanged":
        return each.change
    text = each.wanted.description
    return session.client.dictionaries.ensure(
        each.wanted.name, description=OMIT if text is None else text, terms=each.wanted.terms
    ).change


def _show(session: Session, each: Difference) -> None:
    """Write the difference to standard error, where a person sees it before the question."""
    lines = [f"+ {term}" for term in each.added] + [f"- {term}" for term in each.removed]
    for line in (f"{each.wanted.name}: {each.change}", *(lines if each.exists else ())):
        session.hint(line)
