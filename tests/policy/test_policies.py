"""Pacing, retry decisions, the way to the raw client, and requests that no method describes."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.fake_time import FakeClock, fake_time
from tests.forks import in_child
from tests.programs import running
from tests.transport.server import Server, answer, error, reset
from vocobase import AsyncVocobase, LocalPacer, ResponseInfo, Vocobase
from vocobase._base.clock import SYSTEM
from vocobase._policy.budgets import RedisPacer, resolve_pace
from vocobase._policy.operations import OPERATIONS, PER_MINUTE, Budget, RetrySafety
from vocobase._policy.pacers import account_of
from vocobase._policy.retry import (
    FIRST_DELAY_SECONDS,
    MAX_DELAY_SECONDS,
    delay,
    final_error,
    is_not_processed,
    parse_retry_after,
)
from vocobase_raw.api.agents import get as raw_get
from vocobase_raw.api.agents import list_ as raw_list
from vocobase_raw.api.agents_documents import unlink as raw_unlink
from vocobase_raw.api.calls import start as raw_start
from vocobase_raw.models import CallsStartRequest

KEY = "rg_live_canary_0123456789"
LOCAL = "http://localhost:1"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[FakeClock]:
    clock = FakeClock()
    with fake_time(clock):
        yield clock


def test_pauses_double_under_full_jitter_and_a_cap() -> None:
    fault = vocobase.ConnectionFailedError("x", sent=False)
    operation = OPERATIONS["agents.get"]
    longest = [
        delay(operation, fault, attempt=attempt, max_retries=9, remaining=99.0, random=lambda: 1.0)
        for attempt in range(1, 8)
    ]
    assert longest == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert (FIRST_DELAY_SECONDS, MAX_DELAY_SECONDS) == (0.5, 8.0)
    assert delay(operation, fault, attempt=1, max_retries=9, remaining=99.0, random=lambda: 0.0) == 0.0
    assert delay(operation, fault, attempt=10, max_retries=9, remaining=99.0, random=lambda: 0.0) is None
    assert delay(operation, fault, attempt=1, max_retries=9, remaining=0.4, random=lambda: 1.0) is None


def test_a_retry_after_counts_instead_of_the_jitter() -> None:
    fault = vocobase.RateLimitError("x", status=429, retry_after=7.0)
    arguments: dict[str, Any] = {"attempt": 1, "max_retries": 2, "random": lambda: 1.0}
    assert delay(OPERATIONS["calls.start"], fault, remaining=8.0, **arguments) == 7.0
    assert delay(OPERATIONS["calls.start"], fault, remaining=7.0, **arguments) is None


@pytest.mark.parametrize("key", OPERATIONS)
def test_no_operation_is_repeated_when_it_may_have_been_done_unless_that_is_safe(key: str) -> None:
    operation = OPERATIONS[key]
    for fault in (
        vocobase.ConnectionFailedError("x", sent=True),
        vocobase.TimeoutExceededError("x", sent=True),
        vocobase.ServerError("x", status=500),
        vocobase.APIError("x", status=408),
    ):
        assert not is_not_processed(fault)
        seconds = delay(operation, fault, attempt=1, max_retries=5, remaining=99.0, random=lambda: 0.5)
        assert (seconds is not None) == (operation.safety is RetrySafety.SAFE)
        final = final_error(operation, fault)
        assert isinstance(final, vocobase.OutcomeUnknownError) == (operation.safety is RetrySafety.UNSAFE)
        assert (operation.advice in str(final)) == (
            operation.safety is RetrySafety.UNSAFE or not operation.advice
        )


def test_every_operation_that_must_be_looked_at_says_how() -> None:
    assert [
        key
        for key, operation in OPERATIONS.items()
        if operation.safety is RetrySafety.UNSAFE and not operation.advice
    ] == []
    for key in (
        "calls.start",
        "calls.transfer",
        "campaigns.start",
        "campaigns.resume",
        "sessions.start_webrtc",
    ):
        assert OPERATIONS[key].safety is RetrySafety.UNSAFE


def test_routes_under_calls_have_their_own_budget() -> None:
    assert OPERATIONS["calls.start"].budget is Budget.CALLS
    assert OPERATIONS["calls.list"].budget is Budget.GENERAL
    assert OPERATIONS["sessions.start_webrtc"].budget is Budget.WEBRTC


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "5"}, 5.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:10 GMT"}, 10.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:10 -0000"}, 10.0),
        ({"retry-after": "Thu, 01 Jan 2020 00:00:10 GMT"}, 0.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "x"}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_retry_after(headers, NOW) == seconds


def test_a_local_pacer_gives_each_budget_its_size_in_any_minute() -> None:
    clock = FakeClock()
    pacer = LocalPacer(clock.monotonic)
    for budget, size in PER_MINUTE.items():
        assert [pacer.try_acquire(budget, "a") for _ in range(size)] == [0.0] * size
        assert pacer.try_acquire(budget, "a") == 60.0
        assert pacer.try_acquire(budget, "other account") == 0.0
    clock.elapsed = 60.0
    assert pacer.try_acquire(Budget.CALLS, "a") == 0.0


def test_the_wait_for_a_place_does_not_count_against_the_time_limit(clock: FakeClock) -> None:
    with Server([answer(200, {"id": "a"})]) as server:
        with Vocobase(KEY, base_url=server.url, pace=LocalPacer(clock.monotonic), timeout=5) as vb:
            for _ in range(11):
                vb.calls.get("a")
    assert clock.pauses == [60.0]
    assert len(server.requests) == 11


def test_a_pacer_of_the_users_own_is_asked_off_the_event_loop() -> None:
    threads: list[int] = []

    class Mine:
        def try_acquire(self, budget: Budget, account: str) -> float:
            threads.append(threading.get_ident())
            assert account == account_of(KEY)
            assert KEY not in account
            return 0.0

    async def main(url: str) -> None:
        async with AsyncVocobase(KEY, base_url=url, pace=Mine()) as vb:
            await vb.agents.get("a")
            await vb.with_options(pace=False).agents.get("a")

    with Server([answer(200, {"id": "a"})]) as server:
        asyncio.run(main(server.url))
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


@pytest.mark.parametrize("pace", [5, "not an address", "redis://localhost:port"])
def test_a_pace_that_cannot_be_kept_is_refused(pace: Any) -> None:
    with pytest.raises(vocobase.ConfigurationError, match="pace"):
        Vocobase(KEY, base_url="http://localhost:1", pace=pace)


def test_true_shares_one_budget_between_the_clients_of_a_process() -> None:
    assert resolve_pace(True, SYSTEM) is resolve_pace(True, SYSTEM)
    assert resolve_pace(True, SYSTEM) is not resolve_pace(True, FakeClock())
    assert resolve_pace(False, SYSTEM) is None


def test_loops_pace_themselves(clock: FakeClock) -> None:
    rows = [{"id": str(number)} for number in range(70)]

    def respond(request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params["offset"])
        return httpx.Response(
            200, json={"agents": rows[offset : offset + 1], "total": 70, "limit": 1, "offset": offset}
        )

    with Vocobase(KEY, transport=httpx.MockTransport(respond)) as vb:
        assert [agent.id for agent in vb.agents.iter(page_size=1)] == [row["id"] for row in rows]
    assert clock.pauses == [60.0]


def test_redis_that_does_not_answer_is_a_clear_error() -> None:
    with Vocobase(KEY, base_url="http://localhost:1", pace="redis://127.0.0.1:1") as vb:
        with pytest.raises(vocobase.ConnectionFailedError, match="Redis"):
            vb.agents.get("a")


def test_redis_without_its_packages_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(vocobase.ConfigurationError, match=r"the extra redis of vocobase"):
        RedisPacer("redis://127.0.0.1:1")


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed; CI installs it")
    folder = tmp_path_factory.mktemp("redis")
    place = folder / "socket"
    command = [program, "--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(folder)]
    with running(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("eady to accept connections" in line for line in process.stdout)
        yield f"redis+unix://{place}"
        process.terminate()


WORKER = """
import sys
from vocobase._policy.operations import Budget
from vocobase._policy.budgets import RedisPacer
pacer = RedisPacer(sys.argv[1])
print(sum(pacer.try_acquire(Budget.CALLS, "a") == 0.0 for _ in range(20)), sum(pacer.try_acquire(Budget.GENERAL, "a") == 0.0 for _ in range(40)))
"""


def test_several_processes_together_stay_within_the_budgets(redis: str) -> None:
    command = [sys.executable, "-c", WORKER, redis]
    with ExitStack() as stack:
        settings = {"stdout": subprocess.PIPE, "text": True}
        workers = [stack.enter_context(running(command, **settings)) for _ in range(3)]
        counts = [[int(text) for text in worker.communicate()[0].split()] for worker in workers]
    assert [sum(column) for column in zip(*counts, strict=True)] == [10, 60]
    pacer = RedisPacer(redis)
    assert 0.0 < pacer.try_acquire(Budget.CALLS, "a") <= 61.0
    assert pacer.try_acquire(Budget.CALLS, "another account") == 0.0


def test_on_response_tells_status_headers_and_request_id() -> None:
    seen: list[ResponseInfo] = []
    with Server([error(503, X_Request_Id="r1"), answer(200, {"id": "a"}, X_Request_Id="r2")]) as server:
        with Vocobase(KEY, base_url=server.url) as vb:
            vb.with_options(on_response=seen.append).agents.get("a")
            vb.agents.get("a")
    assert [(info.status, info.request_id, info.attempt) for info in seen] == [(503, "r1", 1), (200, "r2", 2)]
    assert seen[1].operation == "agents.get"
    assert seen[1].path == "/agent/{id}"
    assert seen[1].headers["content-type"] == "application/json"
    assert seen[1].seconds >= 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "agent"),
        ("GET", "/a?b=c"),
        ("GET", "/a/../b"),
        ("G T", "/a"),
        ("GÉT", "/a"),
        ("GET", "/a\nb"),
        ("GET", "//x"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(method: str, path: str) -> None:
    with Server([answer(200, {})]) as server, Vocobase(KEY, base_url=server.url) as vb:
        with pytest.raises(vocobase.InvalidArgumentError):
            vb.request(method, path)
        assert server.requests == []


def test_a_head_request_has_no_payload_and_that_is_no_fault() -> None:
    with Server([answer(200)]) as server, Vocobase(KEY, base_url=server.url) as vb:
        assert vb.request("HEAD", "/a") is None
        with pytest.raises(vocobase.ResponseError, match="an empty body"):
            vb.request("GET", "/a")


def test_query_parameters_may_be_lists() -> None:
    with Server([answer(200, {})]) as server, Vocobase(KEY, base_url=server.url) as vb:
        vb.request("GET", "/a", params={"b": [True, None, "x"], "c": False, "d": None})
        assert server.requests[0].startswith(b"GET /a?b=true&b=x&c=false HTTP")


@pytest.mark.parametrize(
    "arguments", [{"method": 5}, {"path": None}, {"params": "a=1"}, {"params": [("a", 1)]}]
)
def test_a_request_of_other_types_is_refused(arguments: dict[str, Any]) -> None:
    with (
        Vocobase(KEY, base_url=LOCAL) as vb,
        pytest.raises(vocobase.InvalidArgumentError, match="nothing was sent"),
    ):
        vb.request(**{"method": "GET", "path": "/a", **arguments})


def test_the_raw_client_sends_nothing_but_json() -> None:
    with (
        Vocobase(KEY, base_url=LOCAL) as vb,
        pytest.raises(vocobase.InvalidArgumentError, match="must be JSON"),
    ):
        vb.raw.get_httpx_client().post("/agent", content=b"a=1")


def test_a_pacer_that_gives_less_than_nothing_gives_a_place() -> None:
    class Late:
        def try_acquire(self, budget: Budget, account: str) -> float:
            return -0.5

    with Server([answer(200, {"id": "a"})]) as server:
        with Vocobase(KEY, base_url=server.url, pace=Late()) as vb:
            assert vb.agents.get("a").id == "a"


def test_the_raw_client_goes_through_the_same_policies() -> None:
    with Server([reset, answer(200, {"id": "a1"})]) as server, Vocobase(KEY, base_url=server.url) as vb:
        assert raw_get.sync("a1", client=vb.raw).id == "a1"
        detailed = raw_list.sync_detailed(client=vb.raw, limit=5)
        assert detailed.status_code == 200
        assert server.requests[-1].startswith(b"GET /agent?limit=5 ")
        assert f"Bearer {KEY}".encode() in server.requests[-1]
        assert vb.raw is vb.raw
        for identifier in ("..", ".", ""):
            with pytest.raises(vocobase.InvalidArgumentError):
                raw_unlink.sync(identifier, "d1", client=vb.raw)
    with Server([reset]) as server, Vocobase(KEY, base_url=server.url) as vb:
        body = CallsStartRequest(agent_id="a", to_number="+919876543210")
        with pytest.raises(vocobase.OutcomeUnknownError):
            raw_start.sync(client=vb.raw, body=body)
        assert len(server.requests) == 1


def test_the_raw_client_cannot_leave_the_policies() -> None:
    with Vocobase(KEY, base_url=LOCAL) as vb:
        with pytest.raises(vocobase.ConfigurationError, match=r"use with_options\(headers=\.\.\.\)\.raw"):
            vb.raw.with_headers({"X-A": "b"})
        with pytest.raises(vocobase.ConfigurationError, match=r"use with_options\(timeout=\.\.\.\)\.raw"):
            vb.raw.with_timeout(5)
        with pytest.raises(vocobase.ConfigurationError, match="call the sync functions"):
            asyncio.run(raw_get.asyncio("a1", client=vb.raw))

    async def main() -> None:
        async with AsyncVocobase(KEY, base_url=LOCAL) as vb:
            with pytest.raises(vocobase.ConfigurationError, match="call the asyncio functions"):
                raw_get.sync("a1", client=vb.raw)

    asyncio.run(main())


def test_the_raw_client_works_asynchronously() -> None:
    async def main(url: str) -> str:
        async with AsyncVocobase(KEY, base_url=url) as vb:
            return (await raw_get.asyncio("a1", client=vb.raw)).id

    with Server([answer(200, {"id": "a1"})]) as server:
        assert asyncio.run(main(server.url)) == "a1"


def test_slow_operations_have_longer_unless_the_caller_says_otherwise() -> None:
    seen: list[float] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"]["read"])
        return httpx.Response(200, json={})

    with Vocobase(KEY, transport=httpx.MockTransport(respond)) as vb:
        vb.calls.get("c")
        vb.calls.extract("c")
        vb.with_options(timeout=5).calls.extract("c")
    assert [round(seconds) for seconds in seen] == [30, 60, 5]


SKEWED = """
import sys, time
wrong = float(sys.argv[2])
real = time.time
time.time = lambda: real() + wrong
from vocobase._policy.budgets import RedisPacer
from vocobase._policy.operations import Budget
pacer = RedisPacer(sys.argv[1])
print(sum(pacer.try_acquire(Budget.CALLS, "clocks") == 0.0 for _ in range(5)))
"""


def test_the_clock_of_the_server_counts_so_those_of_the_machines_need_not_agree(redis: str) -> None:
    acquired = 0
    for wrong in ("3600", "-3600", "86400"):
        command = [sys.executable, "-c", SKEWED, redis, wrong]
        acquired += int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert acquired == 10
    assert 50.0 < RedisPacer(redis).try_acquire(Budget.CALLS, "clocks") <= 60.0


def test_a_permit_of_redis_is_free_again_after_a_minute_of_the_server(redis: str) -> None:
    from redis import Redis

    pacer = RedisPacer(redis)
    assert [pacer.try_acquire(Budget.WEBRTC, "a") for _ in range(10)] == [0.0] * 10
    client = Redis.from_url(redis.replace("redis+unix", "unix"))
    key = "vocobase:budget:a:webrtc"
    assert 0 < client.pttl(key) <= 60_000
    oldest, second = client.zrange(key, 0, 1)
    now = client.zscore(key, oldest)
    client.zadd(key, {oldest: now - 60_000_000, second: now - 50_000_000})
    assert pacer.try_acquire(Budget.WEBRTC, "a") == 0.0
    assert 0.05 <= pacer.try_acquire(Budget.WEBRTC, "a") <= 10.0


def test_permits_from_the_future_of_a_clock_that_was_set_back_count_from_now(redis: str) -> None:
    from redis import Redis

    pacer = RedisPacer(redis)
    for _ in range(10):
        pacer.try_acquire(Budget.CALLS, "a")
    client = Redis.from_url(redis.replace("redis+unix", "unix"))
    key = "vocobase:budget:a:calls"
    for permit in client.zrange(key, 0, -1):
        client.zincrby(key, 3_600_000_000, permit)
    assert 50.0 < pacer.try_acquire(Budget.CALLS, "a") <= 60.0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_local_pacer_can_be_taken_along_into_a_forked_process() -> None:
    held, free = threading.Event(), threading.Event()

    def now() -> float:
        # The clock is read while the lock is held.
        if threading.current_thread() is holder:
            held.set()
            free.wait()
        return 0.0

    pacer = LocalPacer(now)
    holder = threading.Thread(target=pacer.try_acquire, args=(Budget.CALLS, "a"))
    holder.start()
    assert held.wait(10)
    goes_on = in_child(lambda: pacer.try_acquire(Budget.CALLS, "b") == 0.0)
    free.set()
    holder.join()
    assert goes_on


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_a_body_of_the_raw_pool_that_is_not_json_is_rejected_before_anything_is_sent(body: bytes) -> None:
    with (
        Vocobase(KEY, base_url=LOCAL) as vb,
        pytest.raises(vocobase.InvalidArgumentError, match="must be JSON"),
    ):
        vb.raw.get_httpx_client().request("POST", "/agent", content=body)


def test_a_request_of_ones_own_through_the_raw_pool_keeps_its_query_and_body() -> None:
    seen: list[tuple[str, str, bytes]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, str(request.url), request.content))
        return httpx.Response(200, json={"success": True, "data": {"id": "x"}})

    with Vocobase(KEY, base_url=LOCAL, transport=httpx.MockTransport(respond)) as vb:
        pool = vb.raw.get_httpx_client()
        assert pool.request("POST", "/new?a=1&b=%2F", json={"n": 1}).json()["data"] == {"id": "x"}
        pool.request("GET", "/new")
    assert seen == [("POST", f"{LOCAL}/new?a=1&b=%2F", b'{"n":1}'), ("GET", f"{LOCAL}/new", b"")]


@pytest.mark.parametrize("as_path", [True, False])
def test_a_file_shares_the_budgets_between_clients(tmp_path: Path, as_path: bool) -> None:
    place: Any = tmp_path / "budgets.sqlite"
    clock = FakeClock()
    answer_all = httpx.MockTransport(lambda _: httpx.Response(200, json={"success": True, "data": {}}))
    with fake_time(clock):
        for _ in range(2):
            with Vocobase("k", transport=answer_all, pace=place if as_path else str(place)) as vb:
                for _ in range(40):
                    vb.request("GET", "/config")
    assert sum(clock.pauses) == pytest.approx(60, abs=2)


@pytest.mark.parametrize("text", ["true", "redis:localhost", "budgets", "http://x.sqlite"])
def test_a_mistyped_address_of_budgets_does_not_become_a_file(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(vocobase.ConfigurationError):
        Vocobase("k", pace=text)
    assert list(tmp_path.iterdir()) == []
