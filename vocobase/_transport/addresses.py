"""The URLs of the object store that a response names."""

from __future__ import annotations

import httpx

from vocobase._policy.hosts import normal
from vocobase._transport.routes import PORTS, parsed

# A response has no reason to name this machine in another form, unless base_url has it.
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def fault_of(address: str, http_hosts: frozenset[str]) -> str:
    """Return why a URL must not be used, empty if it may be.

    Args:
        address: The URL.
        http_hosts: The host of base_url if that is plain HTTP, and those that the user has named.
    """
    try:
        # Parsed as the transport parses it: another parser may find another host.
        url = parsed(address)
    except (httpx.InvalidURL, ValueError):
        return "is not a URL"
    if url.scheme not in PORTS or not url.host:
        return "is not an http(s) URL"
    if url.userinfo:
        return "contains a user or password"
    host = normal(url.host)
    if url.scheme == "http" and host not in LOOPBACK | http_hosts and not host.endswith(".localhost"):
        return "is plain http to another machine, where others could read the file; it must be https"
    return ""
