"""Document folders."""

from __future__ import annotations

from tests.sandbox.support import Api


def test_folders_hold_each_document_once(api: Api) -> None:
    folder = api.ok("POST", "/document-folders", {"name": "Docs", "description": "d"})
    assert (folder["document_count"], folder["agent_count"]) == (0, 0)
    api.fails(409, "POST", "/document-folders", {"name": "Docs"})
    first, second = api.document()["id"], api.document()["id"]
    path = f"/document-folders/{folder['id']}/documents"
    assert api.ok("POST", path, {"document_ids": [first]})["document_count"] == 1
    assert api.ok("POST", path, {"document_ids": [first, second]})["document_count"] == 2
    api.fails(404, "POST", path, {"document_ids": ["unknown"]})
    api.fails(404, "POST", "/document-folders/unknown/documents", {"document_ids": [first]})
    api.ok("DELETE", f"/documents/{first}")
    assert api.ok("POST", path, {"document_ids": []})["document_count"] == 1
