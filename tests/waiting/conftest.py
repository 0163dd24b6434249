"""Fixtures of the tests of waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.waiting.support import Clock
from vocobase import Vocobase
from vocobase_sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account with its rate limits and two concurrency slots, whose clock the tests move."""
    with Sandbox(seed=1, clock="manual", concurrency=2, balance=100_000) as running:
        yield running


@pytest.fixture
def clock(sandbox: Sandbox, stack: ExitStack) -> Clock:
    """The clock of the sandbox, which moves when a client sleeps."""
    return Clock(stack, sandbox)


@pytest.fixture
def agent_id(vb: Vocobase, clock: Clock) -> str:
    """An agent of the account."""
    return vb.agents.create("Caller", "Call.", voice_id=vb.voices.find().id).id
