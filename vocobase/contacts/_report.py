"""The progress and the report of an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """The progress of an import.

    Attributes:
        stage: ``reading`` the source, of which nothing is sent yet, or ``sending``.
        done: Rows read, or contacts handled, so far.
        total: Contacts to handle; None while the source is read.
    """

    stage: Literal["reading", "sending"]
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The results of all rows; ``rows`` is the sum of the others.

    Attributes:
        rows: Rows in the source, blank ones not counted.
        added: Contacts that the API added to the campaign.
        skipped: Contacts that the API reports as already in the campaign; after a lost response, also those
            that the first attempt added.
        known: Contacts that were not sent, because the ledger records them as sent.
        duplicates: Rows with the number of an earlier row.
        bad: Rows that are not contacts.
        uncounted: Contacts that were sent, but that the response reports neither as added nor as skipped;
            check the campaign.
        do_not_call: Contacts that were left out, because they must not be called.
        no_consent: Contacts that were left out, because no consent is on record.
        consent_expired: Contacts that were left out, because their consent has ended.
    """

    rows: int = 0
    added: int = 0
    skipped: int = 0
    known: int = 0
    duplicates: int = 0
    bad: int = 0
    uncounted: int = 0
    do_not_call: int = 0
    no_consent: int = 0
    consent_expired: int = 0
