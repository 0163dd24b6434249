"""Whatever goes wrong, no one is dialled too often, too early or outside hours, and every job comes to an end.

Each example runs one list through an adversary: calls that end in any way, lost responses, a worker that dies
at any use of the ledger or at any request, another worker that works in between, and a clock of the ledger that jumps. Then
workers without faults finish the list.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.dialing.adversary import plans
from tests.dialing.aio import proof as aio
from tests.dialing.sync import proof as sync

# More for a run by hand.
EXAMPLES = int(os.environ.get("PROOF_EXAMPLES", "0"))

CALM = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=EXAMPLES or 12,
    derandomize=not EXAMPLES,
    database=None,
    # A failure is shrunk by hand only: it takes longer than a test may.
    phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if EXAMPLES else [])],
)


@given(plan=plans())
@CALM
def test_no_fault_breaks_the_rules_of_redial_in_a_file(plan: dict[str, Any]) -> None:
    sync.prove(plan, None)


@given(plan=plans())
@settings(CALM, max_examples=EXAMPLES or 6)
async def test_no_fault_breaks_the_rules_of_redial_of_an_async_worker(plan: dict[str, Any]) -> None:
    await aio.prove(plan, None)


@pytest.mark.parametrize("server", ["redis", "postgres"])
@given(plan=plans())
@settings(CALM, max_examples=EXAMPLES or 2)
def test_no_fault_breaks_the_rules_of_redial_on_a_server(
    request: pytest.FixtureRequest, server: str, plan: dict[str, Any]
) -> None:
    sync.prove(plan, request.getfixturevalue(f"{server}_address"))
