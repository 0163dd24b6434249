"""The counts of one import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vocobase._base.values import whole_number
from vocobase._imports.spool import Spool
from vocobase.contacts._report import ImportProgress, ImportReport


@dataclass
class Tally:
    """The contacts that were sent, by what the API did with them, and those that were not sent again."""

    added: int = 0
    skipped: int = 0
    uncounted: int = 0
    known: int = 0

    def count(self, contacts: int, added: Any, duplicates: Any) -> None:
        """Count one request by its response, whose counts may be missing or wrong."""
        accepted = min(max(0, whole_number(added) or 0), contacts)
        skipped = min(max(0, whole_number(duplicates) or 0), contacts - accepted)
        self.added += accepted
        self.skipped += skipped
        self.uncounted += contacts - accepted - skipped

    def progress(self, total: int) -> ImportProgress:
        """Return the progress of sending."""
        return ImportProgress("sending", self.added + self.skipped + self.uncounted + self.known, total)

    def report(self, spool: Spool) -> ImportReport:
        """Return the report of an import that is complete."""
        return ImportReport(
            rows=spool.rows,
            added=self.added,
            skipped=self.skipped,
            known=self.known,
            duplicates=spool.duplicates,
            bad=spool.bad,
            uncounted=self.uncounted,
            **spool.refused,
        )
