"""Workers sum what a list costs, and stop it, in every kind of ledger."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.dialing.lists import close, finish, note
from tests.dialing.world import NUMBERS
from tests.ledger.conftest import address, ledger, postgres_address, redis_address, scope
from vocobase import CallJob, CircuitBreaker, DialList, Ledger, SpendCap
from vocobase._dialing.attempts import Attempt
from vocobase._dialing.guards import Halt, Hold
from vocobase._dialing.list_settings import ListSettings, agree
from vocobase._dialing.lists import all_jobs
from vocobase._dialing.marks import marks_of, pause_list
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import DIALLED, scope_of
from vocobase._dialing.spending import CallBook, ListGuards
from vocobase._ledger import Entry, State
from vocobase._ledger.sqlite import SQLiteLedger

__all__ = ["address", "ledger", "postgres_address", "redis_address", "scope"]
CAP = SpendCap(100, 40)


def fill(ledger: Ledger, name: str, count: int) -> list[str]:
    with DialList(ledger, name) as found:
        found.add(CallJob("agent", number) for number in NUMBERS[:count])
    return [f"agent {number}" for number in NUMBERS[:count]]


def test_known_costs_and_worst_cases_add_up(ledger: Ledger, scope: str) -> None:
    first, second = fill(ledger, scope, 2)
    book = CallBook(ledger, scope)
    assert book.read().reserved(CAP) == 0
    assert ledger.claim(scope_of(scope), "worker", 1, lease=60)[0].key == first
    assert book.read().reserved(CAP) == 40, "a call that is being started"
    note(ledger, "one", scope)
    ledger.settle(scope_of(scope), [first], "done", owner="worker", result={"call_id": "one"})
    assert book.read().reserved(CAP) == 40, "a live call"
    close(ledger, "one", scope, cost="1.80", outcome="completed")
    found = book.read()
    assert (found.spent, found.pending, found.unpriced) == (Decimal("1.80"), 0, 0)
    ledger.claim(scope_of(scope), "worker", 1, lease=60)
    ledger.settle(scope_of(scope), [second], "parked", owner="worker", result={"reason": "unknown"})
    found = book.read()
    assert (found.spent, found.pending, found.unpriced) == (Decimal("1.80"), 0, 1)
    assert found == CallBook(ledger, scope).read(), "a worker that begins now sees the same"


def test_calls_that_other_workers_dialled_and_finished_meanwhile_are_read(ledger: Ledger, scope: str) -> None:
    book = CallBook(ledger, scope)
    note(ledger, "one", scope)
    assert book.read().pending == 1
    note(ledger, "two", scope, cost="0.90", outcome="completed", at=2.0)
    note(ledger, "three", scope, outcome="completed", at=1.0)
    found = book.read()
    assert (found.spent, found.pending, found.unpriced) == (Decimal("0.90"), 1, 1)
    assert found.recent == ((1.0, "completed"), (2.0, "completed"))


def test_a_call_of_a_list_without_outcomes_counts_at_worst_case(ledger: Ledger, scope: str) -> None:
    """A list may get its budget after its first calls."""
    (key,) = fill(ledger, scope, 1)
    finish(ledger, key, scope)
    assert CallBook(ledger, scope).read().unpriced == 1


@pytest.mark.parametrize("act", ["retry", "drop"])
def test_a_parked_call_counts_even_after_a_person_has_decided(ledger: Ledger, scope: str, act: str) -> None:
    (key,) = fill(ledger, scope, 1)
    ledger.claim(scope_of(scope), "worker", 1, lease=60)
    ledger.settle(scope_of(scope), [key], "parked", owner="worker", result={"reason": "unknown"})
    book = CallBook(ledger, scope)
    assert book.read().unpriced == 1
    with DialList(ledger, scope) as found:
        assert getattr(found, act)([key]) == 1
    assert book.read().unpriced == 1


def test_a_report_counts_and_sums_what_the_jobs_say(ledger: Ledger, scope: str) -> None:
    chosen = random.Random(5)
    spent = Decimal(0)
    for number, key in enumerate(fill(ledger, scope, 80)):
        calls = [f"call {number} {attempt}" for attempt in range(chosen.randrange(3))]
        outcomes = [chosen.choice(["busy", "completed", None]) for _ in calls]
        for call, outcome in zip(calls, outcomes, strict=True):
            if outcome and chosen.random() < 0.8:
                note(ledger, call, scope, cost="1.80", outcome=outcome)
                spent += Decimal("1.80")
        dialled = zip(calls, outcomes, strict=True)
        attempts = [Attempt(1 + at, moment(at), *each).to_json() for at, each in enumerate(dialled)]
        old = {"call_id": calls[-1]} if calls else {}
        ledger.claim(scope_of(scope), "worker", 1, lease=60, key=key)
        state: State = chosen.choice(["done", "done", "done", "refused", "parked", "waiting"])
        result = chosen.choice([old, {"attempts": attempts}] if attempts else [old])
        if chosen.random() < 0.9:
            ledger.settle(scope_of(scope), [key], state, owner="worker", result=result)
    with DialList(ledger, scope) as found:
        report, jobs = found.report(), Counter(job.state for job in found.results())
    counted = (report.finished, report.started - report.finished, report.refused, report.parked)
    assert counted == (jobs["finished"], jobs["started"], jobs["refused"], jobs["parked"])
    assert (report.waiting, report.dialling, report.spent) == (jobs["waiting"], jobs["dialling"], spent)
    assert min(jobs.values()) > 2 and len(jobs) == 6


class Racing(SQLiteLedger):
    """A ledger in which another worker claims an outcome between two reads."""

    racing = False

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        if state == "claimed" and self.racing:
            self.racing = False
            found = list(super().entries(scope, state))
            (entry,) = self.claim(scope, "other", 1, lease=60)
            self.settle(scope, [entry.key], "waiting", owner="other", result={"seen": True})
            return iter(found)
        if state == "waiting" and self.racing:
            return iter(())
        return super().entries(scope, state)


def test_a_call_that_moves_between_two_reads_stays_pending(tmp_path: Path) -> None:
    ledger = Racing(tmp_path / "ledger.sqlite")
    note(ledger, "one")
    book = CallBook(ledger, "calls")
    assert book.read().pending == 1
    ledger.racing = True
    assert book.read().pending == 1
    ledger.close()


def test_a_list_holds_for_pending_calls_and_stops_at_its_budget(ledger: Ledger, scope: str) -> None:
    agree(ledger, scope, ListSettings(budget=CAP), "calls.start_many")
    guards = ListGuards(ledger, scope)
    assert guards.ask(1) is None
    note(ledger, "one", scope)
    assert guards.ask(1) is None
    note(ledger, "two", scope)
    assert guards.ask(0) is None
    assert guards.ask(1) == Hold()
    close(ledger, "one", scope, cost="38.40", outcome="completed")
    close(ledger, "two", scope, cost="21.60", outcome="completed")
    assert guards.ask(1) is None
    note(ledger, "three", scope, cost="0.90", outcome="completed")
    reason = "60.90 of 100.00 rupees are spent, and the next call may cost 40.00"
    assert guards.ask(1) == Halt("budget", reason)
    assert guards.ask(None) is None, "no call is to begin"
    with DialList(ledger, scope) as found:
        found.change(budget=200)
    assert guards.ask(1) is None
    assert guards.settings.budget == SpendCap(200)


def test_a_circuit_breaker_pauses_the_list_for_all_workers(ledger: Ledger, scope: str) -> None:
    agree(ledger, scope, ListSettings(circuit_breaker=CircuitBreaker(0.5, 4)), "calls.start_many")
    one, other = ListGuards(ledger, scope), ListGuards(ledger, scope)
    for number, outcome in enumerate(["completed", "failed", "completed"]):
        note(ledger, f"call {number}", scope, at=float(number), cost="0", outcome=outcome)
    assert one.ask(1) is None
    note(ledger, "call 3", scope, at=3.0, cost="0", outcome="blocked")
    tripped = Halt("circuit_breaker", "2 of the last 4 calls failed")
    assert one.ask(1) == tripped
    assert other.ask(None) == tripped
    with DialList(ledger, scope) as found:
        pause = found.report().pause
        assert pause is not None
        assert (pause.code, pause.reason) == ("circuit_breaker", tripped.reason)
        assert found.resume()
        assert not found.resume()
    assert one.ask(1) is None, "calls of before do not count any more"
    now = ledger.now()
    for number in range(4):
        note(ledger, f"later {number}", scope, at=now + number, cost="0", outcome="failed")
    assert one.ask(1) == Halt("circuit_breaker", "4 of the last 4 calls failed")


def test_a_pause_of_a_person_is_not_overwritten_by_a_circuit_breaker(ledger: Ledger, scope: str) -> None:
    with DialList(ledger, scope) as found:
        found.pause("lunch")
        pause_list(ledger, scope, "3 of the last 4 calls failed", "circuit_breaker")
        assert found.report().pause == marks_of(ledger, scope).pause
        pause = marks_of(ledger, scope).pause
        assert pause is not None
        assert pause.reason == "lunch"
        found.pause("a longer lunch")
        pause = marks_of(ledger, scope).pause
        assert pause is not None
        assert pause.reason == "a longer lunch"


class Contended(SQLiteLedger):
    """A ledger in which another person pauses the list at the same moment."""

    once = True

    def revise(self, scope: str, keys: Collection[str], state: State, **options: Any) -> list[str]:
        if self.once:
            self.once = False
            with DialList(self, "calls") as other:
                other.pause("from elsewhere")
        return super().revise(scope, keys, state, **options)


def test_changes_at_the_same_moment_are_both_kept(tmp_path: Path) -> None:
    ledger = Contended(tmp_path / "ledger.sqlite")
    with DialList(ledger) as found:
        found.change(budget=500)
        assert found.settings().budget == SpendCap(500)
        pause = found.report().pause
        assert pause is not None
        assert pause.reason == "from elsewhere"
    ledger.close()


class Moving(SQLiteLedger):
    """A ledger in which another worker postpones a job at the same moment."""

    once = True

    def revise(self, scope: str, keys: Collection[str], state: State, **options: Any) -> list[str]:
        if self.once and scope == scope_of("calls"):
            self.once = False
            result: Mapping[str, Any] = {"reason": "elsewhere"}
            super().revise(scope, keys, "waiting", was="waiting", result=result)
        return super().revise(scope, keys, state, **options)


def test_a_job_that_changes_at_the_same_moment_is_moved_as_it_is_then(tmp_path: Path) -> None:
    ledger = Moving(tmp_path / "ledger.sqlite")
    (key,) = fill(ledger, "calls", 1)
    with DialList(ledger) as found:
        assert found.drop([key]) == 1
        assert [job.reason for job in found.jobs("refused")] == ["dropped"]
    ledger.close()


def test_a_job_that_moves_while_all_are_read_is_returned_once(ledger: Ledger, scope: str) -> None:
    (key,) = fill(ledger, scope, 1)
    finish(ledger, key, scope)
    found = all_jobs(ledger, scope)
    assert next(found).key == key
    ledger.revise(scope_of(scope), [key], "waiting", was="done")
    assert list(found) == []


def test_other_calls_of_the_ledger_do_not_count(ledger: Ledger, scope: str) -> None:
    note(ledger, "one", f"{scope} other", cost="5", outcome="completed")
    ledger.enter(DIALLED, [(f"{scope} call", {"scope": "dial:other", "job": "a", "at": 0.0})])
    assert CallBook(ledger, scope).read().spent == 0
