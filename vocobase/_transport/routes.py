"""Choose the transport for a URL: proxies and TLS settings of the environment."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar
from urllib.request import getproxies, proxy_bypass

import httpx

from vocobase._base.errors import ConfigurationError
from vocobase._base.secrets import Secret, reveal
from vocobase._policy.options import is_loopback

T = TypeVar("T")
# Where the environment says which authorities to trust.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
# Bytes in which the first certificate of a bundle begins.
MAX_SEARCHED_BYTES = 64 * 1024
PORTS = {"http": 80, "https": 443}


class Routes(Generic[T]):
    """The transports of a client: a direct one, and one for each proxy."""

    def __init__(self, make: Callable[[httpx.Proxy | None], T], proxy: Secret[Any] | None = None) -> None:
        if not isinstance(reveal(proxy), (str, httpx.URL, httpx.Proxy, NoneType)):
            raise ConfigurationError(
                f"proxy must be an address such as http://host:3128, not {type(reveal(proxy)).__name__}."
            )
        self._fixed = proxy
        self._environment = {} if proxy is not None else getproxies()
        self.transports: dict[Any, T] = {}
        fault = self._open(make)
        if fault:
            raise ConfigurationError(f"proxy: {fault}")

    def _open(self, make: Callable[[httpx.Proxy | None], T]) -> str:
        """Create the transports; return the fault of an address, empty if there is none."""
        try:
            for url in {None, reveal(self._fixed), *map(self._named, ("http", "https"))}:
                if isinstance(url, str):
                    parsed(url)  # or it would fail at the first request
                self.transports[url] = make(None if url is None else QuietProxy.of(url))
        except ImportError:
            return "a SOCKS proxy needs one more package; install httpx[socks]."
        except ConfigurationError:
            raise
        except (ValueError, httpx.InvalidURL) as error:
            return f"the address cannot be used ({type(error).__name__}); pass one such as http://host:3128."
        return ""

    def _named(self, scheme: str) -> str | None:
        found = self._environment.get(scheme) or self._environment.get("all")
        return f"http://{found}" if found and "://" not in found else found

    def choose(self, url: httpx.URL) -> T:
        """Return the transport for an address."""
        if self._fixed is not None:
            return self.transports[self._fixed.reveal()]
        # Requests to this machine never use a proxy: the key would leave the machine in the clear.
        if is_loopback(url.host):
            return self.transports[None]
        # NO_PROXY may contain a port; without one it means every port of a host.
        where = f"{url.host}:{url.port or PORTS[url.scheme]}"
        return self.transports[None if proxy_bypass(where) else self._named(url.scheme)]

    @classmethod
    def only(cls, transport: T) -> Routes[T]:
        """Send everything through one transport."""
        routes = cls.__new__(cls)
        routes._fixed, routes._environment = None, {}
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


class QuietBytes(bytes):
    """Bytes whose repr is redacted: httpcore logs what it sends to a SOCKS proxy."""

    def __repr__(self) -> str:
        return "***"


class QuietProxy(httpx.Proxy):
    """A proxy whose user and password are redacted."""

    @classmethod
    def of(cls, proxy: str | httpx.URL | httpx.Proxy) -> QuietProxy:
        """Return the proxy of an address, or the same proxy."""
        given = proxy if isinstance(proxy, httpx.Proxy) else httpx.Proxy(proxy)
        return cls(given.url, ssl_context=given.ssl_context, auth=given.auth, headers=given.headers)

    @property
    def raw_auth(self) -> tuple[bytes, bytes] | None:
        """User and password in the form that httpcore takes."""
        if self.auth is None:
            return None
        user, password = self.auth
        return QuietBytes(user.encode()), QuietBytes(password.encode())


class LateContext(ssl.SSLContext):
    """TLS settings whose certificates are read at the first handshake: reading them is slow."""

    _protocols: Iterable[str] = ()

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Keep the protocols to offer; after an error here, httpcore would leave the socket open."""
        self._protocols = alpn_protocols

    def _loaded(self) -> ssl.SSLContext:
        context = loaded()
        context.set_alpn_protocols(self._protocols)
        return context

    def wrap_socket(self, *arguments: Any, **settings: Any) -> ssl.SSLSocket:
        """Encrypt a socket."""
        return self._loaded().wrap_socket(*arguments, **settings)

    def wrap_bio(self, *arguments: Any, **settings: Any) -> ssl.SSLObject:
        """Encrypt what is read and written through memory."""
        return self._loaded().wrap_bio(*arguments, **settings)


def tls() -> ssl.SSLContext:
    """Return the TLS settings, after a quick check of the certificates that the environment names.

    Raises:
        ConfigurationError: the certificates cannot be read.
    """
    file, folder = map(os.environ.get, CERTIFICATES)
    if (file or folder) and not _has_certificates(file or ""):
        loaded()
    return LateContext(ssl.PROTOCOL_TLS_CLIENT)


def _has_certificates(file: str) -> bool:
    try:
        with Path(file).open("rb") as opened:
            return b"-----BEGIN " in opened.read(MAX_SEARCHED_BYTES)
    except (OSError, ValueError):
        return False


def loaded() -> ssl.SSLContext:
    """Return the TLS settings with their certificates, which are read once.

    Raises:
        ConfigurationError: the certificates cannot be read.
    """
    file, folder = map(os.environ.get, CERTIFICATES)
    try:
        return _read(file, folder)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise ConfigurationError(
            f"SSL_CERT_FILE ({file}) or SSL_CERT_DIR ({folder}) cannot be read: {error}. Correct or unset it."
        ) from error


@lru_cache(maxsize=4)
def _read(file: str | None, folder: str | None) -> ssl.SSLContext:
    return httpx.create_ssl_context()
