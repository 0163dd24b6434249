"""Documents, their files in the object store, and their links to agents."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.support import Api


def _upload(api: Api, size: int = 5, mime: str = "text/plain") -> dict[str, Any]:
    upload: dict[str, Any] = api.ok(
        "POST", "/documents/upload", {"name": "faq", "file_size": size, "mime_type": mime}
    )
    return upload


def _put(api: Api, url: str, content: bytes = b"hello", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.bare.put(url, content=content, headers={"content-type": "text/plain", **named})


def test_a_document_is_uploaded_in_three_steps(api: Api) -> None:
    upload = _upload(api)
    assert upload["expires_in"] == 900
    shown = api.ok("GET", f"/documents/{upload['document_id']}")
    assert (shown["status"], shown["download_url"]) == ("uploading", None)
    assert _put(api, upload["upload_url"]).status_code == 200
    assert api.ok("POST", f"/documents/{upload['document_id']}/confirm")["status"] == "ready"
    assert api.ok("POST", f"/documents/{upload['document_id']}/confirm")["status"] == "ready"
    link = api.ok("GET", f"/documents/{upload['document_id']}")["download_url"]
    answer = api.bare.get(link)
    assert (answer.content, answer.headers["content-type"]) == (b"hello", "text/plain")


def test_confirming_without_a_file_is_rejected(api: Api) -> None:
    upload = _upload(api)
    assert api.fails(400, "POST", f"/documents/{upload['document_id']}/confirm")["code"] == "VALIDATION_ERROR"


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"hello", {"content_type": "text/markdown"}),
        (b"hello", {"content_type": "text/plain; charset=utf-8"}),
        (b"hello!", {}),
        (b"hell", {}),
    ],
)
def test_another_type_or_length_breaks_the_signature(
    api: Api, content: bytes, headers: dict[str, str]
) -> None:
    answer = _put(api, _upload(api)["upload_url"], content, **headers)
    assert answer.status_code == 403
    assert "<Code>SignatureDoesNotMatch</Code>" in answer.text


def test_an_upload_url_fits_one_method_and_one_object(api: Api) -> None:
    first, second = _upload(api), _upload(api)
    assert api.bare.get(first["upload_url"]).status_code == 403
    assert api.bare.post(first["upload_url"]).status_code == 405
    swapped = first["upload_url"].replace(first["document_id"], second["document_id"])
    assert _put(api, swapped).status_code == 403
    assert _put(api, first["upload_url"].partition("?")[0]).status_code == 403


@pytest.mark.parametrize("parameter", ["X-Amz-Signature", "X-Amz-Expires", "X-Amz-Date"])
def test_a_changed_parameter_breaks_the_signature(api: Api, parameter: str) -> None:
    url = _upload(api)["upload_url"]
    value = parse_qs(urlsplit(url).query)[parameter][0]
    assert _put(api, url.replace(value, value[:-1] + ("0" if value[-1] != "0" else "1"))).status_code == 403


def test_upload_urls_expire_after_fifteen_minutes_of_the_sandbox_clock(api: Api) -> None:
    early, late = _upload(api)["upload_url"], _upload(api)["upload_url"]
    api.advance(899)
    assert _put(api, early).status_code == 200
    api.advance(1)
    answer = _put(api, late)
    assert answer.status_code == 403 and "Request has expired" in answer.text


def test_chunked_uploads_and_a_second_auth_mechanism_are_rejected_as_by_s3(api: Api) -> None:
    url = _upload(api)["upload_url"]
    chunked = api.bare.put(url, content=iter([b"he", b"llo"]), headers={"content-type": "text/plain"})
    assert (chunked.status_code, "NotImplemented" in chunked.text) == (501, True)
    keyed = _put(api, url, authorization=f"Bearer {api.sandbox.api_key}")
    assert (keyed.status_code, "InvalidArgument" in keyed.text) == (400, True)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "file_size": 1, "mime_type": "text/plain"},
        {"name": "x" * 101, "file_size": 1, "mime_type": "text/plain"},
        {"name": "x", "file_size": 0, "mime_type": "text/plain"},
        {"name": "x", "file_size": 52_428_801, "mime_type": "text/plain"},
        {"name": "x", "file_size": 1, "mime_type": "text/html"},
        {"name": "x", "file_size": "1", "mime_type": "text/plain"},
        {"file_size": 1, "mime_type": "text/plain"},
    ],
)
def test_uploads_outside_the_documented_limits_are_rejected(api: Api, body: dict[str, object]) -> None:
    api.fails(400, "POST", "/documents/upload", body)


def test_web_links_are_ready_at_once(api: Api) -> None:
    link = api.ok(
        "POST", "/documents/web-link", {"name": "Site", "url": "https://example.com/", "description": "d"}
    )
    assert (link["status"], link["file_size"], link["description"]) == ("ready", None, "d")
    assert api.ok("GET", f"/documents/{link['id']}")["download_url"] == "https://example.com/"
    api.fails(400, "POST", "/documents/web-link", {"name": "Site", "url": "ftp://example.com/"})
    api.fails(400, "POST", "/documents/web-link", {"name": "Site", "url": "no address"})


def test_names_and_descriptions_change_separately(api: Api) -> None:
    document = api.document()
    assert api.ok("PUT", f"/documents/{document['id']}", {"description": "d"})["name"] == "notes.md"
    changed = api.ok("PUT", f"/documents/{document['id']}", {"name": "New"})
    assert (changed["name"], changed["description"]) == ("New", "d")
    api.fails(400, "PUT", f"/documents/{document['id']}", {})


def test_deleting_removes_file_and_links(api: Api) -> None:
    agent, document = api.agent(), api.document()
    url = api.ok("GET", f"/documents/{document['id']}")["download_url"]
    api.ok("POST", f"/agent/{agent['id']}/documents", {"document_ids": [document["id"]]})
    api.ok("DELETE", f"/documents/{document['id']}")
    api.fails(404, "GET", f"/documents/{document['id']}")
    assert api.bare.get(url).status_code == 404
    assert api.ok("GET", f"/agent/{agent['id']}/documents") == {"documents": [], "total": 0}


def test_the_list_counts_agents_and_comes_newest_first(api: Api) -> None:
    first, second = api.document(), api.document()
    agent = api.agent()
    api.ok("POST", f"/agent/{agent['id']}/documents", {"document_ids": [first["id"]]})
    rows = api.ok("GET", "/documents")["documents"]
    assert [(row["id"], row["agent_count"]) for row in rows] == [(second["id"], 0), (first["id"], 1)]
    assert api.ok("GET", f"/agent/{agent['id']}")["document_count"] == 1


def test_linking_is_idempotent_and_indexing_takes_a_moment(api: Api) -> None:
    agent, document = api.agent(), api.document()
    path, body = f"/agent/{agent['id']}/documents", {"document_ids": [document["id"], document["id"]]}
    assert api.ok("POST", path, body) == {
        "linked": [{"document_id": document["id"], "sync_status": "pending"}],
        "skipped": [],
    }
    assert api.ok("POST", path, body) == {"linked": [], "skipped": [document["id"]]}
    assert api.ok("GET", path)["documents"][0]["synced_at"] is None
    api.advance(2)
    assert api.ok("GET", path)["documents"][0]["sync_status"] == "synced"
    shown = api.ok("GET", f"/documents/{document['id']}")["agents"]
    assert shown == [{"id": agent["id"], "name": agent["agent_name"], "sync_status": "synced"}]
    api.ok("DELETE", f"{path}/{document['id']}")
    api.fails(404, "DELETE", f"{path}/{document['id']}")


def test_only_ready_known_documents_link_and_not_too_many(api: Api) -> None:
    path = f"/agent/{api.agent()['id']}/documents"
    ready = api.document()["id"]
    waiting = _upload(api)["document_id"]
    assert "not ready" in api.fails(400, "POST", path, {"document_ids": [ready, waiting]})["message"]
    api.fails(404, "POST", path, {"document_ids": ["00000000-0000-4000-8000-000000000000"]})
    api.fails(400, "POST", path, {"document_ids": ["not-an-id"]})
    api.fails(400, "POST", path, {"document_ids": []})
    api.fails(400, "POST", path, {"document_ids": [ready] * 21})
    assert api.ok("GET", path)["total"] == 0


def test_an_agent_holds_at_most_a_hundred_documents(api: Api) -> None:
    path = f"/agent/{api.agent()['id']}/documents"
    body = {"name": "p", "url": "https://example.com/"}
    keys = [api.ok("POST", "/documents/web-link", body)["id"] for _ in range(101)]
    for begin in range(0, 100, 20):
        api.ok("POST", path, {"document_ids": keys[begin : begin + 20]})
    assert "100" in api.fails(400, "POST", path, {"document_ids": keys[100:]})["message"]
    assert api.ok("POST", path, {"document_ids": keys[:1]})["skipped"] == keys[:1]


def test_a_file_for_a_deleted_document_is_rejected(api: Api) -> None:
    upload = _upload(api)
    api.ok("DELETE", f"/documents/{upload['document_id']}")
    answer = _put(api, upload["upload_url"])
    assert (answer.status_code, "NoSuchUpload" in answer.text) == (404, True)


def test_a_link_can_be_removed_before_it_is_indexed(api: Api) -> None:
    agent, page = api.agent(), {"name": "p", "url": "https://example.com/"}
    link = api.ok("POST", "/documents/web-link", page)["id"]
    path = f"/agent/{agent['id']}/documents"
    api.ok("POST", path, {"document_ids": [link]})
    assert "file_size" not in api.ok("GET", path)["documents"][0]
    api.ok("DELETE", f"/agent/{agent['id']}")
    api.advance(5)
    assert api.ok("GET", f"/documents/{link}")["agents"] == []
