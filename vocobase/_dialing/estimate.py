"""Estimate the cost and attempts of a list: from past calls, or by assumption."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, sqrt
from statistics import fmean, pstdev

from vocobase._dialing.guards import BUCKET_SECONDS, FREE_OUTCOMES, HIGHEST_BUCKET_PRICE
from vocobase._dialing.redial import Redial

LOWEST_BUCKET_PRICE = Decimal("0.90")
# Without past calls: every person answers, and talks this long.
ASSUMED_SECONDS = (30.0, 180.0)
_PAISA = Decimal("0.01")
# Of a call that no one answers, which takes a slot for this long.
RING_SECONDS = 30.0
# About 95 of 100 sums lie within this many standard deviations.
_DEVIATIONS = 2.0


@dataclass(frozen=True)
class PastCall:
    """A call whose outcome is known.

    Attributes:
        outcome: Its disposition, or its status where it has none.
        seconds: Its length; None if it is not known.
        cost: Its cost in rupees; None if it is not known.
    """

    outcome: str | None
    seconds: float | None
    cost: Decimal | None

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest cost in rupees, None if nothing is known."""
        if self.cost is not None:
            return float(self.cost), float(self.cost)
        seconds = self.seconds
        if seconds is None:
            return (0.0, 0.0) if self.outcome in FREE_OUTCOMES else None
        return price_of(seconds, seconds)


def price_of(shortest: float, longest: float) -> tuple[float, float]:
    """Return the cost of a call of this many seconds, at the lowest and the highest documented price."""
    low = ceil(shortest / BUCKET_SECONDS) * LOWEST_BUCKET_PRICE
    return float(low), float(ceil(longest / BUCKET_SECONDS) * HIGHEST_BUCKET_PRICE)


@dataclass(frozen=True)
class Basis:
    """The basis of an estimate.

    Attributes:
        calls: How many past calls; 0 for assumptions.
        low: Mean rupees of a dial at the lowest price.
        high: Mean rupees of a dial at the highest price.
        deviation: Standard deviation of the rupees of a dial.
        seconds: Shortest and longest mean time for which a call takes a slot.
        redials: Lowest and highest share of dials that are followed by another one.
        text: The basis in words.
    """

    calls: int
    low: float
    high: float
    deviation: float
    seconds: tuple[float, float]
    redials: tuple[float, float]
    text: str

    def cost(self, low_dials: int, high_dials: int) -> tuple[Decimal, Decimal]:
        """Return the range of the rupees of this many dials."""
        low, high = low_dials * self.low, high_dials * self.high
        if self.calls:
            # The sum varies, and so does the mean of the past calls from which it follows.
            low -= _DEVIATIONS * self.deviation * sqrt(low_dials + low_dials**2 / self.calls)
            high += _DEVIATIONS * self.deviation * sqrt(high_dials + high_dials**2 / self.calls)
        return _rupees(max(0.0, low)), _rupees(high)


def _rupees(amount: float) -> Decimal:
    return Decimal(amount).quantize(_PAISA)


def basis_of(calls: Iterable[PastCall], redial: Redial | None) -> Basis:
    """Return the basis of an estimate."""
    past = [call for call in calls if call.range is not None]
    if not past:
        return _assumed(redial)
    lows, highs = zip(*(call.range or (0.0, 0.0) for call in past), strict=True)
    mean = fmean(call.seconds or 0.0 for call in past)
    known = fmean(call.outcome in redial.after for call in past) if redial else 0.0
    spread = _DEVIATIONS * sqrt(known * (1 - known) / len(past))
    return Basis(
        len(past),
        fmean(lows),
        fmean(highs),
        pstdev(highs),
        (mean, mean + RING_SECONDS),
        (max(0.0, known - spread), min(1.0, known + spread)) if redial else (0.0, 0.0),
        f"{len(past):,} past calls, {fmean(highs):.2f} rupees and {mean:.0f} s each on average",
    )


def _assumed(redial: Redial | None) -> Basis:
    shortest, longest = ASSUMED_SECONDS
    low, high = price_of(shortest, longest)
    text = (
        f"no past calls; it is assumed that each call talks for {shortest:.0f} to {longest:.0f} s, at"
        f" {4 * LOWEST_BUCKET_PRICE} to {4 * HIGHEST_BUCKET_PRICE} rupees a minute in steps of"
        f" {BUCKET_SECONDS} s"
    )
    if redial:
        text += f", and that each job takes 1 to {redial.max_attempts} attempts"
    seconds = (shortest, longest + RING_SECONDS)
    return Basis(0, low, high, 0.0, seconds, (0.0, 1.0) if redial else (0.0, 0.0), text)
