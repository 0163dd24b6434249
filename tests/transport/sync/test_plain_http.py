# Derived from tests/transport/aio/test_plain_http.py by scripts/derive_sync.py; edit that instead.
"""A key crosses a network in the clear only to hosts that the user has named."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.transport.server import Server
from tests.transport.support import AGENT, KEY, read
from tests.transport.sync.support import run
from tests.transport.transports import Recorder
from vocobase import ConfigurationError, Vocobase

LOCAL = ["127.0.0.1", "127.0.0.2", "localhost", "localhost.", "a.localhost", "[::1]", "[::ffff:127.0.0.1]"]
REMOTE = [
    "sandbox",
    "sandbox:8484",
    "192.0.2.1",
    "0.0.0.0",
    "127.0.0.1.example",
    "127.0.0.1.",
    "localhost.example",
    "[::2]",
    "[::ffff:192.0.2.1]",
    "api.vocobase.com",
]


@pytest.mark.parametrize("host", LOCAL)
def test_this_machine_needs_no_encryption_in_any_of_its_forms(host: str) -> None:
    assert Vocobase(KEY, base_url=f"http://{host}:8484/api/v2").base_url == f"http://{host}:8484/api/v2"


@pytest.mark.parametrize("host", REMOTE)
@pytest.mark.parametrize("name", ["argument", "environment"])
def test_another_machine_is_refused_and_the_message_says_what_to_do(
    host: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://{host}/api/v2"
    monkeypatch.setenv("VOCOBASE_BASE_URL", address)
    options: dict[str, Any] = {"base_url": address} if name == "argument" else {}
    with pytest.raises(ConfigurationError, match=r"plain http.*allow_http= or VOCOBASE_ALLOW_HTTP") as caught:
        Vocobase(KEY, **options)
    assert str(caught.value).startswith("base_url" if name == "argument" else "VOCOBASE_BASE_URL")


@pytest.mark.parametrize("given", ["sandbox", ["other", "SANDBOX."], "other, sandbox"])
def test_a_named_host_may_be_reached(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "http://sandbox:8484/api/v2"
    assert Vocobase(KEY, base_url=address, allow_http=given).base_url == address
    monkeypatch.setenv("VOCOBASE_ALLOW_HTTP", given if isinstance(given, str) else ",".join(given))
    assert Vocobase(KEY, base_url=address).base_url == address
    with pytest.raises(ConfigurationError, match="plain http"):
        Vocobase(KEY, base_url="http://sandbox.example/api/v2")
    with pytest.raises(ConfigurationError, match="plain http"):
        Vocobase(KEY, base_url=address, allow_http=())


@pytest.mark.parametrize("given", [True, "*", "http://sandbox:8484", "sandbox:8484", [5], 5])
def test_only_hosts_can_be_named(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"^allow_http must name hosts"):
        Vocobase(KEY, allow_http=given)
    if isinstance(given, str):
        monkeypatch.setenv("VOCOBASE_ALLOW_HTTP", given)
        with pytest.raises(ConfigurationError, match=r"^VOCOBASE_ALLOW_HTTP must name hosts"):
            Vocobase(KEY)


def test_a_named_host_gets_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Docker Compose, where a name server knows the host."""
    resolve = socket.getaddrinfo

    def resolved(host: Any, *rest: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if host in ("sandbox", b"sandbox") else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")

    with Server([AGENT]) as server:
        url = server.url.replace("127.0.0.1", "sandbox")
        assert (run(url, read, allow_http="sandbox")).id == "a"
    assert [b"Host: sandbox:" in request for request in server.requests] == [True]


@pytest.mark.parametrize("host", ["localhost.", "sandbox.localhost", "LOCALHOST"])
def test_names_of_this_machine_need_no_name_server(host: str) -> None:
    """A name server that gave another address for them would get the key."""
    with Server([AGENT]) as server:
        assert (run(server.url.replace("127.0.0.1", host), read)).id == "a"
    expected = f"Host: {host.lower()}:".encode()
    assert [expected in request for request in server.requests] == [True]


def test_no_redirect_leads_to_plain_http() -> None:
    """Not even with a client of the caller that follows redirects."""
    away = Recorder("http://other.example/api/v2/agent/a")
    following: list[dict[str, Any]] = [
        {"transport": away},
        {"client": {"transport": away, "follow_redirects": True}},
    ]
    for options in following:
        for call in (read, lambda vb: vb.request("GET", "/config")):
            with pytest.raises(vocobase.VocobaseError):
                run("https://api.example", call, max_retries=0, **options)
    assert len(away.urls) == 4
    assert all(url.startswith("https://api.example/") for url in away.urls)


def test_the_last_check_is_on_the_host_that_the_transport_connects_to() -> None:
    """Whatever led to the request: nothing is sent."""
    recorder = Recorder("")
    vb = Vocobase(KEY, base_url="https://api.example", transport=recorder)
    vb._core.base_url = "http://other.example"
    with pytest.raises(ConfigurationError, match=r"^agents\.get: plain http to other\.example"):
        vb.agents.get("a")
    assert recorder.urls == []


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
def test_a_proxy_on_another_machine_gets_no_plain_http(scheme: str) -> None:
    """It would read the key, even if base_url is on this machine."""
    proxy = f"{scheme}://user:canary@proxy.example:3128"
    with pytest.raises(ConfigurationError, match=r"through the proxy proxy\.example would expose") as caught:
        Vocobase(KEY, base_url="http://localhost:8484/api/v2", proxy=proxy)
    assert "canary" not in str(caught.value)
    Vocobase(KEY, base_url="https://api.example", proxy=proxy)
    Vocobase(KEY, base_url="http://localhost:8484/api/v2", proxy=proxy, allow_http="proxy.example")


@pytest.mark.parametrize(
    ("base_url", "allowed", "store", "is_used"),
    [
        ("http://sandbox:8484", "sandbox", "http://sandbox:8484/_objects/a", True),
        ("https://api.example", "store", "http://store:9000/a", True),
        ("http://127.0.0.2:8484", "", "http://127.0.0.2:8484/_objects/a", True),
        ("http://localhost.:8484", "", "http://localhost.:8484/_objects/a", True),
        ("http://sandbox:8484", "sandbox", "http://other:8484/_objects/a", False),
        ("https://sandbox", "", "http://sandbox/_objects/a", False),
        ("https://127.0.0.2", "", "http://127.0.0.2/_objects/a", False),
    ],
)
def test_a_file_goes_where_the_key_may_go(
    base_url: str, allowed: str, store: str, is_used: bool, tmp_path: Path
) -> None:
    """The object store of a sandbox is at the address of the sandbox."""
    stored: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and "recording" not in request.url.path:
            stored.append(str(request.url).partition("?")[0])
            return httpx.Response(200, content=b"abcd")
        return httpx.Response(200, json={"success": True, "data": {"recording_url": store}})

    transport = httpx.MockTransport(respond)
    with Vocobase(KEY, base_url=base_url, allow_http=allowed, transport=transport) as vb:
        if is_used:
            vb.calls.download_recording("c1", tmp_path / "a")
        else:
            with pytest.raises(vocobase.ResponseError, match="must be https"):
                vb.calls.download_recording("c1", tmp_path / "a")
    assert stored == ([store] if is_used else [])
