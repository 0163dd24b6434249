"""A list opens its ledger when it is used, and shows which one it is."""

from __future__ import annotations

from pathlib import Path

from vocobase import AsyncDialList, DialList, DialReport


async def test_an_asynchronous_list_opens_its_ledger_when_it_is_used(tmp_path: Path) -> None:
    found = AsyncDialList(tmp_path / "ledger.sqlite")
    assert repr(found) == "AsyncDialList(None, 'calls')"
    async with found:
        assert await found.report() == DialReport(0, 0, 0, 0, 0, None)


def test_a_list_shows_its_ledger(tmp_path: Path) -> None:
    with DialList(tmp_path / "ledger.sqlite") as opened:
        assert repr(opened) == f"DialList({opened._opened!r}, 'calls')"
        assert "SQLiteLedger" in repr(opened)
