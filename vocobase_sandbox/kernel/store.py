"""Tables of rows in memory, and the changes since the last commit."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Protocol

from vocobase_sandbox.kernel.messages import Row

Change = tuple[str, str]
"""Table and row id."""


class Sink(Protocol):
    """Make committed changes durable."""

    def write(self, rows: dict[Change, Row | None], blobs: dict[str, bytes | None]) -> None:
        """Write changed rows and objects; None means removed."""


class Store:
    """All rows of the account; insertion order is creation order."""

    def __init__(self, sink: Sink | None = None) -> None:
        self._tables: dict[str, dict[str, Row]] = {}
        self._blobs: dict[str, bytes] = {}
        # Dictionaries as ordered sets: the sink must receive the rows in the order of their creation.
        self._dirty: dict[Change, None] = {}
        self._dirty_blobs: dict[str, None] = {}
        self._sink = sink
        self.version = 0
        """Increases with every change."""

    def table(self, name: str) -> dict[str, Row]:
        """Return a table; to write, use only `put` and `remove`."""
        return self._tables.setdefault(name, {})

    def get(self, table: str, key: str) -> Row | None:
        """Return a row, or None."""
        rows = self._tables.get(table)
        return rows.get(key) if rows else None

    def put(self, table: str, row: Row) -> Row:
        """Insert or save a row under its `id`."""
        key: str = row["id"]
        self.table(table)[key] = row
        self._dirty[table, key] = None
        self.version += 1
        return row

    def remove(self, table: str, key: str) -> None:
        """Delete a row if it exists."""
        if self.table(table).pop(key, None) is not None:
            self._dirty[table, key] = None
            self.version += 1

    def rows(self, table: str) -> Iterator[Row]:
        """Iterate over a table, oldest row first."""
        return iter(list(self.table(table).values()))

    def newest(self, table: str) -> list[Row]:
        """List a table, newest row first."""
        return list(reversed(self.table(table).values()))

    def blob(self, key: str) -> bytes | None:
        """Return the bytes of a stored object, or None."""
        return self._blobs.get(key)

    def put_blob(self, key: str, content: bytes | None) -> None:
        """Save the bytes of an object; None removes it."""
        if content is None:
            self._blobs.pop(key, None)
        else:
            self._blobs[key] = content
        self._dirty_blobs[key] = None
        self.version += 1

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self._dirty or self._dirty_blobs)

    def commit(self) -> None:
        """Pass all changes to the sink."""
        if self._sink is not None and self.changed:
            rows = {change: self.get(*change) for change in self._dirty}
            self._sink.write(rows, {key: self._blobs.get(key) for key in self._dirty_blobs})
        self._dirty.clear()
        self._dirty_blobs.clear()

    def detach(self) -> None:
        """Continue in memory only."""
        self._sink = None

    def snapshot(self) -> tuple[dict[str, dict[str, Row]], dict[str, bytes]]:
        """Copy the whole state."""
        return copy.deepcopy(self._tables), dict(self._blobs)

    def restore(self, state: tuple[dict[str, dict[str, Row]], dict[str, bytes]]) -> None:
        """Replace the whole state with a copy of a snapshot."""
        self._mark_everything()
        self._tables, self._blobs = copy.deepcopy(state[0]), dict(state[1])
        self._mark_everything()

    def load(self, rows: Iterator[tuple[str, str, Row]], blobs: Iterator[tuple[str, bytes]]) -> None:
        """Fill an empty store from a state file without marking anything as changed."""
        for table, key, row in rows:
            self.table(table)[key] = row
        self._blobs.update(blobs)

    def _mark_everything(self) -> None:
        self.version += 1
        self._dirty.update(((name, key), None) for name, rows in self._tables.items() for key in rows)
        self._dirty_blobs.update(dict.fromkeys(self._blobs))
