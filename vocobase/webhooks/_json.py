"""Parse JSON of unknown origin."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, Final, NoReturn, cast

from vocobase._base.nesting import deeper_than, may_be_deeper
from vocobase.webhooks._reasons import refusal

MAX_DEPTH: Final = 64


def load_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object in UTF-8.

    Args:
        body: Raw bytes.

    Returns:
        The object, nested at most 64 levels, so that code may walk or copy it recursively.

    Raises:
        WebhookError: ``bad-body``.
    """
    try:
        # With bytes, json would also accept other encodings.
        text = body.decode()
        content: Any = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise refusal("bad-body", "it is not UTF-8") from None
    except RecursionError:
        raise refusal("bad-body", "it is nested too deeply") from None
    except ValueError:
        raise refusal("bad-body", "it is not JSON") from None
    if not isinstance(content, dict):
        raise refusal("bad-body", "it is not a JSON object")
    result = cast(dict[str, Any], content)
    if may_be_deeper(text, MAX_DEPTH) and deeper_than(result, MAX_DEPTH):
        raise refusal("bad-body", "it is nested too deeply")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number
