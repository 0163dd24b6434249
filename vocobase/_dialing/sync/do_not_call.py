# Derived from vocobase/_dialing/aio/do_not_call.py by scripts/derive_sync.py; edit that instead.
"""The do-not-call list that a ledger keeps."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from vocobase._dialing.do_not_call import (
    DoNotCallEntry,
    add_numbers,
    all_entries,
    entry_of,
    receive_event,
    remove_number,
)
from vocobase._dialing.gate_log import GateDecision, check_filter, logged, write_log
from vocobase._dialing.opt_out import OptOut
from vocobase._dialing.suppression_files import Scrub, SuppressionReport, import_file
from vocobase._dialing.sync.number_list import NumberList
from vocobase._ledger import Ledger
from vocobase.contacts._types import ContactSource
from vocobase.records.row import CallRecord
from vocobase.webhooks._payloads import SessionCompleted

# Rows that a thread reads at a time.
_BATCH = 500


class DoNotCall(NumberList):
    """The do-not-call list of a ledger: numbers that no list on this ledger dials.

    ``calls.start_many`` checks it immediately before each dial. Once ``add`` has returned, the number is no
    longer dialled, unless its start was already being sent. To use the list on another ledger, pass it as
    ``do_not_call=``. You are responsible for the numbers that the law requires in it, and for how long.

    Args:
        ledger: As in ``calls.start_many``.

    Raises:
        ConfigurationError: the ledger is not valid.
        LedgerError: it cannot be used.
    """

    kind = "DoNotCall"

    def add(
        self,
        number: str,
        *,
        reason: str = "added by hand",
        source: str = "manual",
        valid_until: date | datetime | None = None,
        region: str | None = None,
    ) -> bool:
        """Add a number; return whether it is new, or listed longer than before.

        A number that is listed longer already keeps its entry.

        Args:
            number: The number, in any usual form (forms other than E.164 need the extra ``contacts``).
            reason: Why it must not be called.
            source: Where the reason comes from.
            valid_until: The last day, which ends in UTC, or a time with a zone; by default the entry never
                ends.
            region: Country of numbers without a country code, two letters such as ``IN``.

        Raises:
            InvalidArgumentError: the number cannot be used, or ``valid_until`` is over.
        """
        given = [number]
        changed = self.add_many(given, reason=reason, source=source, valid_until=valid_until, region=region)
        return bool(changed)

    def add_many(
        self,
        numbers: Iterable[str],
        *,
        reason: str = "added by hand",
        source: str = "manual",
        valid_until: date | datetime | None = None,
        region: str | None = None,
    ) -> int:
        """Add numbers; return how many are new, or listed longer than before. See ``add``."""
        return self._use(
            add_numbers, numbers, reason=reason, source=source, valid_until=valid_until, region=region
        )

    def remove(self, number: str, *, reason: str, region: str | None = None) -> bool:
        """Remove a number, which the log keeps; return whether it was listed.

        Args:
            number: The number, in any usual form.
            reason: Reason that it may be called again, for the log.
            region: Country of numbers without a country code, two letters such as ``IN``.
        """
        return self._use(remove_number, number, reason=reason, region=region)

    def check(self, number: str, *, region: str | None = None) -> DoNotCallEntry | None:
        """Return the entry of a number, or None if it may be called."""
        return self._use(entry_of, number, region)

    def entries(self) -> Iterator[DoNotCallEntry]:
        """Iterate over the entries that apply now."""
        found = self._use(all_entries)
        while batch := self._use(lambda _: list(islice(found, _BATCH))):
            for entry in batch:
                yield entry

    def import_csv(
        self,
        file: ContactSource,
        *,
        source: str,
        scrubbed_on: date | None = None,
        column: str | None = None,
        date_column: str | None = None,
        valid_until: date | datetime | None = None,
        region: str | None = None,
        rejects: str | os.PathLike[str] | None = None,
    ) -> SuppressionReport:
        """Add the numbers of a file, such as the result of a scrub against a registry.

        Args:
            file: Path of a CSV file, or any other source of ``vocobase.contacts.read``.
            source: Where it comes from, such as the name of the registry.
            scrubbed_on: Date of the file. Required unless it has a column with the date of each row; a later
                number whose date cannot be read is listed without one.
            column: Header of the column with the numbers; detected by default.
            date_column: Header of the column with the dates, such as 2026-01-31.
            valid_until: The last day of all entries, which ends in UTC, or a time with a zone; by default
                they never end.
            region: Country of numbers without a country code, two letters such as ``IN``.
            rejects: CSV file for the rows whose number cannot be read; they are not in the list.

        Returns:
            The ``SuppressionReport``; check ``rejected``.

        Raises:
            InvalidArgumentError: the first number has no date, or ``valid_until`` is over; nothing was added.
            ContactsError: the file cannot be read, or has no numbers or no column for them; the numbers
                before an error may be in the list.
        """
        scrub = Scrub(source, scrubbed_on, column, date_column, valid_until, region)
        return self._use(import_file, file, scrub, rejects)

    def receive(
        self, event: SessionCompleted | CallRecord, *, opt_out: OptOut | None = None
    ) -> DoNotCallEntry | None:
        """Add the number of a person who has opted out in a call, according to an event or a record.

        Args:
            event: An event, from a webhook or from ``events.poll``, or a record of ``vocobase.records``.
            opt_out: How people opt out; the default of ``OptOut`` without it.

        Returns:
            The entry of the number; None if no one has opted out.
        """
        return self._use(receive_event, event, opt_out)

    def log(self, *, name: str | None = None, since: datetime | None = None) -> Iterator[GateDecision]:
        """Iterate over the decisions not to dial, oldest first: of all lists of the ledger, and removals.

        Args:
            name: Only decisions about this list.
            since: Only decisions at this time (with a zone) or later.
        """
        check_filter("DoNotCall.log", name, since)
        found = self._use(logged, name, since)
        while batch := self._use(lambda _: list(islice(found, _BATCH))):
            for decision in batch:
                yield decision

    def log_to_csv(
        self, path: str | os.PathLike[str], *, name: str | None = None, since: datetime | None = None
    ) -> int:
        """Write the log as CSV, readable by its owner only; return how many rows.

        Args:
            path: The file; an existing one is replaced at the end.
            name: Only decisions about this list.
            since: Only decisions at this time (with a zone) or later.
        """
        check_filter("DoNotCall.log_to_csv", name, since)

        def write(ledger: Ledger) -> int:
            return write_log(logged(ledger, name, since), path, "DoNotCall.log_to_csv")

        return self._use(write)
