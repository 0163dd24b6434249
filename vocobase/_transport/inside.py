"""The only module that uses internals of httpx and httpcore.

If another version of theirs lacks one, this module raises an error or assumes the worse of two cases.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx

from vocobase._base.errors import ConfigurationError

# Attributes of the pool of a transport.
_POOL_INTERNALS = ("_requests", "_connections", "_assign_requests_to_connections", "_network_backend")


def pool_of(transport: httpx.HTTPTransport | httpx.AsyncHTTPTransport) -> Any:
    """Return the pool of connections of a transport.

    Raises:
        ConfigurationError: this version of httpx or httpcore is not supported.
    """
    pool = vars(transport).get("_pool")
    if not all(hasattr(pool, name) for name in _POOL_INTERNALS):
        raise ConfigurationError(
            "The installed versions of httpx and httpcore are not supported; run"
            " pip install 'httpx<1' 'httpcore<2'."
        )
    return pool


def use_backend(transport: httpx.HTTPTransport | httpx.AsyncHTTPTransport, backend: object) -> None:
    """Let a transport open its connections through a backend; httpx has no argument for it.

    Raises:
        ConfigurationError: this version of httpx or httpcore is not supported.
    """
    pool_of(transport)._network_backend = backend


def nothing_left(response: httpx.Response) -> bool:
    """Return whether a connection certainly has no data left after a response."""
    try:
        stream: Any = response.stream
        left, _ = stream._httpcore_stream._stream._connection._h11_state.trailing_data
    except (AttributeError, TypeError, ValueError):
        # Something is missing, or is not a pair: nothing is certain.
        return False
    return bool(left == b"")


def transport_of(client: httpx.Client | httpx.AsyncClient, url: str) -> object:
    """Return the transport that a caller's client uses for an address; None if that cannot be known."""
    known: Any = client if type(client) in (httpx.Client, httpx.AsyncClient) else None
    with suppress(AttributeError, httpx.InvalidURL):
        return known._transport_for_url(httpx.URL(url))
    return None
