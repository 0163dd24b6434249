"""Numbers that were read, kept on disk so that memory use does not grow with the list."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self

from vocobase._base.forks import SQLITE
from vocobase._base.sqlite import open_temporary
from vocobase.contacts._lines import broken


class Seen:
    """Remember each number with its first line, in a temporary file that disappears with the process."""

    def __enter__(self) -> Self:
        # A generator may be passed from thread to thread, though two never use it at once.
        self._database = open_temporary(
            "CREATE TABLE seen (phone INTEGER PRIMARY KEY, line INTEGER NOT NULL)"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with SQLITE:
            self._database.close()

    def first(self, phone: str, line: int) -> int | None:
        """Return the first line that had a number, or None if this is the first.

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
