"""An error that comes once, as from the handler of a signal, is raised; one that comes again is a fault of the data."""

from __future__ import annotations

import asyncio
from collections.abc import ItemsView
from typing import Any

import httpx
import pytest

from vocobase import AsyncVocobase, InvalidArgumentError, ResponseError, Vocobase
from vocobase._base.arguments import fails_again
from vocobase._policy.limits import write_json, write_query
from vocobase_raw import api

KEY = "rg_live_canary_0123456789"
BODY = b'{"success": true, "data": {"id": "a"}}'


class TimeLimit(Exception):
    """An error of a signal handler."""


class Failing:
    """Raise an error some times, then succeed."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self, *_: object) -> None:
        if self._left:
            self._left -= 1
            raise TimeLimit

    def __str__(self) -> str:
        self()
        return "a"


class FailingDict(dict[str, Any]):
    """A mapping that cannot be read some times."""

    def __init__(self, times: int) -> None:
        super().__init__(a=1)
        self._fail = Failing(times)

    # That of dict returns a private type.
    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        self._fail()
        return super().items()


def respond(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=BODY)


def test_work_that_failed_once_does_not_fail_again() -> None:
    fail = Failing(1)
    with pytest.raises(TimeLimit):
        fail()
    assert not fails_again(fail)
    assert fails_again(Failing(1))


# While it is written; while its fault is looked for.
@pytest.mark.parametrize("times", [1, 2])
def test_a_time_limit_while_an_argument_is_read_is_raised(times: int) -> None:
    with pytest.raises(TimeLimit):
        write_json("agents.update", {"variables": FailingDict(times)})


def test_an_argument_that_can_never_be_read_is_named() -> None:
    with pytest.raises(InvalidArgumentError, match=r"agents\.update: variables cannot be read"):
        write_json("agents.update", {"variables": FailingDict(1_000)})


def test_a_time_limit_while_a_query_is_written_is_raised() -> None:
    with pytest.raises(TimeLimit):
        write_query("agents.list", {"limit": Failing(1)})
    with pytest.raises(InvalidArgumentError, match="cannot be written"):
        write_query("agents.list", {"limit": Failing(2)})


@pytest.mark.parametrize(("times", "error"), [(1, TimeLimit), (2, ResponseError)])
def test_a_time_limit_while_a_response_is_read_is_no_fault_of_the_response(
    times: int, error: type[Exception]
) -> None:
    request = api.agents.get.build("a")

    async def read() -> None:
        async with AsyncVocobase(KEY, transport=httpx.MockTransport(respond)) as vb:
            await vb._core.call(request, Failing(times))

    with Vocobase(KEY, transport=httpx.MockTransport(respond)) as vb, pytest.raises(error):
        vb._core.call(request, Failing(times))
    with pytest.raises(error):
        asyncio.run(read())
