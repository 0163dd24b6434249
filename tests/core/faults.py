"""Faults, what each operation sends, and what must come out when the one meets the other."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

import vocobase
from tests.contract import scenario
from vocobase import Vocobase
from vocobase._core.sync import core as sync_core
from vocobase._policy.operations import OPERATIONS, RetrySafety
from vocobase_sandbox import Sandbox

Answer = Callable[[httpx.Request], httpx.Response]
# A request, and the reader of its response.
Call = tuple[Mapping[str, Any], Callable[[Any], Any]]


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


def expected(key: str, fault: str) -> tuple[int, type[Exception]]:
    _, certain, helps, error = FAULTS[fault]
    safe = OPERATIONS[key].safety is RetrySafety.SAFE
    attempts = 3 if helps and (safe or certain) else 1
    return attempts, error if safe or certain else vocobase.OutcomeUnknownError


@functools.cache
def all_calls() -> dict[str, Call]:
    """Return what every operation sends, with real arguments, and the reader of its answer."""
    found: dict[str, Call] = {}
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
