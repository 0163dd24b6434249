"""Guards of a list: a spend cap and a circuit breaker. Policies as data, decisions as pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from vocobase._base.arguments import is_number, is_whole
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.json_form import reading_form
from vocobase._policy.states import CALL, outcome_form

Amount = Decimal | int | float

# The longest call of an agent whose `max_call_duration_secs` was never set, in the documented steps of 15
# seconds, at the highest documented rate of 4.60 rupees a minute.
DEFAULT_MAX_CALL_SECONDS = 600
BUCKET_SECONDS = 15
HIGHEST_BUCKET_PRICE = Decimal("1.15")
DEFAULT_WORST_CASE = DEFAULT_MAX_CALL_SECONDS // BUCKET_SECONDS * HIGHEST_BUCKET_PRICE
MAX_RUPEES = 10**12
# A circuit breaker counts at most this many calls, because workers keep them in memory.
MAX_BREAKER_CALLS = 1000

# Codes of a halt, which `DialReport.stopped` shows.
PAUSED = "paused"
BUDGET = "budget"
CIRCUIT_BREAKER = "circuit_breaker"
BALANCE = "balance"
# Outcomes of calls that never connected, which are documented to cost nothing.
FREE_OUTCOMES = CALL.failed | {"blocked"}


@dataclass(frozen=True)
class SpendCap:
    """The rupees that a list may spend.

    Args:
        rupees: The amount. It covers the calls of the list by all workers and runs.
        worst_case: Assumed cost of a call in rupees, until it is known. A call starts only if all known
            costs, this amount for each call without a known cost, and this amount for the new call fit into
            ``rupees``. The default of 46.00 is a call of 10 minutes, the API's default for
            ``max_call_duration_secs``, at 4.60 rupees a minute, the highest documented rate. Set it if your
            agents may talk longer or your account has other rates: only a call that costs more than this can
            exceed the cap.

    Raises:
        InvalidArgumentError: a value is not a positive amount, or ``rupees`` is too low for a single call.
    """

    rupees: Amount
    worst_case: Amount = DEFAULT_WORST_CASE

    def __post_init__(self) -> None:
        """Keep exact amounts."""
        for name in ("rupees", "worst_case"):
            object.__setattr__(self, name, _amount(getattr(self, name), f"SpendCap: {name}"))
        if self.worst_case > self.rupees:
            raise InvalidArgumentError(
                f"SpendCap: no call fits into {self.rupees} rupees, because a call may cost {self.worst_case}"
                " (worst_case). Raise rupees or lower worst_case."
            )

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        return {"rupees": str(self.rupees), "worst_case": str(self.worst_case)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SpendCap:
        """Read what `to_json` returned.

        Raises:
            InvalidArgumentError: it has another form.
        """
        with reading_form("SpendCap"):
            return cls(Decimal(data["rupees"]), Decimal(data["worst_case"]))


def spend_cap_of(value: SpendCap | Amount | None) -> SpendCap | None:
    """Return ``budget=`` as a spend cap; a number gets the default worst case."""
    given = cast(object, value)
    if given is None or isinstance(given, SpendCap):
        return given
    return SpendCap(_amount(given, "budget"))


def _amount(value: object, what: str) -> Decimal:
    if isinstance(value, float):
        # As printed, not as stored: 0.1 is not a binary fraction.
        value = Decimal(float.__repr__(value))
    amount = Decimal(value) if isinstance(value, Decimal) or is_whole(value) else Decimal(0)
    if not amount.is_finite() or not 0 < amount <= MAX_RUPEES:
        raise InvalidArgumentError(f"{what} must be a positive amount of rupees.")
    # One form for equal amounts: settings are compared as they are stored.
    rounded = amount.quantize(Decimal("0.01"))
    return rounded if amount == rounded else amount


@dataclass(frozen=True)
class CircuitBreaker:
    """Pause a list when too many of its calls fail.

    All workers stop. ``DialList.resume`` continues the list; then only later calls are counted.

    Args:
        share: The share of failures that pauses it (above 0, up to 1).
        calls: Number of the last calls with a known outcome that are counted; fewer never pause it (1 to
            1000).
        outcomes: Outcomes that are failures, in any case.

    Raises:
        InvalidArgumentError: a value cannot be used.
    """

    share: float = 0.5
    calls: int = 20
    outcomes: Sequence[str] = ("failed", "blocked")

    def __post_init__(self) -> None:
        """Reject values that would always or never pause a list."""
        if not is_number(self.share) or not 0 < self.share <= 1:
            raise InvalidArgumentError("CircuitBreaker: share must be a number above 0, up to 1.")
        if not is_whole(self.calls) or not 1 <= self.calls <= MAX_BREAKER_CALLS:
            raise InvalidArgumentError(
                f"CircuitBreaker: calls must be a whole number from 1 to {MAX_BREAKER_CALLS}."
            )
        given = cast(object, self.outcomes)
        names = tuple(cast("Sequence[object]", given)) if isinstance(given, (list, tuple)) else ()
        if not names or not all(isinstance(name, str) and name for name in names):
            raise InvalidArgumentError("CircuitBreaker: outcomes must be a list of names such as 'failed'.")
        object.__setattr__(self, "outcomes", tuple(map(outcome_form, cast("tuple[str, ...]", names))))

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        return {"share": self.share, "calls": self.calls, "outcomes": list(self.outcomes)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CircuitBreaker:
        """Read what `to_json` returned.

        Raises:
            InvalidArgumentError: it has another form.
        """
        with reading_form("CircuitBreaker"):
            return cls(data["share"], data["calls"], tuple(data["outcomes"]))


@dataclass(frozen=True, slots=True)
class CallFigures:
    """The calls of a list, as its guards count them.

    Attributes:
        spent: Sum of the known costs in rupees.
        pending: Calls whose cost may still become known.
        unpriced: Calls whose cost will never be known.
        recent: Time of the dial and outcome of the last calls, oldest first.
    """

    spent: Decimal
    pending: int
    unpriced: int
    recent: Sequence[tuple[float, str]]

    def reserved(self, cap: SpendCap | None) -> Decimal:
        """Return the assumed rupees of calls without a known cost."""
        return (self.pending + self.unpriced) * cast(Decimal, cap.worst_case) if cap else Decimal(0)


@dataclass(frozen=True, slots=True)
class Hold:
    """No call may start now; pending calls may change that."""


@dataclass(frozen=True, slots=True)
class Halt:
    """No call may start until a person changes something.

    Attributes:
        code: The reason as one word, such as ``budget``.
        reason: The reason as a sentence.
    """

    code: str
    reason: str


class ListHalted(Exception):
    """The list was paused while a worker waited for a permit."""


# None: a call may start.
GuardDecision = Hold | Halt | None


def check_budget(cap: SpendCap, figures: CallFigures, more: int) -> GuardDecision:
    """Return whether this many more calls fit into a spend cap, whatever they cost up to the worst case."""
    worst_case = cast(Decimal, cap.worst_case)
    if figures.spent + figures.reserved(cap) + more * worst_case <= cap.rupees:
        return None
    if figures.pending:
        return Hold()
    counted = figures.spent + figures.reserved(cap)
    reason = f"{counted} of {cap.rupees} rupees are spent, and the next call may cost {worst_case}"
    return Halt(BUDGET, reason)


def check_breaker(breaker: CircuitBreaker, figures: CallFigures, since: float) -> GuardDecision:
    """Return whether too many of the last calls failed, among those dialled after a time."""
    outcomes = [outcome for at, outcome in figures.recent if at >= since][-breaker.calls :]
    failed = sum(outcome in breaker.outcomes for outcome in outcomes)
    if len(outcomes) < breaker.calls or failed / breaker.calls < breaker.share:
        return None
    return Halt(CIRCUIT_BREAKER, f"{failed} of the last {breaker.calls} calls failed")
