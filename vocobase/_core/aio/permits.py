"""The one loop that waits for a permit of a budget."""

from __future__ import annotations

from vocobase._base.runtime import AsyncRuntime, AsyncSleep
from vocobase._policy.operations import Budget
from vocobase._policy.pacers import Pacer, ask


async def try_acquire(pacer: Pacer, budget: Budget, account: str, runtime: AsyncRuntime) -> float:
    """Acquire a permit without blocking the event loop; return 0, or the seconds after which to try again."""
    # Loaded with the first permit, as most clients are not paced.
    from vocobase._policy.budgets import is_local

    if is_local(pacer):
        return ask(pacer, budget, account)
    return await runtime.run_blocking(ask, pacer, budget, account)


async def acquire(
    pacer: Pacer, budget: Budget, account: str, runtime: AsyncRuntime, sleep: AsyncSleep | None = None
) -> float:
    """Wait until a permit is acquired; return the seconds spent waiting, 0 if one was free.

    Args:
        pacer: Keeps the budget.
        budget: The rate limit.
        account: Identifies the API key.
        runtime: Runs a pacer that blocks.
        sleep: Passes at most the given time, or raises to give up; by default that of the runtime.
    """
    waited = 0.0
    while (seconds := await try_acquire(pacer, budget, account, runtime)) > 0:
        started = runtime.monotonic()
        await (sleep or runtime.sleep)(seconds)
        waited += runtime.monotonic() - started
    return waited
