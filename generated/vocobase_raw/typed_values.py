"""The values of an extraction, as the Python types that its keys were configured with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timezone
from typing import Any, Protocol, cast


class Key(Protocol):
    """A configured key; ``ExtractionKey`` is one."""

    @property
    def name(self) -> str:
        """Name of the value."""
        ...

    @property
    def type_(self) -> str:
        """Type of the value."""
        ...


class Config(Protocol):
    """An object with the configured keys; ``ExtractionConfig`` is one."""

    @property
    def keys(self) -> Sequence[Key]:
        """The configured keys."""
        ...


class Configured(Protocol):
    """An object that may have an extraction config; ``Agent`` is one."""

    @property
    def extraction_config(self) -> Config | None:
        """The config."""
        ...


class TypedValues(dict[str, Any]):
    """The values by name; None if nothing was found, or the value does not match its type.

    Attributes:
        unreadable: The original of each value that does not match its type.
    """

    def __init__(self, values: Mapping[str, Any], unreadable: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.unreadable: dict[str, Any] = dict(unreadable)


class Extracted:
    """The methods of models with the values of an extraction."""

    __slots__ = ()
    values: dict[str, Any]

    def typed(self, agent: Configured) -> TypedValues:
        """Return the values as the types of their keys in the agent's config.

        string becomes str, number float, integer int, boolean bool, array list, date datetime.date,
        datetime an aware datetime.datetime (UTC when it names no zone).

        Args:
            agent: The agent of the call, as its config was when the extraction ran.

        Returns:
            One value for each configured key, None if nothing was found or the value does not match (its
            original is in ``unreadable``); values without a key stay as they are.
        """
        # Models keep values that are not of their declared type, so any value may have any type here.
        values = cast(object, self.values)
        found: dict[str, Any] = {**cast("Mapping[str, Any]", values)} if isinstance(values, Mapping) else {}
        unreadable: dict[str, Any] = {}
        for name, kind in _types_of(agent.extraction_config).items():
            value = found.setdefault(name, None)
            if value is None:
                continue
            try:
                found[name] = READERS.get(kind, _same)(value)
            except (TypeError, ValueError, AttributeError, ArithmeticError):
                found[name], unreadable[name] = None, value
        return TypedValues(found, unreadable)


def standard_zone(time: datetime) -> datetime:
    """Return a time with a zone of the standard library, UTC when it names none."""
    offset = time.utcoffset()
    return time.replace(tzinfo=timezone(offset) if offset else UTC)


def _types_of(config: object) -> dict[str, str]:
    """Return the types by the names of the keys; a key without a type is a string, as documented."""
    keys = cast(object, getattr(config, "keys", None))
    listed = cast("list[object]", keys) if isinstance(keys, list) else []
    named = [(getattr(key, "name", None), getattr(key, "type_", None)) for key in listed]
    return {name: str(kind or "string").lower() for name, kind in named if isinstance(name, str)}


def _same(value: Any) -> Any:
    return value


def _string(value: Any) -> str:
    if isinstance(value, (bool, int, float, str)):
        return str(value)
    raise TypeError("no text")


def _number(value: Any) -> float:
    # Only Python accepts 1_000.
    if isinstance(value, str) and "_" in value:
        raise ValueError("no number")
    number = float(value) if not isinstance(value, bool) else float("nan")
    if number - number != 0:
        raise ValueError("not a finite number")
    return number


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = _number(value)
    from decimal import Decimal

    # Converted through a float, long ones would lose digits.
    exact = Decimal(value) if isinstance(value, str) else number
    if exact != int(exact):
        raise ValueError("not a whole number")
    return int(exact)


def _boolean(value: Any) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    try:
        return known[str(value).strip().lower()]
    except KeyError:
        raise ValueError("neither true nor false") from None


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return list(cast("Iterable[Any]", value))


def _datetime(value: Any) -> datetime:
    # Imported late: only extractions with dates need it.
    from dateutil.parser import isoparse

    text = value.strip()
    # Reduced precision, such as 2026-11 or 2026-W47, names no day.
    if len(text) < len("20261123") or re.match(r"\d{4}-?W\d\d(?!-?\d)", text):
        raise ValueError("no day")
    return standard_zone(isoparse(text))


def _date(value: Any) -> date:
    return _datetime(value).date()


READERS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "array": _array,
    "date": _date,
    "datetime": _datetime,
}
