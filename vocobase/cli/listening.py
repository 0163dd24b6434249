"""The position of ``webhooks listen`` on disk: no event is lost if the command is killed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from vocobase import ConfigurationError, Vocobase, clock
from vocobase.cli.state import make_folder
from vocobase.files import FileLock, write_file
from vocobase.webhooks import SessionCompleted

# The first read may be slow; each further attempt may take twice as long.
FIRST_READ_SECONDS = 1.0
MAX_FIRST_READ_SECONDS = 64.0


@dataclass(frozen=True)
class Position:
    """The stored position.

    Attributes:
        path: The file.
        secret: Signs the deliveries; created for this file, and shown.
        cursor: Where the poll continues; None at the beginning.
    """

    path: Path
    secret: str
    cursor: str | None = None

    def write(self, cursor: str | None) -> Position:
        """Store another cursor; return the new position.

        Raises:
            OSError: it cannot be written; the old file is unchanged.
        """
        moved = replace(self, cursor=cursor)
        content = {name: value for name, value in asdict(moved).items() if name != "path"}
        write_file(self.path, json.dumps({"version": 1, **content}).encode(), owner_only=True)
        return moved


def read_position(path: Path) -> Position:
    """Read a position, or create one with its own secret.

    Raises:
        ConfigurationError: the file holds something else.
        OSError: it cannot be read or written.
    """
    make_folder(path.parent)
    try:
        content: Any = json.loads(path.read_bytes())
        if content["version"] == 1 and isinstance(content["secret"], str):
            return Position(path, content["secret"], content["cursor"])
    except FileNotFoundError:
        return Position(path, f"whsec_local_{secrets.token_hex(16)}").write(None)
    except (ValueError, TypeError, KeyError):
        # Not chained: the text of the file may be anything.
        pass
    raise ConfigurationError(
        f"{path} is not a cursor of vocobase webhooks listen; pass another --cursor FILE."
    )


@contextmanager
def held(path: Path) -> Generator[None]:
    """Hold a position for one run at a time.

    Raises:
        ConfigurationError: another run has it.
        OSError: its lock cannot be created.
    """
    make_folder(path.parent)
    with FileLock(path.with_name(f"{path.name}.lock")) as lock:
        if not lock.is_held:
            raise ConfigurationError(
                f"Another vocobase webhooks listen uses {path}; pass another --cursor FILE."
            )
        yield


class Feed:
    """The events after a position; each is stored as done when the next one is requested.

    Args:
        client: The client that polls.
        position: Where to begin.
        since: Start with the calls of this time instead.
        interval: Seconds between two polls.
        timeout: Seconds after which the feed ends; None for never.
        once: End after the first event.
    """

    def __init__(
        self,
        client: Vocobase,
        position: Position,
        *,
        since: datetime | None,
        interval: float,
        timeout: float | None,
        once: bool,
    ) -> None:
        self._client = client
        self._position = position
        self._since = since
        self._interval = interval
        self._ends = None if timeout is None else clock.monotonic() + timeout
        self._left = 1 if once else -1

    def __iter__(self) -> Iterator[SessionCompleted]:
        if self._since is not None:
            self._store(self._client.events.poll(since=self._since).cursor)
        yield from self._begin()
        if not self._is_over():
            yield from self._follow(self._remaining())

    def _begin(self) -> Iterator[SessionCompleted]:
        """Store the first cursor before the wait for the first event: calls that end meanwhile are kept."""
        seconds = FIRST_READ_SECONDS
        while self._position.cursor is None and not self._is_over():
            yield from self._follow(min(seconds, self._remaining() or seconds))
            seconds = min(2 * seconds, MAX_FIRST_READ_SECONDS)

    def _follow(self, timeout: float | None) -> Iterator[SessionCompleted]:
        start = self._position.cursor
        poll = self._client.events.poll(cursor=start, interval=self._interval, timeout=timeout)
        unread = poll.cursor
        for event in poll:
            yield event
            self._store(poll.cursor)
            self._left -= 1
            if self._left == 0:
                return
        if start is not None or poll.cursor != unread:
            self._store(poll.cursor)

    def _store(self, cursor: str) -> None:
        self._position = self._position.write(cursor)

    def _remaining(self) -> float | None:
        return None if self._ends is None else max(0.0, self._ends - clock.monotonic())

    def _is_over(self) -> bool:
        return self._left == 0 or self._remaining() == 0
