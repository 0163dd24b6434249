"""Addresses that a response names, and to which a file goes or from which one comes."""

from __future__ import annotations

import httpx

from vocobase._policy.options import is_loopback
from vocobase._transport.routes import PORTS, parsed


def fault_of(address: str) -> str:
    """Return why an address must not be used, empty when it may be: the rule for base_url holds here too."""
    try:
        # As the transport reads it: what another parser takes for the host may be something else here.
        url = parsed(address)
    except (httpx.InvalidURL, ValueError):
        return "is not an address"
    if url.scheme not in PORTS or not url.host:
        return "is no http(s) address"
    if url.userinfo:
        return "holds a user or password"
    if url.scheme == "http" and not is_loopback(url.host):
        return "is plain http to another machine, where others could read the file; it must be https"
    return ""
