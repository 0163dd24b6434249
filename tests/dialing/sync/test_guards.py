# Derived from tests/dialing/aio/test_guards.py by scripts/derive_sync.py; edit that instead.
"""Guards: what they accept, and when they let a call begin."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS
from vocobase import (
    CallJob,
    CircuitBreaker,
    ConfigurationError,
    InvalidArgumentError,
    OptOut,
    PersonCap,
    Redial,
    SpendCap,
)


@pytest.mark.parametrize(
    "kind", [Redial, PersonCap, SpendCap, CircuitBreaker, OptOut], ids=lambda kind: kind.__name__
)
@pytest.mark.parametrize(
    "data", [None, 5, "text", [], {}, {"after": 5, "dials": "x", "rupees": "x", "share": {}}]
)
def test_what_is_not_the_json_form_of_a_policy_is_refused_in_one_line(kind: Any, data: Any) -> None:
    message = f"{kind.__name__}.from_json: this is not what to_json returned"
    with pytest.raises(InvalidArgumentError, match=message) as caught:
        kind.from_json(data)
    assert "\n" not in str(caught.value)


def test_two_workers_with_different_budgets_are_told_both(world: World) -> None:
    world.dial([CallJob(world.agent_id, NUMBERS[0])], budget=500)
    with pytest.raises(
        ConfigurationError, match=r"another budget .*500\.00.*600\.00.* DialList\.change"
    ) as error:
        world.dial([CallJob(world.agent_id, NUMBERS[1])], budget=600)
    assert "\n" not in str(error.value)
    assert world.dialled() == {NUMBERS[0]: 1}
