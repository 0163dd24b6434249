"""A ledger in a Redis server. Each method is one script, which Redis executes atomically."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, cast
from uuid import uuid4

from vocobase._base.errors import LedgerError, one_line
from vocobase._base.forks import PerProcess
from vocobase._base.redis import open_redis, place_of_client
from vocobase._base.secrets import conceal, drop_frames, takes_secrets
from vocobase._base.values import OMIT, Omit
from vocobase._ledger import redis_scripts as scripts
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
from vocobase._ledger.identity import Bookmark, lost

log = logging.getLogger("vocobase")

# For a connection, and for a response.
PATIENCE_SECONDS = 15.0
# The member of a list in the hash of the ledger.
_COUNTED = re.compile(r"list:vocobase:ledger:\d+:(.*):", re.DOTALL)
# The error of a script for a lost ledger; Redis adds the position in the script.
_LOST = re.compile(r"\bLOST ([a-z ]+?)(?: script:|$)")


@cache
def _warn_about_persistence(place: str) -> None:
    """Warn once for each server: programs open a ledger many times."""
    log.warning(
        "ledger: Redis at %s writes no append-only file; after a crash, work may be done"
        " again. Set appendonly yes and appendfsync always.",
        place,
    )


class RedisLedger:
    """Keep a ledger in a Redis server; needs the extra ``redis``.

    Durability depends on the settings of Redis: a server that evicts keys is rejected, and one that writes no
    append-only file causes a warning in the log.

    Args:
        url: Address of the server, such as ``redis://localhost:6379``.

    Raises:
        ConfigurationError: the address is not valid, or a package is missing.
        LedgerError: the server cannot be used.
    """

    # Tools that show variables call the repr even of an object whose constructor has failed.
    _place = "(not open)"

    @takes_secrets("url")
    def __init__(self, url: str) -> None:
        self._client, self._error = open_redis(conceal(url), "ledger", seconds=PATIENCE_SECONDS)
        self._place = place_of_client(self._client)
        self._scripts: dict[str, Any] = {}
        self._bookmarks = PerProcess(Bookmark)
        try:
            with self._talk():
                self._check()
                self._identity = self._identify()
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
        """Add entries that are not in the list yet."""
        return sum(
            int(self._change(scope, scripts.ENTER, *(value for row in batch for value in row)))
            for batch in batches(scope, items)
        )

    def claim(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim waiting entries that are due: highest priority first, then the oldest."""
        return [_entry(row) for row in self._change(scope, scripts.CLAIM, owner, limit, lease, key or "")]

    def take_over(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        """Claim entries whose lease has expired."""
        return [_entry(row) for row in self._change(scope, scripts.TAKE_OVER, owner, limit, lease, key or "")]

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        """Renew leases."""
        return list(self._change(scope, scripts.RENEW, owner, lease, *keys))

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
        return list(
            self._change(scope, scripts.SETTLE, owner, state, repr(not_before), _written(result), *keys)
        )

    def revise(
        self,
        scope: str,
        keys: Collection[str],
        state: State,
        *,
        was: State,
        result: Mapping[str, Any] | None = None,
        not_before: float = 0.0,
        expected: Mapping[str, Any] | Omit | None = OMIT,
    ) -> list[str]:
        """Move entries that are not claimed to another state."""
        check_state(state)
        check_state(was)
        # The first argument switches the second one on, as no result and any result differ.
        condition = ("", "") if isinstance(expected, Omit) else ("1", _written(expected))
        given = (was, state, repr(not_before), _written(result), *condition)
        return list(self._change(scope, scripts.REVISE, *given, *keys))

    def get(self, scope: str, key: str) -> Entry | None:
        """Return one entry, or None."""
        check_key(scope, "scope")
        row = self._run(scope, scripts.GET, check_key(key))
        return _entry(row) if row else None

    def record(self, scope: str, keys: Collection[str], state: State) -> None:
        """Record keys in a state without claiming them: add new ones, and move waiting ones."""
        check_state(state)
        check_key(scope, "scope")
        self._change(scope, scripts.RECORD, state, *(check_key(key) for key in keys))

    def find(self, scope: str, keys: Collection[str], state: State) -> list[str]:
        """Return the keys whose entries are in a state, in the order passed."""
        return list(self._run(scope, scripts.FIND, state, *keys))

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        """Iterate over the entries in a state, oldest first."""
        last: str = "0"
        while True:
            last, rows = self._run(scope, scripts.ENTRIES, state, last, BATCH)
            for row in rows:
                yield _entry(row)
            if len(rows) < BATCH:
                return

    def counts(self, scope: str) -> dict[State, int]:
        """Return how many entries are in each state."""
        return dict(zip(STATES, map(int, self._run(scope, scripts.COUNTS, *STATES)), strict=True))

    def scopes(self, prefix: str) -> list[str]:
        """Return the scopes that begin with a prefix and have entries, in alphabetical order."""
        names = self._run("scopes", scripts.SCOPES)
        found = (name[1] for each in names if (name := _COUNTED.fullmatch(each)))
        return sorted(scope for scope in found if scope.startswith(prefix))

    def next_due(self, scope: str) -> float | None:
        """Return the seconds until the next waiting entry may be claimed."""
        seconds: str = self._run(scope, scripts.NEXT_DUE)
        return float(seconds) if seconds else None

    def close(self) -> None:
        """Remove the bookmark, and release the connections."""
        bookmark = self._bookmarks.get()
        with bookmark.lock, suppress(self._error):
            if worker := bookmark.end():
                self._client.hdel(scripts.IDENTITY_KEY, f"worker:{worker}")
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
            _warn_about_persistence(self._place)
        self._client.set(scripts.SCHEMA_KEY, SCHEMA, nx=True)
        keys = (scripts.SCHEMA_KEY, scripts.IDENTITY_KEY)
        self._client.eval(scripts.MIGRATE, len(keys), *keys, SCHEMA, uuid4().hex)
        version = self._client.get(scripts.SCHEMA_KEY)
        if version != str(SCHEMA):
            raise LedgerError(
                f"ledger: Redis at {self._place} was written by another version (schema {version}, this one"
                f" reads {SCHEMA}); upgrade vocobase."
            )

    def _identify(self) -> str:
        # Not together with the schema, as ledgers of earlier versions have none.
        self._client.hsetnx(scripts.IDENTITY_KEY, "identity", uuid4().hex)
        return str(self._client.hget(scripts.IDENTITY_KEY, "identity"))

    def _change(self, scope: str, script: str, *arguments: str | float) -> Any:
        return self._run(scope, script, *arguments, changes=1)

    def _run(self, scope: str, script: str, *arguments: str | float, changes: int = 0) -> Any:
        # With its length, no scope is a prefix of another one.
        prefix = f"vocobase:ledger:{len(scope)}:{scope}:"
        bookmark = self._bookmarks.get()
        with bookmark.lock, self._talk():
            if script not in self._scripts:
                whole = scripts.HEAD + script + scripts.TAIL
                self._scripts[script] = self._client.register_script(whole)
            guard = (self._identity, bookmark.worker, bookmark.number, changes)
            keys = [prefix, scripts.IDENTITY_KEY]
            number, result = self._scripts[script](keys=keys, args=(*arguments, *guard))
            bookmark.number = number
        return result

    @contextmanager
    def _talk(self) -> Generator[None]:
        handled = sys.exception()
        try:
            yield
        except self._error as error:
            drop_frames(error, handled)
            if detail := _LOST.search(str(error)):
                raise lost(f"Redis at {self._place}", detail[1]) from error
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
