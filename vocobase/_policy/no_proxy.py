"""NO_PROXY: the hosts that are reached without the proxy of the environment."""

from __future__ import annotations

from ipaddress import ip_network

from vocobase._policy.hosts import address_of, normal


def bypasses(no_proxy: str, scheme: str, host: str, port: int) -> bool:
    """Return whether an entry of NO_PROXY names a host.

    An entry is ``*``, a name with all names below it, a name that begins with a dot, a pattern such as
    ``*.example``, an IP address or a network; a scheme and a port restrict it.
    """
    entries = no_proxy.replace(",", " ").split()
    return any(_names(entry, scheme, normal(host), port) for entry in entries)


def _names(entry: str, scheme: str, host: str, port: int) -> bool:
    wanted, _, rest = entry.lower().rpartition("://")
    name, number = _without_port(rest)
    if wanted not in ("", "all", scheme) or number not in ("", str(port)):
        return False
    if name == "*":
        return True
    if name.startswith("*."):
        return len(name) > 2 and host.endswith(normal(name[1:]))
    # As in httpx, "*example" is "example", with all names below it.
    name = normal(name.removeprefix("*").removeprefix("."))
    return host == name or host.endswith("." + name) or _is_within(host, name)


def _without_port(entry: str) -> tuple[str, str]:
    """Split an entry into host and port; without brackets, the colons of an IPv6 address are not its port."""
    host, _, port = entry.rpartition(":")
    if host and port.isdigit() and (host.endswith("]") or ":" not in host):
        return host, port
    return entry, ""


def _is_within(host: str, network: str) -> bool:
    """Return whether an IP address lies in a network, or is the same address in another form."""
    address = address_of(host)
    try:
        # The brackets of "[2001:db8::]/32" end before the length of the network.
        found = ip_network(network.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address is not None and (address in found or (mapped is not None and mapped in found))
