"""Find the patterns of a schema, and decide which are safe to run on a client's values.

Python's engine tries every way to match, so `^(a+)+$` takes exponential time and `^a*a*b$` quadratic
time. A pattern is linear if it consists of `^`, single characters and classes with or without
quantifiers, and `$`, and if a repeated item accepts no character that an item after it may begin with:
there is one way to match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

NOT_BLANK = r"\S"
NOT_HTTPS = "^(?![Hh][Tt][Tt][Pp][Ss]:)[A-Za-z][A-Za-z0-9+.-]*:"
_KNOWN = (NOT_BLANK, NOT_HTTPS)
"""Patterns outside the subset that are linear."""
_LONGEST = 200
_ITEM = re.compile(
    r"(\\[dw]|\\[!-/:-@\[-`{-~]|[\w @#%,:;=!<>'\"~&/-]|\[\^?(?:\\[dw]|\\[!-/:-@\[-`{-~]|[^\\\[\]^\n])+\])"
    r"(?:([?*+])|\{([0-9]{1,6})(,?)([0-9]{0,6})\})?",
    re.ASCII,
)
_PARTS = ("items", "additionalProperties", "not")
_SET_OPERATORS = re.compile(r"--|&&|~~|\|\|")
# Every ASCII character, and one that stands for all others.
_SAMPLES = (*map(chr, range(128)), "é")


class _Item(NamedTuple):
    accepts: frozenset[str]
    optional: bool
    repeats: bool


def patterns_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """Yield every pattern that a check of a schema runs, references included.

    Args:
        schema: The schema of a body or a parameter.
        schemas: The named schemas that references lead to.
    """
    left, seen = [schema], set[str]()
    while left:
        node = left.pop()
        name: str = node.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            left.append(schemas[name])
        if "pattern" in node:
            yield node["pattern"]
        left += [*node.get("allOf", ()), *node.get("anyOf", ()), *node.get("properties", {}).values()]
        left += [node[key] for key in _PARTS if isinstance(node.get(key), dict)]


@cache
def is_linear(pattern: str) -> bool:
    """Whether a pattern is guaranteed to match in linear time."""
    if pattern in _KNOWN:
        return True
    end = len(pattern) - 1
    usable = pattern.isascii() and re.fullmatch(r"\^.*\$", pattern) and not _SET_OPERATORS.search(pattern)
    if end > _LONGEST or not usable:
        return False
    items: list[_Item] = []
    place = 1
    while place < end:
        found = _ITEM.match(pattern, place, end)
        item = _item(found) if found else None
        if found is None or item is None:
            return False
        items.append(item)
        place = found.end()
    return not any(_overlaps(item, items[at + 1 :]) for at, item in enumerate(items) if item.repeats)


def _item(found: re.Match[str]) -> _Item | None:
    """Describe an item; None if Python would reject it, such as `[b-a]` or `{2,1}`."""
    atom, sign, least, comma, most = found.groups()
    if most and int(most) < int(least):
        return None
    try:
        accepts = _accepts(atom)
    except re.error:
        return None
    varies = sign is not None or (comma == "," and least != most)
    return _Item(accepts, sign in ("?", "*") or (least is not None and int(least) == 0), varies)


@cache
def _accepts(atom: str) -> frozenset[str]:
    return frozenset(filter(re.compile(atom, re.ASCII).fullmatch, _SAMPLES))


def _overlaps(item: _Item, following: list[_Item]) -> bool:
    for other in following:
        if item.accepts & other.accepts:
            return True
        if not other.optional:
            return False
    return False
