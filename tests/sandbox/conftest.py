"""Sandboxes under a manual clock, with clients that check every response."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.support import Api, Receiver
from vocobase_sandbox import Sandbox

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def build(receiver: Receiver) -> Iterator[Callable[..., Api]]:
    """Build clients of sandboxes with the given settings; rate limits are off by default."""
    built: list[Api] = []

    def make(**choices: Any) -> Api:
        choices = {"clock": "manual", "rate_limits": False, "sender": receiver, **choices}
        if choices["clock"] == "manual":
            choices.setdefault("start", START)
        built.append(Api(Sandbox(**choices), receiver))
        return built[-1]

    yield make
    for api in built:
        api.client.close()
        api.bare.close()
        api.sandbox.close()


@pytest.fixture
def api(build: Callable[..., Api]) -> Api:
    return build()
