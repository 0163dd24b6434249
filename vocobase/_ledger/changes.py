"""Change the result of an entry that is recorded, never claimed, without losing changes of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vocobase._ledger.base import Ledger

Members = Mapping[str, Any]


def change_noted(ledger: Ledger, scope: str, key: str, change: Callable[[Members], Members]) -> bool:
    """Change the record under a key; return whether something changed.

    Args:
        ledger: The ledger.
        scope: The list of entries, all of them in the state ``done``.
        key: The entry, which is created if it does not exist.
        change: Returns the new members from the known ones; called again if another worker was faster.
    """
    while True:
        entry = ledger.get(scope, key)
        result = entry.result if entry else None
        known = result or {}
        new = change(known)
        if new == known:
            return False
        if entry is None:
            ledger.record(scope, [key], "done")
        if not ledger.revise(scope, [key], "done", was="done", result=new, expected=result):
            return True


def noted(ledger: Ledger, scope: str, key: str) -> dict[str, Any]:
    """Return the record under a key, empty if there is none."""
    entry = ledger.get(scope, key)
    return (entry.result if entry else None) or {}
