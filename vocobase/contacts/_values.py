"""The values of a row: text without invisible characters, and metadata that JSON can express."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

# Direction marks, zero-width characters and byte order marks, which address books and web pages leave behind.
UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_UNSEEN = re.compile(UNSEEN)
_DEEPEST = 20
# Of an integer; Python refuses to write longer ones than 4300 digits.
_LONGEST_BITS = 4096


# As numpy, pandas and polars call them.
NARROW = ("float32", "float16", "Float32", "Float16", "float[pyarrow]", "halffloat[pyarrow]")


class Narrow(float):
    """A float of a column with 32 or 16 bits, which hold 7 or 3 digits."""


class Refused(Exception):
    """A value that cannot be used; the text says why, without the value."""


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
        return bool(value != value)
    except (TypeError, ValueError, ArithmeticError):  # arrays and signalling NaN
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


def plain(value: object, depth: int = 0) -> Any:
    """Return a value of metadata as JSON can express it.

    Raises:
        Refused: it cannot.
    """
    if isinstance(value, str):
        return check_text(value)
    if isinstance(value, int):
        _check_length(value)
    if value is None or isinstance(value, int):
        return value
    if depth > _DEEPEST:
        raise Refused("is nested too deeply")
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {check_text(as_text(key)): plain(member, depth + 1) for key, member in members.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        entries = cast("Iterable[object]", value)
        return [plain(entry, depth + 1) for entry in entries]
    if missing(value):
        return None
    if isinstance(value, float):
        if math.isinf(value):
            raise Refused("is an infinite number")
        return float(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    # numpy's scalars and arrays
    native: Any = getattr(value, "tolist", None)
    if callable(native) and type(found := native()) is not type(value):
        return plain(found, depth + 1)
    raise Refused(f"is of the type {type(value).__name__}, which JSON does not have")


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
