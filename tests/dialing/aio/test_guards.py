"""Guards: what they accept, and when they let a call begin."""

from __future__ import annotations

import pytest

from tests.dialing.aio.world import AsyncWorld
from tests.dialing.world import NUMBERS
from vocobase import (
    CallJob,
    ConfigurationError,
)


async def test_two_workers_with_different_budgets_are_told_both(world: AsyncWorld) -> None:
    await world.dial([CallJob(world.agent_id, NUMBERS[0])], budget=500)
    with pytest.raises(
        ConfigurationError, match=r"different budget .*500\.00.*600\.00.* DialList\.change"
    ) as error:
        await world.dial([CallJob(world.agent_id, NUMBERS[1])], budget=600)
    assert "\n" not in str(error.value)
    assert world.dialled() == {NUMBERS[0]: 1}
