"""The protocol of ledgers, and what all of them share."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, Protocol, cast

from vocobase._base.arguments import MAX_ID_LENGTH, is_storable, is_whole
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.masked_repr import MaskedRepr
from vocobase._base.nesting import json_reason
from vocobase._base.values import OMIT, Omit

# waiting -> claimed -> done | refused | parked, or back to waiting.
State = Literal["waiting", "claimed", "done", "refused", "parked"]
STATES: tuple[State, ...] = ("waiting", "claimed", "done", "refused", "parked")

SCHEMA = 2
MAX_PRIORITY = 100
# The error of a worker of schema 1 that is still running when its ledger is migrated.
RETIRED = f"a newer vocobase migrated this ledger to schema {SCHEMA}; upgrade vocobase and start again"
# Entries in one transaction: enough to be fast, few enough to let other workers write in between.
BATCH = 5000
MAX_KEY_LENGTH = MAX_ID_LENGTH
# `write` puts no spaces around a text, so none are searched for: that would take a third of the time.
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True, repr=False)
class Entry(MaskedRepr):
    """One unit of work.

    Attributes:
        key: Identifies it within its scope.
        payload: The data of the work.
        state: ``waiting``, ``claimed``, ``done``, ``refused`` or ``parked`` (a person must decide).
        owner: The worker that last claimed it, None if none has claimed it since it was waiting.
        claimed_at: When it was claimed, seconds since 1970 by the ledger's clock; a takeover keeps it.
        not_before: Seconds since 1970 before which it cannot be claimed; 0 for any time.
        result: The result of the work, None if there is none.
    """

    key: str
    payload: dict[str, Any] = field(repr=False)
    state: State = "waiting"
    owner: str | None = None
    claimed_at: float | None = None
    not_before: float = 0.0
    result: dict[str, Any] | None = field(default=None, repr=False)


class Ledger(Protocol):
    """Entries in lists, each list under a scope; safe between threads, processes and, on a server, machines.

    A result that a method has returned is durable, and visible to other workers. Every method can raise
    ``LedgerError``, if the file or server cannot be used (the change may or may not be stored), and
    ``LedgerLostError``, if it is not the ledger that was opened, and must not be relied on.
    """

    def now(self) -> float:
        """Return the time, seconds since 1970, by the one clock that all workers share."""
        ...

    def enter(self, scope: str, items: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Add entries that are not in the list yet; existing ones stay unchanged.

        Args:
            scope: The list.
            items: Keys with payloads (any JSON value); read one by one, written in batches, so that those
                before an error stay. The member ``priority`` of a payload (a whole number from -100 to 100,
                by default 0) decides which entries are claimed first.

        Returns:
            How many were new.
        """
        ...

    def claim(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim waiting entries that are due, for this owner alone: highest priority first, then the oldest.

        Args:
            scope: The list.
            owner: The worker; different for each worker and run.
            limit: How many at most.
            lease: Seconds after which others may take them over.
            key: Only this entry.
        """
        ...

    def take_over(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim entries whose lease has expired: their owner is gone, and the outcome of its work is
        unknown."""
        ...

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        """Renew leases (0 releases them for a takeover); return the keys that were lost."""
        ...

    def settle(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        owner: str,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
    ) -> list[str]:
        """End claims of this owner.

        Args:
            scope: The list.
            keys: Which entries.
            state: ``done``, ``refused``, ``parked``, or ``waiting`` to requeue them.
            owner: Who claimed them.
            result: The result for all of them.
            not_before: With ``waiting``: seconds since 1970 before which they cannot be claimed again.

        Returns:
            The keys that were not changed, as they are no longer this owner's.
        """
        ...

    def revise(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        was: State,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
        expected: Mapping[str, Any] | Omit | None = OMIT,
    ) -> list[str]:
        """Move entries that are not claimed to another state; return the keys that were not changed.

        Waiting ones may be moved to ``waiting``, to be claimed at another time.

        Args:
            scope: The list.
            keys: Which entries.
            state: Their new state.
            was: Only entries in this state.
            result: Their new result; None keeps the one that they have.
            not_before: With ``waiting``: seconds since 1970 before which they cannot be claimed.
            expected: Only entries whose result is still the one that was read, so that no change of another
                worker is overwritten; None for entries without a result.
        """
        ...

    def get(self, scope: str, key: str) -> Entry | None:
        """Return one entry, or None."""
        ...

    def record(self, scope: str, keys: Collection[str], state: State) -> None:
        """Record keys in a state without claiming them: add new ones, and move waiting ones.

        Entries that are claimed or settled stay untouched.
        """
        ...

    def find(self, scope: str, keys: Collection[str], state: State) -> list[str]:
        """Return the keys whose entries are in a state, in the order passed."""
        ...

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        """Iterate over the entries in a state, oldest first."""
        ...

    def counts(self, scope: str) -> dict[State, int]:
        """Return how many entries are in each state."""
        ...

    def scopes(self, prefix: str) -> list[str]:
        """Return the scopes that begin with a prefix and have entries, in alphabetical order."""
        ...

    def next_due(self, scope: str) -> float | None:
        """Return the seconds until the next waiting entry may be claimed (0: now), None if none is
        waiting."""
        ...

    def close(self) -> None:
        """Close the connections; the content of the ledger stays."""
        ...


def batches(
    scope: str, items: Iterable[tuple[str, Mapping[str, Any]]]
) -> Iterator[list[tuple[str, str, int]]]:
    """Yield keys with payloads as JSON and priorities, checked, as many as one transaction takes."""
    check_key(scope, "scope")
    rows = ((check_key(key), write(payload), priority_of(payload)) for key, payload in items)
    while batch := list(islice(rows, BATCH)):
        yield batch


def priority_of(payload: Mapping[str, Any]) -> int:
    """Return the priority of an entry, checked."""
    priority = payload.get("priority", 0)
    if not is_whole(priority) or abs(priority) > MAX_PRIORITY:
        raise InvalidArgumentError(
            f"ledger: a priority must be a whole number from -{MAX_PRIORITY} to {MAX_PRIORITY}."
        )
    return priority


def check_key(key: object, what: str = "key") -> str:
    """Require a key that every ledger can store."""
    if fault := key_fault(key):
        raise InvalidArgumentError(f"ledger: {what} {fault}.")
    return cast(str, key)


def key_fault(key: object) -> str:
    """Return why no ledger can store a key; empty if each can."""
    if not isinstance(key, str) or not 0 < len(key) <= MAX_KEY_LENGTH:
        return f"must be a string of 1 to {MAX_KEY_LENGTH} characters"
    if not (key.isascii() and key.isprintable()) and not is_storable(key):
        return "contains characters that cannot be stored"
    return ""


def check_state(state: object) -> None:
    """Require a state in which a claim can end."""
    if not isinstance(state, str) or state not in STATES or state == "claimed":
        raise InvalidArgumentError("ledger: state must be one of waiting, done, refused, parked.")


def write(value: Mapping[str, Any] | None) -> str:
    """Return the stored text of a payload or result."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        fault = json_reason(error)
        raise InvalidArgumentError(f"ledger: JSON cannot express a payload: {fault}.") from error


def read(
    key: str,
    payload: str,
    state: str,
    owner: str | None,
    claimed_at: float | None,
    not_before: float,
    result: str | None,
) -> Entry:
    """Return an entry from its columns."""
    noted = _decode(result)[0] if result else None
    return Entry(key, _decode(payload)[0], cast(State, state), owner, claimed_at, not_before, noted)
