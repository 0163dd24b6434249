"""What a program may pass by mistake in place of any argument."""

from __future__ import annotations

import datetime as dates
from decimal import Decimal
from typing import Any

import numpy
import pandas

from tests.client.hostile import NUMBER
from vocobase.types import ExtractionConfigInput


class Own(Exception):
    """Raised by the code of a program."""


class Rude:
    """Cannot be shown."""

    def __str__(self) -> str:
        raise Own

    __repr__ = __str__


class RudeText(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise Own

    __repr__ = __str__


class RudeNumber(int):
    def __str__(self) -> str:
        raise Own

    __repr__ = __str__


class RudeComparison:
    """Is equal to nothing, and has no hash."""

    def __eq__(self, other: object) -> bool:
        raise Own

    def __ne__(self, other: object) -> bool:
        raise Own

    def __hash__(self) -> int:
        raise Own


class RudeSize:
    """Is neither true nor false, and has no length."""

    def __bool__(self) -> bool:
        raise Own

    def __len__(self) -> int:
        raise Own

    def __contains__(self, item: object) -> bool:
        raise Own


class NoPath:
    def __fspath__(self) -> Any:
        return 5


def nested(levels: int, *, mapping: bool) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value} if mapping else [value]
    return value


LIST_IN_ITSELF: list[Any] = []
LIST_IN_ITSELF += [LIST_IN_ITSELF, LIST_IN_ITSELF]
MAPPING_IN_ITSELF: dict[str, Any] = {}
MAPPING_IN_ITSELF["a"] = MAPPING_IN_ITSELF
MODEL_IN_ITSELF = ExtractionConfigInput(prompt="p", keys=[])
MODEL_IN_ITSELF.keys = [MODEL_IN_ITSELF, MODEL_IN_ITSELF]  # type: ignore[list-item]
VALUES: list[Any] = [
    b"x",
    5,
    -1,
    10**5000,
    float("nan"),
    float("inf"),
    1e308,
    None,
    True,
    Rude(),
    RudeText("abc"),
    RudeNumber(5),
    "\ud800",
    "a\0b",
    "..",
    "/",
    "",
    "x" * 600,
    {1},
    LIST_IN_ITSELF,
    MAPPING_IN_ITSELF,
    MODEL_IN_ITSELF,
    [MODEL_IN_ITSELF],
    nested(3000, mapping=False),
    nested(3000, mapping=True),
    [nested(3000, mapping=True)],
    [MAPPING_IN_ITSELF],
    {"a": object()},
    {"a": 10**5000},
    {("a",): 1},
    [Rude()],
    ["\ud800"],
    [10**5000],
    [{"phone": RudeText(NUMBER)}],
    [{"phone": Rude()}],
    Decimal("NaN"),
    dates.datetime.max,
    dates.datetime.min.replace(tzinfo=dates.UTC),
    NoPath(),
    Rude,
    1 + 2j,
    ...,
    object(),
    [],
    {},
    RudeComparison(),
    RudeSize(),
    [RudeComparison()],
    pandas.NaT,
    pandas.Timestamp("2026-01-05"),
    pandas.NA,
    numpy.array([1, 2]),
    numpy.datetime64("NaT", "s"),
    numpy.int64(1),
    dates.date(2026, 1, 5),
]
