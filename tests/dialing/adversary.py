"""An adversary of a list that is redialled: calls, faults, deaths and clocks, and what holds whatever it does."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import httpx
from hypothesis import strategies as st

from tests.dialing.world import NUMBERS, BaseWorld
from vocobase import CallJob, CallWindow, DialList, Ledger, PersonCap, Redial
from vocobase._dialing.scopes import outcomes_of
from vocobase._ledger import Entry, State
from vocobase_sandbox import Conversation

INDIA = ZoneInfo("Asia/Kolkata")
HOURS = CallWindow(time(9), time(20), timezone="Asia/Kolkata")
DELAYS = {
    "busy": [timedelta(minutes=15)],
    "no_answer": [timedelta(hours=2), timedelta(days=1)],
    "voicemail": [timedelta(minutes=30)],
}
OUTCOMES = {
    "busy": "busy",
    "no_answer": "no_answer",
    "failed": "failed",
    "voicemail": "voicemail",
    "talk": Conversation(turns=[("user", "Hello")]),
}
FAULTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "start lost": ("reset_before_headers", "POST /calls/start", {}),
    "start broken": ("malformed_json", "POST /calls/start", {}),
    "start never made": ("status", "POST /calls/start", {"status": 500}),
    "start refused": ("status", "POST /calls/start", {"status": 422}),
    "pages away": ("status", "GET /calls", {"status": 503}),
    "sessions away": ("status", "GET /sessions/*", {"status": 503}),
}
# The clock of a file: whatever jumps, its entries are due, and only `Server` decides when they are.
LATE = 4e9
LISTS = itertools.count()


class Crash(BaseException):
    """The end of a worker."""


@dataclass
class Server:
    """What stays of a ledger when a worker dies: its content, and a clock that the test moves.

    A real server has a real clock. So it keeps entries as due and leases as endless, and the times are kept
    here. Each example has scopes of its own.
    """

    inner: Ledger
    world: BaseWorld
    prefix: str
    ahead: float = 0.0
    claims: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def time(self) -> float:
        return self.world.now() + self.ahead


class Worker:
    """A ledger as one worker uses it, with an event before some of its calls."""

    def __init__(self, server: Server, events: Mapping[int, Any] | None = None) -> None:
        self._server = server
        self._inner = server.inner
        self._events = dict(events or {})
        self._calls = 0
        self._dead = False

    def die(self) -> NoReturn:
        """End the worker: it changes nothing after this."""
        self._dead = True
        raise Crash

    def _scope(self, scope: str) -> str:
        """Return the scope on the server, once what happens at this call has happened."""
        if self._dead:
            raise Crash
        self._calls += 1
        event = self._events.pop(self._calls, None)
        if event is not None and event():
            self.die()
        return self._server.prefix + scope

    def _seen(self, scope: str, entry: Entry) -> Entry:
        claimed_at, _ = self._server.claims.get((scope, entry.key), (None, 0.0))
        return entry if entry.claimed_at is None else replace(entry, claimed_at=claimed_at)

    def now(self) -> float:
        self._scope("")
        return self._server.time()

    def enter(self, scope: str, items: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        return self._inner.enter(self._scope(scope), items)

    def claim(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        scope, found = self._scope(scope), []
        now = self._server.time()
        for entry in list(self._inner.entries(scope, "waiting")):
            if len(found) < limit and entry.not_before <= now and key in (None, entry.key):
                self._server.claims[scope, entry.key] = now, now + lease
                found += self._inner.claim(scope, owner, 1, lease=10**6, key=entry.key)
        return [self._seen(scope, entry) for entry in found]

    def take_over(
        self, scope: str, owner: str, limit: int, *, lease: float, key: str | None = None
    ) -> list[Entry]:
        scope, found = self._scope(scope), []
        now = self._server.time()
        for entry in list(self._inner.entries(scope, "claimed")):
            claimed_at, until = self._server.claims[scope, entry.key]
            if len(found) < limit and until <= now and key in (None, entry.key):
                self._server.claims[scope, entry.key] = claimed_at, now + lease
                self._inner.renew(scope, [entry.key], owner=entry.owner or "", lease=0)
                found += self._inner.take_over(scope, owner, 1, lease=10**6, key=entry.key)
        return [self._seen(scope, entry) for entry in found]

    def renew(self, scope: str, keys: Collection[str], *, owner: str, lease: float) -> list[str]:
        scope = self._scope(scope)
        lost = self._inner.renew(scope, keys, owner=owner, lease=10**6)
        for key in set(keys) - set(lost):
            self._server.claims[scope, key] = self._server.claims[scope, key][0], self._server.time() + lease
        return lost

    def settle(self, scope: str, keys: Collection[str], state: State, **values: Any) -> list[str]:
        return self._inner.settle(self._scope(scope), keys, state, **values)

    def revise(self, scope: str, keys: Collection[str], state: State, **values: Any) -> list[str]:
        return self._inner.revise(self._scope(scope), keys, state, **values)

    def get(self, scope: str, key: str) -> Entry | None:
        scope = self._scope(scope)
        entry = self._inner.get(scope, key)
        return None if entry is None else self._seen(scope, entry)

    def record(self, scope: str, keys: Collection[str], state: State) -> None:
        self._inner.record(self._scope(scope), keys, state)

    def find(self, scope: str, keys: Collection[str], state: State) -> list[str]:
        return self._inner.find(self._scope(scope), keys, state)

    def entries(self, scope: str, state: State) -> Iterator[Entry]:
        scope = self._scope(scope)
        return (self._seen(scope, entry) for entry in list(self._inner.entries(scope, state)))

    def counts(self, scope: str) -> dict[State, int]:
        return self._inner.counts(self._scope(scope))

    def next_due(self, scope: str) -> float | None:
        scope = self._scope(scope)
        times = [entry.not_before for entry in self._inner.entries(scope, "waiting")]
        return max(0.0, min(times) - self._server.time()) if times else None

    def close(self) -> None:
        pass


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The network of a worker that dies at some of its requests, before or after the server has them."""

    def __init__(self, inner: Any, deaths: Mapping[int, str], die: Callable[[], object]) -> None:
        self._inner = inner
        self._deaths = deaths
        self._die = die
        self._requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        death = self._death()
        response: httpx.Response = self._inner.handle_request(request)
        if death:
            self._die()
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        death = self._death()
        response: httpx.Response = await self._inner.handle_async_request(request)
        if death:
            self._die()
        return response

    def _death(self) -> bool:
        """Return whether the worker dies after this request; die if it does before."""
        self._requests += 1
        death = self._deaths.get(self._requests)
        if death == "before":
            self._die()
        return death is not None


@dataclass
class BaseTrial:
    """One example."""

    # Of the colour of the trial.
    world: Any
    server: Server
    cap: PersonCap | None
    jobs: list[CallJob]
    redial: Redial
    # When the clock of the ledger jumped, and by how much it was ahead from then on.
    clocks: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 0.0)])

    def crash(self) -> bool:
        return True

    def another(self) -> bool:
        """Let another worker work, for so long that leases end meanwhile."""
        until = datetime.fromtimestamp(self.server.time(), UTC) + timedelta(minutes=5)
        with self.world.client() as vb:
            vb.calls.start_many(self.jobs, ledger=Worker(self.server), until=until, **self.rules())
        return False

    def rules(self) -> dict[str, Any]:
        return {"redial": self.redial, "person_cap": self.cap, "window": HOURS}

    def jump(self, seconds: float) -> Any:
        def move() -> bool:
            self.server.ahead += seconds
            self.clocks.append((self.world.now(), self.server.ahead))
            return False

        return move

    def moments(self, ring: datetime) -> list[datetime]:
        """Return the times that the clock of the ledger showed around a ring."""
        at = ring.timestamp()
        ends = [when for when, _ in self.clocks[1:]] + [float("inf")]
        aheads = [
            ahead for (_, ahead), end in zip(self.clocks, ends, strict=True) if _ <= at + 1 and at - 2 <= end
        ]
        return [ring + timedelta(seconds=ahead) for ahead in aheads]


@st.composite
def plans(draw: Any) -> dict[str, Any]:
    at = st.integers(1, 250)
    events = st.one_of(
        st.tuples(at, st.sampled_from(["crash", "another"])),
        st.tuples(at, st.sampled_from([-86_400.0, -3_600.0, -60.0, 60.0, 3_600.0, 20_000.0])),
    )
    deaths = st.dictionaries(st.integers(1, 60), st.sampled_from(["before", "after"]), max_size=1)
    runs = st.tuples(st.lists(events, max_size=3), deaths)
    return {
        "outcomes": [
            draw(st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=4)) for _ in range(2)
        ],
        "attempts": draw(st.integers(1, 3)),
        "cap": draw(
            st.sampled_from([None, PersonCap(1), PersonCap(2), PersonCap(1, days=1), PersonCap(3, days=2)])
        ),
        "faults": draw(st.lists(st.tuples(st.sampled_from(sorted(FAULTS)), st.integers(1, 3)), max_size=2)),
        "runs": draw(st.lists(runs, min_size=1, max_size=2)),
    }


def check(trial: BaseTrial) -> None:
    rings: dict[str, list[datetime]] = {}
    for row in trial.world.sandbox.calls:
        rings.setdefault(row["to_number"], []).append(datetime.fromisoformat(row["created_at"]))
    ledger = Worker(trial.server)
    with DialList(ledger) as found:
        results = {result.key: result for result in found.results()}
    assert len(results) == 3
    assert {result.state for result in results.values()} <= {"finished", "refused", "parked"}
    left = ledger.counts(outcomes_of("calls"))
    assert (left["waiting"], left["claimed"]) == (0, 0)
    for number, times in rings.items():
        assert number in NUMBERS[:2]
        several = 2 if number == NUMBERS[0] else 1
        assert len(times) <= trial.redial.max_attempts * several
        if trial.cap is not None and trial.cap.days is None:
            assert len(times) <= trial.cap.dials
        for ring in times:
            local = [moment.astimezone(INDIA).time() for moment in trial.moments(ring)]
            assert any(time(9) <= clock < time(20) for clock in local), (number, ring, local)
    for result in results.values():
        known = [dial for dial in result.dials if dial.call_id is not None]
        assert len(result.dials) <= trial.redial.max_attempts
        assert len({dial.call_id for dial in known}) == len(known)
        for early, late in pairwise(result.dials):
            assert early.outcome in DELAYS, "only known outcomes with a rule are redialled"
            check_gap(trial, early, late)


def check_gap(trial: BaseTrial, early: Any, late: Any) -> None:
    """By the clock of the ledger or by the true one: it may have jumped in between."""
    ring = {row["call_id"]: datetime.fromisoformat(row["created_at"]) for row in trial.world.sandbox.calls}
    gaps = [late.started_at - early.started_at]
    if late.call_id is not None:
        gaps.append(ring[late.call_id] - ring[early.call_id])
    assert max(gaps) >= DELAYS[early.outcome][0], (early, late)
