"""Transfers against a server that checks real S3 signatures; see s3_server.py."""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

import vocobase
from tests.transfers.aio.support import async_run
from tests.transfers.support import DOCUMENT, REMOVED, api, no_pauses  # noqa: F401
from tests.transfers.transports import Network

REGION, ACCESS, SECRET = "us-east-1", "account:key", "secret"
MARKDOWN = {"content-type": "text/markdown"}
AGO = timedelta(seconds=1000)


def presign(
    method: str, url: str, headers: dict[str, str] | None = None, age: timedelta = timedelta()
) -> str:
    """Sign a URL for 15 minutes, as AWS documents it for query parameters."""
    signed = {"host": urlsplit(url).netloc, **(headers or {})}
    names = ";".join(sorted(signed))
    stamp = (datetime.now(UTC) - age).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{REGION}/s3/aws4_request"
    members = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{ACCESS}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": "900",
        "X-Amz-SignedHeaders": names,
    }
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in sorted(members.items()))
    lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
    request = "\n".join([method, urlsplit(url).path, query, *lines, "", names, "UNSIGNED-PAYLOAD"])
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return f"{url}?{query}&X-Amz-Signature={hmac.digest(key, text.encode(), 'sha256').hex()}"


def ticket(url: str) -> dict[str, Any]:
    return {"document_id": "d1", "upload_url": url, "expires_in": 900}


def stored(store: str) -> tuple[int, bytes, str]:
    found = httpx.get(presign("GET", store), trust_env=False)
    return found.status_code, found.content, found.headers["content-type"]


async def test_a_document_is_stored_byte_for_byte_and_comes_back(store: str, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    path = tmp_path / "document.md"
    path.write_bytes(content)
    table = api(POST_documents_upload=ticket(presign("PUT", store, MARKDOWN)))
    await async_run(Network(table), lambda vb: vb.documents.upload(path))
    assert table.seen == DOCUMENT
    assert stored(store) == (200, content, "text/markdown")
    links = [
        {"id": "d1", "status": "ready", "file_size": 5, "download_url": presign("GET", store, age=age)}
        for age in (AGO, timedelta())
    ]
    table = api(GET_documents_d1=links)
    await async_run(Network(table), lambda vb: vb.documents.download("d1", tmp_path / "back"))
    assert table.seen == ["GET /documents/d1"] * 2
    assert (tmp_path / "back").read_bytes() == content


async def test_another_type_than_was_signed_is_refused(store: str) -> None:
    table = api(POST_documents_upload=ticket(presign("PUT", store, {"content-type": "text/plain"})))
    with pytest.raises(vocobase.UploadRejectedError, match="403 SignatureDoesNotMatch") as caught:
        await async_run(Network(table), lambda vb: vb.documents.upload(b"never stored", name="a.md"))
    assert caught.value.status == 403
    assert table.seen == REMOVED
    assert stored(store)[1] != b"never stored"


async def test_a_changed_signature_is_refused_and_not_shown(store: str) -> None:
    url = presign("PUT", store, MARKDOWN)
    changed = url[:-1] + ("0" if url[-1] != "0" else "1")
    table = api(POST_documents_upload=ticket(changed))
    with pytest.raises(vocobase.UploadRejectedError, match="SignatureDoesNotMatch") as caught:
        await async_run(Network(table), lambda vb: vb.documents.upload(b"never stored", name="a.md"))
    assert "X-Amz" not in str(caught.value) + repr(caught.value)
    assert table.seen == REMOVED


async def test_an_expired_url_is_distinguished_from_a_refusal_and_renewed(store: str) -> None:
    old, new = presign("PUT", store, MARKDOWN, age=AGO), presign("PUT", store, MARKDOWN)
    table = api(POST_documents_upload=[ticket(old), ticket(new)])
    await async_run(Network(table), lambda vb: vb.documents.upload(b"second try", name="a.md"))
    assert table.seen == [*REMOVED, *DOCUMENT]
    assert stored(store)[1] == b"second try"
    table = api(POST_documents_upload=ticket(old))
    with pytest.raises(vocobase.UploadExpiredError):
        await async_run(Network(table), lambda vb: vb.documents.upload(b"never stored", name="a.md"))
    assert table.seen == REMOVED * 2
