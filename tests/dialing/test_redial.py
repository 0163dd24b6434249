"""People are dialled again as the rules say, after the known outcome of the last attempt, and never otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.dialing.conftest import NUMBERS, World
from vocobase import CallJob, DialList, Redial
from vocobase_sandbox import Conversation

HOUR = timedelta(hours=1)


def jobs(world: World, number: int, **options: Any) -> list[CallJob]:
    return [CallJob(world.agent_id, to_number, **options) for to_number in NUMBERS[:number]]


def rings(world: World, number: str) -> list[datetime]:
    """Return when a number was dialled."""
    return [
        datetime.fromisoformat(row["created_at"]) for row in world.sandbox.calls if row["to_number"] == number
    ]


def test_busy_and_unanswered_people_are_dialled_again_after_their_delays(world: World) -> None:
    world.sandbox.script(NUMBERS[0], "busy", "no_answer", "no_answer", Conversation(turns=[("user", "Hi")]))
    world.sandbox.script(NUMBERS[1], "busy")
    rules = Redial(3, {"busy": timedelta(minutes=15), "no_answer": 2 * HOUR})
    report = world.dial(jobs(world, 3), redial=rules)
    assert world.dialled() == {NUMBERS[0]: 3, NUMBERS[1]: 3, NUMBERS[2]: 1}
    assert (report.started, report.finished, report.waiting) == (3, 3, 0)
    first, second, third = rings(world, NUMBERS[0])
    assert second - first >= timedelta(minutes=15)
    assert third - second >= 2 * HOUR
    assert all(late - early >= timedelta(minutes=15) for early, late in pairwise(rings(world, NUMBERS[1])))
    with DialList(world.ledger) as found:
        result = found.get(f"{world.agent_id} {NUMBERS[0]}")
        assert result is not None
        assert [dial.outcome for dial in result.dials] == ["busy", "no_answer", "no_answer"]
    assert world.dial().run is not None
    assert world.dialled()[NUMBERS[0]] == 3, "the second run dials no one"
