"""A store of handled events in Redis, for several machines."""

from __future__ import annotations

from typing import Any, Final, Protocol

from vocobase._base.arguments import check_methods, check_text, is_async
from vocobase._base.errors import ConfigurationError
from vocobase._base.short_repr import ShortRepr
from vocobase.webhooks._dedupe import DEFAULT_TTL_SECONDS, Outcome, check_ttl

_DONE: Final = b"done"

_IF_HELD = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call({}) else return 0 end"
_RENEW: Final = _IF_HELD.format("'PEXPIRE', KEYS[1], ARGV[2]")
_RELEASE: Final = _IF_HELD.format("'DEL', KEYS[1]")


class RedisClient(Protocol):
    """The part of a Redis client that the store uses; `redis.Redis` and `redis.RedisCluster` have it."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command and return its reply."""
        ...


class RedisDedupe(ShortRepr):
    """Remember handled events in Redis.

    Args:
        client: A `redis.Redis`, which you close yourself. Set its `socket_timeout` to a few seconds.
        ttl: Seconds for which to remember events.
        prefix: Start of every key. Endpoints that must each receive all events need different ones.

    Raises:
        ConfigurationError: the client is asynchronous, or ``ttl`` is not above 0.
    """

    def __init__(
        self, client: RedisClient, ttl: float = DEFAULT_TTL_SECONDS, *, prefix: str = "vocobase:webhook:"
    ) -> None:
        if is_async(getattr(client, "execute_command", None)):
            raise ConfigurationError("RedisDedupe needs redis.Redis, not redis.asyncio.Redis.")
        check_methods(client, "RedisDedupe: client", "a redis.Redis", "execute_command")
        check_text("RedisDedupe", prefix=prefix)
        self._client = client
        self._ttl = check_ttl(ttl)
        self._prefix = prefix

    def _about(self) -> str:
        # Not the client, which may show its password.
        return f"prefix={self._prefix!r}, ttl={self._ttl:g}"

    def claim(self, key: str, token: str, lease: float) -> Outcome:
        """Claim an event for a handler."""
        name = self._prefix + key
        if self._client.execute_command("SET", name, token, "NX", "PX", _milliseconds(lease)):
            return "claimed"
        holder = self._client.execute_command("GET", name)
        if holder in (token, token.encode()):
            # A client that retries a command after a lost reply finds its own claim.
            return "claimed"
        return "done" if holder in (_DONE, _DONE.decode()) else "busy"

    def renew(self, key: str, token: str, lease: float) -> bool:
        """Extend a claim by its lease."""
        return bool(self._eval(_RENEW, key, token, _milliseconds(lease)))

    def confirm(self, key: str) -> None:
        """Record that the event was handled."""
        self._client.execute_command("SET", self._prefix + key, _DONE, "PX", _milliseconds(self._ttl))

    def release(self, key: str, token: str) -> None:
        """Release a claim."""
        self._eval(_RELEASE, key, token)

    def _eval(self, script: str, key: str, *arguments: str | int) -> Any:
        return self._client.execute_command("EVAL", script, 1, self._prefix + key, *arguments)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
