"""A method that a path does not have gets 405 with the header `Allow`, wherever the path leads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase_sandbox.control
from tests.sandbox.contract import DOCUMENT
from tests.sandbox.support import Api
from vocobase_sandbox.front.router import Router
from vocobase_sandbox.front.spec import parse
from vocobase_sandbox.kernel.messages import ApiError

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "FROB")
CONTROL = json.loads((Path(vocobase_sandbox.control.__file__).parent / "control.openapi.json").read_text())


def undeclared(document: dict[str, Any], prefix: str) -> list[tuple[str, str, str]]:
    """Return the methods that each path does not have: method, path, and the header to expect."""
    return [
        (method, prefix + path.replace("{", "").replace("}", ""), ", ".join(sorted(map(str.upper, item))))
        for path, item in document["paths"].items()
        for method in METHODS
        if method.lower() not in item
    ]


@pytest.mark.parametrize(
    ("document", "prefix"), [(DOCUMENT, "/api/v2"), (CONTROL, "/_sandbox")], ids=["API", "control API"]
)
def test_every_undeclared_method_of_a_declared_path_is_not_allowed(
    api: Api, document: dict[str, Any], prefix: str
) -> None:
    found = undeclared(document, prefix)
    assert len(found) > 100
    for method, path, allowed in found:
        response = api.client.request(method, httpx.URL(api.sandbox.base_url).join(path))
        assert (response.status_code, response.headers.get("allow")) == (405, allowed), (method, path)
        assert response.json()["error"]["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", "GET, HEAD"),
        ("/_sandbox/dashboard", "GET, HEAD"),
        ("/_sandbox/rooms/x", "GET, HEAD, POST"),
        ("/_objects/documents/x", "GET, PUT"),
    ],
)
def test_everything_else_that_is_served_says_its_methods_too(
    api: Api, path: str, allowed: str, method: str
) -> None:
    response = api.bare.request(method, httpx.URL(api.sandbox.base_url).join(path))
    refused = method not in allowed.split(", ")
    assert (response.status_code == 405) is refused
    assert response.headers.get("allow") == (allowed if refused else None)


def test_the_header_reaches_a_client_of_the_server(api: Api) -> None:
    with api.sandbox.serve() as server, httpx.Client(trust_env=False) as client:
        headers = {"authorization": f"Bearer {api.sandbox.api_key}"}
        response = client.patch(f"{server.base_url}/calls/start", headers=headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_a_literal_path_is_never_read_as_an_identifier(api: Api) -> None:
    """`GET /calls/{id}` exists, but `start` is no call."""
    assert api.fails(405, "GET", "/calls/start")["message"] == "use POST"
    assert api.fails(405, "DELETE", "/phone-numbers/sync")["message"] == "use POST"
    assert api.fails(404, "GET", "/calls/other")["code"] == "NOT_FOUND"


def test_the_template_with_more_literal_segments_decides_whatever_the_order() -> None:
    names = {"get": "/a/{id}/{part}", "put": "/a/{id}/b", "post": "/a/x/{part}", "delete": "/a/x/{other}"}
    described = {
        path: {
            method: {
                "operationId": method,
                "summary": method,
                "responses": {"200": {}},
                "parameters": [
                    {"name": part[1:-1], "in": "path", "schema": {"type": "string"}}
                    for part in path.split("/")
                    if part.startswith("{")
                ],
            }
        }
        for method, path in names.items()
    }
    router = Router(parse({"paths": described}))
    expected = {"/a/x/b": "DELETE, POST", "/a/y/b": "PUT", "/a/y/c": "GET"}
    for path, allowed in expected.items():
        with pytest.raises(ApiError) as caught:
            router.find("PATCH", path)
        assert caught.value.headers == {"allow": allowed}
    assert router.find("DELETE", "/a/x/b")[1] == {"other": "b"}
    assert router.find("POST", "/a/x/b")[1] == {"part": "b"}
