"""The one place that connects to Redis."""

from __future__ import annotations

from typing import Any, cast

from vocobase._base.errors import ConfigurationError
from vocobase._base.extras import needs
from vocobase._base.secrets import reveal, takes_secrets


@takes_secrets("url")
def open_redis(url: str, what: str, *, seconds: float) -> tuple[Any, type[Exception]]:
    """Return a client that retries nothing, and the root of its exceptions; nothing is sent yet.

    A retried script could act twice.

    Args:
        url: Address of the server, such as ``redis://localhost:6379`` or ``unix:///run/redis.sock``.
        what: The option, for messages.
        seconds: Time limit of a connection, and of a response.

    Raises:
        ConfigurationError: the address cannot be used, or the package is missing.
    """
    try:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError
        from redis.retry import Retry
    except ImportError as error:
        raise ConfigurationError(f"{needs(f'{what}: Redis', 'redis')}.") from error
    fault, client = "", cast(Any, None)
    try:
        client = cast(Any, Redis).from_url(
            reveal(url).replace("redis+unix://", "unix://", 1),
            decode_responses=True,
            socket_timeout=seconds,
            socket_connect_timeout=seconds,
            retry=Retry(NoBackoff(), 0),
        )
    except Exception as error:  # noqa: BLE001 - the driver may raise anything for a wrong address
        # Its text may contain the password.
        fault = type(error).__name__
    if fault:
        raise ConfigurationError(f"{what}: this address of Redis cannot be used: {fault}.")
    return client, RedisError


def place_of_client(client: Any) -> str:
    """Return the place of a server without its password, for messages."""
    settings: dict[str, Any] = client.connection_pool.connection_kwargs
    return settings.get("path") or f"{settings.get('host', 'localhost')}:{settings.get('port', 6379)}"
