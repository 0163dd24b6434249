"""The figures of a report: their definitions, and the row that has them. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

By = Literal["day", "hour", "agent", "project", "attempt", "list", "disposition", "direction"]
Key = date | int | str | None

# A call is engaged if its transcript has more turns than this.
ENGAGED_TURNS = 3
# The API charges for every started 15 seconds.
BUCKET_SECONDS = 15
_MINUTES_PER_BUCKET = Decimal(BUCKET_SECONDS) / 60
_PAISA = Decimal("0.01")

DEFINITIONS: dict[str, str] = {
    "attempted": "calls and browser sessions that were created in the group",
    "connected": "those that lasted more than 0 seconds, whether a person or a machine answered",
    "engaged": f"those with more than {ENGAGED_TURNS} turns in the transcript",
    "goal": "those whose extraction has the value that you named",
    "cost": "sum of the amounts that the API charged, in rupees",
    "billed_minutes": "every 15 seconds that have begun count as a quarter of a minute, for each call",
    "average_seconds": "mean length of the connected calls",
    "latency_p50_ms": "median of the mean response times of the agent, one for each call that has one",
    "latency_p95_ms": "smallest of these times that at least 95 % of them do not exceed",
    "transfers": "calls that were transferred",
    "retries": "calls that were not the first attempt to reach the person",
    "unfinished": "calls whose figures can still change",
    "revenue": "billed minutes and connected calls at your prices, in rupees",
    "margin": "revenue minus cost",
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The figures of one group of calls, or of all of them.

    Attributes:
        key: A date, an hour from 0 to 23, a number or a text; None if it is unknown, and in the totals.
        label: The key for people; the name of an agent.
        attempted: Calls and browser sessions.
        connected: Those that lasted more than 0 seconds.
        engaged: Those with more than 3 turns.
        goal: Those that reached the goal; None if the report has none.
        dispositions: Number of calls for each outcome, most frequent first.
        cost: Amount charged in rupees.
        billed_minutes: Minutes in steps of 15 seconds, each call rounded up.
        average_seconds: Mean length of connected calls; None without one.
        latency_p50_ms: Median of the response times of the agent; None if none is known.
        latency_p95_ms: 95th percentile of them.
        transfers: Calls that were transferred.
        retries: Second and later attempts.
        unfinished: Calls whose figures can still change.
        revenue: Amount at your prices in rupees; None without prices.
    """

    key: Key
    label: str
    attempted: int = 0
    connected: int = 0
    engaged: int = 0
    goal: int | None = None
    dispositions: Mapping[str, int] = field(default_factory=dict[str, int])
    cost: Decimal = Decimal(0)
    billed_minutes: Decimal = Decimal(0)
    average_seconds: float | None = None
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    transfers: int = 0
    retries: int = 0
    unfinished: int = 0
    revenue: Decimal | None = None

    @property
    def margin(self) -> Decimal | None:
        """Revenue minus cost; None without prices."""
        return None if self.revenue is None else self.revenue - self.cost

    def figure(self, name: str) -> Any:
        """Return a figure by the name that it has in ``DEFINITIONS``."""
        return getattr(self, name)


def minutes_of(buckets: int) -> Decimal:
    """Return the minutes of a number of buckets of 15 seconds, exactly."""
    return buckets * _MINUTES_PER_BUCKET


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """Return the nearest-rank percentile: the smallest value that ``percent`` of all do not exceed.

    It is always one of the values, so it needs no interpolation and no estimate.

    Args:
        ordered: Values in ascending order.
        percent: From 1 to 100.
    """
    if not ordered:
        return None
    rank = -(-len(ordered) * percent // 100)
    return ordered[rank - 1]


def shown(value: Any, name: str = "") -> str:
    """Return a figure for people; a dash if there is none."""
    if value is None:
        return "-"
    if name in ("cost", "revenue", "margin"):
        return f"{value.quantize(_PAISA, ROUND_HALF_UP):,}"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, float):
        return f"{value:,.1f}" if name == "average_seconds" else f"{value:,.0f}"
    return f"{value:,}"
