"""vocobase webhooks sign and verify: headers for a body, with a secret that is never an argument."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vocobase.webhooks import verify

SECRET = "whsec_0123456789"
BODY = b'{"event":"session.completed","data":{"session_id":"s1"}}'


@pytest.fixture
def body(tmp_path: Path) -> Path:
    file = tmp_path / "body.json"
    file.write_bytes(BODY)
    return file


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOBASE_WEBHOOK_SECRET", SECRET)


def signed(run: Run, body: Path, *options: str) -> list[str]:
    headers = json.loads(run("webhooks", "sign", str(body), *options).stdout)
    return ["--signature", headers["X-Webhook-Signature"], "--timestamp", headers["X-Webhook-Timestamp"]]


def test_signed_headers_are_those_of_the_sdk_and_are_verified(run: Run, body: Path) -> None:
    headers = json.loads(run("webhooks", "sign", "-", input=BODY).stdout)
    verify(BODY, headers, SECRET)
    done = run("webhooks", "verify", str(body), *signed(run, body))
    assert json.loads(done.stdout) == {"valid": True, "event": "session.completed", "session_id": "s1"}
    other = run("webhooks", "verify", "-", *signed(run, body), input=BODY)
    assert other.exit_status == 0 and SECRET not in other.stdout + done.stdout + done.stderr


def test_a_wrong_secret_or_body_or_age_is_refused(
    run: Run, body: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = signed(run, body)
    old = signed(run, body, "--timestamp", "2020-01-01T00:00:00Z")
    assert run("webhooks", "verify", str(body), *old).exit_status == 0
    aged = run("webhooks", "verify", str(body), *old, "--tolerance", "300")
    assert aged.exit_status == 1 and "exceeds the tolerance" in aged.stderr
    body.write_bytes(BODY + b"\n")
    changed = run("webhooks", "verify", str(body), *right)
    assert changed.exit_status == 1 and "matches none of the secrets" in changed.stderr
    body.write_bytes(BODY)
    monkeypatch.setenv("VOCOBASE_WEBHOOK_SECRET", "whsec_other")
    wrong = run("webhooks", "verify", str(body), *right)
    assert (wrong.exit_status, wrong.stdout, wrong.stderr.count("\n")) == (1, "", 1)
    assert "whsec_other" not in wrong.stderr


def test_another_event_is_valid_without_a_session(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_bytes(b'{"event":"session.started","data":{}}')
    done = run("webhooks", "verify", str(file), *signed(run, file))
    assert json.loads(done.stdout) == {"valid": True, "event": "session.started", "session_id": None}
    file.write_bytes(b"\xff\x00")
    binary = run("webhooks", "verify", str(file), *signed(run, file))
    assert binary.exit_status == 1 and "The body is not an event" in binary.stderr


def test_the_secret_is_asked_for_on_a_terminal_and_named_elsewhere(
    run: Run, body: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = signed(run, body)
    monkeypatch.delenv("VOCOBASE_WEBHOOK_SECRET")
    asked = run("webhooks", "verify", str(body), *right, tty=True, secret=SECRET)
    assert asked.exit_status == 0 and SECRET not in asked.stdout + asked.stderr
    refused = run("webhooks", "sign", str(body))
    assert refused.exit_status == 2 and "Set VOCOBASE_WEBHOOK_SECRET" in refused.stderr


def test_a_file_that_cannot_be_read_is_one_line(run: Run, tmp_path: Path) -> None:
    for file in (tmp_path / "missing", tmp_path):
        done = run("webhooks", "sign", str(file))
        assert done.exit_status == 2 and done.stderr.count("\n") == 1 and str(file) in done.stderr
