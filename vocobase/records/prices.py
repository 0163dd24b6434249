"""The prices for your customers, by project, and an invoice as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from vocobase._base.arguments import is_number, shown
from vocobase._base.errors import InvalidArgumentError
from vocobase.contacts._formulas import escape_formula
from vocobase.records.figures import ReportRow

Amount = Decimal | int | float | str

_PAISA = Decimal("0.01")
_SHOWN_PROJECTS = 5
# Sums of larger prices would not be exact.
_MAX_RUPEES = 10**9


@dataclass(frozen=True, slots=True)
class Price:
    """The price for a project, in rupees.

    Args:
        per_minute: For each billed minute, in steps of 15 seconds.
        per_call: For each connected call, in addition.

    Raises:
        InvalidArgumentError: an amount is not a number from 0 to a billion.
    """

    per_minute: Amount
    per_call: Amount = 0

    def __post_init__(self) -> None:
        """Check the amounts, and keep them as decimals."""
        for name in ("per_minute", "per_call"):
            object.__setattr__(self, name, _amount(getattr(self, name), name))

    def of(self, minutes: Decimal, calls: int) -> Decimal:
        """Return what minutes and connected calls cost, exactly."""
        return minutes * cast(Decimal, self.per_minute) + calls * cast(Decimal, self.per_call)


Prices = Mapping[str | None, Price | Amount] | Mapping[str, Price | Amount]


def price_list(prices: Prices | None) -> dict[str | None, Price] | None:
    """Return the price of each project.

    Raises:
        InvalidArgumentError: it is not a mapping of projects to prices.
    """
    if prices is None:
        return None
    given = cast(object, prices)
    if not isinstance(given, Mapping):
        raise InvalidArgumentError(
            "prices must map identifiers of projects to rupees per minute, such as {'project': '6.50'}."
        )
    found = cast("Mapping[str | None, Price | Amount]", given)
    return {key: each if isinstance(each, Price) else Price(each) for key, each in found.items()}


def check_gaps(prices: Mapping[str | None, Price], projects: Iterable[str | None]) -> None:
    """Require a price for every project that has calls.

    Raises:
        InvalidArgumentError: some have none; the message names them.
    """
    missing = sorted({each for each in projects if each not in prices}, key=lambda each: each or "")
    if not missing:
        return
    names = ", ".join(
        "calls without a project (key None)" if each is None else f"project {shown(each)}"
        for each in missing[:_SHOWN_PROJECTS]
    )
    more = f" and {len(missing) - _SHOWN_PROJECTS} more" if len(missing) > _SHOWN_PROJECTS else ""
    raise InvalidArgumentError(f"prices: there is no price for {names}{more}; add it, or filter by project=.")


def invoice(rows: Iterable[ReportRow], heading: str) -> str:
    """Return an invoice as CSV: a line for each row, and their sum.

    Each line is rounded half up to the paisa, and the total is the sum of the lines. Cells that a
    spreadsheet would run as formulas are written as text.

    Raises:
        InvalidArgumentError: the report has no prices.
    """
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n").writerow
    write([heading, "connected_calls", "billed_minutes", "amount_inr"])
    calls, minutes, total = 0, Decimal(0), Decimal("0.00")
    for row in rows:
        if row.revenue is None:
            raise InvalidArgumentError("report: an invoice needs prices; pass prices= to the report.")
        amount = row.revenue.quantize(_PAISA, ROUND_HALF_UP)
        write([escape_formula(row.label), row.connected, f"{row.billed_minutes:.2f}", amount])
        calls, minutes, total = calls + row.connected, minutes + row.billed_minutes, total + amount
    write(["total", calls, f"{minutes:.2f}", total])
    return text.getvalue()


def _amount(value: object, name: str) -> Decimal:
    """Return an amount; a float has the value that it prints, not that of its binary fraction."""
    try:
        found = Decimal(str(value)) if is_number(value) or isinstance(value, (str, Decimal)) else None
    except Exception:  # noqa: BLE001 - it writes itself, with whatever its __str__ raises
        found = None
    if found is None or not found.is_finite() or not 0 <= found <= _MAX_RUPEES:
        raise InvalidArgumentError(
            f"prices: {name} must be an amount in rupees, such as '6.50', not {shown(value)}."
        )
    return found
