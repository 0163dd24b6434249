"""agents.documents.sync: what is interrupted, and what meets another run, ends where an undisturbed run would."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.folders.aio.support import synchronise
from tests.folders.support import Account, Killed, Meddler, Wire, another_run, first, second, write
from tests.transfers.support import no_pauses  # noqa: F401


async def states_of(tmp_path: Path, steps: list[Callable[[Path], None]]) -> list[Any]:
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    account = Account(folder)
    for step in steps:
        step(folder)
        await synchronise(account)
    return account.state()


@pytest.mark.parametrize("carried_out", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("steps", [[first], [first, second]], ids=["first run", "second run"])
async def test_a_run_that_is_killed_at_any_request_is_finished_by_the_next(
    steps: list[Callable[[Path], None]], carried_out: bool, tmp_path: Path
) -> None:
    expected = await states_of(tmp_path, steps)
    number = 0
    while True:
        number += 1
        folder = tmp_path / f"kb{number}"
        folder.mkdir()
        account = Account(folder)
        for step in steps[:-1]:
            step(folder)
            await synchronise(account)
        steps[-1](folder)
        wire = Wire(account.sandbox, number, carried_out=carried_out)
        try:
            await synchronise(account, wire)
        except Killed:
            await synchronise(account)
            assert account.state() == expected, f"killed at request {number}: {wire.seen[-1]}"
            assert not (await synchronise(account)).changed
            assert os.listdir(folder).count(account.manifest().name) == 1
        else:
            break
    assert number > 12


async def test_lost_responses_stop_the_run_and_the_next_one_verifies(account: Account) -> None:
    first(account.folder)
    account.sandbox.faults.add("reset_before_headers", "POST /documents/upload", count=1)
    with pytest.raises(vocobase.OutcomeUnknownError):
        await synchronise(account)
    assert [row[3] for row in account.state()].count("uploading") == 1
    report = await synchronise(account)
    assert report.paths("discard") == ["copy.md"]
    assert "uploading" not in [row[3] for row in account.state()]


async def test_two_unfinished_records_that_cannot_be_distinguished_stay(account: Account) -> None:
    write(account.folder, a_md="content")
    with account.client() as vb:
        before = vb.documents.create_upload("a.md", 7, mime_type="text/markdown").document_id
    account.sandbox.faults.add("reset_before_headers", "POST /documents/upload", count=1)
    with pytest.raises(vocobase.OutcomeUnknownError):
        await synchronise(account)
    with account.client() as vb:
        other = vb.documents.create_upload("a.md", 7, mime_type="text/markdown").document_id
    await synchronise(account)
    with account.client() as vb:
        left = {row.id for row in vb.documents.iter() if row.status == "uploading"}
    assert {before, other} < left
    assert len(left) == 3


@pytest.mark.parametrize("carried_out", [False, True])
async def test_an_unfinished_record_that_was_there_before_is_left(
    carried_out: bool, account: Account
) -> None:
    write(account.folder, a_md="content")
    with account.client() as vb:
        before = vb.documents.create_upload("a.md", 7, mime_type="text/markdown").document_id
    wire = Wire(account.sandbox)
    await synchronise(account, wire, dry_run=True)
    # After the reads of the dry run comes the record.
    with pytest.raises(Killed):
        await synchronise(account, Wire(account.sandbox, len(wire.seen) + 1, carried_out=carried_out))
    await synchronise(account)
    with account.client() as vb:
        assert [row.id for row in vb.documents.iter() if row.status == "uploading"] == [before]
    assert account.documents() == ["a.md", "faq.md"]


async def test_a_refused_record_is_not_searched_for(account: Account) -> None:
    write(account.folder, a_md="a")
    account.sandbox.faults.add("status", "POST /documents/upload", status=400, count=1)
    report = await synchronise(account)
    assert [step.path for step in report.failed] == ["a.md"]
    assert json.loads(account.manifest().read_text())["documents"] == []
    with account.client() as vb:
        other = vb.documents.create_upload("a.md", 1, mime_type="text/markdown").document_id
    await synchronise(account)
    with account.client() as vb:
        assert vb.documents.get(other).status == "uploading"
    assert account.documents() == ["a.md", "faq.md"]


@pytest.mark.parametrize(
    "moment",
    ["GET /agent", "GET /documents", "POST /documents/upload", "PUT", "POST /documents/", "POST /agent"],
)
async def test_of_two_concurrent_runs_one_fails_and_nothing_exists_twice(
    moment: str, account: Account
) -> None:
    first(account.folder)
    wire = Meddler(account.sandbox, moment, lambda: another_run(account))
    if moment == "POST /agent":
        # All is uploaded and written down, so that only the link is left, which both may ask for.
        await synchronise(account, wire)
    else:
        with pytest.raises((vocobase.ConfigurationError, vocobase.NotFoundError)) as caught:
            await synchronise(account, wire)
        assert "another run" in str(caught.value) or moment == "PUT"
    await synchronise(account)
    assert account.documents() == ["copy.md", "faq.md", "prices.md", "sub/gone.txt", "sub/moves.md"]
    assert [row for row in account.state() if row[3:] != ("ready", True)] == []
    assert not (await synchronise(account)).changed
    assert [name for name in os.listdir(account.folder) if name.endswith(".part")] == []


async def test_a_manifest_that_is_deleted_during_the_run_is_written_again(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    await synchronise(account, on_progress=lambda step: account.manifest().unlink(missing_ok=True))
    assert account.documents() == ["a.md", "b.md", "faq.md"]
