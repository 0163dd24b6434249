"""The do-not-call list of a ledger, as functions; `aio/do_not_call.py` has the class."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from vocobase._base.arguments import check_text
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.masked_repr import MaskedRepr
from vocobase._dialing.gate_log import log_removal
from vocobase._dialing.ledger_forms import e164_numbers, e164_of, end_of
from vocobase._dialing.number_table import Row, all_rows, look_up, put_rows, remove_row
from vocobase._dialing.opt_out import OptOut, opt_out_of
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import DO_NOT_CALL
from vocobase._ledger import Ledger
from vocobase.records.row import CallRecord
from vocobase.webhooks._payloads import SessionCompleted

OPT_OUT = "opt_out"


@dataclass(frozen=True, repr=False)
class DoNotCallEntry(MaskedRepr):
    """One number of a do-not-call list.

    Attributes:
        number: The number in E.164 form.
        reason: Why it must not be called.
        source: Where the reason comes from.
        added_at: When it was added.
        valid_until: When the entry ends; None if it never does.
        scrubbed_on: Date of the file that it comes from.
    """

    number: str = field(repr=False)
    reason: str
    source: str
    added_at: datetime
    valid_until: datetime | None = None
    scrubbed_on: date | None = None


def add_numbers(
    ledger: Ledger,
    numbers: Iterable[str],
    *,
    reason: str,
    source: str,
    valid_until: date | datetime | None,
    region: str | None,
    what: str = "DoNotCall.add",
) -> int:
    """Add numbers; return how many are new, or are listed longer than before."""
    check_text(what, reason=reason, source=source)
    row = {"reason": reason, "source": source, "until": future_end(ledger, valid_until, what)}
    return put_dated(ledger, ((number, row) for number in e164_numbers(numbers, region, what)))


def future_end(ledger: Ledger, valid_until: date | datetime | None, what: str) -> float | None:
    """Return when entries end, in seconds since 1970, None for never.

    Raises:
        InvalidArgumentError: it is not a date or a time with a zone, or is over: the entries would have no
            effect.
    """
    end = end_of(valid_until, f"{what}: valid_until")
    if end is not None and end <= ledger.now():
        raise InvalidArgumentError(
            f"{what}: valid_until has passed ({valid_until}), so the numbers could still be called. Nothing"
            " was added."
        )
    return end


def put_dated(ledger: Ledger, rows: Iterable[tuple[str, Row]]) -> int:
    """Add rows with the current time; of two rows for one number, the one that lasts longer stays."""
    added = {"added": ledger.now()}
    return put_rows(ledger, DO_NOT_CALL, ((number, row | added) for number, row in rows), _outlasts)


def _outlasts(new: Row, known: Row) -> bool:
    return _end_of(new) > _end_of(known)


def _end_of(row: Row) -> float:
    return math.inf if row["until"] is None else float(row["until"])


def remove_number(ledger: Ledger, number: str, *, reason: str, region: str | None) -> bool:
    """Remove a number, which the log keeps; return whether it was listed."""
    check_text("DoNotCall.remove", reason=reason)
    found = e164_of(number, region, "DoNotCall.remove")
    now = ledger.now()
    row = remove_row(ledger, DO_NOT_CALL, found, {"removed": now, "why": reason})
    if row is not None:
        log_removal(ledger, found, reason, row["source"], now)
    return row is not None


def entries_of(ledger: Ledger, numbers: Collection[str]) -> dict[str, DoNotCallEntry]:
    """Return the entries of the numbers that must not be called now."""
    return dict(_in_force(ledger, look_up(ledger, DO_NOT_CALL, numbers).items()))


def all_entries(ledger: Ledger) -> Iterator[DoNotCallEntry]:
    """Iterate over all entries that apply now."""
    return (entry for _, entry in _in_force(ledger, all_rows(ledger, DO_NOT_CALL)))


def entry_of(ledger: Ledger, number: str, region: str | None) -> DoNotCallEntry | None:
    """Return the entry of a number, or None if it may be called."""
    found = e164_of(number, region, "DoNotCall.check")
    return entries_of(ledger, [found]).get(found)


def _in_force(ledger: Ledger, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, DoNotCallEntry]]:
    now = ledger.now()
    return ((number, _entry_of(number, row)) for number, row in rows if _end_of(row) > now)


def _entry_of(number: str, row: Row) -> DoNotCallEntry:
    until, day = row["until"], row.get("scrubbed")
    return DoNotCallEntry(
        number,
        row["reason"],
        row["source"],
        moment(row["added"]),
        None if until is None else moment(until),
        None if day is None else date.fromisoformat(day),
    )


def note_opt_out(
    ledger: Ledger,
    number: str,
    outcome: str | None,
    extraction: Mapping[str, Any] | None,
    rule: OptOut | None = None,
) -> DoNotCallEntry | None:
    """Add the number of a person who has opted out in a call; return the entry, None without an opt-out."""
    reason = opt_out_of(outcome, extraction, rule)
    if reason is None:
        return None
    add_numbers(
        ledger,
        [number],
        reason=reason,
        source=OPT_OUT,
        valid_until=None,
        region=None,
        what="DoNotCall.receive",
    )
    return entry_of(ledger, number, None)


def receive_event(
    ledger: Ledger, event: SessionCompleted | CallRecord, rule: OptOut | None
) -> DoNotCallEntry | None:
    """Add the number of a person who has opted out according to an event or a record."""
    given = cast(object, event)
    if not isinstance(given, (SessionCompleted, CallRecord)):
        raise InvalidArgumentError(
            "DoNotCall.receive: event must be a SessionCompleted event or a record of a call."
        )
    call, number, values = _call_of(given)
    if number is None:
        return None
    outcome = getattr(call, "disposition", None) or getattr(call, "status", None)
    return note_opt_out(ledger, number, None if outcome is None else str(outcome), values, rule)


def _call_of(event: SessionCompleted | CallRecord) -> tuple[object, str | None, Mapping[str, Any] | None]:
    """Return the call, the number of the other party, and the extracted values."""
    if isinstance(event, CallRecord):
        return event, event.person, event.extraction
    values = _object(_object(_object(event.raw, "data"), "extraction"), "values")
    if event.call is None:
        return None, None, values
    is_inbound = str(event.call.direction) == "inbound"
    return event.call, event.call.from_number if is_inbound else event.call.to_number, values


def _object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}
