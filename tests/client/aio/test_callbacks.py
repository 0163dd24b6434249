"""A callback that would never run is refused by every method that takes one, before anything is done."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from vocobase import AsyncVocobase, InvalidArgumentError, Vocobase

KEY = "rg_live_x"


async def awaited(*_: object) -> None: ...


async def asynchronous_generator(*_: object) -> AsyncIterator[None]:
    yield


def generator(*_: object) -> Iterator[None]:
    yield


class CalledAsync:
    async def __call__(self, *_: object) -> None: ...


NEVER_RUN: list[tuple[Any, str]] = [
    (awaited, "a plain function, not an async function, which would never be awaited"),
    (partial(awaited, 1), "a plain function, not an async function, which would never be awaited"),
    (CalledAsync(), "a plain function, not an async function, which would never be awaited"),
    (asynchronous_generator, "a plain function, not an async generator, which would never run"),
    (generator, "a plain function, not a generator, which would never run"),
    ("print", "a function, not str"),
    (5, "a function, not int"),
]


def refuse(request: httpx.Request) -> httpx.Response:
    raise AssertionError(request)


@pytest.fixture
def needed(tmp_path: Path) -> dict[str, Any]:
    """Arguments that the methods cannot do without."""
    return {
        "agent_id": "a",
        "call_id": "c",
        "call_ids": ["c"],
        "campaign_id": "c",
        "folder": tmp_path,
        "jobs": [],
        "ledger": tmp_path / "ledger.sqlite",
        "paths": [],
        "session_id": "s",
        "slug": "lobby",
        "source": tmp_path / "people.csv",
    }


def takers(part: Any, path: str = "") -> Iterator[tuple[str, Callable[..., Any], str, list[str]]]:
    """Walk through all methods with a callback; yield name, method, parameter, and what else is needed."""
    for name in dir(part):
        if name.startswith("_") or name == "raw":
            continue
        member = getattr(part, name)
        if inspect.ismethod(member):
            parameters = inspect.signature(member).parameters.values()
            required = [one.name for one in parameters if one.default is one.empty]
            for one in parameters:
                if one.name.startswith("on_"):
                    yield f"{path}{name}", member, one.name, required
        elif type(member).__module__.startswith("vocobase."):
            yield from takers(member, f"{path}{name}.")


def check(client: Any, needed: dict[str, Any], run: Callable[[Any], Any]) -> None:
    tried = []
    for name, method, parameter, required in takers(client):
        for callback, words in NEVER_RUN:
            with pytest.raises(InvalidArgumentError) as caught:
                run(method(**{each: needed[each] for each in required}, **{parameter: callback}))
            what = parameter if name == "with_options" else f"{name}: {parameter}"
            assert str(caught.value) == f"{what} must be {words}."
        tried.append(name)
    assert tried == [
        "agents.documents.sync",
        "background_audio.ensure",
        "background_audio.upload",
        "calls.start_many",
        "calls.wait",
        "calls.wait_all",
        "calls.work",
        "campaigns.import_contacts",
        "documents.download_all",
        "documents.upload",
        "documents.upload_many",
        "sessions.wait",
        "with_options",
        "with_options",
    ]
    assert not needed["ledger"].exists()


def test_no_method_takes_a_callback_that_would_never_run(needed: dict[str, Any]) -> None:
    with Vocobase(KEY, transport=httpx.MockTransport(refuse)) as vb:
        check(vb, needed, lambda result: result)


def test_nor_does_any_of_the_async_client(needed: dict[str, Any]) -> None:
    with asyncio.Runner() as runner:

        async def finished(result: Any) -> None:
            if isinstance(result, Awaitable):
                await result

        check(
            AsyncVocobase(KEY, transport=httpx.MockTransport(refuse)),
            needed,
            lambda result: runner.run(finished(result)),
        )


@pytest.mark.parametrize("client", [Vocobase, AsyncVocobase])
def test_nor_does_the_constructor(client: Any) -> None:
    for callback, words in NEVER_RUN:
        with pytest.raises(InvalidArgumentError) as caught:
            client(KEY, on_response=callback)
        assert str(caught.value) == f"on_response must be {words}."
        with pytest.raises(InvalidArgumentError) as caught:
            client(KEY, on_event=callback)
        assert str(caught.value) == f"on_event must be {words}."
    with pytest.raises(InvalidArgumentError, match="api_key must be a plain function, not an async function"):
        client(awaited)
