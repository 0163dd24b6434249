"""A table of numbers loses no change, whoever else changes it at the same time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vocobase import Ledger, open_ledger
from vocobase._dialing.number_table import all_rows, look_up, put_rows, remove_row

NUMBER = "+12025550100"
TABLE = "table"


class Rival:
    """A ledger in which another worker makes a change just before the first change of this one."""

    def __init__(self, ledger: Ledger, change: Callable[[Ledger], object]) -> None:
        self._ledger = ledger
        self._changes = [change]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def revise(self, *args: Any, **kwargs: Any) -> list[str]:
        while self._changes:
            self._changes.pop()(self._ledger)
        return self._ledger.revise(*args, **kwargs)


def put(ledger: Any, value: int) -> int:
    return put_rows(ledger, TABLE, [(NUMBER, {"value": value})], lambda new, old: new["value"] > old["value"])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    opened = open_ledger(tmp_path / "ledger.sqlite")
    put(opened, 1)
    return opened


def test_a_row_that_another_worker_has_raised_further_stays(ledger: Ledger) -> None:
    assert put(Rival(ledger, lambda shared: put(shared, 3)), 2) == 0
    assert look_up(ledger, TABLE, [NUMBER]) == {NUMBER: {"value": 3}}
    assert put(Rival(ledger, lambda shared: put(shared, 4)), 5) == 1
    assert [*all_rows(ledger, TABLE)] == [(NUMBER, {"value": 5})]


def test_a_row_that_changes_while_it_is_removed_is_removed_as_it_is(ledger: Ledger) -> None:
    removed = remove_row(Rival(ledger, lambda shared: put(shared, 2)), TABLE, NUMBER, {"why": "asked"})  # type: ignore[arg-type]
    assert removed == {"value": 2}
    assert look_up(ledger, TABLE, [NUMBER]) == {}
    assert put(ledger, 1) == 1


def test_a_row_that_moves_while_the_table_is_read_is_read_once(ledger: Ledger) -> None:
    rows = all_rows(ledger, TABLE)
    assert next(rows) == (NUMBER, {"value": 1})
    put(ledger, 2)
    assert [*rows] == []


def test_a_ledger_that_has_forgotten_a_row_changes_nothing(ledger: Ledger) -> None:
    class Forgetful(Rival):
        def get(self, scope: str, key: str) -> None:
            return None

    assert put(Forgetful(ledger, lambda shared: None), 9) == 0
