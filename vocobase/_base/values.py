"""The sentinel for omitted arguments, and small conversions of values of users and servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from vocobase._base.arguments import is_whole
from vocobase._base.secrets import ABSENT
from vocobase_raw.types import UNSET as OMIT
from vocobase_raw.types import Unset as Omit

ABSENT.append(OMIT)

__all__ = ["OMIT", "EncodedJSON", "Omit", "as_dict", "as_list", "given", "whole_number"]


class EncodedJSON:
    """A JSON value that was checked and encoded earlier; a request sends its bytes unchanged.

    Args:
        content: The encoded value. The repr shows only its size, as it may be personal data.
    """

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<EncodedJSON: {len(self.content):,} bytes>"


def as_list(value: object) -> Any:
    """Return a list for any iterable except text and mappings, which would lose a part.

    Any other value is returned unchanged, so that the checks reject it.
    """
    return [*cast("Iterable[object]", value)] if _has_entries(value) else value


def _has_entries(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


def as_dict(value: object) -> Any:
    """Return a dict for any mapping; any other value is returned unchanged, so that the checks reject it."""
    return {**cast("Mapping[str, object]", value)} if isinstance(value, Mapping) else value


def given(value: object) -> Any:
    """Return a value whose type is wider than that of the request model, which writes it unchanged."""
    return value


def whole_number(value: object) -> int | None:
    """Return a whole number of a server, which may be a float without a fraction; None for any other value.

    Models keep a value that is not of its declared type, so a count may be anything.
    """
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if is_whole(value) else None
