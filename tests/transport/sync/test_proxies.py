# Derived from tests/transport/aio/test_proxies.py by scripts/derive_sync.py; edit that instead.
"""A proxy of the environment is opened only for an address that needs it."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest

import vocobase
from tests.transport.server import Behaviour, Server, answer
from tests.transport.support import AGENT, KEY
from vocobase import ConfigurationError, Vocobase

REFUSES = answer(407)
# None of them can be used as the address of a proxy.
BAD = [
    "socks://127.0.0.1:7891/",
    "socks4://127.0.0.1:7891",
    "ftp://h",
    "http://a..b:80",
    "http://h:99999",
    "::::",
]
NAMES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]


def get(**options: Any) -> str:
    with Vocobase(KEY, max_retries=0, **options) as vb:
        return (vb.agents.get("a")).id


@pytest.mark.parametrize("address", BAD)
@pytest.mark.parametrize("name", NAMES)
def test_a_client_of_this_machine_needs_no_proxy(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    with Server([AGENT]) as server:
        assert get(base_url=server.url) == "a"


@pytest.mark.parametrize("address", BAD)
@pytest.mark.parametrize("name", NAMES[2:])
def test_a_wrong_proxy_that_is_needed_is_an_error_at_once_that_names_its_variable(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    with pytest.raises(ConfigurationError, match=f"^{name}: the address cannot be used as that of a proxy"):
        Vocobase(KEY)
    monkeypatch.setenv("NO_PROXY", "api.vocobase.com")
    Vocobase(KEY)


@pytest.mark.parametrize("address", BAD)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
def test_a_wrong_proxy_beside_the_right_one_is_not_opened(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    with Server([REFUSES]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(vocobase.ConnectionFailedError, match="the proxy refused: 407"):
            get(base_url="https://api.example")
    assert proxy.requests[0].startswith(b"CONNECT api.example:443 ")


def test_the_proxy_for_everything_serves_if_no_other_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server([REFUSES]) as proxy:
        monkeypatch.setenv("all_proxy", proxy.url.removeprefix("http://"))
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        with pytest.raises(vocobase.ConnectionFailedError, match="the proxy refused: 407"):
            get(base_url="https://api.example")


def test_a_socks_proxy_of_the_environment_without_its_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(ConfigurationError, match=r"^ALL_PROXY: .*install httpx\[socks\]"):
        Vocobase(KEY)
    Vocobase(KEY, base_url="http://127.0.0.1:1")


@pytest.mark.parametrize(
    "no_proxy",
    ["*", "192.0.2.0/24", "192.0.2.1", "192.0.2.1:443", "a.example,192.0.2.0/30", "https://192.0.2.1"],
)
def test_no_proxy_names_addresses_and_networks(no_proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks://nowhere")
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY"):
        get(base_url="https://192.0.2.1")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    with pytest.raises(vocobase.ConnectionFailedError, match=r"no connection|cannot connect"):
        get(base_url="https://192.0.2.1", timeout=vocobase.Timeout(1.0, 0.05, 0.05, 0.05))


@pytest.mark.parametrize("helper", ["download", "upload"])
@pytest.mark.parametrize("proxy", ["HTTPS_PROXY", "ALL_PROXY"])
def test_a_presigned_url_leads_through_the_proxy_that_its_host_needs(
    helper: str, proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The object store is on another machine than the API, which here needs no proxy."""
    replies: list[Behaviour] = [
        answer(
            200,
            {
                "recording_url": "https://store.example/a",
                "document_id": "d",
                "upload_url": "https://store.example/a",
            },
        )
    ]

    def use(url: str) -> None:
        with Vocobase(KEY, base_url=url, max_retries=0) as vb:
            if helper == "download":
                vb.calls.download_recording("c", tmp_path / "a")
            else:
                vb.documents.upload(b"# T", name="a.md")

    with Server(replies) as api, Server([REFUSES]) as opened:
        monkeypatch.setenv(proxy, opened.url)
        with pytest.raises(vocobase.ConnectionFailedError, match="the proxy refused"):
            use(api.url)
        assert opened.requests[0].startswith(b"CONNECT store.example:443 ")
        monkeypatch.setenv(proxy, "socks://127.0.0.1:7891/")
        with pytest.raises(ConfigurationError, match=f"^{proxy}: "):
            use(api.url)
        monkeypatch.setenv("NO_PROXY", "*.example")
        with pytest.raises(vocobase.ConnectionFailedError, match=r"cannot connect to store\.example"):
            use(api.url)


def test_settings_of_the_system_name_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS and Windows, urllib reads them."""
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "socks://h"})
    with pytest.raises(ConfigurationError, match=r"^the proxy settings of the system: the address"):
        Vocobase(KEY)


@pytest.mark.parametrize("address", ["https://host\tname", "https://\u200b.example"])
def test_an_address_that_the_transport_cannot_parse_is_refused_at_once(address: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        Vocobase(KEY, base_url=address)


def test_a_proxy_is_opened_once_for_all_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server([REFUSES]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with Vocobase(KEY, base_url="https://api.example", max_retries=0) as vb:
            routes: Any = vb._core.pool._routes
            first = routes.choose(httpx.URL("https://a.example"))
            assert first is routes.choose(httpx.URL("https://b.example:8443"))
            assert first is not routes.choose(httpx.URL("http://127.0.0.1"))
