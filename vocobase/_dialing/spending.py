"""The costs and outcomes of the calls of a list, and the guards that workers check before each dial."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from vocobase._dialing.attempts import forms_of
from vocobase._dialing.guards import (
    CIRCUIT_BREAKER,
    FREE_OUTCOMES,
    MAX_BREAKER_CALLS,
    CallFigures,
    GuardDecision,
    Halt,
    check_breaker,
    check_budget,
)
from vocobase._dialing.list_settings import ListSettings
from vocobase._dialing.marks import marks_of, pause_list
from vocobase._dialing.scopes import outcomes_of, scope_of
from vocobase._ledger import Entry, Ledger, State

_OPEN: tuple[State, ...] = ("waiting", "claimed")
_CLOSED: tuple[State, ...] = ("done", "refused", "parked")


def cost_of(result: Mapping[str, Any]) -> Decimal | None:
    """Return the rupees of a call with a known outcome, None if they will never be known."""
    if (cost := result.get("cost")) is not None:
        return Decimal(cost)
    # Documented: calls that do not connect, and calls of 0 seconds, cost nothing.
    seconds = result.get("seconds", 0 if result.get("outcome") in FREE_OUTCOMES else None)
    return Decimal(0) if seconds == 0 else None


def has_unknown_call(job: Entry) -> bool:
    """Return whether the last dial of a parked job may have become a call that was not found."""
    forms = forms_of(job)
    return not forms or forms[-1].get("call_id") is None


class CallBook:
    """The calls of a list, summed as their outcomes become known.

    A worker reads again only the calls that were open. When the numbers of entries show that it has missed
    one, it reads all. A call that it has not summed counts as pending, so the sum is never too low.

    Attributes:
        finished: Jobs that were finished when it was first read.
    """

    def __init__(self, ledger: Ledger, name: str) -> None:
        self._ledger = ledger
        self._jobs, self._outcomes = scope_of(name), outcomes_of(name)
        self.finished = 0
        self._older: int | None = None
        self._clear()

    def _clear(self) -> None:
        self._open: set[str] = set()
        self._closed = 0
        self._unpriced = 0
        self._spent = Decimal(0)
        self._recent: list[tuple[float, str]] = []

    def read(self) -> CallFigures:
        """Return the current figures."""
        # In this order, because the outcome of a call is stored before its job stops being a claim.
        claimed = self._ledger.counts(self._jobs)["claimed"]
        lost = sum(map(has_unknown_call, self._ledger.entries(self._jobs, "parked")))
        if self._older is None:
            calls = self._dialled()
            self._older = len(calls - self._read_all())
        self._follow()
        if self._missed():
            self._read_all()
        pending = claimed + len(self._open) + self._missed()
        return CallFigures(self._spent, pending, lost + self._older + self._unpriced, tuple(self._recent))

    def _follow(self) -> None:
        """Sum the calls that were open and no longer are."""
        before, self._open = self._open, self._read_open()
        for key in before - self._open:
            entry = self._ledger.get(self._outcomes, key)
            if entry is None or entry.state in _OPEN:
                self._open.add(key)
            else:
                self._close(entry)

    def _read_open(self) -> set[str]:
        return {entry.key for state in _OPEN for entry in self._ledger.entries(self._outcomes, state)}

    def _read_all(self) -> set[str]:
        """Sum all calls from the beginning; return them."""
        self._clear()
        self._open = self._read_open()
        closed: set[str] = set()
        for state in _CLOSED:
            for entry in self._ledger.entries(self._outcomes, state):
                self._close(entry)
                closed.add(entry.key)
        # One that ended between the two reads is in both.
        self._open -= closed
        return closed | self._open

    def _missed(self) -> int:
        """Return how many calls are neither summed nor known to be open."""
        return max(0, sum(self._ledger.counts(self._outcomes).values()) - self._closed - len(self._open))

    def _close(self, entry: Entry) -> None:
        self._closed += 1
        result = entry.result or {}
        cost = cost_of(result) if entry.state == "done" else None
        self._unpriced += cost is None
        self._spent += cost or 0
        if result.get("outcome"):
            insort(self._recent, (entry.payload["at"], result["outcome"]))
            del self._recent[:-MAX_BREAKER_CALLS]

    def _dialled(self) -> set[str | None]:
        """Return the calls of all jobs that were dialled; ledgers did not always keep their outcomes."""
        calls: set[str | None] = set()
        self.finished = 0
        for job in self._ledger.entries(self._jobs, "done"):
            forms = forms_of(job)
            calls.update(form.get("call_id") for form in forms)
            self.finished += bool(forms and forms[-1].get("outcome"))
        return calls


class ListGuards:
    """Decide before each dial whether a list may continue.

    Attributes:
        settings: The settings of the list at the last check.
    """

    def __init__(self, ledger: Ledger, name: str) -> None:
        self._ledger = ledger
        self._name = name
        self._book = CallBook(ledger, name)
        self.settings = ListSettings()

    def ask(self, more: int | None) -> GuardDecision:
        """Return whether this many calls may start, in addition to those that are claimed.

        Args:
            more: How many; None if no call will start, and only a pause matters.
        """
        marks = marks_of(self._ledger, self._name)
        self.settings = marks.settings
        if marks.pause is not None:
            return Halt(marks.pause.code, marks.pause.reason)
        budget, breaker = marks.settings.budget, marks.settings.circuit_breaker
        if more is None or (budget is None and breaker is None):
            return None
        figures = self._book.read()
        decision = check_breaker(breaker, figures, marks.resumed_at) if breaker else None
        if isinstance(decision, Halt):
            pause_list(self._ledger, self._name, decision.reason, CIRCUIT_BREAKER)
            return decision
        return check_budget(budget, figures, more) if budget else None
