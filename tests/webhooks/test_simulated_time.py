"""A claim is held as long as its handler runs, also when minutes of a sandbox pass in an instant."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from vocobase import clock
from vocobase._base.runtime import async_current_runtime
from vocobase.testing import sandbox_time
from vocobase.webhooks import Dedupe, WebhookReceiver
from vocobase_sandbox import Sandbox

from .support import encode, reason, receiver, signed

BODY, OTHER = encode(), encode(session_id="5e550000-0000-4000-8000-000000000002")
HEADERS, OTHER_HEADERS = signed(BODY), signed(OTHER)


@pytest.fixture(autouse=True)
def simulated() -> Iterator[None]:
    with Sandbox(clock="manual") as sandbox, sandbox_time(sandbox):
        yield


@pytest.fixture
def endpoint(simulated: None, dedupe: Dedupe) -> WebhookReceiver:
    """An endpoint with each store as users have it, in the time of a sandbox."""
    return receiver(dedupe=dedupe)


def test_an_event_is_not_handled_twice_while_its_handler_waits(endpoint: WebhookReceiver) -> None:
    with endpoint.handling(BODY, HEADERS):
        for _ in range(3):
            clock.sleep(600)
            assert reason(endpoint.receive, BODY, HEADERS) == "in-progress"
    assert reason(endpoint.receive, BODY, HEADERS) == "duplicate"


def test_an_event_is_not_handled_twice_while_its_asynchronous_handler_waits(
    endpoint: WebhookReceiver,
) -> None:
    async def main() -> None:
        async with endpoint.handling(BODY, HEADERS):
            for _ in range(3):
                await async_current_runtime().sleep(600)
                assert reason(endpoint.receive, BODY, HEADERS) == "in-progress"

    asyncio.run(main())
    assert reason(endpoint.receive, BODY, HEADERS) == "duplicate"


def test_other_events_that_arrive_meanwhile_do_not_end_the_claim(endpoint: WebhookReceiver) -> None:
    with endpoint.handling(BODY, HEADERS):
        clock.sleep(600)
        endpoint.receive(OTHER, OTHER_HEADERS)
        assert reason(endpoint.receive, BODY, HEADERS) == "in-progress"


def test_an_event_whose_handler_failed_is_accepted_again(endpoint: WebhookReceiver) -> None:
    with pytest.raises(ZeroDivisionError), endpoint.handling(BODY, HEADERS):
        clock.sleep(600)
        raise ZeroDivisionError
    endpoint.receive(BODY, HEADERS)


def test_a_claim_that_nobody_keeps_ends_with_its_lease(endpoint: WebhookReceiver, dedupe: Dedupe) -> None:
    endpoint.claim(BODY, HEADERS)
    clock.sleep(600)
    if type(dedupe).__name__ == "RedisDedupe":
        # Its leases end by the clock of the Redis server.
        assert reason(endpoint.receive, BODY, HEADERS) == "in-progress"
    else:
        endpoint.receive(BODY, HEADERS)
