"""The JSON forms of values of rare types, and of the arrays and numbers of other libraries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


def form_of(value: Any) -> Any:
    """Return the JSON form of a value, or a step to it; a value that has none is returned unchanged.

    A set has none, because its order may differ each time.
    """
    # Of a subclass only the content is taken, as it may convert itself to anything.
    if isinstance(value, Decimal):
        return Decimal.__str__(value) if value.is_finite() else value
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return _native(value)


_WRITERS: tuple[tuple[type, Any], ...] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (UUID, UUID.__str__),
)


def _native(value: object) -> Any:
    """Return the lists and numbers of Python for those of numpy and libraries like it."""
    # Of the class, as an object may have any attribute.
    if not all(hasattr(type(value), name) for name in ("tolist", "dtype")):
        return value
    array: Any = value
    found = array.tolist()
    # Times of numpy become None, or a number of nanoseconds.
    is_time = getattr(array.dtype, "kind", "") in ("M", "m")
    has_form = isinstance(found, date) if is_time else type(found) is not type(value)
    return found if has_form else value
