"""TLS settings: the certificates that a client trusts, and those that the environment names."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import httpx

from vocobase._base.errors import ConfigurationError

# Bytes in which the first certificate of a bundle begins.
MAX_SEARCHED_BYTES = 64 * 1024
# OpenSSL finds a certificate in a folder by the hash of its subject.
HASHED_NAME = r"[0-9a-f]{8}\.[0-9]+"


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


def check_context(given: ssl.SSLContext | None) -> None:
    """Require TLS settings for connections to servers, or None.

    Raises:
        ConfigurationError: it is something else, such as True or the path of a bundle.
    """
    kind = cast(object, given)
    if kind is not None and not isinstance(kind, ssl.SSLContext):
        raise ConfigurationError(
            f"ssl_context must be an ssl.SSLContext, not {type(kind).__name__}; for a file of certificates,"
            " pass ssl.create_default_context(cafile=...)."
        )
    if given is not None and given.protocol == ssl.PROTOCOL_TLS_SERVER:
        raise ConfigurationError("ssl_context is for a server; pass ssl.create_default_context().")


def tls() -> ssl.SSLContext:
    """Return the TLS settings, after a quick check of the certificates that the environment names.

    Raises:
        ConfigurationError: the certificates cannot be read.
    """
    file, folder = _certificates()
    if folder or (file and not _has_certificates(file)):
        loaded()
    return LateContext(ssl.PROTOCOL_TLS_CLIENT)


def loaded() -> ssl.SSLContext:
    """Return the TLS settings with their certificates, which are read once.

    Raises:
        ConfigurationError: the certificates, or the file for the keys of connections, cannot be used.
    """
    return _read(*_certificates(), os.environ.get("SSLKEYLOGFILE", ""))


def _certificates() -> tuple[str, str]:
    """Return the file or the folder that the environment names; as in httpx, the file comes first."""
    file = os.environ.get("SSL_CERT_FILE", "")
    return file, "" if file else os.environ.get("SSL_CERT_DIR", "")


@lru_cache(maxsize=4)
def _read(file: str, folder: str, key_log: str) -> ssl.SSLContext:
    if key_log:
        # Python opens it for every context, and its error would look like one of the certificates.
        with _naming("SSLKEYLOGFILE", key_log), Path(key_log).open("ab"):
            pass
    if file:
        with _naming("SSL_CERT_FILE", file):
            return ssl.create_default_context(cafile=file)
    if folder:
        with _naming("SSL_CERT_DIR", folder):
            _check_folders(folder)
            return ssl.create_default_context(capath=folder)
    return httpx.create_ssl_context()


@contextmanager
def _naming(variable: str, path: str) -> Generator[None]:
    """Turn an error of reading into one that names the variable."""
    try:
        yield
    # An SSLError is an OSError; a path with a null character raises ValueError.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(
            f"{variable} ({path}) cannot be used: {reason}. Correct or unset it."
        ) from error


def _check_folders(folders: str) -> None:
    """Require a certificate that OpenSSL would find; it ignores folders that do not exist."""
    names = [each.name for folder in folders.split(os.pathsep) if folder for each in Path(folder).iterdir()]
    if not any(re.fullmatch(HASHED_NAME, name) for name in names):
        raise ValueError("it has no certificates under hashed names, which `openssl rehash` creates")


def _has_certificates(file: str) -> bool:
    try:
        with Path(file).open("rb") as opened:
            return b"-----BEGIN " in opened.read(MAX_SEARCHED_BYTES)
    except (OSError, ValueError):
        return False
