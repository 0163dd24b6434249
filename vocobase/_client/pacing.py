"""Create a pacer for a ``pace`` argument, wherever the budgets are kept."""

from __future__ import annotations

import os
from typing import cast

from vocobase._base.clock import Clock
from vocobase._base.secrets import reveal
from vocobase._policy.pacers import Pacer


def pacer_of(value: object, clock: Clock) -> Pacer | None:
    """Return the pacer for a ``pace`` argument.

    Raises:
        ConfigurationError: it is not valid, or a package is missing.
        LedgerError: the file or the server cannot be used.
    """
    # All clients would pay for the imports; most are not paced, and few keep their budgets in a ledger.
    if value is None:
        return None
    if not _is_ledger(reveal(value)):
        from vocobase._policy.budgets import resolve_pace

        return resolve_pace(value, clock)
    from vocobase._ledger.ledger_budgets import LedgerBudgets
    from vocobase._ledger.opening import open_ledger

    return LedgerBudgets(open_ledger(cast(str, value)))


def _is_ledger(value: object) -> bool:
    """Return whether a value is a path or the address of a PostgreSQL server.

    A text without the suffix of a file is not taken for a path: a mistyped address would become one.
    """
    if isinstance(value, os.PathLike):
        return True
    return isinstance(value, str) and (
        value.startswith(("postgresql://", "postgres://"))
        or ("://" not in value and value.endswith(".sqlite"))
    )
