"""agents.documents.sync: files and folders that cannot be used."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.folders.aio.support import synchronise
from tests.folders.support import Account, Wire, write
from tests.transfers.support import no_pauses  # noqa: F401


async def test_unusable_files_are_reported_and_keep_their_documents(account: Account, tmp_path: Path) -> None:
    write(account.folder, a_md="a", sub__b_md="b", keep_md="k")
    await synchronise(account)
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
    report = await synchronise(account)
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


async def test_a_folder_that_cannot_be_read_keeps_its_documents(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a", sub__b_md="b")
    await synchronise(account)
    real = os.scandir

    def deny(path: Any) -> Any:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", deny)
    report = await synchronise(account)
    assert report.paths("skip") == ["sub"]
    assert account.documents() == ["a.md", "faq.md", "sub/b.md"]


async def test_a_file_that_changes_or_disappears_during_the_run_is_reported(account: Account) -> None:
    write(account.folder, a_md="a", b_md="b", c_md="c")

    def meddle(step: Any) -> None:
        write(account.folder, b_md="changed")
        (account.folder / "c.md").unlink(missing_ok=True)

    report = await synchronise(account, on_progress=meddle)
    assert {step.path: step.detail.split(";")[0] for step in report.failed} == {
        "b.md": "The file changed during the synchronisation",
        "c.md": "The file no longer exists (No such file or directory)",
    }
    await synchronise(account)
    assert account.documents() == ["a.md", "b.md", "faq.md"]


async def test_a_folder_that_cannot_be_read_is_not_taken_for_empty(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a", sub__b_md="b")
    await synchronise(account)
    real = os.scandir

    def deny(path: Any) -> Any:
        if str(path) == str(account.folder):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", deny)
    wire = Wire(account.sandbox)
    with pytest.raises(vocobase.InvalidArgumentError, match="cannot be read: Permission denied"):
        await synchronise(account, wire)
    assert wire.seen == []
    monkeypatch.undo()
    assert account.documents() == ["a.md", "faq.md", "sub/b.md"]


async def test_links_in_a_circle_are_reported(account: Account) -> None:
    (account.folder / "a.md").symlink_to("b.md")
    (account.folder / "b.md").symlink_to("a.md")
    write(account.folder, c_md="c")
    report = await synchronise(account)
    assert report.paths("skip") == ["a.md", "b.md"]
    assert report.paths("upload") == ["c.md"]


async def test_a_folder_whose_names_alone_can_be_read_keeps_its_documents(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a", shut__sub__b_md="b")
    await synchronise(account)

    def deny(real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(path: Any, *more: Any, **options: Any) -> Any:
            if str(path).endswith("shut/sub"):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *more, **options)

        return ask

    for name in ("stat", "lstat", "scandir"):
        monkeypatch.setattr(os, name, deny(getattr(os, name)))
    report = await synchronise(account)
    assert report.paths("skip") == ["shut/sub"]
    assert account.documents() == ["a.md", "faq.md", "shut/sub/b.md"]
