"""Convert Python values to their JSON form, in the same way for requests, ledgers and records.

The form itself is that of the generated models (`vocobase_raw.types.dump`): dates and times as ISO 8601,
enums as their values, models as objects. This module finds values without a form, and reports where they are.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import date
from enum import Enum
from typing import Any, cast

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.nesting import MAX_LEVELS
from vocobase._base.secrets import reveal
from vocobase_raw.types import Model, dump

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
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise InvalidArgumentError(f"{what}.from_json: this is not what to_json returned.") from error


def json_fault(value: object) -> str:
    """Return the path of the part of a value that JSON cannot express, and why; empty if there is none."""
    return _fault(value, "", ())


def _fault(hidden: object, path: str, parents: tuple[int, ...]) -> str:
    shown = path if len(path) <= _MAX_SHOWN_PATH else path[:_MAX_SHOWN_PATH] + "..."
    try:
        return _fault_of_part(hidden, path, shown, parents)
    except Exception as error:  # noqa: BLE001 - the caller's object may raise anything
        return f"{shown or 'the value'} cannot be read ({type(error).__name__})"


def _fault_of_part(hidden: object, path: str, shown: str, parents: tuple[int, ...]) -> str:
    value: object = reveal(hidden)
    if isinstance(value, (Enum, Model)):
        value = dump(value)
    if isinstance(value, (Mapping, list, tuple)):
        found = cast("Mapping[object, object] | list[object] | tuple[object, ...]", value)
        if id(found) in parents:
            return f"{shown or 'the value'} contains itself"
        if len(parents) >= MAX_LEVELS:
            return f"{shown} is nested too deeply"
        return _fault_in(found, path, (*parents, id(found)))
    what = _fault_of(value)
    return f"{shown or 'the value'} {what}" if what else ""


def _fault_in(
    found: Mapping[object, object] | list[object] | tuple[object, ...], path: str, parents: tuple[int, ...]
) -> str:
    items: Iterable[tuple[object, object]]
    items = found.items() if isinstance(found, Mapping) else enumerate(found)
    for key, item in items:
        if isinstance(found, Mapping):
            if key is not None and not isinstance(key, (str, int, float)):
                return f"{path or 'the value'} has a key of type {type(key).__name__}, not a string"
            if what := _fault_of(key):
                return f"{path or 'the value'} has a key that {what}"
            place = f"{path}.{key}" if path else str(key)
        else:
            place = f"{path}[{key}]"
        fault = _fault(item, place, parents)
        if fault:
            return fault
    return ""


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
    # A missing time of pandas (NaT) is a datetime that differs from itself.
    if isinstance(value, date):
        return "" if value == value else "is a missing time (NaT)"
    return f"is of type {type(value).__name__}, which JSON cannot express"


def _has_text(number: int) -> bool:
    try:
        int.__repr__(number)
    except ValueError:  # Python refuses to write some thousands of digits
        return False
    return True


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
