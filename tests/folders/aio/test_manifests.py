"""agents.documents.sync: manifests that cannot be used or written, and those that claim documents of others."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

import vocobase
from tests.folders.aio.support import synchronise
from tests.folders.support import Account, Wire, write
from tests.transfers.support import no_pauses  # noqa: F401


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
async def test_a_manifest_that_cannot_be_used_is_refused_before_anything_is_sent(
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
        await synchronise(account, wire)
    assert wire.seen == []
    assert "\n" not in str(caught.value)


async def test_a_manifest_with_documents_of_others_does_them_no_harm(account: Account) -> None:
    write(account.folder, a_md="a")
    await synchronise(account)
    data = json.loads(account.manifest().read_text())
    data["documents"][0].update(document_id=account.foreign)
    account.manifest().write_text(json.dumps(data))
    (account.folder / "a.md").unlink()
    await synchronise(account)
    assert "faq.md" in account.documents()
    data["documents"][0].update(document_id="../agents")
    account.manifest().write_text(json.dumps(data))
    with pytest.raises(vocobase.VocobaseError):
        await synchronise(account)


async def test_a_foreign_document_of_the_same_size_in_place_of_ours_stays(account: Account) -> None:
    write(account.folder, a_txt="not ours")
    await synchronise(account)
    data = json.loads(account.manifest().read_text())
    data["documents"][0].update(document_id=account.foreign)
    account.manifest().write_text(json.dumps(data))
    (account.folder / "a.txt").unlink()
    await synchronise(account)
    assert "faq.md" in account.documents()
    with account.client() as vb:
        assert vb.documents.get(account.foreign).status == "ready"


async def test_an_unwritable_manifest_is_detected_before_anything_is_sent(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a")
    wire = Wire(account.sandbox)
    with pytest.raises(vocobase.ConfigurationError, match=r"cannot be written .No such file"):
        await synchronise(account, wire, manifest=account.folder / "missing" / "m.json")
    assert all(line.startswith("GET ") for line in wire.seen)
    real = open

    def read_only(path: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        if "x" in mode:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, mode, *more, **options)

    monkeypatch.setattr("builtins.open", read_only)
    with pytest.raises(vocobase.ConfigurationError, match="Read-only file system"):
        await synchronise(account)
    assert (await synchronise(account, dry_run=True)).changed
    monkeypatch.undo()
    place = account.folder / "kept.md"
    await synchronise(account, manifest=place)
    assert not (await synchronise(account, manifest=place)).changed
    with pytest.raises(vocobase.InvalidArgumentError, match="Is a directory"):
        await synchronise(account, manifest=account.folder)


async def test_a_manifest_in_the_folder_is_not_a_document_however_its_path_is_written(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(account.folder, a_md="a")
    monkeypatch.chdir(account.folder.parent)
    manifest, account.folder = account.folder / "kept.md", Path(account.folder.name)
    for _ in range(2):
        report = await synchronise(account, manifest=manifest)
        assert "kept.md" not in {step.path for step in report.steps}
    assert account.documents() == ["a.md", "faq.md"]
