"""Cells that a spreadsheet would run as formulas: written as text, and restored when they are read."""

from __future__ import annotations

import re
from typing import cast

from vocobase._base.errors import InvalidArgumentError

# Apostrophes are doubled, so that every cell is read as it was.
_FORMULA = re.compile("'*\\s*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
# A plus before digits, without an operator or a function, is a phone number.
_NUMBER = re.compile(r"\+\d[\w ,;.\"']*")


def escape_formula(text: str) -> str:
    """Return a cell that a spreadsheet shows as text: a formula gets an apostrophe.

    Phone numbers such as ``+12025550100`` stay as they are.

    Args:
        text: The cell.

    Returns:
        The cell as it may be written to CSV; ``read`` and ``import_contacts`` read files of rejects back.

    Raises:
        InvalidArgumentError: it is not text.
    """
    if not isinstance(cast(object, text), str):
        raise InvalidArgumentError("escape_formula: text must be a string.")
    return f"'{text}" if _is_formula(text) else text


def unescape_formula(text: str) -> str:
    """Return a cell as it was before ``escape_formula``."""
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None and _NUMBER.fullmatch(text) is None
