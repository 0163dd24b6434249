"""The contacts of one source on disk: read to the end before anything is sent, and looked up by number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Self

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
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode = OFF",
            f"PRAGMA cache_size = -{_KIBIBYTES}",
            "CREATE TABLE spool (number INTEGER PRIMARY KEY, phone TEXT, contact TEXT, sent INTEGER)",
            "BEGIN",
        ):
            self._database.execute(statement)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.contacts + self.duplicates + self.bad

    def fill(self, rows: Iterator[Contact | BadRow], count: int) -> int:
        """Take at most so many rows; return how many there were."""
        before = self.rows
        with _clear_errors():
            self._database.executemany(
                "INSERT INTO spool (phone, contact, sent) VALUES (?, ?, 0)", self._kept(islice(rows, count))
            )
        return self.rows - before

    def _kept(self, rows: Iterable[Contact | BadRow]) -> Iterator[tuple[str, str]]:
        for row in rows:
            if isinstance(row, Contact):
                self.contacts += 1
                yield row.phone, json.dumps(row.to_dict(), ensure_ascii=False)
            elif row.duplicate_of is not None:
                self.duplicates += 1
            else:
                self.bad += 1

    def chunk(self, after: int, count: int) -> tuple[int, list[str]]:
        """Return the numbers of the next contacts in the order of the source, and where they end."""
        with _clear_errors():
            rows = self._database.execute(
                "SELECT number, phone FROM spool WHERE number > ? ORDER BY number LIMIT ?", (after, count)
            ).fetchall()
        return (rows[-1][0] if rows else after), [phone for _, phone in rows]

    def unsent(self, phones: Collection[str], size: int) -> Iterator[list[Sendable]]:
        """Yield those of the numbers that are here and were not sent, as lists of at most ``size`` bytes."""
        with _clear_errors():
            self._database.execute("CREATE INDEX IF NOT EXISTS by_phone ON spool (phone)")
            rows = self._database.execute(
                f"SELECT contact FROM spool {_AMONG} AND NOT sent ORDER BY number",  # noqa: S608 - a constant
                (json.dumps([*phones]),),
            ).fetchall()
        part: list[Sendable] = []
        used = 0
        for (text,) in rows:
            length = len(text.encode()) + 1
            if part and used + length > size:
                yield part
                part, used = [], 0
            part.append(json.loads(text))
            used += length
        if part:
            yield part

    def mark(self, phones: Collection[str]) -> None:
        """Note that contacts were sent."""
        with _clear_errors():
            self._database.execute(f"UPDATE spool SET sent = 1 {_AMONG}", (json.dumps([*phones]),))  # noqa: S608

    def sent(self, phones: Collection[str]) -> set[str]:
        """Return those of the numbers that were sent."""
        with _clear_errors():
            rows = self._database.execute(
                f"SELECT phone FROM spool {_AMONG} AND sent",  # noqa: S608 - a constant
                (json.dumps([*phones]),),
            ).fetchall()
        return {phone for (phone,) in rows}


@contextmanager
def _clear_errors() -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise broken("the temporary file for contacts", error) from error
