"""The files of the dashboard and how they are served; tests in browser/ use the page."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import vocobase_sandbox
from tests.sandbox.support import Api
from vocobase_sandbox.kernel.faults import KINDS
from vocobase_sandbox.kernel.paths import DASHBOARD as PATH

FOLDER = Path(vocobase_sandbox.__file__).parent / "control" / "static"
ROOT = "http://sandbox.localhost"


def get(api: Api, path: str, method: str = "GET") -> httpx.Response:
    return api.bare.request(method, ROOT + path)


def test_every_file_is_served_and_nothing_else(api: Api) -> None:
    types = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    assert get(api, PATH).content == (FOLDER / "index.html").read_bytes()
    for file in FOLDER.iterdir():
        answer = get(api, f"{PATH}/{file.name}")
        assert answer.status_code == 200 and answer.content == file.read_bytes()
        assert answer.headers["content-type"] == f"{types[file.suffix]}; charset=utf-8"
    for name in ("x.js", "../__init__.py", "..%2f__init__.py", "%2e%2e/_app.py", "/etc/passwd", "app.js/"):
        assert get(api, f"{PATH}/{name}").status_code == 404, name
    for path in ("/", PATH + "/"):
        answer = get(api, path)
        assert answer.status_code == 302 and answer.headers["location"] == PATH
    assert get(api, PATH, "HEAD").status_code == 200
    assert get(api, PATH, "POST").status_code == 405
    assert get(api, "/_sandbox/dashboards").status_code == 404


def test_the_policy_is_strict(api: Api) -> None:
    for name in ("", "/app.js", "/style.css", "/icon.svg"):
        headers = get(api, PATH + name).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy and "base-uri 'none'" in policy
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy and "data:" not in policy
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


def test_the_page_loads_nothing_from_other_hosts_and_creates_no_markup() -> None:
    for file in FOLDER.iterdir():
        text = file.read_text()
        foreign = set(re.findall(r"https?://[^\"'\s)]+", text)) - {"http://www.w3.org/2000/svg"}
        assert not foreign, (file.name, foreign)
        makers = (
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|srcdoc"
        )
        assert not re.search(makers, text), file.name
        assert len(text.splitlines()) <= 300, file.name
    page = (FOLDER / "index.html").read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page)


def test_the_form_offers_every_kind_of_fault() -> None:
    page = (FOLDER / "index.html").read_text()
    assert re.findall(r"<option>(\w+)</option>", page) == list(KINDS)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"origin": "https://evil.example"}, True),
        ({"origin": "http://localhost:1"}, True),
        ({"origin": "null"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"host": "evil.example"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
        ({}, False),
    ],
)
def test_only_the_page_itself_changes_anything(
    api: Api, method: str, headers: dict[str, str], refused: bool
) -> None:
    path = {"POST": "faults", "PUT": "account", "DELETE": "faults"}[method]
    body = {"POST": {"kind": "empty"}, "PUT": {"balance": 1}}.get(method)
    # Without verify=False each client would load the certificates of the system, for a server without TLS.
    with api.sandbox.serve() as server, httpx.Client(base_url=server.url, verify=False) as client:
        answer = client.request(method, f"/_sandbox/{path}", json=body, headers=headers)
        assert (answer.status_code == 403) is refused, answer.text
        own = client.get(PATH, headers={"origin": server.url})
        assert own.status_code == 200
