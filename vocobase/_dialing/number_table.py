"""A table of phone numbers in a ledger: one row for each number; concurrent changes are not lost.

A new row is the payload of a waiting entry; a changed one is the result of a done entry; a removed one stays
as a refused entry, so that nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from vocobase._ledger import Entry, Ledger, State
from vocobase._ledger.base import BATCH

Row = dict[str, Any]
_LISTED: tuple[State, ...] = ("waiting", "done")
# More numbers than this are searched with two queries first, as most of them are not in the table.
_FEW = 3


def _row_of(entry: Entry | None) -> Row | None:
    if entry is None or entry.state not in _LISTED:
        return None
    return entry.result or entry.payload


def look_up(ledger: Ledger, scope: str, numbers: Collection[str]) -> dict[str, Row]:
    """Return the rows of the numbers that are in the table."""
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > _FEW:
        wanted = [
            number
            for start in range(0, len(wanted), BATCH)
            for state in _LISTED
            for number in ledger.find(scope, wanted[start : start + BATCH], state)
        ]
    rows = {number: _row_of(ledger.get(scope, number)) for number in wanted}
    return {number: row for number, row in rows.items() if row is not None}


def all_rows(ledger: Ledger, scope: str) -> Iterator[tuple[str, Row]]:
    """Iterate over the table; a row that changes meanwhile is returned once."""
    seen: set[str] = set()
    for state in _LISTED:
        for entry in ledger.entries(scope, state):
            if entry.key not in seen:
                seen.add(entry.key)
                yield entry.key, entry.result or entry.payload


def put_rows(
    ledger: Ledger, scope: str, rows: Iterable[tuple[str, Row]], replaces: Callable[[Row, Row], bool]
) -> int:
    """Add rows; return how many are new or have replaced an older one.

    Args:
        ledger: The ledger.
        scope: The table.
        rows: Numbers with their rows.
        replaces: Called with the new row and that of the table; returns whether to replace it.
    """
    changed, given = 0, iter(rows)
    while batch := dict(islice(given, BATCH)):
        new = ledger.enter(scope, batch.items())
        changed += new
        if new < len(batch):
            changed += sum(_replace(ledger, scope, *item, replaces) for item in batch.items())
    return changed


def _replace(ledger: Ledger, scope: str, number: str, row: Row, replaces: Callable[[Row, Row], bool]) -> bool:
    while True:
        entry = ledger.get(scope, number)
        if entry is None:
            return False
        known = _row_of(entry)
        if known is not None and (known == row or not replaces(row, known)):
            return False
        if _changed(ledger, scope, entry, "done", row):
            return True


def remove_row(ledger: Ledger, scope: str, number: str, remarks: Mapping[str, Any]) -> Row | None:
    """Remove a row, and store some remarks with it; return the row, or None."""
    while True:
        entry = ledger.get(scope, number)
        row = _row_of(entry)
        if entry is None or row is None:
            return None
        if _changed(ledger, scope, entry, "refused", {**row, **remarks}):
            return row


def _changed(ledger: Ledger, scope: str, entry: Entry, state: State, row: Row) -> bool:
    """Change an entry unless another worker has changed it meanwhile."""
    return not ledger.revise(scope, [entry.key], state, was=entry.state, result=row, expected=entry.result)
