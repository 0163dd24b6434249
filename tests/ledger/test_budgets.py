"""Workers that share a ledger share the budgets."""

from __future__ import annotations

import uuid
from pathlib import Path

from vocobase import Budget, Ledger, open_ledger
from vocobase._ledger.ledger_budgets import LedgerBudgets
from vocobase._ledger.sqlite import SQLiteLedger


def test_two_pacers_give_out_ten_places_together(ledger: Ledger, address: str) -> None:
    account = uuid.uuid4().hex
    other = open_ledger(address)
    pacers = [LedgerBudgets(ledger), LedgerBudgets(other)]
    waits = [pacers[number % 2].try_acquire(Budget.CALLS, account) for number in range(14)]
    assert waits[:10] == [0.0] * 10
    assert all(30 < seconds <= 60 for seconds in waits[10:])
    assert pacers[0].try_acquire(Budget.GENERAL, account) == 0
    assert pacers[0].try_acquire(Budget.CALLS, uuid.uuid4().hex) == 0
    other.close()


def test_no_minute_has_more_than_ten_places(tmp_path: Path) -> None:
    now = 1000.0
    pacer = LedgerBudgets(SQLiteLedger(tmp_path / "ledger.sqlite", clock=lambda: now))
    taken: list[float] = []
    while len(taken) < 35:
        seconds = pacer.try_acquire(Budget.CALLS, "a")
        taken += [now] * (not seconds)
        now += seconds or 1.7
    assert all(later - earlier >= 60 for earlier, later in zip(taken, taken[10:], strict=False))
    assert now - 1000 < 230


def test_the_place_of_a_worker_that_died_is_free_after_a_minute(tmp_path: Path) -> None:
    now = 1000.0
    ledger = SQLiteLedger(tmp_path / "ledger.sqlite", clock=lambda: now)
    pacer = LedgerBudgets(ledger)
    assert pacer.try_acquire(Budget.CALLS, "a") == 0
    assert len(ledger.claim("pace:a:calls", "dead", 10, lease=60)) == 9
    now = 1059.0
    assert pacer.try_acquire(Budget.CALLS, "a") == 1.0
    now = 1060.0
    assert [pacer.try_acquire(Budget.CALLS, "a") for _ in range(11)] == [0.0] * 10 + [60.0]


def test_places_that_are_all_held_are_asked_for_again_soon(tmp_path: Path) -> None:
    ledger = SQLiteLedger(tmp_path / "ledger.sqlite")
    LedgerBudgets(ledger).try_acquire(Budget.CALLS, "a")
    ledger.claim("pace:a:calls", "dead", 9, lease=60)
    ledger.revise("pace:a:calls", [str(number) for number in range(10)], "done", was="waiting")
    assert LedgerBudgets(ledger).try_acquire(Budget.CALLS, "a") == 1.0
