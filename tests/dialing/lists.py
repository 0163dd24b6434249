"""Calls of a list as their outcomes are noted."""

from __future__ import annotations

from typing import Any

from vocobase import Ledger
from vocobase._dialing.attempts import Attempt, with_attempts
from vocobase._dialing.rules import moment
from vocobase._dialing.scopes import outcomes_of, scope_of


def note(ledger: Ledger, call_id: str, name: str = "calls", *, at: float = 0.0, **result: Any) -> None:
    """Record a call as a worker does that has dialled it, and its outcome, if there is one."""
    scope = outcomes_of(name)
    ledger.enter(scope, [(call_id, {"job": "a", "number": "+12025550100", "attempt": 1, "at": at})])
    if result:
        close(ledger, call_id, name, **result)


def close(ledger: Ledger, call_id: str, name: str = "calls", **result: Any) -> None:
    """Record the outcome of a call."""
    assert not ledger.revise(outcomes_of(name), [call_id], "done", was="waiting", result=result)


def finish(ledger: Ledger, key: str, name: str = "calls", **facts: Any) -> None:
    """Settle a waiting job as dialled, with its attempt."""
    (job,) = ledger.claim(scope_of(name), "worker", 1, lease=60)
    assert job.key == key
    attempt = Attempt(1, moment(job.claimed_at or 0.0), "call", **facts)
    ledger.settle(scope_of(name), [key], "done", owner="worker", result=with_attempts(job, [attempt]))
