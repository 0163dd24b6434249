"""Ledgers of schema 1: they are migrated in place, and their old workers stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.ledger import schema1
from tests.ledger.losses import PostgresPlace, RedisPlace, place_of
from vocobase import Ledger, open_ledger

HOUR = 3600.0


@pytest.fixture
def old(address: str, scope: str) -> Iterator[str]:
    """The address of a ledger of schema 1."""
    schema1.create(address, scope)
    yield address
    place = place_of(address)
    if isinstance(place, RedisPlace):
        place.client(lambda client: client.flushall())
    if isinstance(place, PostgresPlace):
        place.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def test_a_ledger_of_schema_1_is_migrated_in_place_and_loses_nothing(old: str, scope: str) -> None:
    with closing(open_ledger(old)) as ledger:
        found = [ledger.get(scope, row[0]) for row in schema1.ROWS]
        kept = [(e.key, e.payload["n"], e.state, e.owner, e.claimed_at, e.not_before) for e in found if e]
        assert kept == [
            (key, number, state, owner, claimed_at, not_before)
            for number, (key, _, state, owner, claimed_at, _, not_before, _) in enumerate(schema1.ROWS, 1)
        ]
        assert [entry.result for entry in found if entry] == [
            {"call_id": "c1"},
            None,
            {"reason": "window"},
            None,
            {"reason": "unknown"},
            {"code": "x"},
        ]
        assert [entry.key for entry in ledger.entries(scope, "waiting")] == ["waiting", "later"]


def test_a_migrated_ledger_is_worked_on_like_a_new_one(old: str, scope: str) -> None:
    with closing(open_ledger(old)) as ledger:
        assert [entry.key for entry in ledger.take_over(scope, "new", 9, lease=HOUR)] == ["claimed"]
        ledger.enter(scope, [("urgent", {"priority": 7})])
        assert [entry.key for entry in ledger.claim(scope, "new", 9, lease=HOUR)] == ["urgent", "waiting"]
        assert ledger.settle(scope, ["urgent", "waiting", "claimed"], "done", owner="new") == []
    with closing(open_ledger(old)) as again:
        assert again.counts(scope) == {"waiting": 1, "claimed": 0, "done": 4, "refused": 1, "parked": 1}


def test_a_worker_of_schema_1_that_still_runs_changes_nothing_more(old: str, scope: str) -> None:
    with closing(open_ledger(old)) as ledger:
        error = schema1.claim_as_before(old, scope)
        assert "upgrade vocobase" in error or "another identity" in error
        entry = ledger.get(scope, "waiting")
        assert entry is not None and entry.state == "waiting"
        assert [entry.key for entry in ledger.claim(scope, "new", 9, lease=HOUR)] == ["waiting"]


def test_many_workers_that_open_an_old_ledger_at_once_all_get_the_same_one(old: str, scope: str) -> None:
    opened: list[Ledger] = []
    errors: list[BaseException] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        try:
            opened.append(open_ledger(old))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for ledger in opened:
        ledger.enter(scope, [("same", {})])
        assert ledger.counts(scope)["waiting"] == 3
        ledger.close()


def test_a_worker_of_schema_1_works_until_the_migration(old: str, scope: str) -> None:
    assert schema1.claim_as_before(old, scope) == ""
