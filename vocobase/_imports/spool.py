"""The contacts of one source on disk: read to the end before anything is sent, and looked up by number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Self

from vocobase._base.forks import SQLITE
from vocobase.contacts._lines import broken
from vocobase.contacts._types import BadRow, Contact

Sendable = dict[str, Any]
_KIBIBYTES = 4096
_AMONG = "WHERE phone IN (SELECT value FROM json_each(?))"


class Spool:
    """Keep contacts, and which of them were sent, in a temporary file that is gone with the process.

    Attributes:
        contacts: How many contacts it holds.
        duplicates: How many rows had a number that came before.
        bad: How many other rows gave no contact.
    """

    def __init__(self) -> None:
        self.contacts = self.duplicates = self.bad = 0

    def __enter__(self) -> Self:
        # An empty name is a private file, which SQLite writes only when its cache is full. It is carried from
        # thread to thread, though never used by two.
        with SQLITE:
            self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            for statement in (
                "PRAGMA journal_mode = OFF",
                f"PRAGMA cache_size = -{_KIBIBYTES}",
                "CREATE TABLE spool"
                " (number INTEGER PRIMARY KEY, phone TEXT, size INTEGER, sent INTEGER, contact TEXT)",
                "BEGIN",
            ):
                self._database.execute(statement)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with SQLITE:
            self._database.close()

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.contacts + self.duplicates + self.bad

    def fill(self, rows: Iterator[Contact | BadRow], count: int) -> int:
        """Take at most so many rows; return how many there were."""
        before = self.rows
        for row in islice(rows, count):
            if isinstance(row, Contact):
                self._keep(row)
            elif row.duplicate_of is not None:
                self.duplicates += 1
            else:
                self.bad += 1
        return self.rows - before

    def _keep(self, contact: Contact) -> None:
        text = json.dumps(contact.to_dict(), ensure_ascii=False)
        values = (contact.phone, len(text.encode()) + 1, text)
        # Only what happens here: the rows may come from a database of the caller.
        with _using():
            self._database.execute(
                "INSERT INTO spool (phone, size, sent, contact) VALUES (?, ?, 0, ?)", values
            )
        self.contacts += 1

    def chunk(self, after: int, count: int) -> tuple[int, list[str]]:
        """Return the numbers of the next contacts in the order of the source, and where they end."""
        with _using():
            rows = self._database.execute(
                "SELECT number, phone FROM spool WHERE number > ? ORDER BY number LIMIT ?", (after, count)
            ).fetchall()
        return (rows[-1][0] if rows else after), [phone for _, phone in rows]

    def unsent(self, phones: Collection[str]) -> list[tuple[str, int, int]]:
        """Return those of the numbers that are here and were not sent, with places and sizes in bytes."""
        with _using():
            self._database.execute("CREATE INDEX IF NOT EXISTS by_phone ON spool (phone)")
            query = f"SELECT phone, number, size FROM spool {_AMONG} AND NOT sent ORDER BY number"  # noqa: S608
            return self._database.execute(query, (json.dumps([*phones]),)).fetchall()

    def parts(self, phones: Collection[str], size: int) -> Iterator[list[Sendable]]:
        """Return the contacts of those numbers, in lists of at most ``size`` bytes, loaded one by one."""
        parts: list[list[int]] = []
        room = 0
        for _, number, length in self.unsent(phones):
            if not parts or length > room:
                parts.append([])
                room = size
            parts[-1].append(number)
            room -= length
        return map(self._load, parts)

    def _load(self, numbers: list[int]) -> list[Sendable]:
        query = "SELECT contact FROM spool WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number"
        with _using():
            rows = self._database.execute(query, (json.dumps(numbers),))
            return [json.loads(text) for (text,) in rows]

    def mark(self, phones: Collection[str]) -> None:
        """Note that contacts were sent."""
        with _using():
            self._database.execute(f"UPDATE spool SET sent = 1 {_AMONG}", (json.dumps([*phones]),))  # noqa: S608

    def sent(self, phones: Collection[str]) -> set[str]:
        """Return those of the numbers that were sent."""
        with _using():
            rows = self._database.execute(
                f"SELECT phone FROM spool {_AMONG} AND sent",  # noqa: S608 - a constant
                (json.dumps([*phones]),),
            ).fetchall()
        return {phone for (phone,) in rows}


@contextmanager
def _using() -> Generator[None]:
    try:
        with SQLITE:
            yield
    except sqlite3.Error as error:
        raise broken("the temporary file for contacts", error) from error
