# Derived from tests/dialing/aio/test_guards.py by scripts/derive_sync.py; edit that instead.
"""Guards: what they accept, and when they let a call begin."""

from __future__ import annotations

import pytest

from tests.dialing.sync.world import World
from tests.dialing.world import NUMBERS
from vocobase import (
    CallJob,
    ConfigurationError,
)


def test_two_workers_with_different_budgets_are_told_both(world: World) -> None:
    world.dial([CallJob(world.agent_id, NUMBERS[0])], budget=500)
    with pytest.raises(
        ConfigurationError, match=r"different budget .*500\.00.*600\.00.* DialList\.change"
    ) as error:
        world.dial([CallJob(world.agent_id, NUMBERS[1])], budget=600)
    assert "\n" not in str(error.value)
    assert world.dialled() == {NUMBERS[0]: 1}
