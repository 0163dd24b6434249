"""What a dead worker, a late session or a faulty callback leaves is read nevertheless."""

from __future__ import annotations

import pytest

from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import NUMBERS
from vocobase import APIError, CallJob, JobUpdate, LimitReachedError, Redial
from vocobase._dialing.jobs import item_of
from vocobase._dialing.scopes import outcomes_of, scope_of
from vocobase_sandbox import Conversation


async def test_the_call_of_a_dead_worker_is_dialled_again_by_the_rules_of_its_job(world: AsyncWorld) -> None:
    """No other job of the list has rules, so only the job that was taken over makes the run wait."""
    world.sandbox.script(NUMBERS[0], "busy")
    job = CallJob(world.agent_id, NUMBERS[0], redial=Redial(2))
    (key, payload), scope = item_of(job, None, 0), scope_of("calls")
    world.ledger.enter(scope, [(key, payload)])
    world.ledger.claim(scope, "dead", 1, lease=0)
    with world.client() as vb:
        call = vb.calls.start(world.agent_id, NUMBERS[0])
    world.ledger.enter("dialled", [(call.call_id, {"scope": scope, "job": key, "at": world.now()})])
    report = await world.dial()
    assert (report.finished, report.waiting) == (1, 0)
    assert world.dialled() == {NUMBERS[0]: 2}


async def test_a_session_that_appears_late_is_waited_for(world: AsyncWorld) -> None:
    world.sandbox.script(NUMBERS[0], Conversation(turns=[("user", "Hi")]))
    world.sandbox.faults.add("status", "GET /sessions/*", count=1, status=404)
    report = await world.dial([CallJob(world.agent_id, NUMBERS[0])], redial=Redial())
    assert report.finished == 1
    (entry,) = world.ledger.entries(outcomes_of("calls"), "done")
    assert entry.result is not None
    assert "cost" in entry.result


async def test_an_error_of_the_callback_ends_the_run_and_the_next_one_continues(world: AsyncWorld) -> None:
    """It may be one that the SDK tolerates when it reads outcomes."""
    world.sandbox.script(NUMBERS[0], "busy")

    def fail(update: JobUpdate) -> None:
        if update.outcome is not None:
            raise LimitReachedError("mine", status=429)

    todo = [CallJob(world.agent_id, NUMBERS[0])]
    with pytest.raises(APIError, match="mine"):
        await world.dial(todo, redial=Redial(2), on_update=fail)
    assert world.ledger.counts(outcomes_of("calls"))["claimed"] == 0
    assert (await world.dial(redial=Redial(2))).finished == 1
    assert world.dialled() == {NUMBERS[0]: 2}
