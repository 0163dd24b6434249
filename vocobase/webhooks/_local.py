"""Addresses of this machine, to which events may be sent without leaving it."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from vocobase._base.errors import InvalidArgumentError
from vocobase._policy.hosts import is_loopback


def is_local(url: str) -> bool:
    """Return whether an address is on this machine, in whatever form it is written.

    Args:
        url: The address, such as ``http://localhost:3000/hook``.

    Returns:
        Whether it is; False if the text is not an address.

    Raises:
        InvalidArgumentError: it is not text.
    """
    if not isinstance(cast(object, url), str):
        raise InvalidArgumentError("webhooks.is_local: url must be a string.")
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return bool(host) and is_loopback(host or "")
