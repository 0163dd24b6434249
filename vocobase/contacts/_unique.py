"""Numbers that came before, kept on disk so that memory stays the same for lists of any length."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self

from vocobase._base.forks import SQLITE
from vocobase.contacts._lines import broken

_KIBIBYTES = 4096


class Seen:
    """Remember numbers and where each came first, in a temporary file that is gone with the process."""

    def __enter__(self) -> Self:
        # An empty name is a private file, which SQLite writes only when its cache is full. A generator may be
        # carried from thread to thread, though never used by two.
        with SQLITE:
            self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = OFF")
            self._database.execute(f"PRAGMA cache_size = -{_KIBIBYTES}")
            self._database.execute("CREATE TABLE seen (phone INTEGER PRIMARY KEY, line INTEGER NOT NULL)")
            self._database.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with SQLITE:
            self._database.close()

    def first(self, phone: str, line: int) -> int | None:
        """Return the line that had a number before, None when this is the first one.

        Raises:
            ContactsError: the temporary file cannot be written.
        """
        number = int(phone[1:])
        try:
            with SQLITE:
                done = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (number, line))
                if done.rowcount:
                    return None
                found: tuple[int] = self._database.execute(
                    "SELECT line FROM seen WHERE phone = ?", (number,)
                ).fetchone()
        except sqlite3.Error as error:
            raise broken("the temporary file for duplicates", error) from error
        return found[0]
