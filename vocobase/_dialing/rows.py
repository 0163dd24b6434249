"""The jobs of a list as rows of a table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from vocobase._base.masked_repr import MaskedRepr
from vocobase._dialing.attempts import Attempt, attempts_of
from vocobase._dialing.jobs import JobState, state_of
from vocobase._dialing.rules import moment
from vocobase._dialing.tables import write_table
from vocobase._ledger import Entry

_NESTED = ("variables", "extraction")


@dataclass(frozen=True, repr=False)
class JobResult(MaskedRepr):
    """One job of a list, with everything that is known about it.

    Attributes:
        key: Key of the job.
        agent_id: Agent of the job.
        to_number: Number of the person.
        state: ``waiting``, ``dialling``, ``started``, ``finished``, ``refused`` or ``parked``; see
            ``JobUpdate``.
        attempts: How many times it was dialled.
        outcome: Disposition of the last attempt, or its status where it has none; None while it is not known.
        duration_seconds: Length of all calls in seconds; None if none is known.
        cost: Rupees of all calls; None if none is known.
        call_id: The last call.
        first_at: When it was first dialled.
        last_at: When it was last dialled.
        ended_at: When the last outcome was read.
        not_before: The earliest time at which a waiting job may be dialled.
        code: The reason why it was refused or postponed, as one word.
        reason: The reason as a sentence.
        variables: Variables of the job.
        extraction: Extracted values of the last call that has some.
        dials: Each attempt, oldest first.
    """

    # By default, it contains the number.
    key: str = field(repr=False)
    agent_id: str
    to_number: str
    state: JobState
    attempts: int
    outcome: str | None
    duration_seconds: float | None
    cost: Decimal | None
    call_id: str | None
    first_at: datetime | None
    last_at: datetime | None
    ended_at: datetime | None
    not_before: datetime | None
    code: str | None
    reason: str | None
    variables: Mapping[str, Any] | None
    extraction: Mapping[str, Any] | None
    dials: tuple[Attempt, ...] = field(repr=False)

    def to_dict(self, *, flat: bool = False) -> dict[str, Any]:
        """Return the members by name.

        Args:
            flat: Spread variables and extraction over columns ``variables.name`` and ``extraction.name``, and
                leave out ``dials``, for tables.
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        if not flat:
            return {**values, "dials": [vars(attempt) for attempt in self.dials]}
        del values["dials"]
        nested: dict[str, dict[str, Any]] = {name: values.pop(name) or {} for name in _NESTED}
        for prefix, members in nested.items():
            values.update({f"{prefix}.{name}": value for name, value in members.items()})
        return values


def result_of(entry: Entry) -> JobResult:
    """Return the job of an entry."""
    dials = attempts_of(entry)
    last = dials[-1] if dials else None
    result = entry.result or {}
    seconds = [each.duration_seconds for each in dials if each.duration_seconds is not None]
    costs = [each.cost for each in dials if each.cost is not None]
    return JobResult(
        entry.key,
        entry.payload["agent_id"],
        entry.payload["to_number"],
        state_of(entry),
        len(dials),
        last.outcome if last else None,
        sum(seconds) if seconds else None,
        sum(costs, Decimal(0)) if costs else None,
        last.call_id if last else None,
        dials[0].started_at if dials else None,
        last.started_at if last else None,
        last.ended_at if last else None,
        moment(entry.not_before) if entry.state == "waiting" and entry.not_before else None,
        result.get("code"),
        result.get("reason"),
        entry.payload.get("variables"),
        next((each.extraction for each in reversed(dials) if each.extraction), None),
        tuple(dials),
    )


def write_csv(results: Iterable[JobResult], path: str | os.PathLike[str]) -> int:
    """Write jobs as CSV; return how many."""
    rows = [result.to_dict(flat=True) for result in results]
    known = [each.name for each in fields(JobResult) if each.name not in (*_NESTED, "dials")]
    names = [*known, *sorted({name for row in rows for name in row} - set(known))]
    return write_table(names, rows, path, "DialList.to_csv")
