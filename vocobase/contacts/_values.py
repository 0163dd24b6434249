"""The values of a row: text without invisible characters, and metadata that JSON can express."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

# Direction marks, zero-width characters and byte order marks, which address books and web pages leave behind.
UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_UNSEEN = re.compile(UNSEEN)
# Around a value of metadata in a request: the body, its list, a contact and its metadata.
_LEVELS_AROUND = 4
# Of an integer; Python refuses to write longer ones than 4300 digits.
_LONGEST_BITS = 4096


# As numpy, pandas and polars call them.
NARROW = ("float32", "float16", "Float32", "Float16", "float[pyarrow]", "halffloat[pyarrow]")


class Narrow(float):
    """A float of a column with 32 or 16 bits, which hold 7 or 3 digits."""


class Refused(Exception):
    """A value that cannot be used; the text says why, without the value."""


class _Placed(Refused):
    """One whose text names the part."""


def missing(value: Any) -> bool:
    """Return whether a value is empty: None, blank text, NaN, NaT, NA."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    if isinstance(value, (bool, int, Mapping, list, tuple)):
        return False
    # pandas.NA can neither be compared nor imported; NaN and NaT differ from themselves.
    if type(value).__name__ == "NAType":
        return True
    try:
        differs = value != value
        # An array, even of one, is not a missing value.
        return bool(differs) and not hasattr(differs, "__len__")
    except Exception:  # noqa: BLE001 - arrays, signalling NaN and objects of the caller
        return False


def narrow(value: Any) -> bool:
    """Return whether a value is a float that cannot hold the digits of a phone number."""
    return (isinstance(value, Narrow) or type(value).__name__ in NARROW) and not missing(value)


def cell(value: Any) -> str:
    """Return a value as text, on one line, without unseen characters."""
    text = written(value)
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())


def written(value: Any) -> str:
    """Return a value as text, unchanged; blank if it is empty.

    Raises:
        Refused: it cannot be written, or JSON and databases cannot hold it.
    """
    if isinstance(value, str):
        return "" if value.isspace() else check_text(str.__str__(value))
    if missing(value):
        return ""
    if isinstance(value, int):
        _check_length(value)
    return check_text(as_text(value))


def plain(column: str, value: object) -> Any:
    """Return the JSON form of the value of a column: the same as in a request.

    What stands for nothing is null within lists and mappings.

    Raises:
        Refused: it has none; the text names the column and the part.
    """
    try:
        check_text(column)
        if type(value) is str:
            return check_text(value)
        return value if _is_short(value) else _form(value, column)
    except Refused as error:
        where = "" if isinstance(error, _Placed) else f"{_named(column)} "
        raise Refused(f"{where}{error}") from None


def _named(column: str) -> str:
    return f"column {column[:50]!r}"


def _is_short(value: object) -> bool:
    """Return whether a value is a number whose form is certain to be the number."""
    if type(value) is float:
        return math.isfinite(value)
    return type(value) is bool or (type(value) is int and value.bit_length() <= _LONGEST_BITS)


@cache
def _conversion() -> tuple[Callable[[object], Any], Callable[..., str]]:
    # Loaded for the first value that is not text or a number; files of CSV have none.
    from vocobase._base.json_form import json_fault
    from vocobase_raw.types import dump

    return dump, json_fault


def _form(value: object, column: str) -> Any:
    dump, json_fault = _conversion()
    form = dump(value)
    if isinstance(form, str):
        return check_text(form)
    if _is_short(form):
        return form
    if fault := json_fault(form, _named(column), _LEVELS_AROUND, missing):
        raise _Placed(fault)
    return _filled(form)


def _filled(form: object) -> Any:
    if isinstance(form, str):
        return check_text(form)
    if isinstance(form, dict):
        members = cast("dict[str, Any]", form)
        return {check_text(key): _filled(member) for key, member in members.items()}
    if isinstance(form, list):
        return [_filled(entry) for entry in cast("list[object]", form)]
    return None if missing(form) else form


def as_text(value: object) -> str:
    """Return what a value is written as.

    Raises:
        Refused: it cannot be written, because of its own ``__str__``, or of too many digits or levels.
    """
    if isinstance(value, str):
        return str.__str__(value)
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 - of an object of the caller
        raise Refused(f"cannot be written as text ({type(error).__name__})") from None


def check_text(text: str) -> str:
    """Return a text that JSON and databases can hold.

    Raises:
        Refused: it is not such a text.
    """
    if "\0" in text:
        raise Refused("contains a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Refused("contains half a character (a lone surrogate)") from None
    return text


def _check_length(number: int) -> None:
    if number.bit_length() > _LONGEST_BITS:
        raise Refused("is too long for a number")
