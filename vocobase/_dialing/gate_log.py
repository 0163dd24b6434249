"""The log of the decisions not to dial: rows of a ledger that are only added, never changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from vocobase._base.arguments import check_aware, check_text
from vocobase._base.masked_repr import MaskedRepr
from vocobase._dialing.attempts import attempts_of
from vocobase._dialing.decisions import Postpone, Refuse
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import GATE_LOG
from vocobase._dialing.tables import write_table
from vocobase._ledger import Entry, Ledger

REMOVED = "removed_from_do_not_call"


@dataclass(frozen=True, repr=False)
class GateDecision(MaskedRepr):
    """One decision not to dial a number.

    Attributes:
        at: When it was made, by the clock of the ledger.
        list: Name of the list; ``import:`` and the campaign id for an import; None for the removal of a
            number from the do-not-call list.
        job: Key of the job.
        number: The number.
        attempt: Which attempt it would have been, from 1.
        code: The reason as one word, such as ``do_not_call``, ``no_consent`` or ``outside_hours``.
        reason: The reason as a sentence.
        source: Where the reason comes from.
        until: When the job is checked again; None if it was refused.
    """

    at: datetime
    list: str | None
    job: str | None = field(repr=False)
    number: str = field(repr=False)
    attempt: int | None
    code: str
    reason: str
    source: str | None = None
    until: datetime | None = None


def log_decision(ledger: Ledger, name: str, job: Entry, decision: Postpone | Refuse, at: float) -> None:
    """Log a decision about a job; once for each attempt, however often it is checked."""
    attempt = len(attempts_of(job)) + 1
    source = decision.source if isinstance(decision, Refuse) else None
    until = decision.until.timestamp() if isinstance(decision, Postpone) else None
    # A person who retries a job begins another attempt.
    retried = (job.result or {}).get("retried_at")
    reason = "" if until else decision.reason
    identity = (name, job.key, attempt, retried, decision.code, reason, source)
    row = {"list": name, "job": job.key, "number": job.payload["to_number"], "attempt": attempt}
    row |= {"at": at, "code": decision.code, "reason": decision.reason, "source": source, "until": until}
    _add(ledger, [(identity, row)])


def log_refusals(ledger: Ledger, name: str, refusals: Iterable[tuple[str, Refuse]], at: float) -> None:
    """Log the numbers that were left out before anything was sent, each once for every reason."""
    _add(
        ledger,
        (
            (
                (name, number, refusal.code, refusal.reason, refusal.source),
                {"list": name, "number": number, "at": at, "code": refusal.code}
                | {"reason": refusal.reason, "source": refusal.source},
            )
            for number, refusal in refusals
        ),
    )


def log_removal(ledger: Ledger, number: str, reason: str, source: str | None, at: float) -> None:
    """Log that a number was removed from the do-not-call list."""
    row = {"number": number, "at": at, "code": REMOVED, "reason": reason, "source": source}
    _add(ledger, [((number, at, reason), row)])


def _add(ledger: Ledger, rows: Iterable[tuple[Sequence[object], dict[str, Any]]]) -> None:
    def items() -> Iterator[tuple[str, dict[str, Any]]]:
        for identity, row in rows:
            # Keys of jobs may be as long as a key of a ledger may be.
            yield hashlib.sha256(json.dumps(identity).encode()).hexdigest(), row

    ledger.enter(GATE_LOG, items())


def logged(ledger: Ledger, name: str | None = None, since: datetime | None = None) -> Iterator[GateDecision]:
    """Iterate over the log, oldest first.

    Args:
        ledger: The ledger.
        name: Only decisions of this list.
        since: Only decisions at this time or later.
    """
    earliest = 0.0 if since is None else since.timestamp()
    for entry in ledger.entries(GATE_LOG, "waiting"):
        row = entry.payload
        if row["at"] >= earliest and name in (None, row.get("list")):
            yield _decision_of(row)


def check_filter(what: str, name: str | None, since: datetime | None) -> None:
    """Require the name of a list, and a time with a zone, or None."""
    if name is not None:
        check_text(what, name=name)
    if since is not None:
        check_aware(since, f"{what}: since")


def _decision_of(row: dict[str, Any]) -> GateDecision:
    until = row.get("until")
    return GateDecision(
        moment(row["at"]),
        row.get("list"),
        row.get("job"),
        row["number"],
        row.get("attempt"),
        row["code"],
        row["reason"],
        row.get("source"),
        None if until is None else moment(until),
    )


def write_log(decisions: Iterable[GateDecision], path: str | os.PathLike[str], what: str) -> int:
    """Write decisions as CSV; return how many."""
    names = [each.name for each in fields(GateDecision)]
    return write_table(names, map(vars, decisions), path, what)
