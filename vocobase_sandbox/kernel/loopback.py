"""The hosts that are this machine, and lists of other hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

# Services of Docker Compose may have underscores in their names.
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")


def normal(host: str) -> str:
    """Return a host in the form in which hosts are compared."""
    return host.strip().lower().removeprefix("[").removesuffix("]").removesuffix(".")


def is_loopback_name(host: str) -> bool:
    """Whether a host is a name of this machine."""
    name = normal(host)
    return name == "localhost" or name.endswith(".localhost")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, in whatever form it is written."""
    if is_loopback_name(host):
        return True
    # With a final dot, digits are a name, which a name server may resolve to another machine.
    address = None if host.endswith(".") else _address(normal(host))
    address = getattr(address, "ipv4_mapped", None) or address
    return address is not None and bool(address.is_loopback)


def read_hosts(given: Any) -> frozenset[str] | None:
    """Return a collection of hosts as a set, None if one of them is not a host."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        return None
    hosts = [normal(host) if isinstance(host, str) else "" for host in cast("Iterable[object]", given)]
    usable = all(_NAME.fullmatch(host) or _address(host) is not None for host in hosts)
    return frozenset(hosts) if usable else None


def _address(host: str) -> Any:
    import ipaddress  # takes a millisecond that a sandbox without webhooks and named hosts never needs

    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
