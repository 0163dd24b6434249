"""The plan of a run on a list: its rows, counts, and estimates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from vocobase._base.masked_repr import MaskedRepr

# Codes of rows, in addition to those of decisions.
NOW = "now"
DUPLICATE = "duplicate"
IN_LIST = "in_list"
INVALID_NUMBER = "invalid_number"
INVALID_JOB = "invalid_job"
# A count of rows that are counted under another code as well: they are dialled.
UNKNOWN_VARIABLES = "unknown_variables"
_SHOWN_TIME = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True, repr=False)
class PlanRow(MaskedRepr):
    """The plan for one job.

    Attributes:
        key: Key of the job; None if it cannot be used.
        agent_id: Agent of the job.
        to_number: Number of the person.
        code: ``now`` if it may be dialled immediately; why it waits, such as ``outside_hours``; or why it is
            not dialled, such as ``do_not_call``, ``duplicate`` (twice in the jobs), ``in_list`` (dialled,
            refused or parked in the list already), ``invalid_number`` or ``invalid_job``.
        reason: The same as a sentence; None for ``now``.
        dial_at: When it would first be dialled; None if never.
        unknown_variables: How its variables differ from those that its agent declares, or None.
    """

    key: str | None
    agent_id: Any
    to_number: Any
    code: str
    reason: str | None = None
    dial_at: datetime | None = None
    unknown_variables: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the members by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, repr=False)
class DialPlan:
    """What ``calls.start_many`` would do with a list, at the time of the plan.

    Attributes:
        name: Name of the list.
        made_at: The time of the plan, by the clock of the ledger.
        rows: One for each job that was passed, in that order, then one for each other job that waits in the
            list.
        counts: How many rows have each code; ``unknown_variables`` counts rows that have another code, too.
        next_opening: When the first of the jobs outside their hours may be dialled; None if there are none.
        dials: Lowest and highest number of dials, including further attempts.
        ends_at: When the last dial would begin, at the earliest and at the latest; None without dials.
        cost: Lowest and highest cost in rupees.
        basis: The basis of the estimates of costs, attempts and times.
        notes: Further remarks, such as that the list is paused.
    """

    name: str
    made_at: datetime
    rows: tuple[PlanRow, ...]
    counts: dict[str, int]
    next_opening: datetime | None
    dials: tuple[int, int]
    ends_at: tuple[datetime, datetime] | None
    cost: tuple[Decimal, Decimal]
    basis: str
    notes: tuple[str, ...] = ()

    @property
    def to_dial(self) -> int:
        """How many of the jobs would be dialled."""
        return sum(row.dial_at is not None for row in self.rows)

    def __iter__(self) -> Iterator[PlanRow]:
        """Iterate over the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries, for tables."""
        return [row.to_dict() for row in self.rows]

    def __repr__(self) -> str:
        # Without numbers: plans are printed and logged.
        low, high = self.cost
        return f"DialPlan({self.name!r}, to_dial={self.to_dial}, counts={self.counts}, cost={low}..{high})"

    def __str__(self) -> str:
        """Return the plan as text for a person, without numbers."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        jobs = f"{self.to_dial:,} of {len(self):,} jobs to dial"
        yield f"Plan of the list {self.name!r} at {_shown(self.made_at)}: {jobs}"
        yield from (f"  {count:>9,}  {code}" for code, count in self.counts.items())
        if self.next_opening is not None:
            yield f"Next opening: {_shown(self.next_opening)}"
        if self.ends_at is not None:
            yield f"Last dial:    {' to '.join(dict.fromkeys(map(_shown, self.ends_at)))}"
        yield f"Dials:        {' to '.join(dict.fromkeys(f'{each:,}' for each in self.dials))}"
        yield f"Cost:         {' to '.join(dict.fromkeys(f'{each:,}' for each in self.cost))} rupees"
        yield f"Estimated by: {self.basis}"
        yield from (f"Note:         {note}" for note in self.notes)


def _shown(time: datetime) -> str:
    return time.strftime(_SHOWN_TIME)


def counts_of(rows: tuple[PlanRow, ...]) -> dict[str, int]:
    """Return how many rows have each code, the most frequent one first."""
    counts = Counter(row.code for row in rows)
    unknown = sum(row.unknown_variables is not None for row in rows)
    return dict(counts.most_common()) | ({UNKNOWN_VARIABLES: unknown} if unknown else {})
