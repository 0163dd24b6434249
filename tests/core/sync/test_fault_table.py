# Derived from tests/core/aio/test_fault_table.py by scripts/derive_sync.py; edit that instead.
"""Every operation under every kind of fault: the number of attempts, and the error that comes out."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.core.faults import FAULTS, all_calls, expected
from tests.fake_time import hasty
from vocobase import Vocobase
from vocobase._policy.operations import OPERATIONS


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    with hasty():
        yield


@pytest.mark.parametrize("fault", FAULTS)
def test_every_operation_is_attempted_as_often_as_its_policy_says(fault: str) -> None:
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return FAULTS[fault][0](request)

    calls = all_calls()
    assert set(calls) == set(OPERATIONS)
    with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
        for key, (request, parse) in calls.items():
            seen.clear()
            attempts, error = expected(key, fault)
            with pytest.raises(error) as caught:
                vb._core.call(request, parse)
            assert (key, type(caught.value), seen) == (key, error, [request.method] * attempts)
