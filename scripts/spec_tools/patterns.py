"""Decide which patterns of a document may run on a caller's values.

Python's engine tries every way to match, so a pattern such as `^(a+)+$` takes exponential time, and `^a*a*b$`
quadratic time. A pattern is used only if it consists of `^`, single characters and classes with or without
quantifiers, and `$`, and if no character that a repeated item accepts is accepted by an item that may come
next. Such a pattern has at most one way to match, so it takes linear time. Groups, alternatives, references
and assertions are never used.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 200
_MEMBER = r"\\[dw]|\\[!-/:-@\[-`{-~]|[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[A-Za-z0-9_ .,:;@#%+*/=!?()'\"<>{}$]"
_ITEM = re.compile(
    rf"(?P<atom>\\[dw]|\\[!-/:-@\[-`{{-~]|[A-Za-z0-9_ @#%,:;=!<>'\"~&/-]|\[\^?-?(?:{_MEMBER})+-?\])"
    r"(?:(?P<sign>[?*+])|\{(?P<least>[0-9]{1,6})(?P<range>,(?P<most>[0-9]{1,6})?)?\})?"
)
# Every ASCII character, and one for all others: the classes above treat those alike.
_SAMPLES = (*map(chr, range(128)), "\N{LATIN SMALL LETTER E WITH ACUTE}")
_COUNTS = {"?": (0, 1), "*": (0, None), "+": (1, None)}


@dataclass(frozen=True)
class _Item:
    accepts: frozenset[str]
    least: int
    most: int | None

    @property
    def varies(self) -> bool:
        return self.least != self.most


def linear(pattern: str) -> bool:
    """Return whether a pattern certainly matches in linear time."""
    if len(pattern) > _LONGEST or not (pattern.startswith("^") and pattern.endswith("$")):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern[1:-1], re.ASCII)
            items = list(_items(pattern[1:-1]))
    except (ValueError, re.error, Warning):
        return False
    return all(_apart(item, items[place + 1 :]) for place, item in enumerate(items) if item.varies)


def _items(text: str) -> Iterator[_Item]:
    place = 0
    while place < len(text):
        found = _ITEM.match(text, place)
        if found is None:
            raise ValueError("outside the subset")
        atom = re.compile(found["atom"], re.ASCII)
        yield _Item(frozenset(filter(atom.fullmatch, _SAMPLES)), *_counts(found))
        place = found.end()


def _counts(found: re.Match[str]) -> tuple[int, int | None]:
    if found["sign"]:
        return _COUNTS[found["sign"]]
    if found["least"] is None:
        return 1, 1
    least = int(found["least"])
    if found["range"] is None:
        return least, least
    return least, int(found["most"]) if found["most"] else None


def _apart(item: _Item, following: list[_Item]) -> bool:
    for other in following:
        if item.accepts & other.accepts:
            return False
        if other.least > 0:
            break
    return True
