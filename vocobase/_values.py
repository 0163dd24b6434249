"""The sentinel for omitted arguments, and small conversions of arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from vocobase_raw.types import UNSET as OMIT
from vocobase_raw.types import Unset as Omit

__all__ = ["OMIT", "Omit", "as_dict", "as_list", "given"]

T = TypeVar("T")


def as_list(value: Sequence[T] | Omit | None) -> Any:
    """Return a list, or the sentinel when the argument was omitted."""
    return value if isinstance(value, Omit) or value is None else [*value]


def as_dict(value: Mapping[str, Any] | Omit | None) -> Any:
    """Return a dict, or the sentinel when the argument was omitted."""
    return value if isinstance(value, Omit) or value is None else {**value}


def given(value: object) -> Any:
    """Pass a value on whose type is wider than that of the request model; it is written out all the same."""
    return value
