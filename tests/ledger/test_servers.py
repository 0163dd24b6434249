"""Servers that do not answer, or should not be used, and workers that die."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from redis import Redis

from tests.forks import in_child
from tests.ledger.servers import POSTGRES_PASSWORD, free_port, redis_server
from tests.programs import running
from tests.results import results_of
from vocobase import ConfigurationError, Ledger, LedgerError, open_ledger
from vocobase._ledger.ledger_budgets import LedgerBudgets
from vocobase._policy.operations import Budget

HOUR = 3600.0


def harmless(error: BaseException) -> bool:
    """Return whether a message is one line without a password."""
    return "\n" not in str(error) and "canary" not in str(error)


@pytest.mark.parametrize("scheme", ["redis", "rediss", "postgresql", "postgres"])
def test_a_server_that_is_not_there_is_a_clear_error(scheme: str) -> None:
    with pytest.raises(LedgerError, match=r"127\.0\.0\.1:.* cannot be used") as error:
        open_ledger(f"{scheme}://user:canary-1@127.0.0.1:{free_port()}/0")
    assert harmless(error.value)
    assert error.value.__cause__ is not None


@pytest.mark.parametrize(
    "address",
    [
        "redis://user:canary@host:port",
        "redis://user:canary@host:1?socket_timeout=canary",
        "postgresql://user:canary@host:1?nonsense=canary",
        "postgresql://user:canary@[host",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used") as error:
        open_ledger(address)
    assert harmless(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize("kind", ["redis", "postgres"])
def test_a_missing_package_is_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = {"redis": "redis", "postgres": "psycopg"}[kind]
    monkeypatch.setitem(sys.modules, package, None)
    scheme = {"redis": "redis", "postgres": "postgresql"}[kind]
    with pytest.raises(
        ConfigurationError, match=rf"pip install '{package}.*\(the extra {kind} of vocobase\)"
    ):
        open_ledger(f"{scheme}://localhost")


def test_a_wrong_password_is_a_clear_error(postgres_address: str) -> None:
    with pytest.raises(LedgerError, match="password authentication failed") as error:
        open_ledger(postgres_address.replace(POSTGRES_PASSWORD, "canary-wrong"))
    assert harmless(error.value)


def test_redis_that_evicts_is_refused() -> None:
    with redis_server(None, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru") as address:
        with pytest.raises(LedgerError, match="evicts keys"):
            open_ledger(address)


def test_redis_that_writes_nothing_to_disk_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    with redis_server(None, "--appendonly", "no") as address:
        with caplog.at_level(logging.WARNING, "vocobase"):
            for _ in range(3):
                open_ledger(address).close()
    assert caplog.text.count("appendonly yes") == 1


def test_redis_that_is_full_is_a_clear_error_and_loses_nothing() -> None:
    with redis_server(None, "--maxmemory", "16mb") as address:
        ledger = open_ledger(address)
        with pytest.raises(LedgerError, match=r"OutOfMemory|OOM"):
            ledger.enter("list", ((str(number), {"text": "x" * 500}) for number in range(50_000)))
        number = ledger.counts("list")["waiting"]
        assert number > 0
        Redis.from_url(address).config_set("maxmemory", "0")
        assert len(ledger.claim("list", "me", 50_000, lease=HOUR)) == number
        ledger.close()


def test_redis_that_was_emptied_meanwhile_is_a_clear_error() -> None:
    with redis_server() as address:
        ledger = open_ledger(address)
        ledger.enter("list", [("a", {})])
        with Redis.from_url(address) as client:
            client.flushall()
        for use in (
            lambda: ledger.claim("list", "me", 1, lease=HOUR),
            lambda: ledger.enter("list", [("a", {})]),
            lambda: ledger.counts("list"),
            lambda: LedgerBudgets(ledger).try_acquire(Budget.CALLS, "account"),
        ):
            with pytest.raises(LedgerError, match="was emptied") as error:
                use()
            assert harmless(error.value)
        ledger.close()


def test_redis_of_a_later_version_is_refused() -> None:
    with redis_server() as address:
        with Redis.from_url(address) as client:
            client.set("vocobase:ledger:schema", "99")
        with pytest.raises(LedgerError, match=r"schema 99.*upgrade vocobase"):
            open_ledger(address)


def test_postgres_of_a_later_version_is_refused(postgres_address: str) -> None:
    open_ledger(postgres_address).close()
    with psycopg.connect(postgres_address) as database:
        database.execute("UPDATE vocobase_ledger_schema SET version = 99")
    try:
        with pytest.raises(LedgerError, match=r"schema 99.*upgrade vocobase"):
            open_ledger(postgres_address)
    finally:
        with psycopg.connect(postgres_address) as database:
            database.execute("UPDATE vocobase_ledger_schema SET version = 2")


def test_redis_that_was_killed_keeps_what_it_confirmed() -> None:
    port = free_port()
    with redis_server(port) as address:
        ledger = open_ledger(address)
        ledger.enter("list", [("a", {}), ("b", {})])
        ledger.claim("list", "me", 1, lease=HOUR)
        client = Redis.from_url(address)
        folder = client.config_get("dir")["dir"]
        process = client.info("server")["process_id"]
        client.close()
        os.kill(process, signal.SIGKILL)
        time.sleep(0.1)
        with pytest.raises(LedgerError, match="cannot be used"):
            ledger.counts("list")
        command = ["redis-server", "--port", str(port), "--dir", folder, "--appendonly", "yes", "--save", ""]
        with running(command, stdout=subprocess.DEVNULL) as again:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                try:
                    counts = ledger.counts("list")
                    break
                except LedgerError:
                    time.sleep(0.05)
            again.terminate()
        assert (counts["claimed"], counts["waiting"]) == (1, 1)
        ledger.close()


def test_a_connection_that_was_ended_is_replaced(postgres_address: str, scope: str) -> None:
    ledger = open_ledger(postgres_address)
    ledger.enter(scope, [("a", {})])
    with psycopg.connect(postgres_address, autocommit=True) as database:
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
        )
    with pytest.raises(LedgerError, match="cannot be used") as error:
        ledger.claim(scope, "me", 1, lease=HOUR)
    assert harmless(error.value)
    assert len(ledger.claim(scope, "me", 1, lease=HOUR)) == 1
    ledger.close()


def test_a_transaction_that_was_interrupted_twice_does_not_swallow_what_follows(
    postgres_address: str, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, other = open_ledger(postgres_address), open_ledger(postgres_address)
    ledger.enter(scope, [("a", {})])

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Transaction, "__exit__", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ledger.claim(scope, "me", 1, lease=HOUR)
    ledger.enter(scope, [("b", {})])
    assert other.counts(scope)["waiting"] == 2
    other.close()
    ledger.close()


def test_a_network_that_swallows_everything_holds_no_worker_for_hours(postgres_address: str) -> None:
    ledger = open_ledger(postgres_address + "?keepalives_idle=7")
    with ledger._talk() as connection:  # type: ignore[attr-defined]
        settings = connection.info.get_parameters()
    assert (settings["tcp_user_timeout"], settings["keepalives_idle"]) == ("15000", "7")
    ledger.close()


def test_a_lock_that_is_held_for_long_is_a_clear_error(
    postgres_address: str, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vocobase._base.postgres.PATIENCE_SECONDS", 1)
    ledger = open_ledger(postgres_address)
    ledger.enter(scope, [("a", {})])
    with psycopg.connect(postgres_address) as other:
        other.execute("LOCK TABLE vocobase_ledger")
        with pytest.raises(LedgerError, match="lock timeout"):
            ledger.claim(scope, "me", 1, lease=HOUR)
    assert len(ledger.claim(scope, "me", 1, lease=HOUR)) == 1
    ledger.close()


def test_a_connection_that_cannot_be_set_up_is_closed(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = results_of(monkeypatch, psycopg, "connect")
    monkeypatch.setattr("vocobase._base.postgres.PATIENCE_SECONDS", "many ")
    with pytest.raises(LedgerError, match="lock_timeout"):
        open_ledger(postgres_address)
    assert [connection.closed for connection in opens] == [True]


def test_entries_are_changed_in_the_order_in_which_they_came(postgres_address: str, scope: str) -> None:
    ledger = open_ledger(postgres_address)
    keys = ["a", "b", "c", "d", "e"]
    ledger.enter(scope, ((key, {}) for key in keys))
    # Now the first two are the last in the file, in whose order the server may go.
    ledger.revise(scope, ["a", "b"], "waiting", was="waiting", not_before=1.0)
    with ledger._talk() as connection:  # type: ignore[attr-defined]
        connection.execute("SET enable_indexscan = off")
        connection.execute("SET enable_bitmapscan = off")
    query = f"SELECT key FROM vocobase_ledger WHERE scope = '{scope}'"
    with ThreadPoolExecutor(1) as other, psycopg.connect(postgres_address) as holder:
        holder.execute(f"{query} AND key = 'c' FOR UPDATE")
        revised = other.submit(ledger.revise, scope, keys[::-1], "parked", was="waiting")
        while not holder.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
            pass
        with psycopg.connect(postgres_address) as third:
            free = third.execute(f"{query} ORDER BY seq FOR UPDATE SKIP LOCKED").fetchall()
        holder.commit()
        assert revised.result() == []
    assert free == [("d",), ("e",)], "whoever changes several waits for the first of them"
    ledger.close()


def test_claims_are_durable_where_the_server_would_not_wait_for_its_disk(postgres_address: str) -> None:
    place = urlsplit(postgres_address)
    with psycopg.connect(postgres_address, autocommit=True) as database:
        database.execute("ALTER ROLE postgres SET synchronous_commit = off")
    try:
        ledger = open_ledger(place.geturl())
        with ledger._talk() as connection:  # type: ignore[attr-defined]
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        ledger.close()
    finally:
        with psycopg.connect(postgres_address, autocommit=True) as database:
            database.execute("ALTER ROLE postgres RESET synchronous_commit")


def test_a_forked_process_gets_its_own_connection(ledger: Ledger, scope: str) -> None:
    ledger.enter(scope, [("a", {}), ("b", {})])
    ledger.claim(scope, "parent", 1, lease=HOUR)

    def work() -> bool:
        claimed = ledger.claim(scope, "child", 9, lease=HOUR)
        ledger.close()
        return [entry.key for entry in claimed] == ["b"]

    assert in_child(work)
    assert ledger.settle(scope, ["a"], "done", owner="parent") == []
    assert ledger.counts(scope)["claimed"] == 1


def test_a_forked_process_does_not_close_the_connection_of_its_parent(ledger: Ledger, scope: str) -> None:
    assert in_child(lambda: ledger.close() is None)
    assert ledger.enter(scope, [("a", {})]) == 1


def test_a_process_that_is_forked_in_the_middle_of_a_request_goes_on(
    postgres_address: str, scope: str
) -> None:
    ledger = open_ledger(postgres_address)
    ledger.enter(scope, [("a", {})])
    with ThreadPoolExecutor(1) as other, psycopg.connect(postgres_address) as holder:
        holder.execute("LOCK TABLE vocobase_ledger IN SHARE MODE")
        claim = other.submit(ledger.claim, scope, "parent", 1, lease=HOUR)
        while not holder.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
            pass
        assert in_child(lambda: ledger.counts(scope)["waiting"] == 1 and ledger.close() is None)
        holder.commit()
        assert [entry.key for entry in claim.result()] == ["a"]
    ledger.close()


CLAIMER = """
import sys
from vocobase import open_ledger
ledger = open_ledger(sys.argv[1])
while found := ledger.claim(sys.argv[2], sys.argv[3], 3, lease=3600):
    print(*[entry.key for entry in found], flush=True)
"""


def test_killed_workers_lose_no_claim_and_no_entry(ledger: Ledger, scope: str, address: str) -> None:
    keys = [str(number) for number in range(3000)]
    ledger.enter(scope, ((key, {}) for key in keys))
    printed: list[str] = []
    for turn in range(6):
        command = [sys.executable, "-c", CLAIMER, address, scope, f"worker {turn}"]
        with running(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            printed += process.stdout.readline().split()
            time.sleep(0.01 * turn)
            process.send_signal(signal.SIGKILL)
            # The last line may be cut off in the middle.
            printed += process.stdout.read().rpartition("\n")[0].split()
    claimed = {entry.key for entry in ledger.entries(scope, "claimed")}
    waiting = {entry.key for entry in ledger.entries(scope, "waiting")}
    assert len(printed) == len(set(printed)), "no entry was given out twice"
    assert set(printed) <= claimed, "what a worker was told was durable before it was told"
    assert claimed | waiting == set(keys)
    assert not claimed & waiting
