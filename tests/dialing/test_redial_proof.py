"""Whatever goes wrong, no one is dialled too often, too early or outside of hours, and every job comes to an end.

Each example runs one list through an adversary: calls that end in any way, lost responses, a worker that dies
at any use of the ledger or at any request, another worker that works in between, and a clock of the ledger that jumps. Then
workers without faults finish the list.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.dialing.conftest import NUMBERS, START, World, install
from tests.ledger.conftest import postgres_address, redis_address
from vocobase import CallJob, CallWindow, DialList, Ledger, PersonCap, Redial, open_ledger
from vocobase._dialing.scopes import outcomes_of
from vocobase._ledger import Entry, State
from vocobase._ledger.sqlite import SQLiteLedger
from vocobase_sandbox import Conversation, Sandbox

__all__ = ["postgres_address", "redis_address"]
# More for a run by hand.
EXAMPLES = int(os.environ.get("PROOF_EXAMPLES", "0"))
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
_numbers = itertools.count()


class Crash(BaseException):
    """The end of a worker."""


@dataclass
class Server:
    """What stays of a ledger when a worker dies: its content, and a clock that the test moves.

    A real server has a real clock. So it keeps entries as due and leases as endless, and the times are kept
    here. Each example has scopes of its own.
    """

    inner: Ledger
    world: World
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
class Trial:
    """One example."""

    world: World
    server: Server
    cap: PersonCap | None
    jobs: list[CallJob]
    rules: Redial
    # When the clock of the ledger jumped, and by how much it was ahead from then on.
    clocks: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 0.0)])

    def work(
        self,
        events: Mapping[int, Any] | None = None,
        deaths: Mapping[int, str] | None = None,
        **options: Any,
    ) -> None:
        ledger = Worker(self.server, events)
        before = self.world.wire
        self.world.wire = lambda inner: Wire(inner, deaths or {}, ledger.die)
        try:
            self.world.dial(
                self.jobs, ledger=ledger, redial=self.rules, person_cap=self.cap, window=HOURS, **options
            )
        finally:
            self.world.wire = before

    def crash(self) -> bool:
        return True

    def another(self) -> bool:
        """Let another worker work, for so long that leases end meanwhile."""
        world, kind = self.world, self.world.kind
        self.world.kind = "sync"
        try:
            until = datetime.fromtimestamp(self.server.time(), UTC) + timedelta(minutes=5)
            self.work(until=until)
        finally:
            world.kind = kind
        return False

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


def prove(plan: dict[str, Any], kind: str, place: str | None) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = stack.enter_context(
            Sandbox(seed=1, clock="manual", start=START, concurrency=0, rate_limits=False)
        )
        world = World(sandbox, kind, folder)
        install(world, stack)
        world.options["max_retries"] = 0
        inner = open_ledger(place) if place else SQLiteLedger(folder / "proof.sqlite", clock=lambda: LATE)
        stack.callback(inner.close)
        server = Server(inner, world, f"{os.getpid()}.{next(_numbers)}:")
        for number, outcomes in zip(NUMBERS, plan["outcomes"], strict=False):
            sandbox.script(number, *(OUTCOMES[name] for name in outcomes))
        for fault, count in plan["faults"]:
            what, route, options = FAULTS[fault]
            sandbox.faults.add(what, route, count=count, **options)  # type: ignore[arg-type]
        jobs = [CallJob(world.agent_id, number) for number in NUMBERS[:2]]
        jobs.append(CallJob(world.agent_id, NUMBERS[0], key="second"))
        trial = Trial(world, server, plan["cap"], jobs, Redial(plan["attempts"], DELAYS))
        for events, deaths in plan["runs"]:
            named = {"crash": trial.crash, "another": trial.another}
            chosen = {
                at: named[event] if isinstance(event, str) else trial.jump(event) for at, event in events
            }
            run_until_it_ends(trial, chosen, deaths)
        for _ in range(4):
            run_until_it_ends(trial, {}, {})
        check(trial)


def run_until_it_ends(trial: Trial, events: Mapping[int, Any], deaths: Mapping[int, str]) -> None:
    """Run a worker that may die, or end with the error of a server that is away."""
    from vocobase import APIError, ConnectionFailedError

    try:
        trial.work(events, deaths)
    except (Crash, APIError, ConnectionFailedError):
        # Its claims last for another minute or two; by a clock that was set back, the next one waited for days.
        trial.world.sleep(30)
        if trial.server.ahead < 0:
            trial.jump(-trial.server.ahead)()


def check(trial: Trial) -> None:
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
        assert len(times) <= trial.rules.max_attempts * several
        if trial.cap is not None and trial.cap.days is None:
            assert len(times) <= trial.cap.dials
        for ring in times:
            local = [moment.astimezone(INDIA).time() for moment in trial.moments(ring)]
            assert any(time(9) <= clock < time(20) for clock in local), (number, ring, local)
    for result in results.values():
        known = [dial for dial in result.dials if dial.call_id is not None]
        assert len(result.dials) <= trial.rules.max_attempts
        assert len({dial.call_id for dial in known}) == len(known)
        for early, late in pairwise(result.dials):
            assert early.outcome in DELAYS, "only known outcomes with a rule are redialled"
            check_gap(trial, early, late)


def check_gap(trial: Trial, early: Any, late: Any) -> None:
    """By the clock of the ledger or by the true one: it may have jumped in between."""
    ring = {row["call_id"]: datetime.fromisoformat(row["created_at"]) for row in trial.world.sandbox.calls}
    gaps = [late.started_at - early.started_at]
    if late.call_id is not None:
        gaps.append(ring[late.call_id] - ring[early.call_id])
    assert max(gaps) >= DELAYS[early.outcome][0], (early, late)


CALM = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    max_examples=EXAMPLES or 12,
    derandomize=not EXAMPLES,
    database=None,
    # A failure is shrunk by hand only: it takes longer than a test may.
    phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if EXAMPLES else [])],
)


@given(plan=plans())
@CALM
def test_no_fault_breaks_the_rules_of_redial_in_a_file(plan: dict[str, Any]) -> None:
    prove(plan, "sync", None)


@given(plan=plans())
@settings(CALM, max_examples=EXAMPLES or 6)
def test_no_fault_breaks_the_rules_of_redial_of_an_async_worker(plan: dict[str, Any]) -> None:
    prove(plan, "async", None)


@pytest.mark.parametrize("server", ["redis", "postgres"])
@given(plan=plans())
@settings(CALM, max_examples=EXAMPLES or 2)
def test_no_fault_breaks_the_rules_of_redial_on_a_server(
    request: pytest.FixtureRequest, server: str, plan: dict[str, Any]
) -> None:
    prove(plan, "sync", request.getfixturevalue(f"{server}_address"))
