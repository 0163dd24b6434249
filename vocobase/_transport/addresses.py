"""The URLs of the object store that a response names."""

from __future__ import annotations

import httpx

from vocobase._policy.options import is_loopback
from vocobase._transport.routes import PORTS, parsed


def fault_of(address: str) -> str:
    """Return why a URL must not be used, empty if it may be; the rules are those of base_url."""
    try:
        # Parsed as the transport parses it: another parser may find another host.
        url = parsed(address)
    except (httpx.InvalidURL, ValueError):
        return "is not a URL"
    if url.scheme not in PORTS or not url.host:
        return "is not an http(s) URL"
    if url.userinfo:
        return "contains a user or password"
    if url.scheme == "http" and not is_loopback(url.host):
        return "is plain http to another machine, where others could read the file; it must be https"
    return ""
