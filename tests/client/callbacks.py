"""Callbacks that would never run, and the methods that take callbacks."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any


async def awaited(*_: object) -> None: ...


async def asynchronous_generator(*_: object) -> AsyncIterator[None]:
    yield


def generator(*_: object) -> Iterator[None]:
    yield


class CalledAsync:
    async def __call__(self, *_: object) -> None: ...


class LatePacer:
    """A budget whose permits would never be awaited."""

    async def try_acquire(self, *_: object) -> float:
        raise AssertionError


NEVER_RUN: list[tuple[Any, str]] = [
    (awaited, "a plain function, not an async function, which would never be awaited"),
    (partial(awaited, 1), "a plain function, not an async function, which would never be awaited"),
    (CalledAsync(), "a plain function, not an async function, which would never be awaited"),
    (asynchronous_generator, "a plain function, not an async generator, which would never run"),
    (generator, "a plain function, not a generator, which would never run"),
    ("print", "a function, not str"),
    (5, "a function, not int"),
]


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
