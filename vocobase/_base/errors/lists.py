"""Errors of lists, ledgers, gates, tables and deliveries."""

from __future__ import annotations

from vocobase._base.errors.root import VocobaseError


class ContactsError(VocobaseError, ValueError):
    """A list of contacts cannot be read, or its rejected rows cannot be written."""


class ContactsHeaderError(ContactsError):
    """The header of a list cannot be used: it has no column with phone numbers, or no row matches it.

    Attributes:
        line: Line of the header, counted from 1; None if the list has no header row.
    """

    line: int | None = None


class LedgerError(VocobaseError):
    """The file or server of a ledger cannot be used; the last change may or may not be stored."""


class LedgerLostError(LedgerError):
    """A ledger was emptied, replaced or restored from an older copy while it was in use.

    Attributes:
        waiting: How many jobs of a list of calls were waiting when they were last counted, None if never.
    """

    waiting: int | None = None


class GateError(VocobaseError):
    """A do-not-call or consent source failed or returned an unusable value; the job was not dialled."""


class RecordsError(VocobaseError):
    """The file or server of a table of calls cannot be used; a change is stored as a whole or not at all."""


class WebhookError(VocobaseError):
    """A delivery that must not be trusted.

    Attributes:
        reason: One of ``missing-header``, ``bad-header``, ``bad-signature``, ``bad-timestamp``, ``too-old``,
            ``too-new``, ``not-bytes``, ``too-large``, ``bad-body``, ``duplicate``, ``in-progress``,
            ``unavailable``.
    """

    reason: str = ""
