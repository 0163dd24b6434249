"""The meaning of the responses of an object store: the codes of S3, which other stores use too."""

from __future__ import annotations

import math
import re

from vocobase._base.arguments import is_number
from vocobase._policy.messages import Response

_MAX_BODY_BYTES = 4000
# Codes of a 4xx after which the same request may succeed.
_TEMPORARY_CODES = frozenset({"RequestTimeout", "SlowDown", "OperationAborted"})


def code_of(response: Response) -> str:
    """Return the code of an error, empty if there is none; never a text, which may quote the URL."""
    code = _member(response, "Code")
    return code if re.fullmatch(r"[A-Za-z0-9._-]+", code) else ""


def is_expired(response: Response) -> bool:
    """Return whether a presigned URL, or the token that signed it, has expired."""
    if response.status not in {400, 401, 403}:
        return False
    return code_of(response) == "ExpiredToken" or "expired" in _member(response, "Message").lower()


def is_temporary(response: Response) -> bool:
    """Return whether the same request may succeed a little later."""
    return response.status >= 500 or response.status in {408, 429} or code_of(response) in _TEMPORARY_CODES


def expiry_of(expires_in: object, requested_at: float) -> float:
    """Return when a URL expires, on the clock of ``requested_at``; never if its lifetime is not known."""
    if not is_number(expires_in) or expires_in <= 0:
        return math.inf
    return requested_at + expires_in


def described(response: Response) -> str:
    """Return status and code for a message."""
    return f"HTTP {response.status} {code_of(response)}".rstrip()


def _member(response: Response, name: str) -> str:
    text = response.body[:_MAX_BODY_BYTES].decode("utf-8", errors="replace")
    found = re.search(rf"<{name}>([^<]{{0,200}})</{name}>", text)
    return found.group(1) if found else ""
