"""Guards of a list: a spend cap and a circuit breaker. Policies as data, decisions as pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from vocobase._base.arguments import is_number, is_whole
from vocobase._base.errors import InvalidArgumentError


@dataclass(frozen=True)
class SpendCap:
    """The rupees that a list may spend.

    Args:
        rupees: The amount; the calls of the list, by all workers and runs, count.
        worst_case: Rupees that a call counts until its cost is known; a list stops before the sum of both
            could pass the amount.

    Raises:
        InvalidArgumentError: a value is not a positive amount.
    """

    rupees: Decimal
    worst_case: Decimal

    def __post_init__(self) -> None:
        """Keep exact amounts."""
        for name in ("rupees", "worst_case"):
            object.__setattr__(self, name, _amount(getattr(self, name), f"SpendCap: {name}"))

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        return {"rupees": str(self.rupees), "worst_case": str(self.worst_case)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SpendCap:
        """Read what `to_json` returned."""
        return cls(Decimal(data["rupees"]), Decimal(data["worst_case"]))


def _amount(value: object, what: str) -> Decimal:
    known = isinstance(value, Decimal) or is_number(value)
    amount = Decimal(str(value)) if known else Decimal(0)
    if not amount.is_finite() or amount <= 0:
        raise InvalidArgumentError(f"{what} is a positive amount of rupees.")
    return amount


@dataclass(frozen=True)
class CircuitBreaker:
    """Pause a list when too many of its calls fail.

    Args:
        share: The share of failures that pauses it (above 0, up to 1).
        calls: Number of the last calls that are counted; fewer never pause it (at least 1).
        outcomes: Outcomes that are failures.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """

    share: float = 0.5
    calls: int = 20
    outcomes: tuple[str, ...] = ("failed", "blocked")

    def __post_init__(self) -> None:
        """Refuse what would always or never pause a list."""
        if not is_number(self.share) or not 0 < self.share <= 1:
            raise InvalidArgumentError("CircuitBreaker: share is a number above 0, up to 1.")
        if not is_whole(self.calls) or self.calls < 1:
            raise InvalidArgumentError("CircuitBreaker: calls is a number of at least 1.")

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        return {"share": self.share, "calls": self.calls, "outcomes": list(self.outcomes)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CircuitBreaker:
        """Read what `to_json` returned."""
        return cls(data["share"], data["calls"], tuple(data["outcomes"]))
