"""Choose the transport for a URL: direct, or through a proxy."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from types import NoneType
from typing import Any, Generic, TypeVar

import httpx

from vocobase._base.errors import ConfigurationError
from vocobase._base.secrets import Secret, reveal
from vocobase._policy.hosts import may_use_http
from vocobase._transport.proxies import EnvironmentProxies, QuietProxy

T = TypeVar("T")
PORTS = {"http": 80, "https": 443}
# The name of a proxy that was passed as an argument; those of the environment have that of their variable.
ARGUMENT = "proxy"


class Routes(Generic[T]):
    """The transports of a client: a direct one, and one for each proxy that an address has needed.

    Args:
        make: Creates the transport for a proxy, or a direct one.
        proxy: The proxy for all addresses; by default, the environment names one for some of them.
        context: TLS settings for the connection to a proxy.
        http_hosts: Hosts other than this machine to which plain HTTP is allowed.

    Raises:
        ConfigurationError: the proxy cannot be used.
    """

    def __init__(
        self,
        make: Callable[[httpx.Proxy | None], T],
        proxy: Secret[Any] | None = None,
        *,
        context: ssl.SSLContext | None = None,
        http_hosts: frozenset[str] = frozenset(),
    ) -> None:
        if not isinstance(reveal(proxy), (str, httpx.URL, httpx.Proxy, NoneType)):
            raise ConfigurationError(
                f"proxy must be an address such as http://host:3128, not {type(reveal(proxy)).__name__}."
            )
        self._make = make
        self._context = context
        self._http_hosts = http_hosts
        self._fixed = proxy
        self._environment = EnvironmentProxies() if proxy is None else None
        self._hosts: dict[str, str] = {}
        self.transports: dict[str | None, T] = {None: make(None)}
        if proxy is not None:
            self._through(ARGUMENT, proxy)

    def choose(self, url: httpx.URL) -> T:
        """Return the transport for an address; it is created if no address has needed it before.

        Raises:
            ConfigurationError: the proxy for the address cannot be used.
        """
        if self._fixed is not None:
            self._check_clear(url)
            return self.transports[ARGUMENT]
        port = url.port or PORTS[url.scheme]
        found = self._environment.find(url, port) if self._environment else None
        return self._through(*found) if found else self.transports[None]

    def check(self, address: str) -> None:
        """Choose the transport for the address of the API, so that a wrong setting is detected immediately.

        Raises:
            ConfigurationError: the address or its proxy cannot be used.
        """
        try:
            url = parsed(address)
        except (httpx.InvalidURL, ValueError):
            url = None
        if url is None or url.scheme not in PORTS:
            raise ConfigurationError("base_url is not an address that a server can have.")
        self.choose(url)

    def _check_clear(self, url: httpx.URL) -> None:
        proxy = self._hosts[ARGUMENT]
        if url.scheme == "http" and not may_use_http(proxy, self._http_hosts):
            raise ConfigurationError(
                f"plain http to {url.host} through the proxy {proxy} would expose the key there; use https,"
                " omit proxy=, or name the host of the proxy in allow_http=."
            )

    def _through(self, name: str, address: Secret[Any]) -> T:
        """Return the transport through a proxy."""
        if name not in self.transports:
            fault = self._open(name, address)
            if fault:
                raise ConfigurationError(f"{name}: {fault}")
        return self.transports[name]

    def _open(self, name: str, address: Secret[Any]) -> str:
        """Create the transport for a proxy; return the fault of its address, empty if there is none."""
        try:
            if isinstance(address.reveal(), str):
                parsed(address.reveal())  # or it would fail at the first request
            proxy = QuietProxy.of(address.reveal(), self._context)
            self._hosts[name] = proxy.url.host
            # Two threads may need it at once; the transport of one of them is left without a connection.
            self.transports.setdefault(name, self._make(proxy))
        except ImportError:
            return "a SOCKS proxy needs one more package; install httpx[socks]."
        except (ValueError, httpx.InvalidURL) as error:
            return (
                f"the address cannot be used as that of a proxy ({type(error).__name__}); pass one such as"
                " http://host:3128, with http, https, socks5 or socks5h."
            )
        return ""

    @classmethod
    def only(cls, transport: T) -> Routes[T]:
        """Send everything through one transport."""
        routes = cls.__new__(cls)
        routes._fixed = routes._environment = None
        routes.transports = {None: transport}
        return routes


def parsed(address: str) -> httpx.URL:
    """Parse a URL as the transport does.

    Raises:
        httpx.InvalidURL, ValueError: it is not a URL, or no server can have its host or port.
    """
    url = httpx.URL(address)
    # Raises if a label of the host is empty or longer than 63 characters, which no name server accepts.
    url.host.encode("idna")
    if url.port is not None and not 0 < url.port < 65536:
        raise ValueError("the port is out of range")
    return url
