"""Proxies: those of the environment, and the forms in which the transport takes one."""

from __future__ import annotations

import os
import ssl
import urllib.request
from typing import Any

import httpx

from vocobase._base.errors import InvalidArgumentError
from vocobase._base.secrets import Secret
from vocobase._policy.hosts import is_loopback


class QuietBytes(bytes):
    """Bytes whose repr is redacted: httpcore logs what it sends to a SOCKS proxy."""

    def __repr__(self) -> str:
        return "***"


class QuietProxy(httpx.Proxy):
    """A proxy whose user and password are redacted."""

    @classmethod
    def of(cls, proxy: str | httpx.URL | httpx.Proxy, context: ssl.SSLContext | None = None) -> QuietProxy:
        """Return the proxy of an address, or the same proxy.

        Args:
            proxy: An address, or a proxy of httpx.
            context: TLS settings for the connection to an https proxy without its own.
        """
        given = proxy if isinstance(proxy, httpx.Proxy) else httpx.Proxy(proxy)
        own = given.ssl_context or (context if given.url.scheme == "https" else None)
        return cls(given.url, ssl_context=own, auth=given.auth, headers=given.headers)

    @property
    def raw_auth(self) -> tuple[bytes, bytes] | None:
        """User and password in the form that httpcore takes."""
        if self.auth is None:
            return None
        user, password = self.auth
        return QuietBytes(user.encode()), QuietBytes(password.encode())


class EnvironmentProxies:
    """The proxies of the environment, each under the name of its variable."""

    def __init__(self) -> None:
        found = urllib.request.getproxies()
        self._no_proxy = found.get("no", "")
        self._addresses: dict[str, tuple[str, Secret[Any]]] = {
            scheme: (_variable(scheme), Secret(_with_scheme(found[scheme])))
            for scheme in ("https", "all")
            if found.get(scheme)
        }

    def find(self, url: httpx.URL, port: int) -> tuple[str, Secret[Any]] | None:
        """Return the variable and the address of the proxy for a URL, None if it needs no proxy.

        Plain HTTP leads to this machine, or to a host that the user has named: a proxy would read the key.
        """
        if not self._addresses or url.scheme != "https" or is_loopback(url.host):
            return None
        # Loaded where there is a proxy: most machines have none.
        from vocobase._policy.no_proxy import bypasses

        # The second rule is for the settings of macOS and Windows.
        where = f"{url.host}:{port}"
        if bypasses(self._no_proxy, url.scheme, url.host, port) or urllib.request.proxy_bypass(where):
            return None
        return self._addresses.get("https") or self._addresses["all"]


def proxy_for(address: str) -> tuple[str, str] | None:
    """Return the variable and the host of the proxy of the environment for an address, None without one.

    Raises:
        InvalidArgumentError: it is not an address.
    """
    try:
        # Not the object itself, as a subclass may convert itself to other text.
        url = httpx.URL(str.__str__(address))
    except (TypeError, ValueError, httpx.InvalidURL):
        # Without the cause, which quotes the address and with it, perhaps, a password.
        raise InvalidArgumentError(
            "find_proxy: url must be an address, such as https://example.com."
        ) from None
    found = EnvironmentProxies().find(url, url.port or 443)
    return (found[0], httpx.URL(found[1].reveal()).netloc.decode()) if found else None


def _with_scheme(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _variable(scheme: str) -> str:
    """Return the variable that names the proxy of a scheme; as in curl, lower case comes first."""
    names = [name for name in os.environ if name.lower() == f"{scheme}_proxy" and os.environ[name]]
    return min(names, key=str.isupper, default="the proxy settings of the system")
