"""Find out why requests fail: the proxy that they use, and routes that differ from a published document.

    from vocobase.diagnostics import compare_routes

    found = compare_routes("openapi.json")
    print(found.routes)     # as Vocobase(routes=) takes them; empty if no route differs

You need neither a client nor an API key.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from vocobase._base.clock import Deadline
from vocobase._base.errors import ConfigurationError, LookupFailedError, ResponseError
from vocobase._base.nesting import json_reason
from vocobase._base.runtime import current_runtime
from vocobase._policy.messages import Request
from vocobase._policy.options import DEFAULT_BASE_URL, Timeout
from vocobase._policy.overrides import resolve_routes
from vocobase._policy.published import RouteDifference, differences

__all__ = ["ProxySetting", "RouteComparison", "RouteDifference", "compare_routes", "find_proxy"]

# The document of the API has about 0.25 MiB.
MAX_BYTES = 8 * 1024 * 1024
SECONDS = 30.0


class ProxySetting(NamedTuple):
    """A proxy that the environment names.

    Attributes:
        variable: Where it is set, such as ``HTTPS_PROXY``.
        host: Its host and port, without user and password.
    """

    variable: str
    host: str


@dataclass(frozen=True, slots=True)
class RouteComparison:
    """The operations whose route in a document is not that of the SDK.

    Attributes:
        base_url: The address of the API.
        differences: The operations, in the order of the SDK.
    """

    base_url: str
    differences: Sequence[RouteDifference]

    @property
    def routes(self) -> dict[str, str]:
        """The routes of the document, as ``Vocobase(routes=)`` takes them."""
        return {each.operation: each.published for each in self.differences if each.published}

    def check(self) -> None:
        """Require routes that a client can use.

        Raises:
            ConfigurationError: the document has no other route, or one that is not valid.
        """
        resolve_routes(self.routes, self.base_url)
        if not self.routes:
            raise ConfigurationError("The document has no other route for these operations.")


def compare_routes(source: str | PathLike[str], *, base_url: str = DEFAULT_BASE_URL) -> RouteComparison:
    """Compare the routes of a published OpenAPI document with those of the SDK.

    The document is not trusted: parts that are not valid OpenAPI count as absent.

    Args:
        source: A path, or an https address; it is fetched without the key, within 30 seconds.
        base_url: The address of the API, whose path is not part of a route.

    Returns:
        The operations that have another route in the document, or none.

    Raises:
        ConfigurationError: it is not an OpenAPI document, or larger than 8 MiB.
        LookupFailedError: the address has no document.
        VocobaseError: it cannot be fetched.
        OSError: it cannot be read.

    Retries: none.
    """
    content = _fetched(source) if isinstance(source, str) and "://" in source else _read(Path(source))
    try:
        return RouteComparison(base_url, differences(json.loads(content), urlsplit(base_url).path))
    except (ValueError, RecursionError) as error:
        is_text = isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
        reason = "it is not JSON" if is_text else json_reason(error)
        raise ConfigurationError(f"{source}: {reason}; pass the OpenAPI document of the API.") from error


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ConfigurationError(f"{path} is larger than {MAX_BYTES:,} bytes; it is not the document.")
    return content


def _fetched(url: str) -> bytes:
    """Fetch an address without the key."""
    # Lazy, because it loads httpx.
    from vocobase._transport.pool import Pool

    pool = Pool(address=url)
    try:
        request = Request("GET", url, {"accept": "application/json"}, name="compare_routes")
        response = pool.send(request, Timeout(SECONDS), Deadline(current_runtime().clock, SECONDS))
    finally:
        pool.close()
    if response.status == 404:
        raise LookupFailedError(f"{url}: there is no document (HTTP 404).")
    if response.status != 200:
        raise ResponseError(f"{url}: unexpected response (HTTP {response.status}).", status=response.status)
    return response.body


def find_proxy(url: str) -> ProxySetting | None:
    """Return the proxy of the environment for an address.

    Args:
        url: The address, such as the ``base_url`` of a client.

    Returns:
        The proxy, or None if requests are sent directly.

    Raises:
        InvalidArgumentError: it is not an address.
    """
    # Lazy, because it loads httpx.
    from vocobase._transport.proxies import proxy_for

    found = proxy_for(url)
    return ProxySetting(*found) if found else None
