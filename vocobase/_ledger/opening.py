"""Open the ledger of a ``ledger=`` argument."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from vocobase._base.errors import ConfigurationError
from vocobase._base.secrets import conceal, reveal, takes_secrets
from vocobase._ledger.base import Ledger

REDIS = ("redis://", "rediss://", "redis+unix://", "unix://")
POSTGRES = ("postgresql://", "postgres://")


@takes_secrets("value")
def open_ledger(value: str | os.PathLike[str] | Ledger) -> Ledger:
    """Return the ledger at an address or a path; an open one is returned unchanged.

    Args:
        value: Path of a file (created if it does not exist; for the processes of one machine, not on a
            network share), ``redis://...`` (needs the extra ``redis``), ``postgresql://...`` (needs the extra
            ``postgres``), or a ``Ledger``.

    Raises:
        ConfigurationError: the value is not valid, or a package is missing.
        LedgerError: the file or server cannot be used.
    """
    # From Python 3.12 on, isinstance ignores the attributes that a wrapper forwards.
    if not isinstance(reveal(value), type) and callable(getattr(reveal(value), "take_over", None)):
        return cast(Ledger, reveal(value))
    # The text may hold a password, so it is not shown.
    place = conceal(_text_of(reveal(value)))
    kind = _kind_of(place.reveal())
    if kind == "redis":
        from vocobase._ledger.redis import RedisLedger

        return RedisLedger(place)
    if kind == "postgres":
        from vocobase._ledger.postgres import PostgresLedger

        return PostgresLedger(place)
    if not kind:
        raise ConfigurationError("ledger: pass a path, the address of Redis or PostgreSQL, or a Ledger.")
    from vocobase._ledger.sqlite import SQLiteLedger

    return SQLiteLedger(place.reveal())


@takes_secrets("value")
def open_existing(value: str | os.PathLike[str] | Ledger) -> Ledger | None:
    """Return the ledger at an address or a path, None for a file that does not exist."""
    place = conceal(_text_of(reveal(value)))
    if _kind_of(place.reveal()) == "file" and _is_missing(place.reveal()):
        return None
    return open_ledger(value)


def _text_of(value: object) -> str:
    """Return the text of a path or an address, empty if it is neither."""
    try:
        place = cast(object, os.fspath(cast("str | os.PathLike[str]", value)))
    except TypeError:  # of what is neither, or of an odd __fspath__
        return ""
    return str.__str__(place) if isinstance(place, str) else ""


def _kind_of(place: str) -> str:
    if not place or place == ":memory:":
        return ""
    if place.startswith(REDIS):
        return "redis"
    if place.startswith(POSTGRES):
        return "postgres"
    return "" if "://" in place else "file"


def _is_missing(place: str) -> bool:
    try:
        Path(place).stat()
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        # Opening it raises the error that says so.
        return False
    return False


@contextmanager
def closing_own(ledger: Ledger, given: object) -> Generator[None]:
    """Close a ledger at the end of a block, unless the caller has opened it."""
    try:
        yield
    finally:
        if ledger is not reveal(given):
            ledger.close()
