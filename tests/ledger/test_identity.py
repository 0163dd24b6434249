"""A ledger that was emptied, replaced or restored while it is in use is noticed at its next use, whatever that is."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from tests.forks import in_child
from tests.ledger.losses import PostgresPlace, RedisPlace, SQLitePlace, place_of
from tests.ledger.servers import free_port, redis_server, wait_for_port
from tests.programs import running
from vocobase import Ledger, LedgerError, LedgerLostError, VocobaseError, open_ledger
from vocobase._ledger.sqlite import SQLiteLedger

HOUR = 3600.0
KINDS = {"sqlite": SQLitePlace, "redis": RedisPlace, "postgres": PostgresPlace}
LOSSES = [(kind, name) for kind, place in KINDS.items() for name in place("").losses()]
USES: dict[str, Callable[[Ledger, str], object]] = {
    "claim": lambda ledger, scope: ledger.claim(scope, "me", 9, lease=HOUR),
    "enter": lambda ledger, scope: ledger.enter(scope, [("a", {}), ("new", {})]),
    "renew": lambda ledger, scope: ledger.renew(scope, ["a"], owner="me", lease=HOUR),
    "settle": lambda ledger, scope: ledger.settle(scope, ["a"], "done", owner="me"),
    "revise": lambda ledger, scope: ledger.revise(scope, ["b"], "parked", was="waiting"),
    "get": lambda ledger, scope: ledger.get(scope, "b"),
    "entries": lambda ledger, scope: [list(ledger.entries(scope, s)) for s in ("claimed", "waiting")],
}
# These read no entry, so in Redis they cannot notice that the content of one is missing.
COUNTING: dict[str, Callable[[Ledger, str], object]] = {
    "take_over": lambda ledger, scope: ledger.take_over(scope, "me", 9, lease=HOUR),
    "counts": lambda ledger, scope: ledger.counts(scope),
    "next_due": lambda ledger, scope: ledger.next_due(scope),
}


@pytest.fixture(params=LOSSES, ids=lambda param: " ".join(param))
def loss(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    """An address, and what happens there."""
    kind, name = request.param
    if name == "truncated":
        # SQLite waits in vain for the other connections to such a file.
        monkeypatch.setitem(SQLiteLedger.__init__.__kwdefaults__, "patience", 1.0)
    address = (
        str(tmp_path / "ledger.sqlite") if kind == "sqlite" else request.getfixturevalue(f"{kind}_address")
    )
    wipe(address)
    yield address, name
    wipe(address)


def wipe(address: str) -> None:
    """Let no other test begin with what is left of a ledger."""
    place = place_of(address)
    if isinstance(place, RedisPlace):
        place.client(lambda client: client.flushall())
    if isinstance(place, PostgresPlace):
        place.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def begin(address: str, scope: str) -> Ledger:
    ledger = open_ledger(address)
    ledger.enter(scope, [(key, {}) for key in "abc"])
    ledger.claim(scope, "me", 1, lease=HOUR)
    return ledger


def watch(address: str, scope: str) -> None:
    """Open the ledger as someone who monitors it; that may create it again."""
    with suppress(LedgerError), closing(open_ledger(address)) as watcher:
        watcher.counts(scope)


@pytest.mark.parametrize("watched", [False, True], ids=["", "opened by others"])
def test_every_use_notices_that_a_ledger_was_lost(loss: tuple[str, str], scope: str, watched: bool) -> None:
    address, name = loss
    ledger = begin(address, scope)
    place_of(address).losses()[name]()
    if watched:
        watch(address, scope)
    uses = USES if (name, "redis" in address) == ("entries deleted", True) else USES | COUNTING
    for use in uses.values():
        with pytest.raises(LedgerLostError, match="Check what was done") as error:
            use(ledger, scope)
        assert "\n" not in str(error.value)
        assert "canary" not in str(error.value)
    ledger.close()


@pytest.mark.parametrize("use", [*USES, *COUNTING])
def test_every_use_notices_an_older_copy(ledger: Ledger, address: str, scope: str, use: str) -> None:
    ledger.enter(scope, [("a", {}), ("b", {})])
    restore = place_of(address).copy()
    ledger.claim(scope, "me", 1, lease=HOUR)
    restore()
    with pytest.raises(LedgerLostError, match="older copy"):
        (USES | COUNTING)[use](ledger, scope)


def test_an_older_copy_is_noticed_however_much_others_have_done_in_it(
    ledger: Ledger, address: str, scope: str
) -> None:
    ledger.enter(scope, [("a", {}), ("b", {})])
    restore = place_of(address).copy()
    ledger.claim(scope, "me", 1, lease=HOUR)
    restore()
    other = open_ledger(address)
    other.enter(scope, [(str(number), {}) for number in range(20)])
    while other.claim(scope, "other", 1, lease=HOUR):
        pass
    with pytest.raises(LedgerLostError):
        ledger.settle(scope, ["a"], "done", owner="me")
    other.close()


def test_who_notices_an_older_copy_stops_those_who_could_not(
    ledger: Ledger, address: str, scope: str
) -> None:
    idle = open_ledger(address)
    idle.enter(scope, [("a", {}), ("b", {})])
    restore = place_of(address).copy()
    ledger.claim(scope, "me", 1, lease=HOUR)
    restore()
    assert idle.counts(scope)["waiting"] == 2, "nothing of this worker is missing"
    with pytest.raises(LedgerLostError):
        ledger.counts(scope)
    with pytest.raises(LedgerLostError):
        idle.claim(scope, "idle", 1, lease=HOUR)
    after = open_ledger(address)
    assert len(after.claim(scope, "after", 9, lease=HOUR)) == 2, "a new run begins with what is there"
    with pytest.raises(LedgerLostError):
        ledger.counts(scope)
    assert after.settle(scope, ["a"], "done", owner="after") == [], "and is stopped by nobody"
    after.close()
    idle.close()


def test_a_lost_ledger_stays_lost(ledger: Ledger, address: str, scope: str) -> None:
    ledger.enter(scope, [("a", {})])
    place = place_of(address)
    next(iter(place.losses().values()))()
    for _ in range(3):
        with pytest.raises(LedgerLostError):
            ledger.enter(scope, [("a", {})])
    wipe(address)


def test_a_worker_that_has_only_read_notices_it_as_well(ledger: Ledger, address: str, scope: str) -> None:
    ledger.counts(scope)
    name = {SQLitePlace: "removed", RedisPlace: "emptied", PostgresPlace: "dropped"}[type(place_of(address))]
    place_of(address).losses()[name]()
    watch(address, scope)
    with pytest.raises(LedgerLostError):
        ledger.counts(scope)
    wipe(address)


def test_two_workers_and_a_watcher_are_no_reason_for_alarm(ledger: Ledger, address: str, scope: str) -> None:
    other = open_ledger(address)
    for worker in (ledger, other) * 10:
        worker.enter(scope, [("a", {}), ("b", {})])
        worker.claim(scope, "me", 1, lease=HOUR)
        with closing(open_ledger(address)) as watcher:
            assert watcher.counts(scope)["done"] == 0
        worker.settle(scope, ["a"], "waiting", owner="me")
    other.close()


def test_a_ledger_can_be_used_after_it_was_closed(ledger: Ledger, scope: str) -> None:
    for _ in range(3):
        ledger.enter(scope, [("a", {})])
        ledger.close()
    assert ledger.counts(scope)["waiting"] == 1


def test_closing_leaves_no_bookmark_behind(ledger: Ledger, address: str, scope: str) -> None:
    def bookmarks() -> int:
        place = place_of(address)
        if isinstance(place, RedisPlace):
            keys = Redis.from_url(address).hkeys("vocobase:ledger:identity")
            return sum(key.startswith(b"worker:") for key in keys)  # type: ignore[union-attr]
        if isinstance(place, PostgresPlace):
            with psycopg.connect(address) as database:
                return len(database.execute("TABLE vocobase_ledger_bookmarks").fetchall())
        with closing(sqlite3.connect(address)) as database:
            return len(database.execute("SELECT * FROM bookmarks").fetchall())

    before = bookmarks()
    ledger.enter(scope, [("a", {})])
    assert bookmarks() == before + 1
    ledger.close()
    assert bookmarks() == before


def test_closing_a_ledger_that_is_gone_is_quiet(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger.enter("list", [("a", {})])
    place_of(str(tmp_path / "ledger.sqlite")).losses()["removed"]()
    ledger.close()
    with redis_server() as address:
        ledger = open_ledger(address)
        ledger.enter("list", [("a", {})])
    ledger.close()


def test_forked_processes_have_bookmarks_of_their_own(ledger: Ledger, scope: str) -> None:
    ledger.enter(scope, [("a", {}), ("b", {})])

    def work() -> bool:
        claimed = [ledger.claim(scope, "child", 1, lease=HOUR) for _ in range(2)]
        ledger.close()
        return len(claimed) == 2

    assert in_child(work)
    assert ledger.counts(scope)["claimed"] == 2
    assert in_child(lambda: ledger.claim(scope, "child", 1, lease=HOUR) == [])
    assert ledger.settle(scope, [], "done", owner="me") == []


def test_a_forked_process_notices_that_the_ledger_of_its_parent_was_lost(
    ledger: Ledger, address: str, scope: str
) -> None:
    ledger.enter(scope, [("a", {})])
    place = place_of(address)
    next(iter(place.losses().values()))()
    watch(address, scope)

    def work() -> bool:
        with pytest.raises(LedgerLostError):
            ledger.claim(scope, "child", 1, lease=HOUR)
        return True

    assert in_child(work)
    wipe(address)


def test_vacuum_and_a_copy_are_no_reason_for_alarm(tmp_path: Path) -> None:
    address = str(tmp_path / "ledger.sqlite")
    ledger = begin(address, "list")
    SQLitePlace(address).copy()
    SQLitePlace(address).execute("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)", "ANALYZE")
    assert ledger.settle("list", ["a"], "done", owner="me") == []
    copied = open_ledger(address + ".kept")
    assert copied.counts("list")["claimed"] == 1
    assert ledger.counts("list")["claimed"] == 0


def test_vacuum_is_no_reason_for_alarm_in_postgres(postgres_address: str, scope: str) -> None:
    ledger = begin(postgres_address, scope)
    with psycopg.connect(postgres_address, autocommit=True) as database:
        for statement in ("VACUUM FULL", "ANALYZE", "REINDEX TABLE vocobase_ledger"):
            database.execute(statement)
        database.execute("DELETE FROM vocobase_ledger WHERE scope = 'no such list'")
    assert ledger.settle(scope, ["a"], "done", owner="me") == []
    ledger.close()


def test_a_restart_of_redis_is_no_reason_for_alarm_if_it_kept_everything() -> None:
    port = free_port()
    with redis_server(port) as address:
        ledger = begin(address, "list")
        with Redis.from_url(address) as client:
            folder = client.config_get("dir")["dir"]
            client.shutdown(nosave=True)
        command = ["redis-server", "--port", str(port), "--dir", folder, "--save", "", "--appendonly"]
        with running([*command, "yes"], stdout=subprocess.DEVNULL) as again:
            wait_for_port(port)
            assert ledger.settle("list", ["a"], "done", owner="me") == []
            again.terminate()
        with running([*command, "no"], stdout=subprocess.DEVNULL) as empty:
            wait_for_port(port)
            with pytest.raises(LedgerLostError):
                ledger.claim("list", "me", 1, lease=HOUR)
            empty.terminate()
    ledger.close()


def test_a_file_that_is_replaced_during_a_claim_gives_nothing_out(tmp_path: Path) -> None:
    """The claim is in a file that no other worker sees."""
    address = str(tmp_path / "ledger.sqlite")
    acts: list[Callable[[], object]] = []
    ledger = SQLiteLedger(address, clock=lambda: ([act() for act in acts] and 0.0) or 0.0)
    ledger.enter("list", [("a", {})])
    acts.append(SQLitePlace(address).replace)
    with pytest.raises(LedgerLostError):
        ledger.claim("list", "me", 1, lease=HOUR)


def test_entries_that_are_deleted_during_a_claim_stop_it(postgres_address: str, scope: str) -> None:
    """Another session deletes between the claim and the check, both in one transaction."""
    ledger = begin(postgres_address, scope)
    with pytest.raises(LedgerLostError), ledger._checked(1) as connection:  # type: ignore[attr-defined]
        connection.execute("UPDATE vocobase_ledger SET owner = 'me' WHERE scope = %s AND key = 'b'", [scope])
        PostgresPlace(postgres_address).execute(
            f"DELETE FROM vocobase_ledger WHERE key = 'c' AND scope = '{scope}'"
        )
    with closing(open_ledger(postgres_address)) as other:
        entry = other.get(scope, "b")
        assert entry is not None
        assert entry.owner is None, "nothing of it was kept"
    ledger.close()


def test_an_entry_whose_content_is_missing_is_not_entered_again(redis_address: str, scope: str) -> None:
    ledger = begin(redis_address, scope)
    ledger.settle(scope, ["a"], "done", owner="me")
    RedisPlace(redis_address).delete(f"vocobase:ledger:*{scope}:e:a")
    with (
        closing(open_ledger(redis_address)) as other,
        pytest.raises(LedgerLostError, match="an entry is missing"),
    ):
        other.enter(scope, [("a", {})])
    ledger.close()


def test_ledgers_of_versions_without_identity_get_one(ledger: Ledger, address: str, scope: str) -> None:
    place = place_of(address)
    if isinstance(place, SQLitePlace):
        place.execute("DROP TRIGGER entries_deleted", "DROP TABLE ledger", "DROP TABLE bookmarks")
    elif isinstance(place, PostgresPlace):
        place.execute(
            "DROP TABLE vocobase_ledger_identity, vocobase_ledger_bookmarks",
            "DROP FUNCTION vocobase_ledger_disown CASCADE",
        )
    else:
        assert isinstance(place, RedisPlace)
        place.delete("vocobase:ledger:identity")
    with closing(open_ledger(address)) as upgraded:
        upgraded.enter(scope, [("a", {})])
        assert len(upgraded.claim(scope, "me", 9, lease=HOUR)) == 1
        with closing(open_ledger(address)) as again:
            assert again.settle(scope, ["a"], "done", owner="me") == []
        with pytest.raises(VocobaseError):
            ledger.enter(scope, [("a", {})])


def test_a_role_that_may_not_create_tables_uses_those_that_exist(postgres_address: str, scope: str) -> None:
    open_ledger(postgres_address).close()
    PostgresPlace(postgres_address).execute(
        "CREATE ROLE worker LOGIN PASSWORD 'canary-5e2c'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO worker",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO worker",
    )
    with closing(open_ledger(postgres_address.replace("postgres:canary", "worker:canary"))) as ledger:
        assert ledger.enter(scope, [("a", {})]) == 1
    PostgresPlace(postgres_address).execute("DROP OWNED BY worker", "DROP ROLE worker")
