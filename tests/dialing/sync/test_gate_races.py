# Derived from tests/dialing/aio/test_gate_races.py by scripts/derive_sync.py; edit that instead.
"""A number that is added during a run is no longer dialled, on every kind of ledger."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

from tests.dialing.sync.world import World
from tests.ledger.test_identity import wipe
from vocobase import CallJob, CallWindow, DoNotCall, Ledger, open_ledger

_names = itertools.count()
NUMBER = "+12025550100"


class Interrupted:
    """A ledger; before or after a certain call, another thread adds the number to the do-not-call list."""

    def __init__(self, ledger: Ledger, place: str, moment: str, what: str) -> None:
        self._ledger = ledger
        self._place = place
        self._moment = moment
        self._what = what
        self.was_interrupted = False

    def _add(self) -> None:
        with DoNotCall(self._place) as listed:
            listed.add(NUMBER, reason="complained")

    def _interrupt(self) -> None:
        if not self.was_interrupted:
            self.was_interrupted = True
            thread = threading.Thread(target=self._add)
            thread.start()
            thread.join()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ledger, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            is_it = (name, *args[:2])[: len(self._what.split())] == tuple(self._what.split())
            if is_it and self._moment == "before":
                self._interrupt()
            found = method(*args, **kwargs)
            if is_it and self._moment == "after":
                self._interrupt()
            return found

        return call


@pytest.mark.parametrize(
    ("moment", "what", "dialled"),
    [
        # Few runs, as a server counts the requests of a minute by its own clock.
        ("before", f"get do_not_call {NUMBER}", 0),
        # The last question has been asked, and the start follows at once.
        ("after", f"get do_not_call {NUMBER}", 1),
    ],
)
def test_a_number_is_not_dialled_after_it_was_added(
    world: World, address: str, moment: str, what: str, dialled: int
) -> None:
    # The whole budget of a minute: the servers stay, and count the requests of other tests.
    wipe(address)
    shared = open_ledger(address)
    ledger = Interrupted(shared, address, moment, what)
    name = f"race {next(_names)}"
    with DoNotCall(address) as listed:
        # At any time, because a server has a clock of its own.
        window = CallWindow.any_time()
        report = world.dial([CallJob(world.agent_id, NUMBER)], ledger=ledger, name=name, window=window)
        assert ledger.was_interrupted
        assert world.dialled()[NUMBER] == report.started == dialled
        assert report.refused == 1 - dialled
        assert [row.code for row in listed.log(name=name)] == ["do_not_call"] * (1 - dialled)
        assert listed.remove(NUMBER, reason="the next test")
    shared.close()
