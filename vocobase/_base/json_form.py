"""Convert Python values to their JSON form, in the same way for requests, ledgers and records.

The form itself is that of the generated models (`vocobase_raw.types.dump`): dates and times as ISO 8601,
enums as their values, models as objects, numbers of numpy as those of Python, ``Decimal`` and ``UUID`` as
text, keys as text. This module finds values that have no form or would lose a part, and reports where they
are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, cast

from vocobase._base.arguments import fails_again
from vocobase._base.errors import InvalidArgumentError
from vocobase._base.nesting import MAX_LEVELS
from vocobase._base.secrets import reveal
from vocobase_raw.types import UNSET, Model, Undumped, dump, key_form, raw_members

IsExempt = Callable[[object], bool]
_MAX_SHOWN_PATH = 100


def json_form(value: object, what: str) -> Any:
    """Return the JSON form of a value.

    Raises:
        InvalidArgumentError: it has none; the message names the path of the part that JSON cannot express.
    """
    form = dump(value)
    fault = json_fault(form)
    if fault:
        raise InvalidArgumentError(f"{what}: {fault}.")
    return form


@contextmanager
def reading_form(what: str) -> Generator[None]:
    """Report data that is not the JSON form of one of our objects.

    Raises:
        InvalidArgumentError: reading it fails in any other way.
    """
    try:
        yield
    except InvalidArgumentError:
        raise
    except Exception as error:
        raise InvalidArgumentError(f"{what}.from_json: this is not what to_json returned.") from error


def json_fault(value: object, path: str = "", level: int = 0, is_exempt: IsExempt = lambda _: False) -> str:
    """Return the path of the part of a value that JSON cannot express, and why; empty if there is none.

    Args:
        value: The value, or its form.
        path: Where it is.
        level: How many lists and mappings are around it.
        is_exempt: Returns whether a part without parts of its own is accepted in any case.
    """
    return _fault(value, path, (0,) * level, is_exempt)


def _fault(hidden: object, path: str, parents: tuple[int, ...], is_exempt: IsExempt) -> str:
    if isinstance(hidden, str) and hidden.isascii():
        return ""
    shown = path if len(path) <= _MAX_SHOWN_PATH else path[:_MAX_SHOWN_PATH] + "..."
    shown = shown or "the value"
    try:
        return _inspect(hidden, path, shown, parents, is_exempt)
    except Exception as error:  # the caller's object may raise anything
        if not fails_again(lambda: _inspect(hidden, path, shown, parents, is_exempt)):
            raise
        return f"{shown} cannot be read ({type(error).__name__})"


def _inspect(hidden: object, path: str, shown: str, parents: tuple[int, ...], is_exempt: IsExempt) -> str:
    value = _opened(reveal(hidden))
    if not _has_parts(value):
        what = "" if is_exempt(value) else _fault_of(value)
        return f"{shown} {what}" if what else ""
    found = cast("Mapping[object, object] | list[object] | tuple[object, ...]", value)
    if id(found) in parents:
        return f"{shown} contains itself"
    if len(parents) >= MAX_LEVELS:
        return f"{shown} is nested too deeply"
    within = (*parents, id(found))
    if isinstance(found, Mapping):
        return _fault_in(found, path, within, is_exempt)
    return _first(_fault(item, f"{path}[{index}]", within, is_exempt) for index, item in enumerate(found))


def _opened(value: object) -> object:
    """Return the parts of a value that has any, else its form."""
    if not _has_parts(value):
        value = dump(value)
    if isinstance(value, Undumped):
        value = cast(object, value.value)
    return raw_members(value) if isinstance(value, Model) else value


def _has_parts(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple, Model))


def _fault_in(
    found: Mapping[object, object], path: str, parents: tuple[int, ...], is_exempt: IsExempt
) -> str:
    here = path or "the value"
    names: set[str] = set()
    for key, item in found.items():
        if item is UNSET:
            continue
        form = dump(key)
        if form is not None and not isinstance(form, (str, int, float)):
            return f"{here} has a key of type {type(key).__name__}, not a string"
        if what := _fault_of(form):
            return f"{here} has a key that {what}"
        name: str = key_form(form)
        if name in names:
            return f"{here} has two keys that JSON writes as {name[:_MAX_SHOWN_PATH]!r}"
        names.add(name)
        if fault := _fault(item, f"{path}.{name}" if path else name, parents, is_exempt):
            return fault
    return ""


def _first(faults: Iterable[str]) -> str:
    return next(filter(None, faults), "")


def _fault_of(value: object) -> str:
    """Return what is wrong with a value that contains no others."""
    if isinstance(value, str):
        return "" if _is_utf8(value) else "contains a character that UTF-8 cannot express"
    if isinstance(value, float):
        return "" if math.isfinite(value) else "is not a finite number"
    if isinstance(value, int):
        return "" if _has_text(value) else "has too many digits"
    if value is None:
        return ""
    # Of times and decimal numbers, only those that mean none have no form.
    if isinstance(value, Decimal):
        return "is not a finite number"
    if isinstance(value, date) and value != value:
        return "is a missing time (NaT)"
    return f"is of type {type(value).__name__}, which JSON cannot express"


def _has_text(number: int) -> bool:
    try:
        int.__repr__(number)
    except ValueError:  # Python refuses to write some thousands of digits
        return False
    return True


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
