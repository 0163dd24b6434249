# Derived from tests/folders/aio/test_sync.py by scripts/derive_sync.py; edit that instead.
"""agents.documents.sync: whatever happens, the next run ends where an undisturbed one would."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.folders.support import (
    Account,
    Forgetful,
    Killed,
    Meddler,
    Refusing,
    Wire,
    another_run,
    first,
    second,
    write,
)
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


def states_of(tmp_path: Path, steps: list[Callable[[Path], None]]) -> list[Any]:
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    account = Account(folder)
    for step in steps:
        step(folder)
        synchronise(account)
    return account.state()


@pytest.mark.parametrize("carried_out", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("steps", [[first], [first, second]], ids=["first run", "second run"])
def test_a_run_that_is_killed_at_any_request_is_finished_by_the_next(
    steps: list[Callable[[Path], None]], carried_out: bool, tmp_path: Path
) -> None:
    expected = states_of(tmp_path, steps)
    number = 0
    while True:
        number += 1
        folder = tmp_path / f"kb{number}"
        folder.mkdir()
        account = Account(folder)
        for step in steps[:-1]:
            step(folder)
            synchronise(account)
        steps[-1](folder)
        wire = Wire(account.sandbox, number, carried_out=carried_out)
        try:
            synchronise(account, wire)
        except Killed:
            synchronise(account)
            assert account.state() == expected, f"killed at request {number}: {wire.seen[-1]}"
            assert not (synchronise(account)).changed
            assert os.listdir(folder).count(account.manifest().name) == 1
        else:
            break
    assert number > 12


def test_lost_responses_stop_the_run_and_the_next_one_verifies(account: Account) -> None:
    first(account.folder)
    account.sandbox.faults.add("reset_before_headers", "POST /documents/upload", count=1)
    with pytest.raises(vocobase.OutcomeUnknownError):
        synchronise(account)
    assert [row[3] for row in account.state()].count("uploading") == 1
    report = synchronise(account)
    assert report.paths("discard") == ["copy.md"]
    assert "uploading" not in [row[3] for row in account.state()]


def test_two_unfinished_records_that_cannot_be_distinguished_stay(account: Account) -> None:
    write(account.folder, a_md="content")
    with account.client() as vb:
        before = vb.documents.create_upload("a.md", 7, mime_type="text/markdown").document_id
    account.sandbox.faults.add("reset_before_headers", "POST /documents/upload", count=1)
    with pytest.raises(vocobase.OutcomeUnknownError):
        synchronise(account)
    with account.client() as vb:
        other = vb.documents.create_upload("a.md", 7, mime_type="text/markdown").document_id
    synchronise(account)
    with account.client() as vb:
        left = {row.id for row in vb.documents.iter() if row.status == "uploading"}
    assert {before, other} < left
    assert len(left) == 3


@pytest.mark.parametrize("carried_out", [False, True])
def test_an_unfinished_record_that_was_there_before_is_left(carried_out: bool, account: Account) -> None:
    write(account.folder, a_md="content")
    with account.client() as vb:
        before = vb.documents.create_upload("a.md", 7, mime_type="text/markdown").document_id
    wire = Wire(account.sandbox)
    synchronise(account, wire, dry_run=True)
    # After the reads of the dry run comes the record.
    with pytest.raises(Killed):
        synchronise(account, Wire(account.sandbox, len(wire.seen) + 1, carried_out=carried_out))
    synchronise(account)
    with account.client() as vb:
        assert [row.id for row in vb.documents.iter() if row.status == "uploading"] == [before]
    assert account.documents() == ["a.md", "faq.md"]


def test_documents_of_others_are_never_touched(account: Account) -> None:
    write(account.folder, faq_md="not ours")
    synchronise(account)
    assert account.documents() == ["faq.md", "faq.md"]
    (account.folder / "faq.md").unlink()
    synchronise(account)
    with account.client() as vb:
        assert [row.id for row in vb.documents.iter()] == [account.foreign]


def test_changes_on_the_server_are_repaired(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b", c_md="c")
    synchronise(account)
    with account.client() as vb:
        ids = {row.name: row.id for row in vb.agents.documents.list(account.agent)}
        vb.documents.delete(ids["a.md"])
        vb.agents.documents.unlink(account.agent, ids["b.md"])
    report = synchronise(account)
    assert (report.paths("upload"), report.paths("link")) == (["a.md"], ["b.md"])
    assert account.documents() == ["a.md", "b.md", "c.md", "faq.md"]


def test_a_document_that_another_agent_uses_is_only_unlinked(account: Account) -> None:
    write(account.folder, a_md="a")
    synchronise(account)
    with account.client() as vb:
        other = vb.agents.create("Other", "p", voice_id=vb.voices.find().id).id
        [ours] = [row.id for row in vb.agents.documents.list(account.agent) if row.name == "a.md"]
        vb.agents.documents.link(other, [ours])
    (account.folder / "a.md").unlink()
    synchronise(account)
    with account.client() as vb:
        assert vb.documents.get(ours).status == "ready"
        assert [row.id for row in vb.agents.documents.list(other)] == [ours]
    assert account.documents() == ["faq.md"]


def test_a_document_that_is_gone_before_its_removal_is_not_an_error(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    synchronise(account)
    (account.folder / "a.md").unlink()
    (account.folder / "b.md").unlink()

    class Race(Wire):
        """Another program deletes documents during the run."""

        def _before(self, request: httpx.Request) -> bool:
            lost = super()._before(request)
            if self.seen[-1].startswith("GET /documents/"):
                with account.client() as vb:
                    vb.documents.delete(self.seen[-1].rpartition("/")[2])
            return lost

    report = synchronise(account, Race(account.sandbox))
    assert report.paths("remove") == ["a.md", "b.md"]
    assert not (synchronise(account)).changed


def test_unusable_files_are_reported_and_keep_their_documents(account: Account, tmp_path: Path) -> None:
    write(account.folder, a_md="a", sub__b_md="b", keep_md="k")
    synchronise(account)
    outside = tmp_path / "secret.md"
    outside.write_text("secret")
    write(account.folder, movie_mp4="x", unknown="x", empty_md="", _hidden_md="x", _git__config_md="x")
    (account.folder / "~$word.docx").write_text("lock")
    (account.folder / ("n" * 120 + ".md")).write_text("long")
    (account.folder / "out.md").symlink_to(outside)
    (account.folder / "dangling.md").symlink_to(tmp_path / "nowhere.md")
    (account.folder / "inside.md").symlink_to(account.folder / "keep.md")
    (account.folder / "linked").symlink_to(tmp_path)
    os.mkfifo(account.folder / "pipe.md")
    os.truncate(account.folder / "a.md", 0)
    (account.folder / os.fsdecode(b"\xff.md")).write_text("name")
    shutil.rmtree(account.folder / "sub")
    (account.folder / "sub").symlink_to(tmp_path)
    report = synchronise(account)
    reasons = {step.path: step.detail for step in report.steps if step.verb == "skip"}
    expected = {
        "movie.mp4": "video/mp4",
        "unknown": "is unknown",
        "empty.md": "empty",
        "a.md": "empty",
        "n" * 120 + ".md": "at most 100",
        "out.md": "leads out",
        "dangling.md": "leads out",
        "linked": "link to a folder",
        "sub": "link to a folder",
        "pipe.md": "not a regular file",
        "?.md": "not UTF-8",
    }
    assert reasons.keys() == expected.keys()
    assert all(words in reasons[path] for path, words in expected.items())
    assert report.paths("same") == ["keep.md"] or report.paths("same") == ["inside.md"]
    assert account.documents() == ["a.md", "faq.md", "keep.md", "sub/b.md"]
    assert all(line.isprintable() for line in str(report).splitlines())


def test_a_folder_that_cannot_be_read_keeps_its_documents(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a", sub__b_md="b")
    synchronise(account)
    real = os.scandir

    def deny(path: Any) -> Any:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", deny)
    report = synchronise(account)
    assert report.paths("skip") == ["sub"]
    assert account.documents() == ["a.md", "faq.md", "sub/b.md"]


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


def test_a_refused_record_is_not_searched_for(account: Account) -> None:
    write(account.folder, a_md="a")
    account.sandbox.faults.add("status", "POST /documents/upload", status=400, count=1)
    report = synchronise(account)
    assert [step.path for step in report.failed] == ["a.md"]
    assert json.loads(account.manifest().read_text())["documents"] == []
    with account.client() as vb:
        other = vb.documents.create_upload("a.md", 1, mime_type="text/markdown").document_id
    synchronise(account)
    with account.client() as vb:
        assert vb.documents.get(other).status == "uploading"
    assert account.documents() == ["a.md", "faq.md"]


def test_a_file_that_changes_or_disappears_during_the_run_is_reported(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b", c_md="c")

    def meddle(step: Any) -> None:
        write(account.folder, b_md="changed")
        (account.folder / "c.md").unlink(missing_ok=True)

    report = synchronise(account, on_progress=meddle)
    assert {step.path: step.detail.split(";")[0] for step in report.failed} == {
        "b.md": "The file changed during the synchronisation",
        "c.md": "The file no longer exists (No such file or directory)",
    }
    synchronise(account)
    assert account.documents() == ["a.md", "b.md", "faq.md"]


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
    ("text", "words"),
    [
        ("", "Expecting value"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"version": 2}', "version 1 is needed"),
        ('{"version": 1, "agent_id": "other", "documents": []}', "another agent"),
        ('{"version": 1, "agent_id": "AGENT", "documents": {}}', "no list of documents"),
        ('{"version": 1, "agent_id": "AGENT", "documents": [5]}', "other members"),
        ('{"version": 1, "agent_id": "AGENT", "documents": [{"path": "a"}]}', "other members"),
        ('{"version": 1, "agent_id": "AGENT", "documents": [ENTRY5]}', "member of a document is invalid"),
        ('{"version": 1, "agent_id": "AGENT", "documents": [ENTRY, ENTRY]}', "occurs twice"),
        ("\udcff", "codec"),
        (" " * 5_000_000, "too large"),
    ],
    ids=[
        "empty",
        "list",
        "deep",
        "version",
        "agent",
        "mapping",
        "number",
        "member",
        "type",
        "twice",
        "bytes",
        "huge",
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused_before_anything_is_sent(
    account: Account, text: str, words: str
) -> None:
    entry: dict[str, Any] = {
        "path": "a.md", "name": "a.md", "sha256": "0", "mime_type": "text/markdown", "size": 1,
        "state": "ready", "document_id": "d", "before": [],
    }  # fmt: skip
    text = text.replace("ENTRY5", json.dumps({**entry, "size": "5"})).replace("ENTRY", json.dumps(entry))
    account.manifest().write_bytes(text.replace("AGENT", account.agent).encode("utf-8", "surrogateescape"))
    wire = Wire(account.sandbox)
    with pytest.raises(vocobase.InvalidArgumentError, match=words) as caught:
        synchronise(account, wire)
    assert wire.seen == []
    assert "\n" not in str(caught.value)


def test_a_manifest_with_documents_of_others_does_them_no_harm(account: Account) -> None:
    write(account.folder, a_md="a")
    synchronise(account)
    data = json.loads(account.manifest().read_text())
    data["documents"][0].update(document_id=account.foreign)
    account.manifest().write_text(json.dumps(data))
    (account.folder / "a.md").unlink()
    synchronise(account)
    assert "faq.md" in account.documents()
    data["documents"][0].update(document_id="../agents")
    account.manifest().write_text(json.dumps(data))
    with pytest.raises(vocobase.VocobaseError):
        synchronise(account)


def test_a_foreign_document_of_the_same_size_in_place_of_ours_stays(account: Account) -> None:
    write(account.folder, a_txt="not ours")
    synchronise(account)
    data = json.loads(account.manifest().read_text())
    data["documents"][0].update(document_id=account.foreign)
    account.manifest().write_text(json.dumps(data))
    (account.folder / "a.txt").unlink()
    synchronise(account)
    assert "faq.md" in account.documents()
    with account.client() as vb:
        assert vb.documents.get(account.foreign).status == "ready"


def test_an_unwritable_manifest_is_detected_before_anything_is_sent(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a")
    wire = Wire(account.sandbox)
    with pytest.raises(vocobase.ConfigurationError, match=r"cannot be written .No such file"):
        synchronise(account, wire, manifest=account.folder / "missing" / "m.json")
    assert all(line.startswith("GET ") for line in wire.seen)
    real = open

    def read_only(path: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        if "x" in mode:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, mode, *more, **options)

    monkeypatch.setattr("builtins.open", read_only)
    with pytest.raises(vocobase.ConfigurationError, match="Read-only file system"):
        synchronise(account)
    assert (synchronise(account, dry_run=True)).changed
    monkeypatch.undo()
    place = account.folder / "kept.md"
    synchronise(account, manifest=place)
    assert not (synchronise(account, manifest=place)).changed
    with pytest.raises(vocobase.InvalidArgumentError, match="Is a directory"):
        synchronise(account, manifest=account.folder)


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


def test_a_folder_that_cannot_be_read_is_not_taken_for_empty(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a", sub__b_md="b")
    synchronise(account)
    real = os.scandir

    def deny(path: Any) -> Any:
        if str(path) == str(account.folder):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", deny)
    wire = Wire(account.sandbox)
    with pytest.raises(vocobase.InvalidArgumentError, match="cannot be read: Permission denied"):
        synchronise(account, wire)
    assert wire.seen == []
    monkeypatch.undo()
    assert account.documents() == ["a.md", "faq.md", "sub/b.md"]


def test_links_in_a_circle_are_reported(account: Account) -> None:
    (account.folder / "a.md").symlink_to("b.md")
    (account.folder / "b.md").symlink_to("a.md")
    write(account.folder, c_md="c")
    report = synchronise(account)
    assert report.paths("skip") == ["a.md", "b.md"]
    assert report.paths("upload") == ["c.md"]


def test_a_manifest_in_the_folder_is_not_a_document_however_its_path_is_written(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a")
    monkeypatch.chdir(account.folder.parent)
    manifest, account.folder = account.folder / "kept.md", Path(account.folder.name)
    for _ in range(2):
        report = synchronise(account, manifest=manifest)
        assert "kept.md" not in {step.path for step in report.steps}
    assert account.documents() == ["a.md", "faq.md"]


@pytest.mark.parametrize(
    "moment",
    ["GET /agent", "GET /documents", "POST /documents/upload", "PUT", "POST /documents/", "POST /agent"],
)
def test_of_two_concurrent_runs_one_fails_and_nothing_exists_twice(moment: str, account: Account) -> None:
    first(account.folder)
    wire = Meddler(account.sandbox, moment, lambda: another_run(account))
    if moment == "POST /agent":
        # All is uploaded and written down, so that only the link is left, which both may ask for.
        synchronise(account, wire)
    else:
        with pytest.raises((vocobase.ConfigurationError, vocobase.NotFoundError)) as caught:
            synchronise(account, wire)
        assert "another run" in str(caught.value) or moment == "PUT"
    synchronise(account)
    assert account.documents() == ["copy.md", "faq.md", "prices.md", "sub/gone.txt", "sub/moves.md"]
    assert [row for row in account.state() if row[3:] != ("ready", True)] == []
    assert not (synchronise(account)).changed
    assert [name for name in os.listdir(account.folder) if name.endswith(".part")] == []


def test_a_manifest_that_is_deleted_during_the_run_is_written_again(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    synchronise(account, on_progress=lambda step: account.manifest().unlink(missing_ok=True))
    assert account.documents() == ["a.md", "b.md", "faq.md"]


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


@pytest.mark.parametrize("member", ["file_size", "mime_type"])
def test_a_document_with_missing_members_is_still_ours(member: str, account: Account) -> None:
    write(account.folder, a_md="a", b_md="b")
    synchronise(account)
    data = json.loads(account.manifest().read_text())
    data["documents"][0]["state"] = "uploading"
    account.manifest().write_text(json.dumps(data))
    assert not (synchronise(account, Forgetful(account.sandbox, member))).changed
    (account.folder / "a.md").unlink()
    synchronise(account, Forgetful(account.sandbox, member))
    assert account.documents() == ["b.md", "faq.md"]
    assert len(account.state()) == 2


@pytest.mark.parametrize("agents", ["missing", None, "x", {"a": 1}, [None], [5], [{}], [{"id": None}]])
def test_a_document_whose_agents_are_unknown_is_only_unlinked(agents: Any, account: Account) -> None:
    write(account.folder, a_md="a")
    synchronise(account)
    (account.folder / "a.md").unlink()
    members = {} if agents == "missing" else {"agents": agents}
    synchronise(account, Forgetful(account.sandbox, "agents", **members))
    assert account.documents() == ["faq.md"]
    assert [row[0] for row in account.state()] == ["a.md", "faq.md"]


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


def test_a_folder_whose_names_alone_can_be_read_keeps_its_documents(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a", shut__sub__b_md="b")
    synchronise(account)

    def deny(real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(path: Any, *more: Any, **options: Any) -> Any:
            if str(path).endswith("shut/sub"):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *more, **options)

        return ask

    for name in ("stat", "lstat", "scandir"):
        monkeypatch.setattr(os, name, deny(getattr(os, name)))
    report = synchronise(account)
    assert report.paths("skip") == ["shut/sub"]
    assert account.documents() == ["a.md", "faq.md", "shut/sub/b.md"]
