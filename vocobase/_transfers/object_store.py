"""What the answers of an object store mean: S3's codes, which other stores copy."""

from __future__ import annotations

import math
import re

from vocobase._base.arguments import is_number
from vocobase._base.errors import ConnectionFailedError, UploadExpiredError, UploadRejectedError
from vocobase._policy.messages import Response

_LONGEST = 4000
# Codes that come with a 4xx and are gone at the next attempt.
_TEMPORARY_CODES = frozenset({"RequestTimeout", "SlowDown", "OperationAborted"})


def code_of(response: Response) -> str:
    """Return the code of an error, empty when there is none; never a text, which may quote the URL."""
    code = _member(response, "Code")
    return code if re.fullmatch(r"[A-Za-z0-9._-]+", code) else ""


def is_expired(response: Response) -> bool:
    """Tell whether a presigned URL, or the token that signed it, has run out."""
    if response.status not in {400, 401, 403}:
        return False
    return code_of(response) == "ExpiredToken" or "expired" in _member(response, "Message").lower()


def is_temporary(response: Response) -> bool:
    """Tell whether the same request may well succeed a little later."""
    return response.status >= 500 or response.status in {408, 429} or code_of(response) in _TEMPORARY_CODES


def runs_out(expires_in: object, asked: float) -> float:
    """Return when a URL that was asked for at a time runs out, on that clock; never when it is not told."""
    if not is_number(expires_in) or expires_in <= 0:
        return math.inf
    return asked + expires_in


def check_stored(response: Response, what: str) -> None:
    """Refuse any answer to a PUT but a success.

    Raises:
        UploadExpiredError: the URL has run out.
        UploadRejectedError: the store refused the bytes.
    """
    if 200 <= response.status < 300:
        return
    if is_expired(response):
        raise UploadExpiredError(f"{what}: the presigned URL has run out.")
    raise UploadRejectedError(f"{what}: the object store answered {said(response)}.", status=response.status)


def broken_off(what: str, taken: int, size: int) -> ConnectionFailedError:
    """Return the error for a store that took a part, and said that all is well."""
    text = f"{what}: the object store answered after {taken:,} of {size:,} bytes."
    return ConnectionFailedError(text, sent=True, operation=what)


def said(response: Response) -> str:
    """Return status and code for a message."""
    return f"{response.status} {code_of(response)}".rstrip()


def _member(response: Response, name: str) -> str:
    text = response.body[:_LONGEST].decode("utf-8", errors="replace")
    found = re.search(rf"<{name}>([^<]{{0,200}})</{name}>", text)
    return found.group(1) if found else ""
