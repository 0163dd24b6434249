# Derived from tests/dialing/aio/test_once.py by scripts/derive_sync.py; edit that instead.
"""One idempotent call: a key is dialled once, whatever happens in between."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS
from vocobase import (
    CallRefusedError,
    DialList,
    DoNotCall,
    InvalidArgumentError,
    LedgerError,
    OutcomeUnknownError,
    PermissionDeniedError,
    WaitTimeoutError,
)
from vocobase._dialing.once import job_of


def once(world: World, key: str = "order-17", number: str = NUMBERS[0], **options: Any) -> Any:
    options = {"ledger": world.ledger, **options}
    with world.caller() as vb:
        return vb.calls.start_once(key, world.agent_id, number, **options)


def test_the_second_run_returns_the_same_call_without_dialling(world: World) -> None:
    call_id = once(world)
    assert once(world) == call_id
    assert world.dialled() == {NUMBERS[0]: 1}
    with world.client() as vb:
        assert vb.calls.get(call_id).to_number == NUMBERS[0]


def test_other_keys_are_other_calls(world: World) -> None:
    assert len({once(world, key, NUMBERS[0]) for key in ("a", "b", "a")}) == 2
    assert world.dialled() == {NUMBERS[0]: 2}


def test_variables_are_passed_on_and_compared(world: World) -> None:
    with world.client() as vb:
        vb.agents.update(world.agent_id, variables=["name", "amount"])
    variables = {"name": "आशा", "amount": 1.5}
    call_id = once(world, variables=variables)
    assert once(world, variables=dict(reversed(variables.items()))) == call_id
    with pytest.raises(InvalidArgumentError, match="'order-17' belongs to a call with another variables;"):
        once(world, variables={"name": "Ravi", "amount": 1.5})
    with pytest.raises(InvalidArgumentError, match="another to_number and variables; use another key"):
        once(world, number=NUMBERS[1])
    with pytest.raises(InvalidArgumentError, match="another provider"):
        once(world, variables=variables, provider="twilio")
    assert world.dialled() == {NUMBERS[0]: 1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"number": "98765"},
            r"calls\.start_once: job 0 \(key 'order-17'\): to_number is not in E\.164 form",
        ),
        ({"key": ""}, "key must be a string of 1 to 512 characters"),
        ({"key": None}, "key must be a string of 1 to 512 characters"),
        ({"name": 5}, r"calls\.start_once: name must be a string"),
        ({"wait_for_slot": 0}, r"calls\.start_once: wait_for_slot must be a number of seconds, at least 1"),
        ({"variables": "name"}, "variables must be a Mapping"),
    ],
)
def test_unusable_arguments_are_one_line_and_dial_nothing(
    world: World, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=message) as error:
        once(world, **options)
    assert "\n" not in str(error.value)
    assert world.dialled() == {}


def test_a_call_that_the_api_refuses_is_refused_every_time(world: World) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", status=404, count=1)
    for _ in range(2):
        with pytest.raises(CallRefusedError, match=r"'order-17' is refused \(NOT_FOUND\): ") as error:
            once(world)
        assert (error.value.key, error.value.code) == ("order-17", "NOT_FOUND")
        assert "\n" not in str(error.value)
    assert world.dialled() == {}
    with DialList(world.ledger, "once") as jobs:
        assert jobs.retry(["order-17"]) == 1
    once(world)
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_number_that_must_not_be_called_is_refused(world: World) -> None:
    with DoNotCall(world.ledger) as numbers:
        numbers.add(NUMBERS[0], reason="asked not to be called")
    with pytest.raises(CallRefusedError, match=r"do_not_call.*asked not to be called") as error:
        once(world)
    assert error.value.code == "do_not_call"
    assert world.dialled() == {}


def test_the_message_of_a_refusal_shows_no_number(world: World) -> None:
    reason = "asked from 98765 43210 and +12025550123"
    with DoNotCall(world.ledger) as numbers:
        numbers.add(NUMBERS[0], reason=reason)
    with pytest.raises(CallRefusedError, match="asked from") as error:
        once(world)
    assert "43210" not in str(error.value) and "2025550123" not in str(error.value)
    assert reason in error.value.reason


def test_one_call_is_dialled_at_any_hour(world: World) -> None:
    world.sleep(12 * 3600)  # the middle of the night where the number is
    once(world)
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_call_that_a_person_dropped_is_refused(world: World) -> None:
    world.ledger.enter("dial:once", [("order-17", {"agent_id": world.agent_id, "to_number": NUMBERS[0]})])
    with DialList(world.ledger, "once") as jobs:
        jobs.drop(["order-17"])
    with pytest.raises(CallRefusedError, match=r"is refused \(dropped\): dropped"):
        once(world)


def test_an_unknown_outcome_is_an_error_that_says_what_to_do(world: World) -> None:
    # The request is lost, and no call appears.
    world.sandbox.faults.add("reset_before_headers", "POST /calls/start", execute=False, count=1)
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError, match="may have been dialled at 2026-01-05") as error:
            once(world)
        assert "DialList(ledger, 'once').retry" in str(error.value)
        assert error.value.operation == "calls.start"
    assert world.asked("/calls/start") <= 1
    with DialList(world.ledger, "once") as jobs:
        jobs.retry(["order-17"])
    once(world)
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_call_whose_response_was_lost_is_found(world: World) -> None:
    world.sandbox.faults.add("reset_before_headers", "POST /calls/start", execute=True, count=1)
    call_id = once(world)
    assert once(world) == call_id
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_low_balance_keeps_the_call_for_the_next_run(world: World) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", status=403, count=1)
    with pytest.raises(PermissionDeniedError):
        once(world)
    once(world)
    assert world.dialled() == {NUMBERS[0]: 1}


def test_a_wait_for_a_slot_ends(world: World) -> None:
    world.sandbox.faults.add("status", "POST /calls/start", status=429)
    before = world.seconds
    with pytest.raises(
        WaitTimeoutError, match=r"was not dialled .no free slot or permit.; run it again with the same key"
    ):
        once(world, wait_for_slot=30)
    assert 30 <= world.seconds - before < 31
    assert world.dialled() == {}


def test_a_wait_for_a_permit_ends(world: World) -> None:
    for number in range(5):
        once(world, f"{number}")
    before = world.seconds
    with pytest.raises(WaitTimeoutError, match="no free slot or permit"):
        once(world, wait_for_slot=2)
    assert 2 <= world.seconds - before < 3
    assert world.dialled() == {NUMBERS[0]: 5}


def test_a_paused_list_dials_nothing(world: World) -> None:
    call_id = once(world, "before")
    with DialList(world.ledger, "once") as jobs:
        jobs.pause("the script is wrong")
        with pytest.raises(WaitTimeoutError, match="its list is paused: the script is wrong"):
            once(world, number=NUMBERS[1])
        assert once(world, "before") == call_id
        jobs.resume()
    once(world, number=NUMBERS[1])
    assert world.dialled() == dict.fromkeys(NUMBERS[:2], 1)


def test_a_call_that_was_removed_from_the_ledger_is_an_error(world: World) -> None:
    with pytest.raises(LedgerError, match="'a' was removed"):
        job_of(world.ledger, "once", "a")


def test_other_calls_of_the_list_are_left_alone(world: World) -> None:
    other = {"agent_id": world.agent_id, "to_number": NUMBERS[1], "priority": 100}
    world.ledger.enter("dial:once", [("waiting", other), ("claimed", other)])
    world.ledger.claim("dial:once", "dead", 1, lease=0, key="claimed")
    once(world)
    assert world.dialled() == {NUMBERS[0]: 1}
    assert world.ledger.counts("dial:once") == {
        "waiting": 1,
        "claimed": 1,
        "done": 1,
        "refused": 0,
        "parked": 0,
    }


def test_a_process_that_died_before_the_call_was_noted_has_rung_once(world: World) -> None:
    job = {"agent_id": world.agent_id, "to_number": NUMBERS[0]}
    world.ledger.enter("dial:once", [("order-17", job)])
    world.ledger.claim("dial:once", "dead", 1, lease=60)
    with world.client() as vb:
        started = vb.calls.start(world.agent_id, NUMBERS[0])
    assert once(world) == started.call_id
    assert world.dialled() == {NUMBERS[0]: 1}
