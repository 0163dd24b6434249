"""A published document is fetched within limits, from where it may come from, without credentials."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from spec_tools.document import SpecError
from spec_tools.fetch import Limits, Unreachable, check_address, fetch
from tests.ledger.servers import free_port
from tests.pipeline.server import GARBAGE, Publisher, publishing
from tests.stopwatch import Stopwatch


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as server:
        yield server


def test_a_document_is_fetched_whole(publisher: Publisher) -> None:
    publisher.documents["/openapi.json"] = b"x" * 300_000
    assert fetch(f"{publisher.address}/openapi.json") == b"x" * 300_000


def test_a_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    place = tmp_path / "spec.json"
    place.write_bytes(b"12345")
    assert fetch(str(place), Limits(size=5)) == b"12345"
    with pytest.raises(SpecError, match="larger than 4 bytes"):
        fetch(str(place), Limits(size=4))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="cannot be read: No such file"):
        fetch(str(tmp_path / "none.json"))


def test_garbage_is_cut_off_at_the_limit(publisher: Publisher) -> None:
    with pytest.raises(SpecError, match="larger than 1000000 bytes"):
        fetch(f"{publisher.address}/garbage", Limits(size=1_000_000))
    assert publisher.sent < GARBAGE / 2


@pytest.mark.parametrize("path", ["/slow", "/slow-headers"])
def test_a_server_that_drips_is_left_at_the_time_limit(path: str, publisher: Publisher) -> None:
    with Stopwatch() as watch, pytest.raises(Unreachable, match=r"not complete after 0\.2 s"):
        fetch(publisher.address + path, Limits(seconds=0.2))
    assert watch.seconds < 2


def test_redirects_are_followed_without_cookies(publisher: Publisher) -> None:
    publisher.redirects = {"/a": "/b", "/b": f"{publisher.address}/c"}
    publisher.documents["/c"] = b"{}"
    assert fetch(f"{publisher.address}/a") == b"{}"
    assert not [headers for headers in publisher.seen if {"cookie", "authorization"} & headers.keys()]
    assert {headers["accept-encoding"] for headers in publisher.seen} == {"identity"}


def test_a_redirect_loop_ends(publisher: Publisher) -> None:
    publisher.redirects = {"/a": "/b", "/b": "/a"}
    with pytest.raises(Unreachable, match="more than 3 redirects"):
        fetch(f"{publisher.address}/a")
    assert len(publisher.seen) == 4


ELSEWHERE = (
    "file:///etc/hostname",
    "http://example.com/openapi.json",
    "ftp://127.0.0.1/x",
    "https:///x",
    "http://[::",
    "data:application/json,{}",
    "javascript:alert(1)",
    "mailto:a@b.example",
    "http:x",
    "unix:/run/x",
    "https://xn--/x",
    "http://127.0.0.1:0/x",
    "http://127.0.0.1:-1/x",
    "http://127.0.0.1:99999/x",
    "http://127.0.0.1:99999999999999999999/x",
    "http://127.0.0.1:abc/x",
    "https://%00/x",
    "https://" + "a" * 300 + "/x",
    "/" + "x" * 70_000,
)


@pytest.mark.parametrize("target", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_a_redirect_to_where_no_document_comes_from_is_refused(target: str, publisher: Publisher) -> None:
    publisher.redirects = {"/a": target}
    with pytest.raises(Unreachable) as caught:
        fetch(f"{publisher.address}/a")
    assert "\n" not in str(caught.value)
    assert len(publisher.seen) == 1


INSIDE = (
    "http://127.0.0.1:8000/admin",
    "https://127.0.0.1/admin",
    "https://127.1/admin",
    "https://2130706433/admin",
    "https://localhost/admin",
    "https://0.0.0.0/admin",
    "https://[::1]/admin",
    "https://[::ffff:127.0.0.1]/admin",
    "https://10.0.0.1/admin",
    "https://192.168.1.1/admin",
    "https://169.254.169.254/latest/meta-data",
    "https://[fe80::1]/admin",
)


@pytest.mark.parametrize("target", INSIDE)
def test_a_public_address_cannot_redirect_to_this_machine_or_its_network(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def redirect(url: httpx.URL, limits: Limits) -> httpx.URL:
        return httpx.URL(target)

    monkeypatch.setattr("spec_tools.fetch._get", redirect)
    with pytest.raises(Unreachable, match="which is on this machine"):
        fetch("https://docs.example/openapi.json")


SOURCES = (
    "http://127.0.0.1:99999/x",
    "http://127.0.0.1:-1/x",
    "https://xn--/x",
    "https://\N{SNOWMAN}\u0300.example/x",
    "https://[v1.x]/x",
    "https://\ud800/x",
    "data:,x",
    "data://x/y",
    "a\x00b",
    "https://a\x00b/",
    "https://a\nb/",
    "x" * 5000,
    "",
    ".",
    "://",
)


@pytest.mark.parametrize("source", SOURCES, ids=range(len(SOURCES)))
def test_a_source_that_is_no_address_and_no_file_is_told_in_one_line(source: str) -> None:
    with pytest.raises(Unreachable) as caught:
        fetch(source)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, identity\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n",
        b"\x16\x03\x01\x00\x00",
        b"",
    ],
    ids=range(10),
)
def test_a_response_that_is_cut_or_odd_is_told(answer: bytes, publisher: Publisher) -> None:
    publisher.raw["/raw"] = answer
    with pytest.raises(Unreachable) as caught:
        fetch(f"{publisher.address}/raw")
    assert str(caught.value).isprintable()


def test_credentials_in_a_redirect_are_refused(publisher: Publisher) -> None:
    publisher.redirects = {"/a": publisher.address.replace("//", "//user:pass@") + "/c"}
    with pytest.raises(Unreachable, match="no credentials are sent"):
        fetch(f"{publisher.address}/a")


def test_an_address_with_credentials_is_refused_without_showing_them() -> None:
    with pytest.raises(Unreachable) as caught:
        fetch("https://user:hunter2@docs.example/openapi.json")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["https://docs.example/a", "http://localhost:1/a", "http://127.0.0.9/a", "http://[::1]/a"]
)
def test_https_and_loopback_are_allowed(address: str) -> None:
    assert str(check_address(address)) == address


@pytest.mark.parametrize(
    "address",
    ["http://docs.example/a", "http://10.0.0.1/a", "http://127.0.0.1.evil.example/a", "file:///etc/passwd"],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(Unreachable, match="only https"):
        fetch(address)


@pytest.mark.parametrize(("path", "expected"), [("/none", "status 404"), ("/packed", "compressed")])
def test_an_answer_without_a_document_is_told(path: str, expected: str, publisher: Publisher) -> None:
    with pytest.raises(Unreachable, match=expected):
        fetch(publisher.address + path)


def test_nobody_there_is_told() -> None:
    with pytest.raises(Unreachable, match="ConnectError"):
        fetch(f"http://127.0.0.1:{free_port()}/openapi.json")


def test_a_proxy_of_the_environment_gets_no_loopback_request(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.documents["/openapi.json"] = b"{}"
    monkeypatch.setenv("HTTP_PROXY", f"http://user:pass@127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert fetch(f"{publisher.address}/openapi.json") == b"{}"
