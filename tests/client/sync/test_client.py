# Derived from tests/client/aio/test_client.py by scripts/derive_sync.py; edit that instead.
"""Configuration, clients of the caller and logging, where both clients have code of their own."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from traceback import TracebackException
from typing import Any

import httpx
import numpy
import pytest

from tests.client.callbacks import LatePacer
from tests.transport.server import Server, answer
from vocobase import ConfigurationError, InvalidArgumentError, LocalPacer, Vocobase
from vocobase_sandbox import Sandbox

KEY = "rg_live_canary_0123456789"
LOCAL = "http://localhost:1"


@pytest.mark.parametrize("runtime", [5, False, object, numpy.array([1, 2])])
def test_what_is_not_a_runtime_is_refused(runtime: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="runtime must be a runtime of the SDK"):
        Vocobase(KEY, base_url=LOCAL, runtime=runtime)


@pytest.mark.parametrize(
    "options", [{"timeout": -1}, {"base_url": "ftp://x"}, {"headers": {"a": 5}}, {"key": "\n"}]
)
def test_a_failed_construction_shows_no_key_among_the_variables_of_its_traceback(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    wrong = options.get("key", "")
    rest = {name: value for name, value in options.items() if name != "key"}
    monkeypatch.setenv("VOCOBASE_API_KEY", KEY + wrong)
    for attempt in (
        lambda: Vocobase(**{"base_url": LOCAL, **rest}),
        lambda: Vocobase(os.environ["VOCOBASE_API_KEY"], **{"base_url": LOCAL, **rest}),
        lambda: Vocobase(lambda: os.environ["VOCOBASE_API_KEY"], **{"base_url": LOCAL, **rest})._core._key(),
    ):
        with pytest.raises(ConfigurationError) as caught:
            attempt()
        shown = "".join(TracebackException.from_exception(caught.value, capture_locals=True).format())
        frames = [part for part in shown.split('  File "') if "/vocobase/" in part]
        assert frames
        assert [part for part in frames if KEY in part] == []


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("transport", "x", "transport must be an httpx"),
        ("http_client", httpx, "http_client must be an httpx"),
        ("proxy", 3128, "proxy must be an address such as http://host:3128"),
        ("proxy", [], "proxy must be an address such as http://host:3128"),
        ("proxy", "http://a\0b", "proxy: the address cannot be used"),
        (
            "pace",
            LocalPacer,
            "pace must be True, an address or file that shares the budgets.*, not the class LocalPacer",
        ),
        ("pace", 5, "pace must be True, an address or file that shares the budgets.*, not int"),
        ("pace", LatePacer(), "pace: try_acquire must be a plain function, not an async function"),
    ],
)
def test_what_would_fail_at_the_first_request_is_refused_at_once(option: str, value: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        Vocobase(KEY, base_url=LOCAL, **{option: value})


def test_the_certificates_of_the_environment_are_read_at_the_first_handshake(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n"
    (tmp_path / "authority.pem").write_text(text)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with Server([answer(200, {"id": "a"})]) as server:
        secure = server.url.replace("http:", "https:")
        with Vocobase(KEY, base_url=secure, max_retries=0) as vb:
            with pytest.raises(ConfigurationError, match=r"SSL_CERT_FILE \(.*authority\.pem\)"):
                vb.agents.get("a")


def test_a_callers_own_client_is_used_and_not_closed() -> None:
    with Server([answer(200, {"id": "a"})]) as server:
        with httpx.Client(headers={"X-Mine": "1"}) as mine:
            with Vocobase(KEY, base_url=server.url, http_client=mine) as vb:
                assert (vb.agents.get("a")).id == "a"
            assert not mine.is_closed
    assert b"authorization: bearer" in server.requests[0].lower()


def test_httpx_does_not_log_the_query_of_a_presigned_address(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with httpx.Client(transport=sandbox.transport()) as mine:
        with Vocobase(sandbox.api_key, base_url=sandbox.base_url, http_client=mine) as vb:
            vb.documents.upload(b"# Hours", name="hours.md")
    transfers = [record.getMessage() for record in caplog.records if "PUT" in record.getMessage()]
    assert len([text for text in transfers if "?***" in text]) == 1, transfers
    assert all("signature" not in text.lower() for text in transfers)
