"""Fetch a document from an address or a file that is not trusted."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path

import httpx

from spec_tools.document import MAX_BYTES, SpecError
from spec_tools.text import clean

REDIRECTS = (301, 302, 303, 307, 308)


class Unreachable(Exception):
    """The document could not be fetched: an outage or a wrong address, not a fault of the document."""

    def __init__(self, message: str) -> None:
        super().__init__(clean(message))


@dataclass(frozen=True)
class Limits:
    """The limits of a fetch."""

    size: int = MAX_BYTES
    seconds: float = 30.0
    redirects: int = 3


def fetch(source: str, limits: Limits = Limits()) -> bytes:
    """Return the bytes of an https address (http on loopback) or a file.

    Raises:
        Unreachable: no response, not a 200, too many redirects, or a redirect that is not allowed.
        SpecError: the document is larger than the limit.
    """
    if "://" not in source:
        return _read_file(Path(source), limits)
    try:
        return asyncio.run(_within(source, limits))
    except (Unreachable, SpecError):
        raise
    except TimeoutError as error:
        raise Unreachable(f"{source}: not complete after {limits.seconds:g} s") from error
    except Exception as error:
        # httpx, its codecs, the resolver and TLS have errors of their own for what a publisher may send, and
        # groups of them.
        raise Unreachable(f"{source}: {type(error).__name__}: {error}") from error


def _read_file(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limits.size + 1)
    except OSError as error:
        raise Unreachable(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Unreachable(f"{str(path)!r}: cannot be read: {error}") from error
    if len(data) > limits.size:
        raise SpecError(f"{path}: larger than {limits.size} bytes")
    return data


async def _within(source: str, limits: Limits) -> bytes:
    # One limit over everything: timeouts of single reads never end if a server sends a byte now and then.
    async with asyncio.timeout(limits.seconds):
        url = check_address(source)
        public = not _is_loopback(url.host)
        for _ in range(limits.redirects + 1):
            response = await _get(url, limits)
            if isinstance(response, bytes):
                return response
            url = check_address(str(response))
            if public:
                await _check_public(source, url)
    raise Unreachable(f"{source}: more than {limits.redirects} redirects")


def check_address(text: str) -> httpx.URL:
    """Return the URL if a document may be fetched from it."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise Unreachable(f"{text!r} is not an address: {error}") from error
    if url.userinfo:
        raise Unreachable(f"{url.host}: no credentials are sent; remove them from the address")
    # httpx takes any number.
    if url.port is not None and not 0 < url.port < 65536:
        raise Unreachable(f"{text}: {url.port} is not a port")
    if not url.host or not (url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host))):
        raise Unreachable(f"{text}: only https is fetched (http on loopback; pass a file by its path)")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _check_public(source: str, url: httpx.URL) -> None:
    """Refuse a redirect from a public address to this machine or its network."""
    if _is_loopback(url.host):
        raise Unreachable(f"{source}: redirected to {url}, which is on this machine")
    found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise Unreachable(f"{source}: redirected to {url}, which is on this machine or its network")


async def _get(url: httpx.URL, limits: Limits) -> bytes | httpx.URL:
    # A new client each time, so that no cookie of one response is sent with the next request. No encoding is
    # accepted: a few kilobytes can decode to any size.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    client = httpx.AsyncClient(timeout=limits.seconds, headers=headers, follow_redirects=False)
    async with client, client.stream("GET", url) as response:
        if response.status_code in REDIRECTS and "location" in response.headers:
            try:
                return url.join(response.headers["location"])
            except httpx.InvalidURL as error:
                raise Unreachable(f"{url}: the redirect leads nowhere: {error}") from error
        if response.status_code != 200:
            raise Unreachable(f"{url}: status {response.status_code}")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise Unreachable(f"{url}: compressed, although no compression was requested")
        return await _body(response, limits)


async def _body(response: httpx.Response, limits: Limits) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > limits.size:
            raise SpecError(f"{response.url}: larger than {limits.size} bytes")
        parts.append(chunk)
    return b"".join(parts)
