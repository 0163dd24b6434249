"""Open a table of calls by its path or address."""

from __future__ import annotations

import os

from vocobase._base.arguments import as_path
from vocobase._base.errors import ConfigurationError
from vocobase._base.secrets import conceal, reveal, takes_secrets
from vocobase.records.store import Database, SQLStore

POSTGRES = ("postgresql://", "postgres://")


@takes_secrets("place")
def open_store(place: str | os.PathLike[str]) -> SQLStore:
    """Return the table in a file or a server; it is opened at its first use.

    Args:
        place: Path of a file, which is created if it does not exist, or ``postgresql://...`` (needs
            the extra ``postgres``).

    Raises:
        ConfigurationError: the place is neither, or a package is missing.
    """
    return SQLStore(_database_of(place))


def _database_of(place: str | os.PathLike[str]) -> Database:
    # The text may hold a password, so it is not shown.
    given = conceal(reveal(place))
    value = reveal(given)
    if isinstance(value, str) and value.startswith(POSTGRES):
        # Few programs keep their calls in a server; the others do not need the package.
        from vocobase.records.postgres import PostgresDatabase

        return PostgresDatabase(given)
    if value is None or (isinstance(value, str) and (value in ("", ":memory:") or "://" in value)):
        raise ConfigurationError("records: pass the path of a file, or the address of PostgreSQL.")
    from vocobase.records.sqlite import SQLiteDatabase

    return SQLiteDatabase(as_path(value, "records: place"))
