# Derived from tests/folders/aio/test_sync.py by scripts/derive_sync.py; edit that instead.
"""agents.documents.sync: what a run does, in which order, and which failures it survives."""

from __future__ import annotations

import os

import httpx
import pytest

import vocobase
from tests.folders.support import Account, Killed, Refusing, Wire, first, second, write
from tests.folders.sync.support import synchronise
from tests.transfers.support import no_pauses  # noqa: F401
from tests.transfers.sync.support import run


def test_a_folder_is_uploaded_changed_renamed_and_removed(account: Account) -> None:
    first(account.folder)
    report = synchronise(account)
    assert account.documents() == ["copy.md", "faq.md", "prices.md", "sub/gone.txt", "sub/moves.md"]
    assert report.paths("upload") == ["copy.md", "prices.md", "sub/gone.txt", "sub/moves.md"]
    assert report.paths("same") == ["faq.md"]
    assert report.changed
    wire = Wire(account.sandbox)
    again = synchronise(account, wire)
    assert not again.changed
    assert wire.seen == [f"GET /agent/{account.agent}/documents"]
    second(account.folder)
    wire = Wire(account.sandbox)
    report = synchronise(account, wire)
    assert account.documents() == ["copy.md", "faq.md", "moved.md", "new.md", "prices.md"]
    assert (report.paths("upload"), report.paths("replace")) == (["new.md"], ["prices.md"])
    assert (report.paths("rename"), report.paths("remove")) == (["sub/moves.md"], ["sub/gone.txt"])
    assert len([line for line in wire.seen if line == "POST /documents/upload"]) == 2
    order = [line.split()[0] + line.rpartition("/")[2][:6] for line in wire.seen]
    assert order.index("POSTdocume") < min(order.index(line) for line in order if line.startswith("DELETE"))
    with account.client() as vb:
        assert (
            vb.documents.download(
                next(row.id for row in vb.agents.documents.list(account.agent) if row.name == "prices.md"),
                account.folder.parent / "back",
            ).read_text()
            == "new prices"
        )


def test_a_dry_run_sends_no_writing_request_and_writes_nothing(account: Account) -> None:
    first(account.folder)
    wire = Wire(account.sandbox)
    plan = synchronise(account, wire, dry_run=True)
    assert plan.paths("upload") == ["copy.md", "prices.md", "sub/gone.txt", "sub/moves.md"]
    assert plan.dry_run
    assert all(line.startswith("GET ") for line in wire.seen)
    assert not account.manifest().exists()
    synchronise(account)
    before = account.manifest().read_bytes()
    second(account.folder)
    plan = synchronise(account, dry_run=True)
    assert str(plan).splitlines() == [
        f"plan for agent {account.agent}, folder {account.folder}: "
        "1 upload, 1 replace, 1 rename, 1 remove, 1 same, 1 keep",
        "+ upload  new.md",
        "~ replace prices.md",
        "> rename  sub/moves.md  to moved.md",
        "- remove  sub/gone.txt",
        "= same    faq.md  as copy.md",
    ]
    assert account.manifest().read_bytes() == before
    assert str(synchronise(account)).splitlines()[1:] == str(plan).splitlines()[1:]


def test_a_pattern_limits_the_files_and_the_removals(account: Account) -> None:
    write(account.folder, a_md="a", b_txt="b", sub__c_md="c")
    synchronise(account)
    for name in ("a.md", "b.txt", "sub/c.md"):
        (account.folder / name).unlink()
    write(account.folder, d_md="d", e_txt="e")
    synchronise(account, pattern="*.md")
    assert account.documents() == ["b.txt", "d.md", "faq.md"]


def test_a_file_that_fails_keeps_its_old_document_and_the_others_go_on(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    synchronise(account)
    write(account.folder, a_md="new a", b_md="new b")
    account.sandbox.faults.add("status", "PUT /_objects", status=403, count=1)
    report = synchronise(account)
    [failed] = report.failed
    assert failed.path == "a.md"
    assert "403" in failed.detail
    with account.client() as vb:
        sizes = {row.name: row.file_size for row in vb.agents.documents.list(account.agent)}
    assert sizes == {"a.md": 1, "b.md": 5, "faq.md": 8}
    assert (synchronise(account)).failed == []
    with account.client() as vb:
        sizes = {row.name: row.file_size for row in vb.agents.documents.list(account.agent)}
        assert vb.documents.list().total == 3
    assert sizes == {"a.md": 5, "b.md": 5, "faq.md": 8}


def test_progress_reports_each_step(account: Account) -> None:
    first(account.folder)
    synchronise(account)
    second(account.folder)
    told: list[tuple[str, str]] = []
    synchronise(account, on_progress=lambda step: told.append((step.verb, step.path)))
    assert told == [
        ("upload", "new.md"),
        ("upload", "prices.md"),
        ("link", "new.md"),
        ("link", "prices.md"),
        ("rename", "moved.md"),
        ("remove", "prices.md"),
        ("remove", "sub/gone.txt"),
    ]


def test_an_agent_can_have_a_hundred_documents(account: Account) -> None:
    for number in range(99):
        (account.folder / f"{number:03}.md").write_text(f"text {number}")
    synchronise(account)
    (account.folder / "one more.md").write_text("more")
    wire = Wire(account.sandbox)
    with pytest.raises(vocobase.InvalidArgumentError, match="makes 101 documents, but only 100 can"):
        synchronise(account, wire)
    assert all(line.startswith("GET ") for line in wire.seen)
    (account.folder / "one more.md").unlink()
    (account.folder / "000.md").write_text("changed")
    synchronise(account)
    assert len(account.documents()) == 100


@pytest.mark.parametrize(
    ("agent", "folder", "words"),
    [
        ("../x", ".", "not the id"),
        ("", ".", "not the id"),
        ("a", "/does/not/exist", "not a folder"),
        ("a", "x" * 5000, "not a folder"),
    ],
)
def test_wrong_arguments_are_refused(agent: str, folder: str, words: str) -> None:
    with pytest.raises(vocobase.InvalidArgumentError, match=words):
        run(
            httpx.MockTransport(lambda request: httpx.Response(500)),
            lambda vb: vb.agents.documents.sync(agent, folder),
        )


def test_an_unknown_agent_is_an_error(account: Account) -> None:
    account.agent = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    with pytest.raises(vocobase.NotFoundError):
        synchronise(account)
    assert os.listdir(account.folder) == []


def test_a_renaming_that_leaves_the_name_of_the_document_asks_for_nothing(account: Account) -> None:
    write(account.folder, **{"d" * 99 + "__a_md": "a"})
    synchronise(account)
    (account.folder / ("d" * 99)).rename(account.folder / ("e" * 99))
    wire = Wire(account.sandbox)
    report = synchronise(account, wire)
    assert report.paths("rename") == ["d" * 99 + "/a.md"]
    assert [line.split()[0] for line in wire.seen] == ["GET"]
    assert not (synchronise(account)).changed


def test_a_file_that_fails_keeps_its_old_document_even_if_both_would_be_too_many(
    account: Account,
) -> None:
    for number in range(99):
        (account.folder / f"{number:03}.md").write_text(f"text {number}")
    synchronise(account)
    (account.folder / "000.md").write_text("new text 0")
    (account.folder / "001.md").write_text("new text 1")
    account.sandbox.faults.add("status", "PUT /_objects", status=403, count=1)
    report = synchronise(account)
    assert [step.path for step in report.failed] == ["000.md"]
    with account.client() as vb:
        sizes = {row.name: row.file_size for row in vb.agents.documents.list(account.agent)}
    assert (len(sizes), sizes["000.md"], sizes["001.md"]) == (100, 6, 10)
    synchronise(account)
    with account.client() as vb:
        sizes = {row.name: row.file_size for row in vb.agents.documents.list(account.agent)}
    assert (len(sizes), sizes["000.md"]) == (100, 10)


def test_a_failed_file_is_reported_once(account: Account) -> None:
    write(account.folder, a_md="a")
    with pytest.raises(Killed):
        synchronise(account, Wire(account.sandbox, 4))
    account.sandbox.faults.add("status", "PUT /_objects", status=403, count=1)
    report = synchronise(account)
    assert [(step.verb, step.path) for step in report.steps] == [("discard", "a.md"), ("failed", "a.md")]


def test_a_wrong_time_limit_is_refused_before_anything_is_sent(account: Account) -> None:
    write(account.folder, a_md="a")
    wire = Wire(account.sandbox)
    with pytest.raises(vocobase.ConfigurationError, match="positive"):
        synchronise(account, wire, transfer_timeout=-1)
    assert wire.seen == []


def test_a_name_that_is_refused_holds_up_nothing_else(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    synchronise(account)
    (account.folder / "a.md").rename(account.folder / "c.md")
    (account.folder / "b.md").unlink()
    write(account.folder, a_md="another")
    report = synchronise(account, Refusing(account.sandbox))
    assert [(step.verb, step.path) for step in report.steps] == [
        ("upload", "a.md"),
        ("failed", "a.md"),
        ("remove", "b.md"),
    ]
    assert "no such name" in report.failed[0].detail
    assert account.documents() == ["a.md", "a.md", "faq.md"]
    synchronise(account)
    assert account.documents() == ["a.md", "c.md", "faq.md"]
    assert not (synchronise(account)).changed
