"""Checks of arguments, before anything is done: one rule for each kind of argument."""

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

# Ledgers and databases index identifiers, which limits their length.
MAX_ID_LENGTH = 512
# It replaces a damaged character of a response, so an identifier that contains it is not the server's.
_LOST = "\ufffd"

Function = TypeVar("Function", bound=Callable[..., object])

# Functions whose call only returns an object to await or iterate, and their names in messages.
_LAZY = (
    (iscoroutinefunction, "an async function, which would never be awaited"),
    (isasyncgenfunction, "an async generator, which would never run"),
    (isgeneratorfunction, "a generator, which would never run"),
)


def is_whole(value: object) -> TypeGuard[int]:
    """Return whether a value is a whole number, which True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value: object) -> TypeGuard[str]:
    """Return whether a server sent an identifier that can be stored and sent back."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_LENGTH:
        return False
    return value.isprintable() and _LOST not in value


def is_storable(text: str) -> bool:
    """Return whether every database can store a text."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def fails_again(work: Callable[[], object]) -> bool:
    """Return whether work that has failed with any error fails again.

    An error of a signal handler, such as a time limit, is not raised again, and must not be taken for a fault
    of the data that was being read.
    """
    try:
        work()
    except Exception:  # noqa: BLE001 - the caller raises the first one, or reports it
        return True
    return False


def shown(value: object) -> str:
    """Return an argument as a message shows it: shortened, and safe from errors of its own ``__repr__``."""
    try:
        return repr(value)[:100]
    except Exception:  # noqa: BLE001 - the caller's object, or thousands of digits or levels, may raise anything
        return f"a value of type {type(value).__name__}"


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a finite number that fits into a float; True and False are not numbers."""
    return (is_whole(value) or isinstance(value, float)) and abs(value) <= sys.float_info.max


def check_whole(value: int, what: str, least: int, most: int | None = None) -> int:
    """Require a whole number within limits."""
    if not is_whole(value) or value < least or (most is not None and value > most):
        limits = f"at least {least:,}" if most is None else f"from {least:,} to {most:,}"
        raise InvalidArgumentError(f"{what} must be a whole number, {limits}.")
    return value


def check_flag(value: bool, what: str) -> None:
    """Require True or False: a text such as "no" would count as true."""
    if not isinstance(cast(object, value), bool):
        raise InvalidArgumentError(f"{what} must be True or False.")


def check_seconds(seconds: float, what: str, least: float = 0.0) -> None:
    """Require a number of seconds: a wait for NaN would never end."""
    if not (is_number(seconds) or (isinstance(seconds, float) and seconds == math.inf)) or seconds < least:
        raise InvalidArgumentError(f"{what} must be a number of seconds, at least {least:g}.")


def check_aware(moment: datetime, what: str) -> None:
    """Require a datetime with a time zone: without one, comparisons are wrong."""
    if not _is_aware(moment):
        raise InvalidArgumentError(
            f"{what} must be a datetime with a time zone, such as datetime.now(timezone.utc)."
        )


def _is_aware(moment: object) -> bool:
    # A missing time of pandas (NaT) is a datetime that differs from itself.
    if not isinstance(moment, datetime) or moment != moment:
        return False
    try:
        return moment.utcoffset() is not None
    except Exception:  # noqa: BLE001 - the caller's zone may raise anything
        return False


def check_text(what: str, **values: object) -> None:
    """Require strings."""
    for name, value in values.items():
        if not isinstance(value, str):
            raise InvalidArgumentError(f"{what}: {name} must be a string; nothing was sent.")


def check_id(identifier: str, what: str) -> None:
    """Require an identifier: a search for anything else would read whole lists in vain."""
    if not isinstance(cast(object, identifier), str) or not identifier:
        raise InvalidArgumentError(f"{what} must be an identifier: a non-empty string.")


def as_ids(ids: Iterable[str], what: str) -> list[str]:
    """Return identifiers without duplicates; a single string is rejected, as its characters would be used."""
    given = cast(object, ids)
    found = list(ids) if isinstance(given, Iterable) and not isinstance(given, str) else [None]
    if not all(isinstance(cast(object, each), str) for each in found):
        raise InvalidArgumentError(f"{what} must be a list of identifiers.")
    return list(dict.fromkeys(cast("list[str]", found)))


def as_path(value: str | os.PathLike[str], what: str) -> Path:
    """Return a path.

    Raises:
        InvalidArgumentError: it is not a path, or contains characters that no path has.
    """
    text = path_text(value, what)
    try:
        if os.fsencode(text).find(0) < 0:
            return Path(text)
    except ValueError:  # a lone surrogate
        pass
    raise InvalidArgumentError(f"{what} must be a path, a string or a Path.")


def path_text(value: str | os.PathLike[str], what: str) -> str:
    """Return the text of a path.

    Raises:
        InvalidArgumentError: it is not a path, or its ``__fspath__`` does not return text.
    """
    if isinstance(cast(object, value), (str, os.PathLike)):
        with suppress(TypeError):
            # Not the object itself, as a subclass may convert itself to other text.
            return str.__str__(os.fsdecode(value))
    raise InvalidArgumentError(f"{what} must be a path, a string or a Path.")


def is_async(value: object) -> bool:
    """Return whether a function, or an object that is called like one, must be awaited."""
    return iscoroutinefunction(value) or iscoroutinefunction(_called(value))


def check_function(value: Function, what: str, *, awaited: bool = False) -> Function:
    """Require a function whose call has an effect.

    Raises:
        InvalidArgumentError: it is not a function, or its result must be iterated, or awaited where nothing
            does.
    """
    if not callable(value):
        raise InvalidArgumentError(f"{what} must be a function, not {type(value).__name__}.")
    for is_lazy, kind in _LAZY[1:] if awaited else _LAZY:
        if is_lazy(value) or is_lazy(_called(value)):
            raise InvalidArgumentError(f"{what} must be a plain function, not {kind}.")
    return value


def check_callback(value: Function | None, what: str) -> Function | None:
    """Require a callback that runs, or None."""
    return None if value is None else check_function(value, what)


def check_methods(value: object, what: str, wanted: str, *methods: str) -> None:
    """Require the methods that will be called later; a class in place of an object has none.

    Raises:
        InvalidArgumentError: a method is missing, or must be awaited.
    """
    for name in methods:
        if isinstance(value, type) or not callable(getattr(value, name, None)):
            kind = f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
            raise InvalidArgumentError(f"{what} must be {wanted}, not {kind}.")
        check_function(getattr(value, name), f"{what}: {name}")


def _called(value: object) -> object:
    return getattr(value, "__call__", None)  # noqa: B004 - the function that runs is needed, not whether there is one
