"""The deadline of a synchronous request, at the socket and above it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

import vocobase
from tests.facade.server import Server, answer, trickle_headers
from vocobase import Timeout, Vocobase
from vocobase._http import _deadline
from vocobase._http._deadline import Until, remaining
from vocobase._http._exchange import VeiledURL

KEY = "rg_live_canary_0123456789"
WHOLE = Timeout(total=0.4, connect=5, read=5, write=5)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine, from an authority that the environment names."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return context


def test_a_wait_is_as_long_as_what_remains_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0

    class Clock:
        monotonic = staticmethod(lambda: now)

    monkeypatch.setattr(_deadline, "time", Clock)
    limit = Until(5.0, deadline=107.0)
    assert limit == 5.0
    assert remaining(limit) == 5.0
    now = 104.0
    assert remaining(limit) == 3.0
    now = 200.0
    assert remaining(limit) == _deadline.SHORTEST
    assert remaining(None) is None
    assert remaining(2.0) == 2.0, "limits that are not ours stay as they are"


def test_certificates_are_checked_against_those_that_the_environment_names(tls: ssl.SSLContext) -> None:
    with Server([answer(200, {"id": "a"})], tls) as server, Vocobase(KEY, base_url=server.url) as vb:
        assert vb.agents.get("a").id == "a"
        assert vb.agents.get("a").id == "a"
        assert server.connections == 1


def test_a_certificate_of_an_unknown_authority_is_refused_before_the_key_is_sent() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Server([answer(200, {"id": "a"})], context) as server:
        with Vocobase(KEY, base_url=server.url, max_retries=0) as vb:
            with pytest.raises(vocobase.ConnectionFailed, match="certificate verify failed"):
                vb.agents.get("a")
        assert server.requests == []


def test_the_deadline_holds_over_tls(tls: ssl.SSLContext) -> None:
    with Server([trickle_headers], tls) as server:
        with Vocobase(KEY, base_url=server.url, timeout=WHOLE, max_retries=0) as vb:
            started = time.monotonic()
            with pytest.raises(vocobase.TimeoutExceeded):
                vb.agents.get("a")
            assert time.monotonic() - started < 2


def test_over_a_transport_of_the_users_the_deadline_holds_between_pieces_of_a_body() -> None:
    class Slow(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(100):
                time.sleep(0.02)
                yield b" "

    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Slow())

    with Vocobase(
        KEY, base_url="http://localhost", transport=httpx.MockTransport(handle), timeout=0.1, max_retries=0
    ) as vb:
        with pytest.raises(vocobase.TimeoutExceeded, match="not complete within the time limit"):
            vb.agents.get("a")


def test_a_veiled_address_reads_as_it_is_and_shows_no_query() -> None:
    url: Any = VeiledURL("https://store.example/bucket/a.pdf?X-Signature=canary")
    assert url.raw_path == b"/bucket/a.pdf?X-Signature=canary"
    assert str(url) == "https://store.example/bucket/a.pdf?***"
    assert repr(url) == "VeiledURL('https://store.example/bucket/a.pdf?***')"
