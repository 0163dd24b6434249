"""Refuse arguments that cannot be used, before anything is done: one rule for each kind of argument."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from pathlib import Path
from typing import TypeGuard, TypeVar, cast

from vocobase._base.errors import InvalidArgumentError

# Ledgers and databases index identifiers.
MAX_ID_LENGTH = 512
# Stands for half a character of a response, so what has it is not what the server meant.
_LOST = "\ufffd"

Function = TypeVar("Function", bound=Callable[..., object])

# Functions that only give an object when they are called, and what these are called in messages.
_LAZY = (
    (iscoroutinefunction, "an async function; nobody would await it"),
    (isasyncgenfunction, "an async generator; nobody would run it"),
    (isgeneratorfunction, "a generator; nobody would run it"),
)


def is_whole(value: object) -> TypeGuard[int]:
    """Tell whether a value is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value: object) -> TypeGuard[str]:
    """Tell whether a server sent an identifier that can be kept and sent back."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_LENGTH:
        return False
    return value.isprintable() and _LOST not in value


def shown(value: object) -> str:
    """Return how a message shows an argument: shortened, and without what its own ``__repr__`` may raise."""
    try:
        return repr(value)[:100]
    except Exception:  # noqa: BLE001 - of an object of the caller, or thousands of digits or levels
        return f"a value of type {type(value).__name__}"


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a finite number that a float can hold; True and False are none."""
    return (is_whole(value) or isinstance(value, float)) and abs(value) <= sys.float_info.max


def check_whole(value: int, what: str, least: int, most: int | None = None) -> int:
    """Refuse what is no whole number within limits."""
    if not is_whole(value) or value < least or (most is not None and value > most):
        limits = f"at least {least:,}" if most is None else f"from {least:,} to {most:,}"
        raise InvalidArgumentError(f"{what} must be a whole number, {limits}.")
    return value


def check_flag(value: bool, what: str) -> None:
    """Refuse what is neither True nor False: a text such as "no" would count as yes."""
    if not isinstance(cast(object, value), bool):
        raise InvalidArgumentError(f"{what} must be True or False.")


def check_seconds(seconds: float, what: str, least: float = 0.0) -> None:
    """Refuse what is no number of seconds: a wait for NaN would never end."""
    if not (is_number(seconds) or seconds == math.inf) or seconds < least:
        raise InvalidArgumentError(f"{what} must be a number of seconds, at least {least:g}.")


def check_aware(moment: datetime, what: str) -> None:
    """Refuse a time without a zone: it would be compared with the wrong ones."""
    if not isinstance(cast(object, moment), datetime) or moment.utcoffset() is None:
        raise InvalidArgumentError(f"{what} is no time with a zone; use datetime.now(timezone.utc).")


def check_text(what: str, **values: object) -> None:
    """Refuse what is no text before anything is looked up for it."""
    for name, value in values.items():
        if not isinstance(value, str):
            raise InvalidArgumentError(f"{what}: {name} must be a string; nothing was sent.")


def check_id(identifier: str, what: str) -> None:
    """Refuse what is no identifier: it could be looked for in lists for ever."""
    if not isinstance(cast(object, identifier), str) or not identifier:
        raise InvalidArgumentError(f"{what} must be an identifier, a string that is not empty.")


def as_ids(ids: Iterable[str], what: str) -> list[str]:
    """Return identifiers without repetitions; a single string would be taken for its letters."""
    given = cast(object, ids)
    found = list(ids) if isinstance(given, Iterable) and not isinstance(given, str) else [None]
    if not all(isinstance(cast(object, each), str) for each in found):
        raise InvalidArgumentError(f"{what} must be a list of identifiers.")
    return list(dict.fromkeys(cast("list[str]", found)))


def as_path(value: str | os.PathLike[str], what: str) -> Path:
    """Return a path.

    Raises:
        InvalidArgumentError: it is none, or has characters that no path has.
    """
    text = path_text(value, what)
    try:
        if os.fsencode(text).find(0) < 0:
            return Path(text)
    except ValueError:  # of a lone surrogate
        pass
    raise InvalidArgumentError(f"{what} must be a path, a string or a Path.")


def path_text(value: str | os.PathLike[str], what: str) -> str:
    """Return the text of a path.

    Raises:
        InvalidArgumentError: it is none, or its ``__fspath__`` returns something else.
    """
    if isinstance(cast(object, value), (str, os.PathLike)):
        with suppress(TypeError):
            # Not the object itself, as a subclass may write itself otherwise.
            return str.__str__(os.fsdecode(value))
    raise InvalidArgumentError(f"{what} must be a path, a string or a Path.")


def is_async(value: object) -> bool:
    """Tell whether a function must be awaited, or an object that is called like one."""
    return iscoroutinefunction(value) or iscoroutinefunction(_called(value))


def check_function(value: Function, what: str, *, awaited: bool = False) -> Function:
    """Refuse what cannot be called, or would do nothing when it is.

    Raises:
        InvalidArgumentError: it is no function, or one that has to be iterated, or awaited where nobody does.
    """
    if not callable(value):
        raise InvalidArgumentError(f"{what} is {type(value).__name__}; give a function.")
    for is_lazy, kind in _LAZY[1:] if awaited else _LAZY:
        if is_lazy(value) or is_lazy(_called(value)):
            raise InvalidArgumentError(f"{what} is {kind}, give a plain function.")
    return value


def check_callback(value: Function | None, what: str) -> Function | None:
    """Refuse a callback that would never run; None is none."""
    return None if value is None else check_function(value, what)


def check_methods(value: object, what: str, wanted: str, *methods: str) -> None:
    """Refuse what lacks a method that will be called later, such as a class in place of an object.

    Raises:
        InvalidArgumentError: a method is not there, or has to be awaited.
    """
    for name in methods:
        if isinstance(value, type) or not callable(getattr(value, name, None)):
            kind = f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
            raise InvalidArgumentError(f"{what} is {kind}; give {wanted}.")
        check_function(getattr(value, name), f"{what}: {name}")


def _called(value: object) -> object:
    return getattr(value, "__call__", None)  # noqa: B004 - not asked whether, but how it is called
