"""The only module that uses internals of httpx and httpcore.

If another version of theirs lacks one, this module raises an error or assumes the worse of two cases.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, suppress
from typing import Any

import httpx

from vocobase._base.errors import ConfigurationError
from vocobase._policy.messages import Request
from vocobase._transport.attempt import OUR_REQUEST

# Attributes of the pool of a transport.
_POOL_INTERNALS = (
    "_requests",
    "_connections",
    "_assign_requests_to_connections",
    "_network_backend",
    "_optional_thread_lock",
)


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


def use_lock(transport: httpx.HTTPTransport) -> None:
    """Let the pool of a transport use a lock of Python itself, of which an interruption loses no release.

    That of httpcore is entered in a function, so Ctrl-C may come after it was acquired and before the `with`
    statement knows: every later request, and closing the client, would wait forever. It is reentrant, because
    the garbage collector may close a forgotten response while its thread is inside the pool.

    Raises:
        ConfigurationError: this version of httpx or httpcore is not supported.
    """
    pool_of(transport)._optional_thread_lock = threading.RLock()


def lock_of(transport: httpx.HTTPTransport) -> AbstractContextManager[object]:
    """Return the lock of the pool of a transport."""
    lock: AbstractContextManager[object] = pool_of(transport)._optional_thread_lock
    return lock


def take_unused(
    transport: httpx.HTTPTransport | httpx.AsyncHTTPTransport, request: Request, *, with_idle: bool
) -> list[Any]:
    """Take an interrupted request out of a pool, and the connections that no request uses, for you to close.

    It waits for nothing. A synchronous caller holds the lock of the pool.

    Args:
        transport: The transport with the pool.
        request: The request that was interrupted.
        with_idle: Whether to take idle connections too.
    """
    pool = pool_of(transport)
    pool._requests[:] = [
        kept for kept in pool._requests if kept.request.extensions.get(OUR_REQUEST) is not request
    ]
    used = [kept.connection for kept in pool._requests]
    unused = [found for found in pool.connections if found not in used and (with_idle or not found.is_idle())]
    pool._connections[:] = [found for found in pool._connections if found not in unused]
    # Other requests may wait for a connection.
    return [*unused, *pool._assign_requests_to_connections()]


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
