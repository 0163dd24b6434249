"""Detect that a ledger is not the one that a worker has opened.

A ledger has an identity: random, written when it is created, and replaced when entries are deleted. A worker
remembers it. An older copy of the ledger has the same identity, so each worker also has a bookmark in it: the
number of changes it has made, advanced in the transaction of each change. In an older copy it is behind; the
worker that detects this replaces the identity, as others may not be able to detect it.
"""

from __future__ import annotations

import threading
from uuid import uuid4

from vocobase._base.errors import LedgerLostError


class Bookmark:
    """The number of changes that one process has made in a ledger, as the ledger has confirmed it.

    Attributes:
        lock: Held from reading the number to storing the next one, unless another lock is.
        worker: Identifies the process in the ledger.
        number: Number of changes.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.worker = uuid4().hex
        self.number = 0

    def end(self) -> str | None:
        """Start over as another worker; return the old one if it has a bookmark in the ledger."""
        worker = self.worker if self.number else None
        self.worker, self.number = uuid4().hex, 0
        return worker


def lost(place: str, detail: str = "") -> LedgerLostError:
    """Return the error for a ledger that is not the one that was opened."""
    found = f" ({detail.rstrip('.')})" if detail else ""
    return LedgerLostError(
        f"ledger: {place} is not the ledger that was opened{found}: it was emptied, replaced or restored from"
        " an older copy, and has forgotten what was done. Check what was done before you start again."
    )
