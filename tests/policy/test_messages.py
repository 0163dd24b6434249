"""Requests and responses show nothing that may be a secret."""

from __future__ import annotations

from vocobase._policy.messages import Request, Response

SECRET = "canary"


def test_a_request_shows_neither_address_nor_headers_nor_body() -> None:
    request = Request(
        "PUT", f"https://{SECRET}", {"authorization": SECRET}, SECRET.encode(), "documents.upload"
    )
    assert repr(request) == "<Request PUT of documents.upload>"


def test_a_response_shows_neither_headers_nor_body() -> None:
    assert repr(Response(200, {"set-cookie": SECRET}, SECRET.encode())) == "<Response 200>"


def test_a_request_with_another_body_is_otherwise_the_same() -> None:
    request = Request("PUT", "https://x.test/", {"a": "b"}, b"old", "documents.upload", once=True)
    changed = request.with_body(b"new")
    assert (changed.body, request.body) == (b"new", b"old")
    for name in ("method", "url", "headers", "name", "once"):
        assert getattr(changed, name) is getattr(request, name)
