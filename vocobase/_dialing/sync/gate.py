# Derived from vocobase/_dialing/aio/gate.py by scripts/derive_sync.py; edit that instead.
"""Check the sources of a gate, and log their decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from vocobase._base.errors import VocobaseError
from vocobase._base.runtime import Runtime
from vocobase._dialing.consent import Consent, consents_of
from vocobase._dialing.decisions import Decision, Refuse
from vocobase._dialing.do_not_call import DoNotCallEntry, entries_of
from vocobase._dialing.gate import (
    GateAnswers,
    GateRules,
    LedgerNumbers,
    Lookup,
    Source,
    answered_consent,
    answered_refusal,
    failed,
)
from vocobase._dialing.gate_log import log_refusals
from vocobase._dialing.rules import moment
from vocobase._ledger import Entry, Ledger


class Gate:
    """Decide who may be called.

    Args:
        runtime: Runs what blocks.
        rules: The sources that the user passed.
        ledger: Its do-not-call list is always checked, and it keeps the log; None for neither.
        what: Name of the method, for messages.

    Attributes:
        run: Runs work that blocks.
    """

    def __init__(self, runtime: Runtime, rules: GateRules, ledger: Ledger | None, what: str) -> None:
        self._runtime = runtime
        self.run = runtime.run_shielded
        self._rules = rules
        self._ledger = ledger
        self._what = what

    def now(self) -> datetime:
        """Return the time, by the clock of the ledger if there is one."""
        return self._runtime.now() if self._ledger is None else moment(self.run(self._ledger.now))

    def decide(self, job: Entry, now: datetime) -> Decision:
        """Return the decision about a job; nothing is written."""
        number = job.payload["to_number"]
        return (self.refusals([number], now)).get(number)

    def refusals(self, numbers: Collection[str], now: datetime) -> dict[str, Refuse]:
        """Return the numbers that must not be called, and why; nothing is written."""
        answers = self.answers(numbers)
        found = ((number, answers.decide(number, now)) for number in numbers)
        return {number: refusal for number, refusal in found if refusal is not None}

    def answers(self, numbers: Collection[str]) -> GateAnswers:
        """Return the results of the sources for numbers, which decide for any time."""
        listed: dict[str, list[DoNotCallEntry]] = {}
        refused: dict[str, Refuse] = {}

        def left() -> list[str]:
            # No other source is called for a number that is refused anyway.
            known = {number for number, entries in listed.items() if _are_for_good(entries)} | refused.keys()
            return [each for each in numbers if each not in known]

        for source in (self._ledger, *self._rules.do_not_call):
            if isinstance(source, Lookup):
                refused |= self._suppressed(source, left())
            elif source is not None:
                for number, entry in (self._listed(source, left())).items():
                    listed.setdefault(number, []).append(entry)
        rule = self._rules.consent
        return GateAnswers(listed, refused, None if rule is None else self._consents(rule, left()))

    def _listed(self, source: Ledger | LedgerNumbers, numbers: Collection[str]) -> dict[str, DoNotCallEntry]:
        ledger = self.run(source.opened.open) if isinstance(source, LedgerNumbers) else source
        return self.run(entries_of, ledger, numbers)

    def _suppressed(self, source: Lookup, numbers: Collection[str]) -> dict[str, Refuse]:
        answers = zip(numbers, self._ask(source, numbers), strict=True)
        found = ((number, answered_refusal(source, answer, self._what)) for number, answer in answers)
        return {number: refusal for number, refusal in found if refusal is not None}

    def _consents(self, source: Source, numbers: Collection[str]) -> dict[str, Consent]:
        if isinstance(source, LedgerNumbers):
            return self.run(consents_of, self.run(source.opened.open), numbers)
        answers = zip(numbers, self._ask(source, numbers), strict=True)
        found = ((number, answered_consent(source, answer, self._what)) for number, answer in answers)
        return {number: consent for number, consent in found if consent is not None}

    def _ask(self, source: Lookup, numbers: Collection[str]) -> list[Any]:
        try:
            return self._runtime.apply(source.ask, numbers)
        except VocobaseError:
            raise
        except Exception as error:
            raise failed(source, error, self._what) from error

    def log_all(self, name: str, refusals: Mapping[str, Refuse], now: datetime) -> None:
        """Log the numbers that were left out before anything was sent."""
        if self._ledger is not None and refusals:
            self.run(log_refusals, self._ledger, name, refusals.items(), now.timestamp())


def _are_for_good(entries: Iterable[DoNotCallEntry]) -> bool:
    return any(entry.valid_until is None for entry in entries)
