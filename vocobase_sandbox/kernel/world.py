"""The emulated account: its rows, its clock, its schedule and its event log."""

from __future__ import annotations

import heapq
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from vocobase_sandbox.kernel.clock import Clock, iso
from vocobase_sandbox.kernel.ids import Ids
from vocobase_sandbox.kernel.messages import Row
from vocobase_sandbox.kernel.settings import LOCAL_ORIGIN, Sender, Settings
from vocobase_sandbox.kernel.store import Store

logger = logging.getLogger("vocobase_sandbox")

Action = Callable[["World", Row], None]
"""A transition that is run when it is due; its argument is plain data, which can be persisted."""

_ACTIONS: dict[str, Action] = {}
_LOG_SIZE = 10_000


def action(name: str) -> Callable[[Action], Action]:
    """Register a transition under the name that the schedule stores."""

    def register(function: Action) -> Action:
        _ACTIONS[name] = function
        return function

    return register


class World:
    """The rows, the clock, the schedule and the event log of one account."""

    def __init__(self, settings: Settings, clock: Clock, store: Store) -> None:
        self.settings = settings
        self.clock = clock
        self.store = store
        self.origin = LOCAL_ORIGIN
        """The origin of links that are created outside a request."""
        self.log: deque[Row] = deque(maxlen=_LOG_SIZE)
        self.queues: dict[str, deque[str]] = {}
        """Phone numbers that campaigns still have to dial; derived from the store."""
        self.outbox: list[str] = []
        """Webhook deliveries whose next attempt is due now."""
        self.app: Sender | None = None
        """Passes webhook deliveries to an application in this process."""
        self.wake: Callable[[], None] = lambda: None
        """Called whenever a transition is scheduled."""
        self._heap: list[tuple[int, int]] = []
        self._acting_at: int | None = None
        self.reload()

    def reload(self) -> None:
        """Rebuild all state that is derived from the store."""
        self.account: Row = self.store.get("account", "account") or self.store.put(
            "account", {"id": "account", "counters": {}, "seed": self.settings.seed}
        )
        self.ids = Ids(self.account["seed"], self.account["counters"])
        self.outbox.clear()
        self.queues.clear()
        self._heap = [(row["due"], int(row["id"])) for row in self.store.rows("schedule")]
        heapq.heapify(self._heap)

    def save_account(self) -> None:
        """Save the account row after a change."""
        self.store.put("account", self.account)

    def uuid(self, kind: str) -> str:
        """Generate an identifier."""
        self.save_account()
        return self.ids.uuid(kind)

    def token(self, kind: str, length: int = 32) -> str:
        """Generate a token."""
        self.save_account()
        return self.ids.token(kind, length)

    @property
    def now_ms(self) -> int:
        """The current time; inside a transition, the time at which it was due."""
        return self.clock.now_ms() if self._acting_at is None else self._acting_at

    @property
    def now(self) -> str:
        """The current time in the format of the API."""
        return iso(self.now_ms)

    def record(self, kind: str, **fields: Any) -> None:
        """Append to the event log."""
        number = self.ids.next("log")
        self.log.append({"seq": number, "at": self.now, "type": kind, **fields})

    def schedule(self, seconds: float, name: str, **arguments: Any) -> None:
        """Schedule a transition after some seconds of the sandbox clock."""
        due = self.now_ms + round(seconds * 1000)
        number = self.ids.next("schedule")
        self.save_account()
        self.store.put("schedule", {"id": str(number), "due": due, "action": name, "arguments": arguments})
        heapq.heappush(self._heap, (due, number))
        self.wake()

    def next_due(self) -> int | None:
        """Return the instant of the next transition, or None."""
        return self._heap[0][0] if self._heap else None

    def run_next(self, until_ms: int) -> bool:
        """Run the first transition that is due by an instant; return whether there was one."""
        if not self._heap or self._heap[0][0] > until_ms:
            return False
        due, number = heapq.heappop(self._heap)
        event = self.store.table("schedule")[str(number)]
        self.store.remove("schedule", str(number))
        self._acting_at = due
        try:
            _ACTIONS[event["action"]](self, event["arguments"])
        except Exception as error:
            logger.exception("the transition %s failed", event["action"])
            self.record("transition.failed", action=event["action"], error=type(error).__name__)
        finally:
            self._acting_at = None
        return True
