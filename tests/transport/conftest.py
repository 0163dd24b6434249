"""Servers whose certificates clients trust."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine, from an authority that the environment names."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return context


@pytest.fixture(params=[False, True], ids=["plain", "encrypted"])
def maybe_tls(request: pytest.FixtureRequest) -> ssl.SSLContext | None:
    """Each test with it runs twice: over plain HTTP, and with the certificate."""
    return request.getfixturevalue("tls") if request.param else None
