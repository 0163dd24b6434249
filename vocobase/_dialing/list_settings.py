"""The settings of a list, which its ledger keeps: every worker follows the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self

from vocobase._base.errors import ConfigurationError, InvalidArgumentError
from vocobase._dialing.guards import Amount, CircuitBreaker, SpendCap, spend_cap_of
from vocobase._dialing.opt_out import OptOut
from vocobase._dialing.redial import PersonCap, Redial
from vocobase._dialing.scopes import LISTS
from vocobase._ledger import Ledger
from vocobase._ledger.changes import change_noted, noted


class _Setting(Protocol):
    def to_json(self) -> dict[str, Any]: ...

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self: ...


_KINDS: dict[str, type[_Setting]] = {
    "redial": Redial,
    "person_cap": PersonCap,
    "budget": SpendCap,
    "circuit_breaker": CircuitBreaker,
    "opt_out": OptOut,
}


@dataclass(frozen=True)
class ListSettings:
    """The settings of a list; None means that it has none of this kind."""

    redial: Redial | None = None
    person_cap: PersonCap | None = None
    budget: SpendCap | None = None
    circuit_breaker: CircuitBreaker | None = None
    opt_out: OptOut | None = None

    def __post_init__(self) -> None:
        """Reject values of other types."""
        for name, kind in _KINDS.items():
            if not isinstance(getattr(self, name), (kind, type(None))):
                raise InvalidArgumentError(f"{name} must be of the type {kind.__name__}.")

    @classmethod
    def of(
        cls,
        what: str,
        redial: Redial | None = None,
        person_cap: PersonCap | None = None,
        budget: SpendCap | Amount | None = None,
        circuit_breaker: CircuitBreaker | None = None,
        opt_out: OptOut | None = None,
    ) -> ListSettings:
        """Return settings as users pass them to a method: a sum of rupees is a budget, too."""
        try:
            return cls(redial, person_cap, spend_cap_of(budget), circuit_breaker, opt_out)
        except InvalidArgumentError as error:
            raise InvalidArgumentError(f"{what}: {error.message}") from None

    @property
    def needs_outcomes(self) -> bool:
        """Whether the outcomes of calls decide what is dialled next."""
        return any((self.redial, self.budget, self.circuit_breaker, self.opt_out))

    def to_json(self) -> dict[str, Any]:
        """Return the form that a ledger keeps."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value.to_json() for name, value in given.items() if value is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ListSettings:
        """Read what a ledger keeps; other members of the entry are ignored."""
        found: dict[str, Any] = {
            name: kind.from_json(data[name]) for name, kind in _KINDS.items() if name in data
        }
        return cls(**found)


def merge(name: str, known: Mapping[str, Any], given: ListSettings, what: str) -> dict[str, Any]:
    """Return the entry of a list with these settings added.

    Raises:
        ConfigurationError: a setting differs from the one that the list has.
    """
    new, old = given.to_json(), ListSettings.from_json(known).to_json()
    for setting, value in new.items():
        if old.get(setting, value) != value:
            raise ConfigurationError(
                f"{what}: the list {name!r} has a different {setting} ({old[setting]} there, {value} here)."
                " Leave it out to follow the list, or change the list: DialList.change."
            )
    return {**known, **new}


def agree(ledger: Ledger, name: str, given: ListSettings, what: str) -> ListSettings:
    """Return the settings of a list: those that it has, and those that are set for the first time.

    Raises:
        ConfigurationError: a setting differs from the one that the list has.
    """
    change_noted(ledger, LISTS, name, lambda known: merge(name, known, given, what))
    return ListSettings.from_json(noted(ledger, LISTS, name))
