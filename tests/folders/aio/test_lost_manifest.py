"""agents.documents.sync without its manifest: nothing is uploaded again, and nothing out of date stays linked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.folders.aio.support import synchronise
from tests.folders.support import Account, Forgetful, Killed, Wire, first, second, write
from tests.transfers.support import no_pauses  # noqa: F401
from vocobase._folders.document_marks import mark_in

FIRST = ["copy.md", "prices.md", "sub/gone.txt", "sub/moves.md"]


def lose(account: Account) -> None:
    account.manifest().unlink()


def ids(account: Account) -> dict[str, str]:
    with account.client() as vb:
        return {row.name: row.id for row in vb.documents.iter() if row.id != account.foreign}


def describe(account: Account, description: str | None, *names: str) -> None:
    """Replace the descriptions of documents, and with them their marks."""
    with account.client() as vb:
        for name, document_id in ids(account).items():
            if not names or name in names:
                vb.documents.update(document_id, description=description)


def uploads(wire: Wire) -> int:
    return wire.seen.count("POST /documents/upload")


async def test_a_lost_manifest_is_rebuilt_without_an_upload(account: Account) -> None:
    first(account.folder)
    await synchronise(account)
    before, state = ids(account), account.state()
    lose(account)
    wire = Wire(account.sandbox)
    plan = await synchronise(account, wire, dry_run=True)
    assert plan.paths("adopt") == FIRST
    assert not plan.changed
    assert "= adopt   copy.md  document " in str(plan)
    assert not account.manifest().exists()
    told: list[tuple[str, str]] = []
    report = await synchronise(account, wire, on_progress=lambda step: told.append((step.verb, step.path)))
    assert report.paths("adopt") == FIRST
    assert told == [("adopt", path) for path in FIRST]
    assert all(line.startswith("GET ") for line in wire.seen)
    assert (ids(account), account.state()) == (before, state)
    again = await synchronise(account)
    assert again.paths("keep") == FIRST
    assert again.paths("adopt") == []


async def test_without_a_manifest_a_run_ends_where_one_with_a_manifest_would(tmp_path: Path) -> None:
    states: list[Any] = []
    for lost in (False, True):
        folder = tmp_path / str(lost) / "kb"
        folder.mkdir(parents=True)
        account = Account(folder)
        first(folder)
        await synchronise(account)
        second(folder)
        if lost:
            lose(account)
        wire = Wire(account.sandbox)
        report = await synchronise(account, wire)
        assert report.paths("replace") == ["prices.md"]
        assert report.paths("remove") == ["sub/gone.txt"]
        assert report.paths("rename") == ["sub/moves.md"]
        assert uploads(wire) == 2
        states.append(account.state())
    assert states[0] == states[1]


async def test_a_run_without_a_manifest_that_is_killed_is_finished_by_one_without_a_manifest(
    tmp_path: Path,
) -> None:
    for number in (4, 5, 6, 7, 8, 9, 10, 12, 14):
        folder = tmp_path / str(number) / "kb"
        folder.mkdir(parents=True)
        account = Account(folder)
        first(folder)
        await synchronise(account)
        second(folder)
        lose(account)
        with pytest.raises(Killed):
            await synchronise(account, Wire(account.sandbox, number, carried_out=True))
        if account.manifest().exists():
            lose(account)
        await synchronise(account)
        assert account.documents() == ["copy.md", "faq.md", "moved.md", "new.md", "prices.md"], number


async def test_two_agents_share_the_documents_of_a_folder(account: Account) -> None:
    first(account.folder)
    await synchronise(account)
    before, one = ids(account), account.agent
    with account.client() as vb:
        other = vb.agents.create("Other", "p", voice_id=vb.voices.find().id).id
    account.agent = other
    wire = Wire(account.sandbox)
    report = await synchronise(account, wire)
    assert (report.paths("adopt"), report.paths("link")) == (FIRST, FIRST)
    assert uploads(wire) == 0
    assert ids(account) == before
    assert account.documents() == FIRST
    # One of them replaces a document, and the other one follows.
    second(account.folder)
    wire = Wire(account.sandbox)
    for account.agent in (one, other):
        await synchronise(account, wire)
    assert uploads(wire) == 2
    assert account.documents() == ["copy.md", "moved.md", "new.md", "prices.md"]
    assert sorted(ids(account)) == ["copy.md", "moved.md", "new.md", "prices.md"]


async def test_documents_that_exist_twice_are_reduced_to_one(account: Account) -> None:
    write(account.folder, a_md="a")
    await synchronise(account)
    [ours] = ids(account).values()
    with account.client() as vb:
        description = vb.documents.get(ours).description
        again = vb.documents.upload(b"a", name="a.md").id
        vb.documents.update(again, description=description)
        vb.agents.documents.link(account.agent, [again])
    lose(account)
    report = await synchronise(account)
    assert (report.paths("adopt"), report.paths("remove")) == (["a.md"], ["a.md"])
    assert account.documents() == ["a.md", "faq.md"]


async def test_documents_of_another_folder_stay_as_they_are(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    await synchronise(account)
    lose(account)
    before = ids(account)
    account.folder = account.folder.parent / "other"
    write(account.folder, b_md="b", c_md="a", d_md="d")
    report = await synchronise(account)
    # The name of a document of another folder stays, so the copy of a.md is another document.
    assert (report.paths("adopt"), report.paths("upload")) == (["b.md"], ["c.md", "d.md"])
    assert report.paths("remove") == report.paths("rename") == []
    assert before.items() <= ids(account).items()
    assert account.documents() == ["a.md", "b.md", "c.md", "d.md", "faq.md"]


@pytest.mark.parametrize("description", [None, "Our own words"])
async def test_documents_without_a_mark_are_identified_by_name_size_and_content(
    description: str | None, account: Account
) -> None:
    first(account.folder)
    await synchronise(account)
    describe(account, description)
    before = ids(account)
    write(account.folder, prices_md="OLD PRICES")
    lose(account)
    wire = Wire(account.sandbox)
    report = await synchronise(account, wire)
    assert report.paths("adopt") == ["copy.md", "sub/gone.txt", "sub/moves.md"]
    assert report.paths("upload") == ["prices.md"]
    assert uploads(wire) == 1
    with account.client() as vb:
        text = vb.documents.get(before["copy.md"]).description or ""
    assert text.startswith(description or "[vocobase-sync")
    assert mark_in(text) is not None
    # From now on the mark counts, and no content is read.
    lose(account)
    wire = Wire(account.sandbox)
    assert (await synchronise(account, wire)).paths("adopt") == FIRST
    assert len(wire.seen) == 2


async def test_an_api_that_keeps_no_description_is_served_by_name_and_size(account: Account) -> None:
    write(account.folder, a_md="a")
    await synchronise(account)
    lose(account)
    wire = Forgetful(account.sandbox, "description")
    assert (await synchronise(account, wire)).paths("adopt") == ["a.md"]
    assert uploads(wire) == 0


async def test_a_document_whose_content_cannot_be_read_is_not_adopted(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    await synchronise(account)
    describe(account, None)
    lose(account)
    account.sandbox.faults.add("status", "GET /_objects", status=404, count=1)
    report = await synchronise(account)
    assert len(report.paths("adopt")) == len(report.paths("upload")) == 1


async def test_a_manifest_that_exists_adopts_no_document_without_a_mark(account: Account) -> None:
    write(account.folder, a_md="a")
    await synchronise(account)
    with account.client() as vb:
        others = [vb.documents.upload(text, name=name).id for text, name in ((b"b", "b.md"), (b"c", "c.md"))]
        vb.agents.documents.link(account.agent, others)
    write(account.folder, b_md="b", c_md="c")
    report = await synchronise(account)
    assert (report.paths("adopt"), report.paths("upload")) == ([], ["b.md", "c.md"])


@pytest.mark.parametrize("killed_at", ["/confirm", "PUT /documents/"])
async def test_a_document_that_a_killed_run_confirmed_gets_its_mark(killed_at: str, account: Account) -> None:
    write(account.folder, a_md="a")
    wire = Wire(account.sandbox)
    await synchronise(account, wire)
    number = next(number for number, line in enumerate(wire.seen, 1) if killed_at in line)
    with account.client() as vb:
        vb.documents.delete(ids(account)["a.md"])
    lose(account)
    with pytest.raises(Killed):
        await synchronise(account, Wire(account.sandbox, number, carried_out=True))
    await synchronise(account)
    with account.client() as vb:
        assert mark_in(vb.documents.get(ids(account)["a.md"]).description) is not None


@pytest.mark.parametrize(
    "members",
    [{"name": 5}, {"file_size": 2}, {"file_size": None}, {"id": ""}, {"mime_type": "image/png"}],
    ids=str,
)
async def test_a_document_that_contradicts_its_mark_is_not_adopted(
    members: dict[str, Any], account: Account
) -> None:
    write(account.folder, a_md="a")
    await synchronise(account)
    lose(account)
    report = await synchronise(account, Forgetful(account.sandbox, **members), dry_run=True)
    assert report.paths("adopt") == []
    assert report.paths("upload") + report.paths("replace") == ["a.md"]


async def test_files_of_the_same_content_and_different_types_keep_their_documents(account: Account) -> None:
    write(account.folder, a_md="a", a_txt="a")
    await synchronise(account)
    before = ids(account)
    lose(account)
    assert (await synchronise(account)).paths("adopt") == ["a.md", "a.txt"]
    assert ids(account) == before


async def test_a_damaged_manifest_says_that_it_can_be_rebuilt(account: Account) -> None:
    account.manifest().write_text("{")
    with pytest.raises(vocobase.InvalidArgumentError, match="move it away: the next run adopts"):
        await synchronise(account)
