"""Every operation under every kind of fault: the number of attempts, and the error that comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

import vocobase
from tests.contract import scenario
from tests.fake_time import hasty
from vocobase import AsyncVocobase, Vocobase
from vocobase._core.sync import core as sync_core
from vocobase._policy.operations import OPERATIONS, RetrySafety
from vocobase_sandbox import Sandbox

Answer = Callable[[httpx.Request], httpx.Response]


def status(number: int, message: str = "", code: str = "X", **headers: str) -> Answer:
    body = {"success": False, "error": {"code": code, "message": message}}
    return lambda request: httpx.Response(number, json=body, headers=headers)


def breaks(error: type[httpx.TransportError]) -> Answer:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("broken")

    return fail


# fault, whether it is certain that nothing was done, whether repeating may help, the error where that is known
FAULTS: dict[str, tuple[Answer, bool, bool, type[Exception]]] = {
    "connect": (breaks(httpx.ConnectError), True, True, vocobase.ConnectionFailedError),
    "connect timeout": (breaks(httpx.ConnectTimeout), True, True, vocobase.TimeoutExceededError),
    "pool timeout": (breaks(httpx.PoolTimeout), True, True, vocobase.TimeoutExceededError),
    "read timeout": (breaks(httpx.ReadTimeout), False, True, vocobase.TimeoutExceededError),
    "write timeout": (breaks(httpx.WriteTimeout), False, True, vocobase.TimeoutExceededError),
    "reset before headers": (breaks(httpx.RemoteProtocolError), False, True, vocobase.ConnectionFailedError),
    "read error": (breaks(httpx.ReadError), False, True, vocobase.ConnectionFailedError),
    "malformed": (
        lambda _: httpx.Response(200, content=b'{"success": tr'),
        False,
        False,
        vocobase.ResponseError,
    ),
    "empty": (lambda _: httpx.Response(200), False, False, vocobase.ResponseError),
    "400": (status(400), True, False, vocobase.ValidationFailedError),
    "401": (status(401), True, False, vocobase.AuthenticationError),
    "403": (status(403), True, False, vocobase.PermissionDeniedError),
    "404": (status(404), True, False, vocobase.NotFoundError),
    "409": (status(409), True, False, vocobase.ConflictError),
    "429": (status(429), True, True, vocobase.RateLimitError),
    "429 concurrency": (
        status(429, "too many simultaneous calls"),
        True,
        True,
        vocobase.ConcurrencyLimitError,
    ),
    "429 in an hour": (status(429, **{"retry-after": "3600"}), True, False, vocobase.RateLimitError),
    "500": (status(500), False, True, vocobase.ServerError),
    "501": (status(501), False, False, vocobase.ServerError),
    "503": (status(503), False, True, vocobase.ServerError),
}


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    with hasty():
        yield


def expected(key: str, fault: str) -> tuple[int, type[Exception]]:
    _, certain, helps, error = FAULTS[fault]
    safe = OPERATIONS[key].safety is RetrySafety.SAFE
    attempts = 3 if helps and (safe or certain) else 1
    return attempts, error if safe or certain else vocobase.OutcomeUnknownError


@pytest.fixture(scope="module")
def calls() -> dict[str, tuple[Mapping[str, Any], Callable[[Any], Any]]]:
    """Return what every operation sends, with real arguments, and the reader of its answer."""
    found: dict[str, tuple[Mapping[str, Any], Callable[[Any], Any]]] = {}
    call = sync_core.Core.call

    def watched(core: sync_core.Core, request: Mapping[str, Any], parse: Callable[[Any], Any]) -> Any:
        found[request.operation] = (request, parse)
        return call(core, request, parse)

    with (
        pytest.MonkeyPatch.context() as patch,
        Sandbox(seed=1, clock="manual", rate_limits=False) as sandbox,
        Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb,
    ):
        patch.setattr(sync_core.Core, "call", watched)
        scenario.run(vb, sandbox.clock.advance)
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_every_operation_is_attempted_as_often_as_its_policy_says(
    fault: str, calls: dict[str, tuple[Mapping[str, Any], Callable[[Any], Any]]]
) -> None:
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return FAULTS[fault][0](request)

    def synchronous(request: Mapping[str, Any], parse: Callable[[Any], Any]) -> None:
        with Vocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
            vb._core.call(request, parse)

    def asynchronous(request: Mapping[str, Any], parse: Callable[[Any], Any]) -> None:
        async def main() -> None:
            async with AsyncVocobase("rg_live_x", transport=httpx.MockTransport(respond)) as vb:
                await vb._core.call(request, parse)

        asyncio.run(main())

    assert set(calls) == set(OPERATIONS)
    for key, (request, parse) in calls.items():
        for run in (synchronous, asynchronous):
            seen.clear()
            attempts, error = expected(key, fault)
            with pytest.raises(error) as caught:
                run(request, parse)
            assert (key, type(caught.value), seen) == (key, error, [request.method] * attempts)
