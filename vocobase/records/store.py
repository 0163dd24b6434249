"""The table of calls in a database: reading, merging observations, and removing. SQL for every database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from vocobase.records.merge import Observation, merge
from vocobase.records.removal import MENTIONS, OF_PERSON, TEXTS, remover_of
from vocobase.records.row import COLUMNS, CallRecord, record_of, stored

Row = tuple[Any, ...]
# Identifiers per statement: databases limit the number of placeholders.
BATCH = 500
_NAMES = ", ".join(COLUMNS)
_PUT = (
    f"INSERT INTO {{calls}} ({_NAMES}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - constants
    " ON CONFLICT (session_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "session_id")
)


class Connection(Protocol):
    """A database inside a transaction."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a statement with ``?`` for parameters, and ``{calls}`` for a table; return its rows."""
        ...


class Database(Protocol):
    """A database that is opened at its first use, and again when the connection was lost."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """The lock to enter before a transaction; not within it, as Ctrl-C at its end could keep it."""
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """Return a transaction that sees one state."""
        ...

    def write(self) -> AbstractContextManager[Connection]:
        """Return a transaction whose changes are kept together, or not at all; one at a time."""
        ...

    def erase(self) -> None:
        """Erase the bytes of deleted rows from the places that this program controls."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Store(Protocol):
    """The part of the table that reports and exports need."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one SELECT on the table ``{calls}``, with ``?`` for parameters.

        A question mark cannot stand for itself in the statement; pass such text as a parameter.
        """
        ...

    def rows(self, condition: str, parameters: Sequence[Any] = ()) -> list[CallRecord]:
        """Return the records that match a condition, which may end with ORDER BY and LIMIT."""
        ...

    def changed_after(self, sequence: int, limit: int) -> list[CallRecord]:
        """Return the records that have changed since a sequence number, in the order of their changes."""
        ...


class SQLStore:
    """The table of calls in a database.

    Args:
        database: Where it is.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __repr__(self) -> str:
        return repr(self._database)

    def open(self) -> None:
        """Open the database now, so that a fault shows immediately."""
        with self._database.lock, self._database.read():
            pass

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one SELECT; see ``Store``."""
        with self._database.lock, self._database.read() as connection:
            return connection.execute(sql, parameters)

    def rows(self, condition: str, parameters: Sequence[Any] = ()) -> list[CallRecord]:
        """Return the records that match a condition."""
        with self._database.lock, self._database.read() as connection:
            return _records(connection, condition, parameters)

    def changed_after(self, sequence: int, limit: int) -> list[CallRecord]:
        """Return the records that have changed since a sequence number."""
        return self.rows("sequence > ? ORDER BY sequence LIMIT ?", (sequence, limit))

    def get_meta(self, key: str) -> str | None:
        """Return a value of the table of settings and cursors."""
        with self._database.lock, self._database.read() as connection:
            return _meta(connection, key)

    def put(
        self,
        seen: Sequence[Observation],
        now: datetime,
        *,
        cursor: str = "",
        move: Callable[[str | None], str] | None = None,
    ) -> list[CallRecord]:
        """Merge observations into the table, and move a cursor with them.

        Args:
            seen: The observations.
            now: The time.
            cursor: Name of the cursor.
            move: Returns its new value for the current one.

        Returns:
            The records that have changed, as they are now.
        """
        with self._database.lock, self._database.write() as connection:
            seen = _wanted(connection, seen)
            known = _known(connection, seen)
            before = dict(known)
            for each in seen:
                _rename(connection, known, each)
                known[each.session_id] = merge(known.get(each.session_id), each, now)
            changed = _numbered(
                connection, [each for name, each in known.items() if each is not before.get(name)]
            )
            for record in changed:
                connection.execute(_PUT, [stored(name, getattr(record, name)) for name in COLUMNS])
            if move is not None:
                _set_meta(connection, cursor, move(_meta(connection, cursor)))
        return changed

    def annotate(self, values: Mapping[str, Mapping[str, Any]], now: datetime) -> int:
        """Set columns that the API does not know.

        Args:
            values: The columns with their values, by session; those that are None stay as they are.
            now: The time.

        Returns:
            How many records have changed.
        """
        with self._database.lock, self._database.write() as connection:
            found = [
                record
                for batch in _batches(list(values))
                for record in _records(connection, f"session_id IN ({', '.join('?' * len(batch))})", batch)
            ]
            new = [replace(each, **_given(values[each.session_id])) for each in found]
            changed = _numbered(
                connection,
                [replace(each, updated_at=now) for each, old in zip(new, found, strict=True) if each != old],
            )
            for record in changed:
                connection.execute(_PUT, [stored(name, getattr(record, name)) for name in COLUMNS])
        return len(changed)

    def remove(self, condition: str, parameters: Sequence[Any] = ()) -> int:
        """Remove records so that no source adds them again, and leave no byte of them.

        Returns:
            How many there were.
        """
        with self._database.lock, self._database.write() as connection:
            removed = _remove(connection, condition, parameters)
        self._database.erase()
        return removed

    def forget(self, number: str, now: datetime) -> int:
        """Remove the calls of a person, and the number from the texts of other records.

        Returns:
            How many calls there were.
        """
        digits, remove = number.lstrip("+"), remover_of(number)
        with self._database.lock, self._database.write() as connection:
            removed = _remove(connection, OF_PERSON, (number,) * 3)
            for record in _records(connection, MENTIONS, (f"%{digits}%",) * len(TEXTS)):
                cleaned = replace(record, **{name: remove(getattr(record, name)) for name in TEXTS})
                if all(_same(record, cleaned, name) for name in TEXTS):
                    continue
                (numbered,) = _numbered(connection, [replace(cleaned, updated_at=now)])
                connection.execute(_PUT, [stored(name, getattr(numbered, name)) for name in COLUMNS])
        self._database.erase()
        return removed

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _remove(connection: Connection, condition: str, parameters: Sequence[Any]) -> int:
    query = f"SELECT session_id, call_id FROM {{calls}} WHERE {condition}"  # noqa: S608 - constants
    found = connection.execute(query, parameters)
    for session_id, call_id in found:
        # A call whose session was not known yet is entered under its own identifier.
        for name in {session_id, call_id or session_id}:
            connection.execute(
                "INSERT INTO {forgotten} VALUES (?) ON CONFLICT (hash) DO NOTHING", (hash_of(name),)
            )
        connection.execute("DELETE FROM {calls} WHERE session_id = ?", (session_id,))
    return len(found)


def hash_of(identifier: str) -> str:
    """Return what is kept of a call that was removed, so that it is not added again."""
    return hashlib.sha256(identifier.encode("utf-8", "replace")).hexdigest()[:32]


def _records(connection: Connection, condition: str, parameters: Sequence[Any] = ()) -> list[CallRecord]:
    rows = connection.execute(f"SELECT {_NAMES} FROM {{calls}} WHERE {condition}", parameters)  # noqa: S608
    return [record_of(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def _same(one: CallRecord, other: CallRecord, name: str) -> bool:
    return bool(stored(name, getattr(one, name)) == stored(name, getattr(other, name)))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _known(connection: Connection, seen: Sequence[Observation]) -> dict[str, CallRecord]:
    """Return the records of observations, by the identifier under which they are entered."""
    names = list({name: None for each in seen for name in (each.session_id, each.call_id) if name})
    return {
        record.session_id: record
        for batch in _batches(names)
        for record in _records(connection, f"session_id IN ({', '.join('?' * len(batch))})", batch)
    }


def _rename(connection: Connection, known: dict[str, CallRecord], seen: Observation) -> None:
    """Enter a call under its session, once that is known."""
    found = known.get(seen.call_id or "")
    if found is not None and found.session_id != seen.session_id:
        del known[found.session_id]
        connection.execute("DELETE FROM {calls} WHERE session_id = ?", (found.session_id,))
        known.setdefault(seen.session_id, replace(found, session_id=seen.session_id))


def _wanted(connection: Connection, seen: Sequence[Observation]) -> list[Observation]:
    """Return the observations of calls that were not removed."""
    # A call may have been removed before its session was known.
    hashes = {name: hash_of(name) for each in seen for name in (each.session_id, each.call_id) if name}
    forgotten = {
        row[0]
        for batch in _batches(list(hashes.values()))
        for row in connection.execute(
            f"SELECT hash FROM {{forgotten}} WHERE hash IN ({', '.join('?' * len(batch))})",  # noqa: S608
            batch,
        )
    }
    removed = {name for name, digest in hashes.items() if digest in forgotten}
    return [each for each in seen if removed.isdisjoint((each.session_id, each.call_id))]


def _numbered(connection: Connection, changed: Iterable[CallRecord]) -> list[CallRecord]:
    """Assign the next number of a change to each record."""
    last = int(_meta(connection, "sequence") or 0)
    numbered = [replace(record, sequence=last + place) for place, record in enumerate(changed, 1)]
    if numbered:
        _set_meta(connection, "sequence", str(numbered[-1].sequence))
    return numbered


def _meta(connection: Connection, key: str) -> str | None:
    rows = connection.execute("SELECT value FROM {meta} WHERE key = ?", (key,))
    return rows[0][0] if rows else None


def _set_meta(connection: Connection, key: str, value: str) -> None:
    connection.execute(
        "INSERT INTO {meta} VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def _batches(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + BATCH] for start in range(0, len(names), BATCH))
