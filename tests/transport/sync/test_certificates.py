# Derived from tests/transport/aio/test_certificates.py by scripts/derive_sync.py; edit that instead.
"""Certificates: which are trusted, and what happens if one cannot be verified."""

from __future__ import annotations

import os
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

import vocobase
from tests.transport.certificates import Company, counting, tls_proxy
from tests.transport.server import Server, answer
from tests.transport.support import AGENT, KEY, dial, read
from tests.transport.sync.support import run
from vocobase import CertificateError, ConfigurationError, Vocobase


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.mark.parametrize("work", [read, dial, lambda vb: vb.request("GET", "/config")])
def test_a_certificate_that_cannot_be_verified_is_tried_once_and_the_message_helps(
    work: Callable[[Any], Any], company: Company
) -> None:
    with counting(company.tls) as (url, seen):
        with pytest.raises(CertificateError, match=r"certificate verify failed.*SSL_CERT_FILE.*ssl_context="):
            run(url, work, max_retries=5)
    assert len(seen) == 1


def test_a_certificate_of_another_host_is_tried_once(tmp_path: Path) -> None:
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example").configure_cert(tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with counting(tls) as (url, seen):
        with pytest.raises(CertificateError, match="IP address mismatch"):
            run(url, read, ssl_context=trusting)
    assert len(seen) == 1


@pytest.mark.parametrize(
    "work",
    [
        lambda vb: vb.documents.upload(b"# T", name="a.md"),
        lambda vb: vb.calls.download_recording("c", os.devnull + "-not-written"),
    ],
    ids=["upload", "download"],
)
def test_a_file_is_not_sent_again_to_a_store_that_is_not_trusted(
    work: Callable[[Any], Any], company: Company, tmp_path: Path
) -> None:
    with counting(company.tls) as (url, seen):
        data = {"document_id": "d", "upload_url": f"{url}/a", "expires_in": 900, "recording_url": f"{url}/a"}
        with Server([answer(200, data)]) as api, pytest.raises(CertificateError):
            run(api.url, work, max_retries=5)
    assert len(seen) == 1


def test_waits_and_lists_end_at_once(company: Company, tmp_path: Path) -> None:
    """Each of them continues after other failures of a connection."""
    works: list[Callable[[Any], Any]] = [
        lambda vb: vb.calls.wait("c", timeout=600),
        lambda vb: vb.calls.start("a", "+12025550100", wait_for_slot=600),
        lambda vb: vb.calls.start_many(
            [vocobase.CallJob("a", "+12025550100")],
            ledger=tmp_path / "list.sqlite",
            window=vocobase.CallWindow.any_time(),
        ),
    ]
    for work in works:
        with counting(company.tls) as (url, seen):
            with pytest.raises(CertificateError):
                run(url, work)
        assert len(seen) == 1


def test_tls_settings_of_the_caller_count_before_those_of_the_environment(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/absent.pem")
    with Server([AGENT], company.tls) as server:
        assert (run(server.url, read, ssl_context=company.trusting())).id == "a"
        assert (run(server.url, read, http_client=None, ssl_context=company.trusting())).id == "a"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_environment_names_certificates(
    variable: str, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = company.file
    if variable == "SSL_CERT_DIR":
        place = tmp_path / "hashed"
        place.mkdir()
        command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(company.file)]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        (place / f"{found}.0").write_bytes(company.file.read_bytes())
    monkeypatch.setenv(variable, f"{place}")
    with Server([AGENT], company.tls) as server:
        assert (run(server.url, read)).id == "a"
    if variable == "SSL_CERT_FILE":
        # As in httpx, the file comes first.
        monkeypatch.setenv("SSL_CERT_DIR", "/absent")
    else:
        monkeypatch.setenv(variable, os.pathsep.join(["", str(tmp_path), str(place)]))
    with Server([AGENT], company.tls) as server:
        assert (run(server.url, read)).id == "a"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("place", ["absent", "empty", "letter.txt", "folder"])
def test_certificates_that_cannot_be_read_are_one_clear_line(
    variable: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "letter.txt").write_text("Dear Asha")
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv(variable, str(tmp_path / place))
    with pytest.raises(ConfigurationError) as caught:
        Vocobase(KEY)
    text = str(caught.value)
    assert text.startswith(f"{variable} ({tmp_path / place}) cannot be used: ")
    assert text.endswith(" Correct or unset it.")
    assert "\n" not in text and sum(name in text for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEY")) == 1


def test_a_key_log_that_cannot_be_written_is_not_blamed_on_certificates(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(company.file))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "missing" / "keys.log"))
    with counting(company.tls) as (url, seen):
        with pytest.raises(ConfigurationError, match=r"SSLKEYLOGFILE \(.*keys\.log\)") as caught:
            run(url, read)
        assert "SSL_CERT" not in str(caught.value)
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    with Server([AGENT], company.tls) as server:
        assert (run(server.url, read)).id == "a"
    assert "CLIENT_TRAFFIC_SECRET" in (tmp_path / "keys.log").read_text()
    assert len(seen) <= 1


@pytest.mark.parametrize("given", [True, False, "/etc/ssl/cert.pem", Path("a.pem"), 5])
def test_only_tls_settings_for_clients_are_taken(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"ssl_context must be an ssl\.SSLContext, not"):
        Vocobase(KEY, ssl_context=given)
    with pytest.raises(ConfigurationError, match="ssl_context is for a server"):
        Vocobase(KEY, ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))


@pytest.mark.parametrize("name", ["transport", "http_client"])
def test_tls_settings_for_the_callers_own_connections_are_refused(name: str) -> None:
    given: dict[str, Any] = {
        "transport": httpx.MockTransport(lambda _: httpx.Response(200)),
        "http_client": httpx.Client(),
    }
    with pytest.raises(ConfigurationError, match="ssl_context does not apply to your own"):
        Vocobase(KEY, ssl_context=ssl.create_default_context(), **{name: given[name]})


@pytest.mark.parametrize("by", ["argument", "environment"])
def test_the_same_certificates_count_for_a_proxy_with_tls(
    by: str, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "environment":
        monkeypatch.setenv("SSL_CERT_FILE", str(company.file))
    options: dict[str, Any] = {"ssl_context": company.trusting()} if by == "argument" else {}
    with tls_proxy(company) as (proxy, seen), Server([AGENT], company.tls) as server:
        assert (run(server.url, read, proxy=proxy, max_retries=0, **options)).id == "a"
    assert len(seen) == 1 and seen[0].startswith(b"CONNECT ")


def test_a_proxy_that_is_not_trusted_is_tried_once(company: Company) -> None:
    with counting(company.tls) as (url, seen):
        with pytest.raises(CertificateError, match="or of a proxy, cannot be verified"):
            run("https://api.example", read, proxy=url, max_retries=5)
    assert len(seen) == 1


def test_a_callers_own_client_is_not_tried_again_either(company: Company) -> None:
    with counting(company.tls) as (url, seen):
        with pytest.raises(CertificateError):
            run(url, read, client={}, max_retries=5)
        assert len(seen) == 1
        with pytest.raises(CertificateError):
            run(url, read, transport=httpx.HTTPTransport(), max_retries=5)
        assert len(seen) == 2
