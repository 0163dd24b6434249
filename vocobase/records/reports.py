"""A report: figures of calls by group, as objects, as a table, and as a page. Pure, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from vocobase.records.figures import (
    DEFINITIONS,
    By,
    Key,
    ReportRow,
    minutes_of,
    percentile,
    shown,
)
from vocobase.records.prices import Price, invoice
from vocobase.records.report_html import Heading, page
from vocobase.records.row import MICROS
from vocobase_raw.display import ROWS, Table

_EPOCH = date(1970, 1, 1)
_UNKNOWN = "(none)"
TOTAL = "total"
_COUNTED = ("attempted", "connected", "engaged", "transfers", "retries", "unfinished")
# The columns of the table, and what stands above them.
COLUMNS = {
    "attempted": "attempted",
    "connected": "connected",
    "engaged": "engaged",
    "goal": "goal",
    "cost": "cost INR",
    "billed_minutes": "minutes",
    "average_seconds": "avg s",
    "latency_p50_ms": "p50 ms",
    "latency_p95_ms": "p95 ms",
    "transfers": "transfers",
    "retries": "retries",
    "unfinished": "unfinished",
    "revenue": "revenue INR",
    "margin": "margin INR",
}


@dataclass(frozen=True)
class Report:
    """Figures of calls, one row for each group. ``print(report)`` shows a table.

    Attributes:
        by: The grouping, such as ``day``.
        tz: Time zone of the days and hours.
        span: The days or times that were requested; empty for all calls.
        goal: Name of the extracted value that is counted as the goal; None if there is none.
        rows: The groups: days, hours and attempts in order, all others by the number of calls.
        total: The same figures of all calls of the report.
    """

    by: By
    tz: str
    span: str
    goal: str | None
    rows: tuple[ReportRow, ...]
    total: ReportRow

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a dictionary for each row, all with the same keys, as dataframes need them."""
        outcomes = list(self.total.dispositions)
        return [
            {self.by: row.key, "label": row.label}
            | {name: row.figure(name) for name in DEFINITIONS}
            | {f"dispositions.{name}": row.dispositions.get(name, 0) for name in outcomes}
            for row in self.rows
        ]

    def to_html(self) -> str:
        """Return a page with charts and tables: one file, without scripts and without any request."""
        heading = Heading(self.by, self.tz, self.span, self.goal)
        return page(heading, self.rows, self.total, self.columns)

    def to_invoice(self) -> str:
        """Return an invoice as CSV, in rupees; each row of the report is a line.

        Raises:
            InvalidArgumentError: the report has no prices.
        """
        return invoice(self.rows, self.by)

    @property
    def columns(self) -> dict[str, str]:
        """The figures that the report has, and their headings."""
        return {name: heading for name, heading in COLUMNS.items() if self.total.figure(name) is not None}

    def __repr__(self) -> str:
        about = [f"by={self.by!r}"]
        about += [f"{name}={value!r}" for name, value in (("span", self.span), ("goal", self.goal)) if value]
        return f"Report({', '.join(about)}, rows={len(self.rows)}, calls={self.total.attempted})"

    def _repr_html_(self) -> str:
        return self._table().to_html()

    def __rich__(self) -> Any:
        return self._table().to_rich()

    def _table(self) -> Table:
        """Return the first rows, and the row of totals."""
        head, *rows, total = self._lines()
        return Table(repr(self), head, [*rows[:ROWS], total], max(0, len(rows) - ROWS))

    def _lines(self) -> list[list[str]]:
        lines = [[self.by, *self.columns.values()]]
        for row in (*self.rows, self.total):
            lines.append([row.label, *(shown(row.figure(name), name) for name in self.columns)])
        return lines

    def __str__(self) -> str:
        """Return an aligned table."""
        lines = self._lines()
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines
        )


@dataclass
class Tally:
    """The sums of one group, while the rows of a database are read."""

    label: str | None = None
    counts: Counter[str] = field(default_factory=Counter[str])
    dispositions: Counter[str] = field(default_factory=Counter[str])
    latencies: list[float] = field(default_factory=list[float])
    goal: int = 0
    revenue: Decimal = Decimal(0)

    def add(
        self, sums: Mapping[str, int], disposition: str | None, label: str | None, price: Price | None
    ) -> None:
        """Add the sums of some calls that have one outcome and, if there are prices, one project."""
        # Counter.update would take three times as long.
        for name, number in sums.items():
            self.counts[name] += number
        self.dispositions[disposition or _UNKNOWN] += sums["attempted"]
        self.label = label or self.label
        if price is not None:
            self.revenue += price.of(minutes_of(sums["buckets"]), sums["connected"])

    def join(self, other: Tally) -> None:
        """Add the sums of another group."""
        self.counts.update(other.counts)
        self.dispositions.update(other.dispositions)
        self.latencies.extend(other.latencies)
        self.goal += other.goal
        self.revenue += other.revenue


def row_of(key: Key, label: str, tally: Tally, *, goal: bool, priced: bool) -> ReportRow:
    """Return the figures of a group."""
    counts, ordered = tally.counts, tally.latencies
    # In place: the total, which joins ordered groups, is ordered faster.
    ordered.sort()
    connected = counts["connected"]
    return ReportRow(
        key=key,
        label=label,
        goal=tally.goal if goal else None,
        dispositions=dict(sorted(tally.dispositions.items(), key=lambda each: (-each[1], each[0]))),
        cost=Decimal(counts["micros"]) / MICROS,
        billed_minutes=minutes_of(counts["buckets"]),
        average_seconds=counts["milliseconds"] / connected / 1000 if connected else None,
        latency_p50_ms=percentile(ordered, 50),
        latency_p95_ms=percentile(ordered, 95),
        revenue=tally.revenue if priced else None,
        **{name: counts[name] for name in _COUNTED},
    )


def rows_of(
    by: By, tallies: Mapping[Any, Tally], *, goal: bool, priced: bool
) -> tuple[tuple[ReportRow, ...], ReportRow]:
    """Return the rows of a report in order, and the row of totals."""
    total = Tally()
    rows: list[ReportRow] = []
    for value, tally in tallies.items():
        key = _EPOCH + timedelta(days=value) if by == "day" and value is not None else value
        rows.append(row_of(key, tally.label or _label(by, key), tally, goal=goal, priced=priced))
        total.join(tally)
    return tuple(sorted(rows, key=partial(_order, by))), row_of(None, TOTAL, total, goal=goal, priced=priced)


def _label(by: By, key: Key) -> str:
    if key is None:
        return _UNKNOWN
    return f"{key:02}:00" if by == "hour" else str(key)


def _order(by: By, row: ReportRow) -> tuple[Any, ...]:
    """Return the place of a row: in time, or by its number of calls."""
    if by in ("day", "hour", "attempt"):
        return row.key is None, row.key
    return -row.attempted, row.label
