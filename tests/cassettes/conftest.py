"""Replay from the recorded files only."""

from __future__ import annotations

from functools import cache
from typing import Any

import httpx
import pytest

from tests.cassettes.cassette import FOLDER

one_tls_context = cache(httpx.create_ssl_context)


@pytest.fixture(autouse=True)
def share_the_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the certificates once: nothing here speaks TLS, and loading takes longer than most of the tests."""
    monkeypatch.setattr(httpx, "create_ssl_context", one_tls_context)


@pytest.fixture(scope="session")
def record_mode() -> str:
    """Never record from a test, whatever the command line says: `make record` scrubs, vcrpy would not."""
    return "none"


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(FOLDER)


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    return {
        "record_mode": "none",
        "match_on": ("method", "scheme", "host", "port", "path", "query", "body"),
        "before_record_request": as_shown,
    }


def as_shown(request: Any) -> Any:
    """Give a recorded presigned address the form that the client shows to tools between it and the network."""
    request.uri = request.uri.replace("?signature=scrubbed", "?***")
    return request
