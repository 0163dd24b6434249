"""The encoded contacts of one list, in a temporary file until all of the list has been read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Self

from vocobase._base.errors import ContactsError
from vocobase._dialing.decisions import Refuse
from vocobase._imports.chunks import Line, encode
from vocobase._policy.variables import Supplied
from vocobase.contacts._lines import broken
from vocobase.contacts._read import Trail, refused_row
from vocobase.contacts._rejects import Rejects
from vocobase.contacts._types import BadRow, Contact

# Shorter lists stay in memory.
_MEMORY_BYTES = 4 * 1024 * 1024

Rows = Generator[Contact | BadRow, None, None]


@dataclass
class Batch:
    """Rows that were read and are not stored yet.

    Attributes:
        rows: The rows.
        refused: The contacts among them that will be left out, by number.
    """

    rows: list[Contact | BadRow]
    refused: Mapping[str, Refuse] = field(default_factory=dict[str, Refuse])

    @property
    def numbers(self) -> list[str]:
        """The numbers of the contacts."""
        return [row.phone for row in self.rows if isinstance(row, Contact)]


class Spool:
    """Keep contacts in a private file that is deleted with the process.

    Args:
        file: The file; a temporary one by default.

    Attributes:
        contacts: How many contacts it contains.
        duplicates: How many rows had the number of an earlier row.
        bad: How many other rows are not contacts.
        refused: How many contacts the gate has refused, by code.
    """

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self.contacts = self.duplicates = self.bad = 0
        self.refused: Counter[str] = Counter()
        self._file = file or SpooledTemporaryFile(_MEMORY_BYTES)  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Rows that were not written yet are no longer needed.
        with suppress(OSError):
            self._file.close()

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.contacts + self.duplicates + self.bad + self.refused.total()

    def fill(
        self, rows: Rows, rejects: Rejects, batch_rows: int, supplied: Supplied | None = None
    ) -> Generator[int, None, None]:
        """Keep the contacts of a list and write its bad rows; yield the number of rows after each batch.

        The rejects are committed at the end of the list, hence not if its reading fails or is abandoned.
        ``supplied`` counts the contacts that lack a variable.
        """
        with closing(rows), rejects:
            while self._take(islice(rows, batch_rows), rejects, supplied or Supplied(None)):
                yield self.rows
            rejects.commit()

    def sift(
        self, rows: Rows, trail: Trail, rejects: Rejects, batch_rows: int, supplied: Supplied
    ) -> Generator[Batch, None, None]:
        """Keep the contacts of a list that the caller does not refuse; yield each batch before it is kept.

        Refused contacts are written to the rejects. Otherwise like `fill`.
        """
        with closing(rows), rejects:
            while read := list(islice(rows, batch_rows)):
                batch = Batch(read)
                yield batch
                places = iter(trail)
                for row in read:
                    place = next(places) if isinstance(row, Contact) else None
                    refusal = batch.refused.get(row.phone) if isinstance(row, Contact) else None
                    if place is None or refusal is None:
                        self._take_row(row, rejects, supplied)
                    else:
                        rejects.write(refused_row(place, refusal.reason))
                        self.refused[refusal.code] += 1
                trail.clear()
            rejects.commit()

    def _take(self, rows: Iterable[Contact | BadRow], rejects: Rejects, supplied: Supplied) -> int:
        """Take a batch; return how many rows it had."""
        before = self.rows
        for row in rows:
            self._take_row(row, rejects, supplied)
        return self.rows - before

    def _take_row(self, row: Contact | BadRow, rejects: Rejects, supplied: Supplied) -> None:
        if isinstance(row, Contact):
            self._keep(encode(row))
            supplied.count(row.name, row.metadata)
        else:
            rejects.write(row)
            self.bad += row.duplicate_of is None
            self.duplicates += row.duplicate_of is not None

    def _keep(self, line: Line) -> None:
        try:
            self._file.write(line + b"\n")
        except OSError as error:
            raise _broken(error) from error
        self.contacts += 1

    def lines(self) -> Iterator[Line]:
        """Yield the contacts, encoded, in the order of the list."""
        try:
            self._file.seek(0)
            for line in self._file:
                yield line[:-1]
        except OSError as error:
            raise _broken(error) from error


def _broken(error: OSError) -> ContactsError:
    return broken("the temporary file for contacts", error)
