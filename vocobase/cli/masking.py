"""Mask personal data, for screens that others see and for files that are shared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from vocobase_raw.display import MASK, is_number, is_personal, redact

__all__ = ["MASK", "masked"]

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def masked(value: object, name: str = "") -> Any:
    """Return a copy of a value without personal data.

    Args:
        value: JSON.
        name: Name of the member that holds it.
    """
    if value is None or isinstance(value, bool):
        return value
    # Anyone who has a link to a recording can hear it.
    if is_personal(name) or "recording" in name:
        return value if isinstance(value, float) else MASK
    if isinstance(value, Mapping):
        return {key: masked(item, key) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, str):
        return redact(name, _EMAIL.sub(MASK, value))
    if isinstance(value, list):
        return [masked(item, name) for item in cast("list[object]", value)]
    return MASK if isinstance(value, (int, float)) and is_number(name, value) else value
