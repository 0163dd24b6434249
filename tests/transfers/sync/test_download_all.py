# Derived from tests/transfers/aio/test_download_all.py by scripts/derive_sync.py; edit that instead.
"""documents.download_all: the files of all documents, in one folder and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.transfers.support import STORE, Api, no_pauses  # noqa: F401
from tests.transfers.sync.support import run
from vocobase import DownloadsFailedError


def row(document_id: str, name: Any, **members: Any) -> dict[str, Any]:
    return {
        "id": document_id,
        "name": name,
        "status": "ready",
        "file_size": 4,
        "mime_type": "text/markdown",
        "download_url": f"{STORE}&id={document_id}",
        **members,
    }


def content(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text=request.url.params["id"])


class Documents(Api):
    """An account with documents, newest first."""

    def __init__(self, *rows: dict[str, Any], **answers: Any) -> None:
        each = {f"GET_documents_{found['id']}": found for found in rows}
        listed = {"documents": list(rows), "total": len(rows), "limit": 100, "offset": 0}
        super().__init__(content, **{"GET_documents": listed, **each, **answers})


def written(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*")}


def test_all_files_are_downloaded_with_progress(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    documents = Documents(
        row("d3", "c.md"),
        row("link", "site", file_size=None, mime_type=None),
        row("open", "b.md", status="uploading"),
        row("d1", "a.md"),
    )
    folder = tmp_path / "new" / "backup"
    paths = run(
        documents, lambda vb: vb.documents.download_all(folder, on_progress=lambda *count: told.append(count))
    )
    assert paths == [folder / "c.md", folder / "a.md"]
    assert written(folder) == {"c.md": "d3", "a.md": "d1"}
    assert told == [(1, 2), (2, 2)]
    # Again: each file is replaced by its own.
    assert run(documents, lambda vb: vb.documents.download_all(str(folder))) == paths
    assert written(folder) == {"c.md": "d3", "a.md": "d1"}


@pytest.mark.parametrize(
    "name",
    ["../../planted.txt", "..\\..\\planted.txt", "{root}/planted.txt", "planted.txt\x00", "\u202eplanted"],
)
def test_no_name_leaves_the_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    [path] = run(
        Documents(row("d1", name.format(root=tmp_path))), lambda vb: vb.documents.download_all(folder)
    )
    assert path.parent == folder
    assert os.listdir(tmp_path) == ["a"]
    assert os.listdir(tmp_path / "a") == ["b"]
    assert os.listdir(folder) == [path.name]


@pytest.mark.parametrize("name", ["..", "", None, 5, {"a": 1}])
def test_a_document_without_a_usable_name_gets_one(name: Any, tmp_path: Path) -> None:
    [path] = run(Documents(row("d1", name)), lambda vb: vb.documents.download_all(tmp_path))
    assert written(tmp_path) == {path.name: "d1"}


def test_equal_names_become_two_files_and_the_oldest_keeps_its_name(tmp_path: Path) -> None:
    run(
        Documents(row("d3", "A.md"), row("d2", "a.MD"), row("d1", "a.md")),
        lambda vb: vb.documents.download_all(tmp_path),
    )
    assert written(tmp_path) == {"a.md": "d1", "a-d2.MD": "d2", "A-d3.md": "d3"}


def test_a_link_in_the_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "backup", tmp_path / "outside"
    folder.mkdir()
    outside.write_text("untouched")
    (folder / "a.md").symlink_to(outside)
    run(Documents(row("d1", "a.md")), lambda vb: vb.documents.download_all(folder))
    assert outside.read_text() == "untouched"
    assert written(folder) == {"a.md": "d1"}


def test_a_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "b.md").mkdir()
    documents = Documents(row("d3", "c.md"), row("d2", "b.md"), row("d1", "a.md"))
    with pytest.raises(DownloadsFailedError, match="1 of 3 files were not downloaded") as caught:
        run(documents, lambda vb: vb.documents.download_all(tmp_path))
    assert [result.path and result.path.name for result in caught.value.results] == ["c.md", None, "a.md"]
    assert [result.document.id for result in caught.value.results] == ["d3", "d2", "d1"]
    assert "is a folder" in str(caught.value.results[1].error)
    assert (tmp_path / "a.md").read_text() == "d1"


def test_a_refused_key_ends_the_downloads(tmp_path: Path) -> None:
    refused = {"success": False, "error": {"code": "UNAUTHORIZED", "message": "no"}}
    documents = Documents(
        row("d2", "b.md"), row("d1", "a.md"), GET_documents_d2=httpx.Response(401, json=refused)
    )
    with pytest.raises(DownloadsFailedError) as caught:
        run(documents, lambda vb: vb.documents.download_all(tmp_path))
    assert [type(result.error) for result in caught.value.results] == [vocobase.AuthenticationError] * 2
    assert documents.seen == ["GET /documents", "GET /documents/d2"]
    assert written(tmp_path) == {}


def test_a_document_that_is_deleted_meanwhile_is_left_out(tmp_path: Path) -> None:
    gone = httpx.Response(404, json={"success": False, "error": {"code": "NOT_FOUND", "message": "no"}})
    told: list[tuple[int, int]] = []
    paths = run(
        Documents(row("d2", "b.md"), row("d1", "a.md"), GET_documents_d2=gone),
        lambda vb: vb.documents.download_all(tmp_path, on_progress=lambda *count: told.append(count)),
    )
    assert paths == [tmp_path / "a.md"]
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("folder", [b"a", 5, None, "file", "a\x00"])
def test_a_wrong_folder_is_refused_before_anything_is_sent(folder: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    documents = Documents(row("d1", "a.md"))
    place = tmp_path / "file" if folder == "file" else folder
    with pytest.raises(vocobase.InvalidArgumentError, match=r"documents\.download_all"):
        run(documents, lambda vb: vb.documents.download_all(place))
    assert documents.seen == []
