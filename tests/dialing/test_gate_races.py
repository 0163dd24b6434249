"""A number that is added during a run is not dialled any more, on every kind of ledger."""

from __future__ import annotations

import itertools
import threading
from typing import Any

from tests.dialing.conftest import World
from tests.ledger.conftest import address, postgres_address, redis_address
from vocobase import CallJob, DoNotCall, Ledger, open_ledger

__all__ = ["address", "postgres_address", "redis_address"]
_names = itertools.count()


class Interrupted:
    """A ledger; before a certain call, another thread adds a number to the do-not-call list."""

    def __init__(self, ledger: Ledger, place: str, number: str, at: int) -> None:
        self._ledger = ledger
        self._place = place
        self._number = number
        self._at = at
        self.calls = 0
        self.was_asked = False

    def _add(self) -> None:
        with DoNotCall(self._place) as listed:
            listed.add(self._number, reason="complained")

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ledger, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self._at:
                thread = threading.Thread(target=self._add)
                thread.start()
                thread.join()
            if self.calls < self._at and (name, args) == ("get", ("do_not_call", self._number)):
                self.was_asked = True
            return method(*args, **kwargs)

        return call


def test_a_number_is_not_dialled_after_it_was_added(world: World, address: str) -> None:
    """Whenever the number is added: only a dial that had passed the last question by then is made."""
    numbers = [f"+1202555{number:04d}" for number in range(100, 103)]
    jobs = [CallJob(world.agent_id, number) for number in numbers]
    shared = open_ledger(address)
    outcomes = set[bool]()
    with DoNotCall(address) as listed:
        for at in itertools.count(1):
            ledger = Interrupted(shared, address, numbers[1], at)
            before = world.dialled()
            world.dial(jobs, ledger=ledger, name=f"race {next(_names)}")
            made = world.dialled() - before
            if ledger.calls < at:
                break
            assert made[numbers[1]] == ledger.was_asked
            assert made[numbers[0]] == made[numbers[2]] == 1
            outcomes.add(ledger.was_asked)
            assert listed.remove(numbers[1], reason="the next run")
    shared.close()
    assert outcomes == {False, True}
