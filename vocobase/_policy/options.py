"""The options of a client: read, checked, and rejected with a ConfigurationError of one line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

from vocobase._base.arguments import check_function, is_number
from vocobase._base.errors import ConfigurationError
from vocobase._base.secrets import Secret
from vocobase._policy.hosts import may_use_http, normal, read_hosts

DEFAULT_BASE_URL = "https://api.vocobase.com/api/v2"
KEY_VARIABLE = "VOCOBASE_API_KEY"
URL_VARIABLE = "VOCOBASE_BASE_URL"
HTTP_VARIABLE = "VOCOBASE_ALLOW_HTTP"
MAX_RETRIES = 20
# Sockets reject longer timeouts.
MAX_TIMEOUT_SECONDS = 1_000_000_000

ApiKey = str | Callable[[], str]


@dataclass(frozen=True, slots=True)
class Timeout:
    """The parts of a timeout, in seconds.

    Attributes:
        total: For the whole call, including waits between attempts. The synchronous client cannot interrupt
            the system's name resolution; over your own transport or client it checks the limit only between
            attempts and pieces of a body.
        connect: To set up a connection, for each address of a host.
        read: For each wait for data.
        write: For each wait to send data.
    """

    total: float = 30.0
    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not is_number(value) or not 0 < value <= MAX_TIMEOUT_SECONDS:
                raise ConfigurationError(
                    f"timeout: {name} must be a positive number of seconds, at most {MAX_TIMEOUT_SECONDS:,}."
                )


# A presigned URL is valid for 15 minutes, so no transfer of a file needs longer.
TRANSFER = Timeout(total=900.0, connect=5.0, read=60.0, write=60.0)


def resolve_timeout(value: float | Timeout) -> Timeout:
    """Return a timeout whose parts fit into a number of seconds."""
    if isinstance(value, Timeout):
        return value
    Timeout(total=value)
    return Timeout(total=value, connect=min(5.0, value), read=value, write=value)


@cache
def time_limit(seconds: float) -> Timeout:
    """Return the timeout of operations with this many seconds; the table has two such numbers."""
    return resolve_timeout(seconds)


def resolve_transfer(value: float | Timeout | None) -> Timeout:
    """Return the time limit of a transfer; the client's own limit is for requests of a few kilobytes."""
    if value is None or isinstance(value, Timeout):
        return value or TRANSFER
    whole = resolve_timeout(value)
    return replace(whole, read=min(TRANSFER.read, value), write=min(TRANSFER.write, value))


def resolve_key(value: Secret[ApiKey] | None) -> Callable[[], str]:
    """Return a function that returns the key; a fixed key is checked now, a callable at each request."""
    if value is None:
        if KEY_VARIABLE not in os.environ:
            raise ConfigurationError(
                f"No API key: set {KEY_VARIABLE} or pass api_key=; you create keys in the dashboard, "
                "and they begin with rg_live_."
            )
        return check_key(Secret(os.environ[KEY_VARIABLE]), KEY_VARIABLE).reveal
    if callable(value.reveal()):
        ask = cast("Callable[[], object]", check_function(cast("Any", value.reveal()), "api_key"))
        return lambda: check_key(Secret(ask()), "api_key()").reveal()
    return check_key(value, "api_key").reveal


def check_key(value: Secret[Any], source: str) -> Secret[str]:
    """Require a key."""
    fault = _key_fault(value.reveal())
    if fault:
        raise ConfigurationError(f"{source} {fault}")
    return value


def _key_fault(value: object) -> str:
    if not isinstance(value, str):
        return f"must be a string, not {type(value).__name__}."
    if not value.strip():
        return "is empty; set it to the API key from the dashboard (it begins with rg_live_)."
    if not (value.isascii() and value.isprintable()) or " " in value:
        return "contains spaces or characters that no key has; copy it again from the dashboard."
    return ""


def resolve_http_hosts(value: str | Iterable[str] | None) -> frozenset[str]:
    """Return the hosts other than this machine that may be reached over plain HTTP."""
    given, source = value, "allow_http"
    if given is None:
        given, source = os.environ.get(HTTP_VARIABLE, ""), HTTP_VARIABLE
    hosts = read_hosts(given)
    if hosts is None:
        raise ConfigurationError(
            f"{source} must name hosts, such as sandbox; a scheme, a port or a pattern is not accepted."
        )
    return hosts


def resolve_base_url(value: Secret[str] | None, http_hosts: frozenset[str] = frozenset()) -> str:
    """Return the address of the API without a trailing slash."""
    source = "base_url"
    if value is None:
        value, source = Secret(os.environ.get(URL_VARIABLE, DEFAULT_BASE_URL)), URL_VARIABLE
    fault = _address_fault(value.reveal(), http_hosts)
    if fault:
        raise ConfigurationError(f"{source} {fault}")
    return value.reveal().strip().rstrip("/")


def _address_fault(value: object, http_hosts: frozenset[str]) -> str:
    # Checked first: Python 3.11 crashes after some calls of a method of `str` on the class itself.
    if not isinstance(value, str):
        return f"must be an address such as {DEFAULT_BASE_URL}."
    try:
        parts = urlsplit(value.strip())
        host, _ = parts.hostname or "", parts.port
        # No resolver accepts a label of a host that is empty or longer than 63 characters.
        host.encode("idna")
    except ValueError:
        return f"must be an address such as {DEFAULT_BASE_URL}."
    if parts.scheme not in {"http", "https"} or not host:
        return f"must be an http(s) address such as {DEFAULT_BASE_URL}."
    if parts.username or parts.password or parts.query or parts.fragment:
        return "must contain only scheme, host and path, without user, query or fragment."
    if parts.scheme == "http" and not may_use_http(host, http_hosts):
        return f"is {plain_http_fault(host)}"
    return ""


def with_host_of(base_url: str, http_hosts: frozenset[str]) -> frozenset[str]:
    """Return the hosts for plain HTTP, with that of a base URL that has passed the check."""
    parts = urlsplit(base_url)
    return http_hosts | {normal(parts.hostname or "")} if parts.scheme == "http" else http_hosts


def plain_http_fault(host: str) -> str:
    """Return why plain HTTP to a host is refused: the key would cross the network in the clear."""
    return (
        f"plain http to {host}, which would expose the key; use https. If only you can read that network, as"
        f" in Docker Compose, name the host in allow_http= or {HTTP_VARIABLE}."
    )


def check_headers(headers: Secret[Mapping[str, str]] | None) -> Secret[Mapping[str, str]]:
    """Require headers that the client does not set itself, and that do not break the request."""
    if headers is None:
        return Secret({})
    fault = _headers_fault(headers.reveal())
    if fault:
        raise ConfigurationError(f"headers: {fault}")
    return Secret({name.lower(): value for name, value in headers.reveal().items()})


def _headers_fault(headers: object) -> str:
    if not isinstance(headers, Mapping):
        return "must be a mapping of names to values."
    for name, value in cast("Mapping[object, object]", headers).items():
        if not isinstance(name, str) or not isinstance(value, str):
            return "names and values must be strings."
        if name.lower() in {"authorization", "host", "content-length", "content-type", "transfer-encoding"}:
            return f"the client sets {name} itself; omit it."
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
            # Not shown, as a whole header may have been passed as its name.
            return "a name contains characters that a header cannot have."
        if not re.fullmatch(r"([!-~]([ -~]*[!-~])?)?", value):
            return f"the value of {name!r} contains characters that a header cannot have."
    return ""
