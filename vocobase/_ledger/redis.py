"""A ledger in a Redis server. Each method is one script, which Redis carries out as a whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from vocobase._errors import ConfigurationError, LedgerError, one_line
from vocobase._ledger.base import (
    BATCH,
    SCHEMA,
    STATES,
    Entry,
    State,
    batches,
    check_key,
    check_state,
    read,
    write,
)

log = logging.getLogger("vocobase")

# Seconds for a connection, and for an answer.
PATIENCE = 15.0
_SCHEMA_KEY = "vocobase:ledger:schema"

# Below the prefix of a scope: `e:<key>` is one entry; `in:<state>` orders keys by number; `ready` holds those
# that wait and are due, `delayed` the others by time; `leases` holds claims by the end of their lease.
_COMMON = """
local P = KEYS[1]
local function at(key) return P .. 'e:' .. key end
local function now() local t = redis.call('TIME') return t[1] + t[2] / 1000000 end
local function exact(number) return string.format('%.6f', number) end
local function row(key)
    local r = redis.call('HMGET', at(key), 'p', 's', 'o', 'c', 'n', 'r')
    return {key, r[1], r[2], r[3], r[4], r[5], r[6]}
end
local function move(key, from, to, not_before)
    local number = redis.call('HGET', at(key), 'q')
    redis.call('ZREM', P .. 'in:' .. from, key)
    for _, set in ipairs({'ready', 'delayed', 'leases'}) do redis.call('ZREM', P .. set, key) end
    redis.call('ZADD', P .. 'in:' .. to, number, key)
    redis.call('HSET', at(key), 's', to, 'n', not_before)
    if to ~= 'waiting' then return end
    redis.call('HDEL', at(key), 'o', 'c')
    if tonumber(not_before) <= now() then
        redis.call('ZADD', P .. 'ready', number, key)
    else
        redis.call('ZADD', P .. 'delayed', not_before, key)
    end
end
"""
_ENTER = """
local new = 0
for i = 1, #ARGV, 2 do
    if redis.call('HSETNX', at(ARGV[i]), 'p', ARGV[i + 1]) == 1 then
        local number = redis.call('INCR', P .. 'number')
        redis.call('HSET', at(ARGV[i]), 's', 'waiting', 'n', '0', 'q', number)
        redis.call('ZADD', P .. 'in:waiting', number, ARGV[i])
        redis.call('ZADD', P .. 'ready', number, ARGV[i])
        new = new + 1
    end
end
return new
"""
_CLAIM = """
local owner, limit, lease, time = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), now()
for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. 'delayed', '-inf', exact(time))) do
    redis.call('ZREM', P .. 'delayed', key)
    redis.call('ZADD', P .. 'ready', redis.call('HGET', at(key), 'q'), key)
end
local rows = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. 'ready', '-inf', '+inf', 'LIMIT', 0, limit)) do
    move(key, 'waiting', 'claimed', redis.call('HGET', at(key), 'n'))
    redis.call('HSET', at(key), 'o', owner, 'c', exact(time))
    redis.call('ZADD', P .. 'leases', exact(time + lease), key)
    rows[#rows + 1] = row(key)
end
return rows
"""
_TAKE_OVER = """
local owner, limit, lease, time = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), now()
local rows = {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', P .. 'leases', '-inf', exact(time), 'LIMIT', 0, limit)) do
    redis.call('HSET', at(key), 'o', owner)
    redis.call('ZADD', P .. 'leases', exact(time + lease), key)
    rows[#rows + 1] = row(key)
end
return rows
"""
_RENEW = """
local lost = {}
for i = 3, #ARGV do
    local found = redis.call('HMGET', at(ARGV[i]), 's', 'o')
    if found[1] == 'claimed' and found[2] == ARGV[1] then
        redis.call('ZADD', P .. 'leases', exact(now() + tonumber(ARGV[2])), ARGV[i])
    else
        lost[#lost + 1] = ARGV[i]
    end
end
return lost
"""
_SETTLE = """
local owner, state, not_before, result = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lost = {}
for i = 5, #ARGV do
    local found = redis.call('HMGET', at(ARGV[i]), 's', 'o')
    if found[1] == 'claimed' and found[2] == owner then
        move(ARGV[i], 'claimed', state, not_before)
        redis.call('HSET', at(ARGV[i]), 'r', result)
    else
        lost[#lost + 1] = ARGV[i]
    end
end
return lost
"""
_REVISE = """
local was, state, not_before, result = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lost = {}
for i = 5, #ARGV do
    if redis.call('HGET', at(ARGV[i]), 's') == was then
        move(ARGV[i], was, state, not_before)
        if result ~= '' then redis.call('HSET', at(ARGV[i]), 'r', result) end
    else
        lost[#lost + 1] = ARGV[i]
    end
end
return lost
"""
_GET = "if redis.call('EXISTS', at(ARGV[1])) == 0 then return {} end return row(ARGV[1])"
_ENTRIES = """
local set, after, limit, rows = P .. 'in:' .. ARGV[1], '(' .. ARGV[2], ARGV[3], {}
for _, key in ipairs(redis.call('ZRANGEBYSCORE', set, after, '+inf', 'LIMIT', 0, limit)) do
    rows[#rows + 1] = row(key)
end
return {#rows > 0 and redis.call('ZSCORE', set, rows[#rows][1]) or ARGV[2], rows}
"""
_COUNTS = "local n = {} for i, s in ipairs(ARGV) do n[i] = redis.call('ZCARD', P .. 'in:' .. s) end return n"
_NEXT_DUE = """
if redis.call('ZCARD', P .. 'ready') > 0 then return '0' end
local first = redis.call('ZRANGE', P .. 'delayed', 0, 0, 'WITHSCORES')
return first[2] and exact(math.max(0, first[2] - now())) or ''
"""


class RedisLedger:
    """Keep a ledger in a Redis server; needs ``vocobase[redis]``.

    Redis keeps only what its own settings let it keep: a server that evicts keys is refused, one that writes
    no append-only file gets a warning in the log.

    Args:
        url: Address of the server, such as ``redis://localhost:6379``.

    Raises:
        ConfigurationError: the address cannot be understood, or a package is missing.
        LedgerError: the server cannot be used.
    """

    def __init__(self, url: str) -> None:
        try:
            from redis import Redis
            from redis.backoff import NoBackoff
            from redis.exceptions import RedisError
            from redis.retry import Retry
        except ImportError as error:
            raise ConfigurationError("ledger: Redis needs more packages; install vocobase[redis].") from error
        try:
            # A repeated claim would take more than was asked for, so the driver repeats nothing.
            self._client: Any = cast(Any, Redis).from_url(
                url,
                decode_responses=True,
                socket_timeout=PATIENCE,
                socket_connect_timeout=PATIENCE,
                retry=Retry(NoBackoff(), 0),
            )
        except (ValueError, RedisError) as error:
            # Its text may hold the password.
            raise ConfigurationError(
                f"ledger: this address of Redis cannot be used: {type(error).__name__}."
            ) from None
        self._error = RedisError
        where: dict[str, Any] = self._client.connection_pool.connection_kwargs
        self._place = where.get("path") or f"{where.get('host', 'localhost')}:{where.get('port', 6379)}"
        self._scripts: dict[str, Any] = {}
        try:
            with self._talk():
                self._check()
        except LedgerError:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"RedisLedger({self._place!r})"

    def now(self) -> float:
        """Return the time of the server."""
        with self._talk():
            seconds, microseconds = cast("tuple[int, int]", self._client.time())
        return seconds + microseconds / 1_000_000

    def enter(self, scope: str, items: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Add what is not in the list yet."""
        return sum(
            int(self._run(scope, _ENTER, *(text for row in batch for text in row)))
            for batch in batches(scope, items)
        )

    def claim(self, scope: str, owner: str, limit: int, *, lease: float) -> list[Entry]:
        """Take waiting entries that are due, oldest first."""
        return [_entry(row) for row in self._run(scope, _CLAIM, owner, limit, lease)]

    def take_over(self, scope: str, owner: str, limit: int, *, lease: float) -> list[Entry]:
        """Take claims whose lease is over."""
        return [_entry(row) for row in self._run(scope, _TAKE_OVER, owner, limit, lease)]

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        """Let leases begin anew."""
        return list(self._run(scope, _RENEW, owner, lease, *keys))

    def settle(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        owner: str,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
    ) -> list[str]:
        """End claims of this owner."""
        check_state(state)
        return list(self._run(scope, _SETTLE, owner, state, repr(not_before), _written(result), *keys))

    def revise(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        was: State,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
    ) -> list[str]:
        """Move entries that nobody has claimed to another state."""
        check_state(state)
        check_state(was)
        return list(self._run(scope, _REVISE, was, state, repr(not_before), _written(result), *keys))

    def get(self, scope: str, key: str) -> Entry | None:
        """Return one entry, None when there is none."""
        check_key(scope, "scope")
        row = self._run(scope, _GET, check_key(key))
        return _entry(row) if row else None

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        """Walk through the entries in a state, oldest first."""
        last: str = "0"
        while True:
            last, rows = self._run(scope, _ENTRIES, state, last, BATCH)
            for row in rows:
                yield _entry(row)
            if len(rows) < BATCH:
                return

    def counts(self, scope: str) -> dict[State, int]:
        """Return how many entries are in each state."""
        return dict(zip(STATES, map(int, self._run(scope, _COUNTS, *STATES)), strict=True))

    def next_due(self, scope: str) -> float | None:
        """Return in how many seconds the next waiting entry may be claimed."""
        seconds: str = self._run(scope, _NEXT_DUE)
        return float(seconds) if seconds else None

    def close(self) -> None:
        """Give connections back."""
        self._client.close()

    def _check(self) -> None:
        """Refuse a server that would lose entries, and entries of later versions."""
        info: Callable[[str], dict[str, Any]] = self._client.info
        policy = str(info("memory").get("maxmemory_policy", "noeviction"))
        if policy.startswith("allkeys"):
            raise LedgerError(
                f"ledger: Redis at {self._place} evicts keys (maxmemory-policy {policy}), which would make it"
                " forget what was done; use a server with noeviction."
            )
        if not info("persistence").get("aof_enabled"):
            log.warning(
                "ledger: Redis at %s writes no append-only file; after its crash, what was done may be done"
                " again. Set appendonly yes and appendfsync always.",
                self._place,
            )
        self._client.set(_SCHEMA_KEY, SCHEMA, nx=True)
        version = self._client.get(_SCHEMA_KEY)
        if version != str(SCHEMA):
            raise LedgerError(
                f"ledger: Redis at {self._place} was written by another version (schema {version}, this one"
                f" reads {SCHEMA}); upgrade vocobase."
            )

    def _run(self, scope: str, script: str, *arguments: str | float) -> Any:
        # With its length, no scope is the beginning of another one.
        prefix = f"vocobase:ledger:{len(scope)}:{scope}:"
        with self._talk():
            if script not in self._scripts:
                self._scripts[script] = self._client.register_script(_COMMON + script)
            return self._scripts[script](keys=[prefix], args=arguments)

    @contextmanager
    def _talk(self) -> Generator[None]:
        try:
            yield
        except self._error as error:
            what = f"{type(error).__name__}: {one_line(error).rstrip('.')}"
            raise LedgerError(f"ledger: Redis at {self._place} cannot be used: {what}.") from error


def _entry(row: list[str | None]) -> Entry:
    key, payload, state, owner, claimed_at, not_before, result = row
    return read(
        cast(str, key),
        cast(str, payload),
        cast(str, state),
        owner,
        float(claimed_at) if claimed_at else None,
        float(not_before or 0),
        result,
    )


def _written(result: Mapping[str, Any] | None) -> str:
    return "" if result is None else write(result)
