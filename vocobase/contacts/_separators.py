"""Signs between the digits of a cell: those within one number, and those that separate two.

A cell that may contain two numbers is refused. Without their separator, the digits of both can be the valid
number of a stranger where numbers vary in length (DE, AT, IT): ``02 1234567/8``. So a sign is dropped only
where the digits around it certainly belong to one number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import NamedTuple

from vocobase.contacts._values import UNSEEN, Refused

TWO_NUMBERS = "this may be two numbers; keep one in each cell"
EXTENSION = "the number has an extension, which cannot be dialled"
# In place of unseen characters between two digits.
_HIDDEN = "\u2060"

_SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES = "\\-\u2010-\u2015\u2212\u30fc\uff0d"
_POINTS = ".\uff0e"
_OPENING = "(\\[\uff08\uff3b"
_CLOSING = ")\\]\uff09\uff3d"
_JOIN = f"[{_SPACES}{_DASHES}{_POINTS}{_OPENING}{_CLOSING}{_HIDDEN}]"
_GAP = re.compile(r"(?<=\d)\D+(?=\d)")
_UNSEEN = re.compile(rf"((?<=\d){UNSEEN}+(?=\d))|{UNSEEN}")
_JOINING = re.compile(f"{_JOIN}+")
_SLASH = re.compile(f"{_JOIN}*[/\uff0f]{_JOIN}*")
_EXTENSION = re.compile(r"[\s;,.(]*(?:ext?|x|extn|extension|#|~)[\s.:=]*", re.IGNORECASE)
_WORDS = re.compile(r"\W+[^\W\d]+(?:\W+[^\W\d]+)*\W+")
# After one of these, a number that is complete without the rest has something added to it.
_ADDING = re.compile(f"[{_OPENING}{_HIDDEN}]")
_RANGE = re.compile(f"[{_DASHES}{_POINTS}]")
# "2. 030 1234567" is the second entry of a list, "2) ..." as well.
_NUMBERED = re.compile(rf"\d{{1,3}}[{_SPACES}]*[.)][{_SPACES}]+")
_MAX_AREA_DIGITS = 5
_MIN_LOCAL_DIGITS = 4
_MAX_RANGE = 10
_MAX_DIGITS = 17
_HYPHENS = str.maketrans(dict.fromkeys(map(chr, range(0x2010, 0x2016)), "-"))
_ASCII = str.maketrans(
    {
        **dict.fromkeys(_POINTS + "\u2212\u30fc\uff0d" + "".join(map(chr, range(0x2010, 0x2016))), "-"),
        **dict.fromkeys("[\uff08\uff3b", "("),
        **dict.fromkeys("]\uff09\uff3d", ")"),
        "\uff0b": "+",
    }
)

IsNumber = Callable[[str], bool]


class Gap(NamedTuple):
    """The signs between two digits, and the text on either side."""

    head: str
    signs: str
    tail: str


def gaps(text: str) -> Iterator[Gap]:
    """Yield the signs between digits, from left to right."""
    for found in _GAP.finditer(text):
        yield Gap(text[: found.start()], found[0], text[found.end() :])


def without_unseen(text: str) -> str:
    """Return a text without unseen characters; those between two digits become one that counts as a sign."""
    return text if text.isascii() else _UNSEEN.sub(lambda found: _HIDDEN if found[1] else "", text)


def with_hyphens(text: str) -> str:
    """Return a text with hyphens in place of typographic dashes; its meaning is the same."""
    return text if text.isascii() else text.translate(_HYPHENS)


def in_ascii(text: str) -> str:
    """Return a text with its digits and signs in ASCII, points as hyphens; its meaning is the same."""
    if not text.isascii():
        text = "".join(_digit(character) for character in text)
    return text.translate(_ASCII)


def check_signs(text: str) -> None:
    """Refuse a text with a sign between digits that is not part of one number; a slash may be.

    Raises:
        Refused: it may be two numbers, or has an extension.
    """
    for gap in gaps(text):
        if _JOINING.fullmatch(gap.signs) or _SLASH.fullmatch(gap.signs):
            continue
        # Modems pause at a comma, then dial the digit that follows.
        if _EXTENSION.fullmatch(gap.signs) or (gap.signs == "," and len(gap.tail) == 1):
            raise Refused(EXTENSION)
        # Letters within a word are reported as letters.
        if _WORDS.fullmatch(gap.signs) or not any(map(str.isalpha, gap.signs)):
            raise Refused(TWO_NUMBERS)


def check_slashes(text: str, is_number: IsNumber, codes: frozenset[str]) -> None:
    """Refuse a text with a slash, except between an area code and the rest of its number.

    Args:
        text: The number.
        is_number: Returns whether a text is a complete number.
        codes: All country codes.

    Raises:
        Refused: it may be two numbers.
    """
    for gap in gaps(text):
        if _SLASH.fullmatch(gap.signs) and not (
            _is_area_code(gap.head, codes)
            and len(_digits(gap.tail)) >= _MIN_LOCAL_DIGITS
            and not is_number(gap.head)
        ):
            raise Refused(TWO_NUMBERS)


def check_rest(text: str, is_number: IsNumber) -> None:
    """Refuse a valid number whose digits before some sign are a number, and those after it may be another.

    Raises:
        Refused: it may be two numbers.
    """
    for gap in gaps(text):
        starts_again = _digits(gap.tail).startswith("0") and is_number(gap.tail)
        if starts_again and (is_number(gap.head) or _NUMBERED.match(text)):
            raise Refused(TWO_NUMBERS)
        ends = _RANGE.search(gap.signs) and may_end_range(_digits(gap.head), _digits(gap.tail))
        adds = _ADDING.search(gap.signs) or ends
        if adds and is_number(gap.head):
            raise Refused(TWO_NUMBERS)


def may_end_range(head: str, tail: str) -> bool:
    """Return whether the digits after a sign may be the end of a range, as in 1234567-8 or 1234567-69.

    Other digits after a hyphen are the direct line of one number: 12345-0, 12345-678.
    """
    single = len(tail) == 1 and tail != "0"
    return single or tail.strip("9") == "" or 0 < int(tail) - int(head[-len(tail) :]) < _MAX_RANGE


def holds_two(text: str, is_number: IsNumber) -> bool:
    """Return whether a text that is not a number is two of them, one after the other."""
    short = takewhile(lambda gap: len(_digits(gap.head)) <= _MAX_DIGITS, gaps(text))
    return any(is_number(gap.head) and is_number(gap.tail) for gap in short)


def _digits(text: str) -> str:
    """Return the digits of a text in ASCII, whatever their script."""
    return "".join(_digit(character) for character in text if character.isdecimal())


def _digit(character: str) -> str:
    return str(int(character)) if character.isdecimal() else character


def _is_area_code(head: str, codes: frozenset[str]) -> bool:
    """Return whether a text is only a country code, a trunk prefix and an area code, such as 030."""
    digits = _digits(head)
    if "+" in head or "\uff0b" in head or digits.startswith("00"):
        digits = digits.removeprefix("00")
        code = next((digits[:length] for length in (1, 2, 3) if digits[:length] in codes), "")
        return bool(code) and len(digits.removeprefix(code).lstrip("0")) <= _MAX_AREA_DIGITS
    return digits.startswith("0") and len(digits.lstrip("0")) <= _MAX_AREA_DIGITS
