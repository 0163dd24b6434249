"""Read files of numbers that must not be called, with the date of each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from vocobase._base.arguments import check_text, shown
from vocobase._base.errors import ContactsError, InvalidArgumentError
from vocobase._dialing.do_not_call import future_end, put_dated
from vocobase._dialing.ledger_forms import check_date
from vocobase._dialing.number_table import Row
from vocobase._ledger import Ledger
from vocobase.contacts._read import read_rows
from vocobase.contacts._rejects import Rejects
from vocobase.contacts._types import BadRow, Contact, ContactSource, FileForm

_WHAT = "DoNotCall.import_csv"
# Headers of dates, in lower case, with anything but letters and digits as one space.
_DATES = frozenset({"date", "scrub date", "scrubbed on", "scrubbed at", "registered on", "added on"})


@dataclass(frozen=True)
class SuppressionReport:
    """The result of an import of numbers that must not be called.

    Attributes:
        rows: Rows of the file, blank ones not counted.
        numbers: Different numbers among them.
        changed: Numbers that are new in the list, or listed longer than before.
        rejected: Rows whose number cannot be read; these people can still be called.
    """

    rows: int
    numbers: int
    changed: int
    rejected: int


@dataclass(frozen=True)
class Scrub:
    """The arguments for a file; see ``DoNotCall.import_csv``."""

    source: str
    scrubbed_on: date | None
    column: str | None
    date_column: str | None
    valid_until: date | datetime | None
    region: str | None

    def __post_init__(self) -> None:
        """Reject values of other types."""
        check_text(_WHAT, source=self.source)
        if self.scrubbed_on is not None:
            check_date(self.scrubbed_on, f"{_WHAT}: scrubbed_on")
        for name in ("column", "date_column"):
            if getattr(self, name) is not None:
                check_text(_WHAT, **{name: getattr(self, name)})


class _Reader:
    def __init__(self, scrub: Scrub, end: float | None, rejects: Rejects) -> None:
        self._scrub = scrub
        self._rejects = rejects
        self._end = end
        self.numbers = self.rejected = self.duplicates = 0

    def rows(self, contacts: Iterator[Contact | BadRow]) -> Iterator[tuple[str, Row]]:
        """Yield the numbers with their rows; the first number requires a date.

        A later one is yielded even without a date: a person who must not be called is not left out for that.
        """
        for row in contacts:
            if isinstance(row, Contact):
                self.numbers += 1
                yield row.phone, self._row(row)
            elif row.duplicate_of is None:
                self.rejected += 1
                self._rejects.write(row)
            else:
                self.duplicates += 1
        self._rejects.commit()

    def _row(self, contact: Contact) -> Row:
        # Not the object itself, as a subclass may convert itself to other text.
        source = str.__str__(self._scrub.source)
        row = {"reason": f"in a file of {source}", "source": source, "until": self._end}
        day = self._scrub.scrubbed_on or self._date_of(contact)
        return row if day is None else row | {"scrubbed": day.isoformat()}

    def _date_of(self, contact: Contact) -> date | None:
        try:
            return self._written_date(contact)
        except InvalidArgumentError:
            if self.numbers == 1:
                raise
            return None

    def _written_date(self, contact: Contact) -> date:
        wanted = self._scrub.date_column
        for column, value in contact.metadata.items():
            plain = re.sub(r"[\W_]+", " ", column.casefold()).strip()
            if column == wanted or (wanted is None and plain in _DATES):
                return _date(value, column)
        missing = f"no column {shown(wanted)}" if wanted else "no column with dates"
        raise InvalidArgumentError(
            f"{_WHAT}: the file has {missing}; pass the date on which it was made as scrubbed_on=."
        )


def _date(value: object, column: str) -> date:
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise InvalidArgumentError(
            f"{_WHAT}: a date in the column {column!r} is not like 2026-01-31; pass scrubbed_on= instead."
        ) from None


def import_file(
    ledger: Ledger, file: ContactSource, scrub: Scrub, rejects: str | os.PathLike[str] | None
) -> SuppressionReport:
    """Add the numbers of a file; see ``DoNotCall.import_csv``."""
    form = FileForm()
    columns = {"phone": scrub.column} if scrub.column else None
    end = future_end(ledger, scrub.valid_until, _WHAT)
    contacts = read_rows(file, form, scrub.region, columns, None, None, None)
    bad = Rejects(rejects, file, form)
    reader = _Reader(scrub, end, bad)
    with closing(contacts), bad:
        rows = reader.rows(contacts)
        # The first number is read before anything is written, so a file without a date changes nothing.
        first = next(rows, None)
        if first is None:
            raise ContactsError(f"{_WHAT}: the file has no number that can be read; nothing was added.")
        changed = put_dated(ledger, chain([first], rows))
    total = reader.numbers + reader.rejected + reader.duplicates
    return SuppressionReport(total, reader.numbers, changed, reader.rejected)
