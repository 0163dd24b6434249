"""What the answers of an object store mean: S3's codes, which other stores copy."""

from __future__ import annotations

import math
import re

from vocobase._base.arguments import is_number
from vocobase._base.errors import ConnectionFailed, UploadExpired, UploadRejected
from vocobase._transport.bodies import Answer

_LONGEST = 4000
# Codes that come with a 4xx and are gone at the next attempt.
_TEMPORARY_CODES = frozenset({"RequestTimeout", "SlowDown", "OperationAborted"})


def code_of(answer: Answer) -> str:
    """Return the code of an error, empty when there is none; never a text, which may quote the URL."""
    code = _member(answer, "Code")
    return code if re.fullmatch(r"[A-Za-z0-9._-]+", code) else ""


def is_expired(answer: Answer) -> bool:
    """Tell whether a presigned URL, or the token that signed it, has run out."""
    if answer.status not in {400, 401, 403}:
        return False
    return code_of(answer) == "ExpiredToken" or "expired" in _member(answer, "Message").lower()


def is_temporary(answer: Answer) -> bool:
    """Tell whether the same request may well succeed a little later."""
    return answer.status >= 500 or answer.status in {408, 429} or code_of(answer) in _TEMPORARY_CODES


def runs_out(expires_in: object, asked: float) -> float:
    """Return when a URL that was asked for at a time runs out, on that clock; never when it is not told."""
    if not is_number(expires_in) or expires_in <= 0:
        return math.inf
    return asked + expires_in


def check_stored(answer: Answer, what: str) -> None:
    """Refuse any answer to a PUT but a success.

    Raises:
        UploadExpired: the URL has run out.
        UploadRejected: the store refused the bytes.
    """
    if 200 <= answer.status < 300:
        return
    if is_expired(answer):
        raise UploadExpired(f"{what}: the presigned URL has run out.")
    raise UploadRejected(f"{what}: the object store answered {said(answer)}.", status=answer.status)


def broken_off(what: str, taken: int, size: int) -> ConnectionFailed:
    """Return the error for a store that took a part, and said that all is well."""
    text = f"{what}: the object store answered after {taken:,} of {size:,} bytes."
    return ConnectionFailed(text, sent=True, operation=what)


def said(answer: Answer) -> str:
    """Return status and code for a message."""
    return f"{answer.status} {code_of(answer)}".rstrip()


def _member(answer: Answer, name: str) -> str:
    text = answer.body[:_LONGEST].decode("utf-8", errors="replace")
    found = re.search(rf"<{name}>([^<]{{0,200}})</{name}>", text)
    return found.group(1) if found else ""
