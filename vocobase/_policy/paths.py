"""Paths: reject identifiers that would reach another endpoint, and encode queries."""

from __future__ import annotations

import re
from urllib.parse import unquote

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.secrets import Secret
from vocobase._policy.limits import write_query
from vocobase_raw.types import OperationRequest

# Segments that begin with a letter, a digit or a sign other than a dot; nothing is encoded.
PLAIN = re.compile(r"(?:/[\w~-][\w.~-]*)+", re.ASCII)


def check_path(path: str, operation: str) -> None:
    """Reject a path with an empty or dotted segment, however it is encoded.

    Raises:
        InvalidArgumentError: an identifier is empty, or is ``.`` or ``..``; nothing was sent.
    """
    if PLAIN.fullmatch(path):
        return
    for segment in path.split("/")[1:]:
        plain = segment
        # Servers and proxies may decode more than once.
        for _ in range(3):
            plain = unquote(plain)
        if plain.strip() in {"", ".", ".."} or any(ord(sign) < 32 or sign in "/\\" for sign in plain):
            raise InvalidArgumentError(
                f"{operation}: {plain!r} cannot be an identifier; pass the id of the object."
            )


def encoded_query(request: OperationRequest) -> Secret[str]:
    """Return the query of a request, encoded."""
    # A request without an operation has encoded its query itself.
    encoded: Secret[str] | None = getattr(request, "encoded", None)
    return encoded or Secret(write_query(request.operation, request.query))
