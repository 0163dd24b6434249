"""Hosts: which of them are this machine, and which may be reached over plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast

# Services of Docker Compose may have underscores in their names.
_NAME = r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?"


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, in whatever form it is written."""
    name = normal(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    # With a final dot, digits are a name, which a name server may resolve to another machine.
    address = None if host.endswith(".") else address_of(name)
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return address is not None and address.is_loopback


def may_use_http(host: str, named: frozenset[str]) -> bool:
    """Return whether plain HTTP may be used: to this machine, and to hosts that the user has named."""
    return is_loopback(host) or normal(host) in named


def read_hosts(given: object) -> frozenset[str] | None:
    """Return the hosts of a list, which is a collection or separated by commas; None if one is not a host.

    Ports, patterns and addresses with a scheme are not hosts: they would never match, or match too much.
    """
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, Iterable):
        return None
    found: set[str] = set()
    for part in cast("Iterable[object]", parts):
        name = normal(part.strip()) if isinstance(part, str) else "/"
        if name and not re.fullmatch(_NAME, name) and address_of(name) is None:
            return None
        found.add(name)
    return frozenset(found - {""})


def normal(host: str) -> str:
    """Return a host in the form in which hosts are compared."""
    name = host.lower().removeprefix("[").removesuffix("]").removesuffix(".")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address of a host, None if it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
