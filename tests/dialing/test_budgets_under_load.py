"""Several workers never spend more than the budget of their list, however their steps interleave."""

from __future__ import annotations

import random
from collections.abc import Generator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.dialing.lists import close, note
from tests.dialing.world import NUMBERS
from vocobase import CallJob, DialList, SpendCap
from vocobase._dialing.guards import Halt
from vocobase._dialing.list_settings import ListSettings, agree
from vocobase._dialing.scopes import scope_of
from vocobase._dialing.spending import ListGuards
from vocobase._ledger.sqlite import SQLiteLedger

SCOPE = scope_of("calls")


class Workers:
    """Workers that do what a dialer does, one step of one of them at a time."""

    def __init__(self, ledger: SQLiteLedger, source: random.Random) -> None:
        self.ledger, self.source = ledger, source
        self.live: list[str] = []
        self.spent = Decimal(0)
        self.halted = 0

    def work(self, name: str) -> Generator[None]:
        guards = ListGuards(self.ledger, "calls")
        for number in range(100):
            decision = guards.ask(1)
            yield
            if isinstance(decision, Halt):
                self.halted += 1
                return
            for job in self.ledger.claim(SCOPE, name, 1, lease=600) if decision is None else ():
                yield
                if guards.ask(0) is not None:
                    self.ledger.settle(SCOPE, [job.key], "waiting", owner=name)
                    continue
                yield
                call = f"{name} {number}"
                self.live.append(call)
                yield
                note(self.ledger, call)
                yield
                self.ledger.settle(SCOPE, [job.key], "done", owner=name, result={"call_id": call})
            yield

    def end_a_call(self, most: int) -> None:
        noted = [call for call in self.live if self.ledger.get("outcomes:calls", call)]
        if noted:
            call = self.source.choice(noted)
            cost = Decimal(self.source.randint(0, most * 100)) / 100
            close(self.ledger, call, cost=str(cost), outcome="completed")
            self.live.remove(call)
            self.spent += cost


def run(place: Path, seed: int, cap: SpendCap, most: int) -> Workers:
    ledger = SQLiteLedger(place)
    agree(ledger, "calls", ListSettings(budget=cap), "calls.start_many")
    with DialList(ledger) as found:
        found.add(CallJob("agent", number) for number in NUMBERS[:40])
    source = random.Random(seed)
    workers = Workers(ledger, source)
    running = [workers.work(f"worker {number}") for number in range(3)]
    while running:
        if source.random() < 0.15:
            workers.end_a_call(most)
            continue
        chosen = source.choice(running)
        if next(chosen, running) is running:
            running.remove(chosen)
        assert most > 40 or workers.spent + 40 * len(workers.live) <= cap.rupees
    ledger.close()
    return workers


@pytest.mark.parametrize("seed", range(8))
def test_costs_up_to_the_worst_case_never_pass_the_budget(tmp_path: Path, seed: int) -> None:
    workers = run(tmp_path / "ledger.sqlite", seed, SpendCap(200, 40), 40)
    assert 160 < workers.spent + 40 * len(workers.live) <= 200
    assert workers.halted >= 1


@pytest.mark.parametrize("seed", range(4))
def test_calls_beyond_the_worst_case_overshoot_by_no_more_than_themselves(tmp_path: Path, seed: int) -> None:
    """At most five calls of 40 rupees fit in at once, and each may cost 60 instead."""
    workers = run(tmp_path / "ledger.sqlite", seed, SpendCap(200, 40), 60)
    assert workers.spent <= 200 + 5 * 20
