"""Responses that programs can handle: limited nesting, and text that UTF-8 can express."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, cast

# Nothing documented nests deeper than ten levels, and code that visits, copies or prints a value recurses.
MAX_LEVELS = 100
TOO_DEEP = "nested too deeply"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def load_json(body: bytes) -> Any:
    """Read the body of a response.

    Half of a surrogate pair, which remains when a server cuts a text, becomes U+FFFD: no file, database or
    terminal accepts it.

    Raises:
        ValueError: it is not JSON, or nested too deeply.
    """
    try:
        # From bytes, json would accept even surrogates that are not escaped.
        text = body.decode().removeprefix("\ufeff")
        content = json.loads(text)
        if _SURROGATE.search(text):
            pairs = json.dumps(content, ensure_ascii=False).encode("utf-16", "surrogatepass")
            content = json.loads(pairs.decode("utf-16", "replace"))
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    if may_be_deeper(text, MAX_LEVELS) and deeper_than(content, MAX_LEVELS):
        raise ValueError(TOO_DEEP)
    return content


def json_reason(error: Exception) -> str:
    """Return why JSON cannot be read or written; each Python has its own text for a RecursionError."""
    return TOO_DEEP if isinstance(error, RecursionError) else str(error)


def may_be_deeper(text: str, levels: int) -> bool:
    """Return whether a JSON text has enough brackets to be nested too deeply; counting them is cheap."""
    return text.count("{") + text.count("[") > levels


def deeper_than(content: Any, levels: int) -> bool:
    """Return whether JSON is nested deeper than a number of levels."""
    layer: list[Any] = [content]
    for _ in range(levels):
        layer = [item for holder in layer for item in _items(holder) if isinstance(item, (dict, list))]
        if not layer:
            return False
    return True


def _items(holder: Any) -> Iterable[Any]:
    if isinstance(holder, dict):
        return cast("dict[str, Any]", holder).values()
    return cast("Iterable[Any]", holder) if isinstance(holder, list) else ()
