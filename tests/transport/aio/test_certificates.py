"""Certificates: which are trusted, and what happens if one cannot be verified."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

import vocobase
from tests.transport.server import Server, answer
from vocobase import AsyncVocobase, CertificateError, ConfigurationError, Vocobase

KEY = "rg_live_x"
AGENT = answer(200, {"id": "a"})
# Answers to every request of the helpers below.
kinds = pytest.mark.parametrize("kind", [Vocobase, AsyncVocobase])


class Company:
    """A certificate authority of a company, and a server with a certificate of it."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.tls)
        self.file = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(self.file))

    def trusting(self) -> ssl.SSLContext:
        """Return TLS settings that trust the authority."""
        return ssl.create_default_context(cafile=str(self.file))


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def use_sync(url: str, work: Callable[[Any], Any], **options: Any) -> Any:
    with Vocobase(KEY, base_url=url, **options) as vb:
        return work(vb)


def use_async(url: str, work: Callable[[Any], Any], **options: Any) -> Any:
    async def main() -> Any:
        async with AsyncVocobase(KEY, base_url=url, **options) as vb:
            return await work(vb)

    return asyncio.run(main())


both = pytest.mark.parametrize("use", [use_sync, use_async])


def get(vb: Any) -> Any:
    return vb.agents.get("a")


@contextmanager
def counting(tls: ssl.SSLContext) -> Iterator[tuple[str, list[str]]]:
    """Count the handshakes on a server whose certificate is not trusted."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = listener.accept()
                    seen.append("handshake")
                    with peer, suppress(OSError):
                        tls.wrap_socket(peer, server_side=True).close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", seen
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@both
@pytest.mark.parametrize(
    "work", [get, lambda vb: vb.calls.start("a", "+12025550100"), lambda vb: vb.request("GET", "/config")]
)
def test_a_certificate_that_cannot_be_verified_is_tried_once_and_the_message_helps(
    use: Callable[..., Any], work: Callable[[Any], Any], company: Company
) -> None:
    with counting(company.tls) as (url, seen):
        with pytest.raises(CertificateError, match=r"certificate verify failed.*SSL_CERT_FILE.*ssl_context="):
            use(url, work, max_retries=5)
    assert len(seen) == 1


@both
def test_a_certificate_of_another_host_is_tried_once(use: Callable[..., Any], tmp_path: Path) -> None:
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example").configure_cert(tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with counting(tls) as (url, seen):
        with pytest.raises(CertificateError, match="IP address mismatch"):
            use(url, get, ssl_context=trusting)
    assert len(seen) == 1


@both
@pytest.mark.parametrize(
    "work",
    [
        lambda vb: vb.documents.upload(b"# T", name="a.md"),
        lambda vb: vb.calls.download_recording("c", os.devnull + "-not-written"),
    ],
    ids=["upload", "download"],
)
def test_a_file_is_not_sent_again_to_a_store_that_is_not_trusted(
    use: Callable[..., Any], work: Callable[[Any], Any], company: Company, tmp_path: Path
) -> None:
    with counting(company.tls) as (url, seen):
        data = {"document_id": "d", "upload_url": f"{url}/a", "expires_in": 900, "recording_url": f"{url}/a"}
        with Server([answer(200, data)]) as api, pytest.raises(CertificateError):
            use(api.url, work, max_retries=5)
    assert len(seen) == 1


@both
def test_waits_and_lists_end_at_once(use: Callable[..., Any], company: Company, tmp_path: Path) -> None:
    """Each of them goes on after other failures of a connection."""
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
                use(url, work)
        assert len(seen) == 1


@both
def test_tls_settings_of_the_caller_count_before_those_of_the_environment(
    use: Callable[..., Any], company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/absent.pem")
    with Server([AGENT], company.tls) as server:
        assert use(server.url, get, ssl_context=company.trusting()).id == "a"
        assert use(server.url, get, http_client=None, ssl_context=company.trusting()).id == "a"


@both
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_environment_names_certificates(
    use: Callable[..., Any], variable: str, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
        assert use(server.url, get).id == "a"
    if variable == "SSL_CERT_FILE":
        # As in httpx, the file comes first.
        monkeypatch.setenv("SSL_CERT_DIR", "/absent")
    else:
        monkeypatch.setenv(variable, os.pathsep.join(["", str(tmp_path), str(place)]))
    with Server([AGENT], company.tls) as server:
        assert use(server.url, get).id == "a"


@kinds
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("place", ["absent", "empty", "letter.txt", "folder"])
def test_certificates_that_cannot_be_read_are_one_clear_line(
    kind: Any, variable: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "letter.txt").write_text("Dear Asha")
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv(variable, str(tmp_path / place))
    with pytest.raises(ConfigurationError) as caught:
        kind(KEY)
    text = str(caught.value)
    assert text.startswith(f"{variable} ({tmp_path / place}) cannot be used: ")
    assert text.endswith(" Correct or unset it.")
    assert "\n" not in text and sum(name in text for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEY")) == 1


@both
def test_a_key_log_that_cannot_be_written_is_not_blamed_on_certificates(
    use: Callable[..., Any], company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(company.file))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "missing" / "keys.log"))
    with counting(company.tls) as (url, seen):
        with pytest.raises(ConfigurationError, match=r"SSLKEYLOGFILE \(.*keys\.log\)") as caught:
            use(url, get)
        assert "SSL_CERT" not in str(caught.value)
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    with Server([AGENT], company.tls) as server:
        assert use(server.url, get).id == "a"
    assert "CLIENT_TRAFFIC_SECRET" in (tmp_path / "keys.log").read_text()
    assert len(seen) <= 1


@kinds
@pytest.mark.parametrize("given", [True, False, "/etc/ssl/cert.pem", Path("a.pem"), 5])
def test_only_tls_settings_for_clients_are_taken(kind: Any, given: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"ssl_context must be an ssl\.SSLContext, not"):
        kind(KEY, ssl_context=given)
    with pytest.raises(ConfigurationError, match="ssl_context is for a server"):
        kind(KEY, ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))


@kinds
@pytest.mark.parametrize("name", ["transport", "http_client"])
def test_tls_settings_for_the_callers_own_connections_are_refused(kind: Any, name: str) -> None:
    client = {Vocobase: httpx.Client, AsyncVocobase: httpx.AsyncClient}[kind]
    given = client() if name == "http_client" else httpx.MockTransport(lambda _: httpx.Response(200))
    with pytest.raises(ConfigurationError, match="ssl_context does not apply to your own"):
        kind(KEY, ssl_context=ssl.create_default_context(), **{name: given})


@contextmanager
def tls_proxy(company: Company) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that is itself reached over TLS, and then passes everything on."""
    seen: list[bytes] = []

    def pump(source: Any, target: Any) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def talk(peer: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError), company.tls.wrap_socket(peer, server_side=True) as outer:
            head = outer.recv(65536)
            seen.append(head)
            host, _, port = head.split()[1].decode().rpartition(":")
            with socket.create_connection((host, int(port))) as inner:
                outer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                threading.Thread(target=pump, args=(inner, outer), daemon=True).start()
                pump(outer, inner)

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", seen
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@both
@pytest.mark.parametrize("by", ["argument", "environment"])
def test_the_same_certificates_count_for_a_proxy_with_tls(
    use: Callable[..., Any], by: str, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "environment":
        monkeypatch.setenv("SSL_CERT_FILE", str(company.file))
    options = {"ssl_context": company.trusting()} if by == "argument" else {}
    with tls_proxy(company) as (proxy, seen), Server([AGENT], company.tls) as server:
        assert use(server.url, get, proxy=proxy, max_retries=0, **options).id == "a"
    assert len(seen) == 1 and seen[0].startswith(b"CONNECT ")


@both
def test_a_proxy_that_is_not_trusted_is_tried_once(use: Callable[..., Any], company: Company) -> None:
    with counting(company.tls) as (url, seen):
        with pytest.raises(CertificateError, match="or of a proxy, cannot be verified"):
            use("https://api.example", get, proxy=url, max_retries=5)
    assert len(seen) == 1


@both
def test_a_callers_own_client_is_not_tried_again_either(use: Callable[..., Any], company: Company) -> None:
    with counting(company.tls) as (url, seen):
        if use is use_sync:
            with httpx.Client() as mine, pytest.raises(CertificateError):
                use(url, get, http_client=mine, max_retries=5)
        else:
            with pytest.raises(CertificateError):
                use(url, get, transport=httpx.AsyncHTTPTransport(), max_retries=5)
    assert len(seen) == 1
