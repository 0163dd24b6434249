"""Stores of handled events."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.forks import in_child
from tests.programs import running
from vocobase import ConfigurationError
from vocobase.webhooks import Dedupe, MemoryDedupe, RedisDedupe, SQLiteDedupe

from .support import FakeClock, FakeRedis, encode, reason, receiver, signed

BODY = encode()
HEADERS = signed(BODY)


def test_an_event_belongs_to_one_handler_at_a_time(dedupe: Dedupe) -> None:
    assert dedupe.claim("e", "first", 5) == "claimed"
    assert dedupe.claim("e", "second", 5) == "busy"
    assert dedupe.claim("other", "second", 5) == "claimed"


def test_a_confirmed_event_is_done(dedupe: Dedupe) -> None:
    dedupe.claim("e", "first", 5)
    dedupe.confirm("e")
    assert dedupe.claim("e", "second", 5) == "done"


def test_a_released_event_can_be_taken_again(dedupe: Dedupe) -> None:
    dedupe.claim("e", "first", 5)
    dedupe.release("e", "first")
    assert dedupe.claim("e", "second", 5) == "claimed"


def test_only_the_holder_renews_and_releases(dedupe: Dedupe) -> None:
    assert not dedupe.renew("e", "first", 5)
    dedupe.release("e", "first")
    dedupe.claim("e", "first", 5)
    assert dedupe.renew("e", "first", 5)
    assert not dedupe.renew("e", "second", 5)
    dedupe.release("e", "second")
    assert dedupe.claim("e", "third", 5) == "busy"


def test_a_confirmed_event_stays_done_whatever_late_handlers_do(dedupe: Dedupe) -> None:
    dedupe.claim("e", "first", 5)
    dedupe.confirm("e")
    dedupe.confirm("e")
    assert not dedupe.renew("e", "first", 5)
    dedupe.release("e", "first")
    assert dedupe.claim("e", "second", 5) == "done"


def test_a_claim_ends_with_its_lease_unless_it_is_renewed(timed: Dedupe, clock: FakeClock) -> None:
    timed.claim("e", "first", 5)
    clock.now += 4
    assert timed.renew("e", "first", 5)
    clock.now += 4
    assert timed.claim("e", "second", 5) == "busy"
    clock.now += 1.5
    assert timed.claim("e", "second", 5) == "claimed"
    assert not timed.renew("e", "first", 5)


def test_work_that_ends_after_its_lease_still_counts(timed: Dedupe, clock: FakeClock) -> None:
    timed.claim("e", "first", 5)
    clock.now += 6
    timed.claim("e", "second", 5)
    timed.confirm("e")
    timed.release("e", "second")
    assert timed.claim("e", "third", 5) == "done"


def test_handled_events_are_forgotten_after_the_ttl(timed: Dedupe, clock: FakeClock) -> None:
    timed.confirm("e")
    clock.now += 99
    assert timed.claim("e", "first", 5) == "done"
    clock.now += 1.5
    assert timed.claim("e", "second", 5) == "claimed"


def test_of_many_threads_one_wins(dedupe: Dedupe) -> None:
    def take(number: int) -> str:
        return dedupe.claim(f"event {number % 10}", f"thread {number}", 60)

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(take, range(160)))
    assert outcomes.count("claimed") == 10 and outcomes.count("busy") == 150


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_does_not_wait_for_the_threads_of_its_parent() -> None:
    held, free = threading.Event(), threading.Event()

    def now() -> float:
        # The clock is read while the lock is held.
        if threading.current_thread() is holder:
            held.set()
            free.wait()
        return 0.0

    store = MemoryDedupe(clock=now)
    holder = threading.Thread(target=store.claim, args=("e", "first", 5))
    holder.start()
    held.wait()
    goes_on = in_child(lambda: store.claim("other", "second", 5) == "claimed")
    free.set()
    holder.join()
    assert goes_on


TAKE_ALL = """
import sys
from vocobase.webhooks import SQLiteDedupe
dedupe = SQLiteDedupe(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(sum(dedupe.claim(f"event {n}", sys.argv[2], 60) == "claimed" for n in range(40)))
"""


def test_of_many_processes_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                running(
                    [sys.executable, "-c", TAKE_ALL, str(path), f"process {number}"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                )
            )
            for number in range(3)
        ]
        for worker in workers:
            assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("\n")
            worker.stdin.flush()
        assert sum(int(worker.communicate()[0]) for worker in workers) == 40


def test_a_file_is_remembered_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    SQLiteDedupe(path).confirm("e")
    assert SQLiteDedupe(str(path)).claim("e", "token", 5) == "done"


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    before = os.umask(0)
    try:
        store = SQLiteDedupe(path)
        path.unlink()
        store.confirm("e")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_stays_the_same_when_the_server_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    store = SQLiteDedupe("events.sqlite")
    store.confirm("e")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert store.claim("e", "token", 5) == "done"


FILL_THE_DISK = """
import resource, sys
from vocobase.webhooks import SQLiteDedupe, WebhookError, WebhookReceiver, sign
receiver = WebhookReceiver("whsec_a", dedupe=SQLiteDedupe(sys.argv[1]))
body = b'{"event":"session.completed","data":{"session_id":"s"}}'
for room in (1, resource.RLIM_INFINITY):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        print(receiver.receive(body, sign(body, "whsec_a")).session_id)
    except WebhookError as error:
        print(error.reason, "|", error.__cause__)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are of Unix")
def test_a_full_disk_asks_for_a_retry_which_gets_the_event_when_there_is_space(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILL_THE_DISK, str(tmp_path / "events.sqlite")]
    # Without compiled modules, which would be cut at the limit too, and stay so.
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    first, second = said.splitlines()
    assert first.startswith("unavailable | ")
    assert second == "s"


def test_a_damaged_file_asks_for_a_retry(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    once = receiver(dedupe=SQLiteDedupe(path))
    for damage in (b"\xff" * 4000, b"SQLite format 3\0" + b"\xff" * 4000):
        path.write_bytes(damage)
        assert reason(once.receive, BODY, HEADERS) == "unavailable"


def test_a_file_that_another_program_locks_asks_for_a_retry(tmp_path: Path) -> None:
    class Impatient(SQLiteDedupe):
        _lock_timeout = 0.01

    path = tmp_path / "events.sqlite"
    once = receiver(dedupe=Impatient(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert reason(once.receive, BODY, HEADERS) == "unavailable"
        holder.execute("ROLLBACK")
        assert once.receive(BODY, HEADERS)


def test_an_unreachable_redis_asks_for_a_retry() -> None:
    redis = pytest.importorskip("redis")
    with redis.Redis(unix_socket_path="/nowhere/at/all", retry=None) as client:
        assert reason(receiver(dedupe=RedisDedupe(client)).receive, BODY, HEADERS) == "unavailable"


def test_a_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    clock = FakeClock()
    path = tmp_path / "events.sqlite"
    store = SQLiteDedupe(path, ttl=10, clock=clock)
    for number in range(50):
        clock.now += 5
        store.claim(f"event {number}", "token", 5)
        store.confirm(f"event {number}")
    database = sqlite3.connect(path)
    count = database.execute("SELECT count(*) FROM webhook_events").fetchone()[0]
    database.close()
    assert count <= 3


def test_memory_keeps_the_newest_events_only() -> None:
    store = MemoryDedupe(size=2)
    for key in ("a", "b", "c"):
        store.confirm(key)
    assert [store.claim(key, "token", 5) for key in ("a", "b", "c")] == ["claimed", "done", "done"]


def test_memory_counts_from_the_last_confirmation() -> None:
    store = MemoryDedupe(size=2)
    for key in ("a", "b", "a", "c"):
        store.confirm(key)
    assert [store.claim(key, "token", 5) for key in ("a", "b", "c")] == ["done", "claimed", "done"]


def test_memory_never_forgets_a_claim_for_lack_of_space() -> None:
    store = MemoryDedupe(size=1)
    store.claim("a", "first", 60)
    for key in ("b", "c"):
        store.confirm(key)
    assert store.claim("a", "second", 60) == "busy"


def test_unusable_files_are_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is not a database. " * 100)
    for path in (tmp_path, tmp_path / "missing" / "file", tmp_path / "text", "a\0b", ":memory:", ""):
        with pytest.raises(ConfigurationError):
            SQLiteDedupe(path)


@pytest.mark.parametrize("ttl", [0, -1, float("nan"), float("inf"), "60", None, True])
def test_a_ttl_must_be_above_zero_and_finite(ttl: Any, tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(ConfigurationError):
        MemoryDedupe(ttl=ttl)
    with pytest.raises(ConfigurationError):
        SQLiteDedupe(tmp_path / "events.sqlite", ttl=ttl)
    with pytest.raises(ConfigurationError):
        RedisDedupe(Anything(), ttl=ttl)


def test_memory_needs_space() -> None:
    for size in (0, "10", None, 1.5):
        with pytest.raises(ConfigurationError, match="size must be a whole number, at least 1"):
            MemoryDedupe(size=size)  # type: ignore[arg-type]


def test_stores_need_a_clock_a_path_a_client_and_a_prefix_that_are_such(tmp_path: Path) -> None:
    makes: list[Callable[[], object]] = [
        lambda: MemoryDedupe(clock=5),  # type: ignore[arg-type]
        lambda: SQLiteDedupe(tmp_path / "events.sqlite", clock=5),  # type: ignore[arg-type]
        lambda: SQLiteDedupe(5),  # type: ignore[arg-type]
        lambda: RedisDedupe("redis://localhost"),  # type: ignore[arg-type]
        lambda: RedisDedupe(Anything(), prefix=b"mine:"),  # type: ignore[arg-type]
    ]
    for make in makes:
        with pytest.raises(
            ConfigurationError, match=r"clock must be a function|path must be|client must be|prefix must be"
        ):
            make()


class Anything:
    def execute_command(self, *args: Any, **options: Any) -> Any:
        raise AssertionError(args)


class Asynchronous:
    async def execute_command(self, *args: Any, **options: Any) -> Any:
        raise AssertionError(args)


def test_an_asynchronous_redis_client_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"redis\.Redis"):
        RedisDedupe(Asynchronous())


def test_redis_clients_may_decode_responses(redis_socket: str) -> None:
    redis = pytest.importorskip("redis")
    with redis.Redis(unix_socket_path=redis_socket, decode_responses=True) as client:
        store = RedisDedupe(client, prefix="decoded:")
        assert store.claim("e", "first", 5) == "claimed"
        assert store.renew("e", "first", 5)
        store.confirm("e")
        assert store.claim("e", "second", 5) == "done"


def test_redis_takes_its_own_claim_for_its_own(clock: FakeClock) -> None:
    """A client that repeats SET after a lost response finds that the key exists."""
    store = RedisDedupe(FakeRedis(clock))
    assert store.claim("e", "first", 5) == "claimed"
    assert store.claim("e", "first", 5) == "claimed"


def test_redis_keys_have_their_prefix_and_expire(redis_client: Any) -> None:
    store = RedisDedupe(redis_client, ttl=100, prefix="mine:")
    store.claim("e", "first", 5)
    assert 0 < redis_client.pttl("mine:e") <= 5000
    assert store.renew("e", "first", 50)
    assert 5000 < redis_client.pttl("mine:e") <= 50_000
    store.confirm("e")
    assert 50_000 < redis_client.pttl("mine:e") <= 100_000


def test_redis_endpoints_with_other_prefixes_see_all_events(redis_client: Any) -> None:
    RedisDedupe(redis_client, prefix="billing:").confirm("e")
    assert RedisDedupe(redis_client, prefix="crm:").claim("e", "token", 5) == "claimed"
