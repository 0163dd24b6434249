"""Mask personal data, for screens that others see and for files that leave the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

MASK = "***"
# Seven digits or more, as people write numbers; identifiers have letters, and times have colons.
_PHONE = re.compile(r"(?<![\w-])\+?\d(?:[\d ().-]{5,}\d)(?![\w:-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# Members whose text is about a person, or was said by one.
_PERSONAL = re.compile(
    r"transcript|summary|variables|extract|recording|^(content|text|answers?|first_name|last_name|email|contact|row)$"
)
_NUMBER_FIELDS = re.compile(r"(^|_)(number|phone|did|mobile|to|from|caller_id)s?$")


def masked(value: object, name: str = "") -> Any:
    """Return a copy of a value without personal data.

    Args:
        value: JSON.
        name: Name of the member that holds it.
    """
    if value is None or isinstance(value, (bool, float)):
        return value
    if _PERSONAL.search(name):
        return MASK
    if isinstance(value, Mapping):
        return {key: masked(item, key) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, str):
        text = _EMAIL.sub(MASK, value)
        return _hidden(text) if _NUMBER_FIELDS.search(name) else _PHONE.sub(_shortened, text)
    if isinstance(value, list):
        return [masked(item, name) for item in cast("list[object]", value)]
    return value


def _shortened(found: re.Match[str]) -> str:
    text = found[0]
    digits = sum(sign.isdigit() for sign in text)
    # A date is not a number to call.
    return text if digits < 7 or re.match(r"\d{4}-\d\d-\d\d", text) else _hidden(text)


def _hidden(number: str) -> str:
    """Return a phone number of which only the beginning and the last two digits are left."""
    return f"{number[:3]}{'*' * max(0, len(number) - 5)}{number[-2:]}" if len(number) > 6 else MASK
