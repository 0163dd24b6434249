"""Arguments that commands can check themselves are refused before a question and before any request."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vocobase.records import Records
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"
WITH_PASSWORD = "postgresql://user:secret@localhost/db"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(f"phone\n{NUMBER}\n")
    (tmp_path / "folder").mkdir()
    with Records.open("records.sqlite"):
        pass


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            f"campaigns run people.csv --agent Desk --provider twilio --ledger {WITH_PASSWORD}",
            "has a password",
        ),
        ("campaigns run people.csv --agent Desk --provider twilio --region QQ", "region"),
        ("dial add list people.csv --agent Desk --region QQ", "region"),
        (f"dial add list people.csv --agent Desk --ledger {WITH_PASSWORD}", "has a password"),
        ("dial plan list people.csv --agent Desk --region QQ", "region"),
        (f"dial plan list people.csv --agent Desk --ledger {WITH_PASSWORD}", "has a password"),
        ("dial report list --csv folder", "folder"),
        ("kb sync missing --agent Desk", "missing"),
        ("login --profile new --base-url ftp://localhost", "base_url must be"),
        ("login --profile new --store keyring", "needs the package keyring"),
        ("report --sync --db records.sqlite --person 555", "person must be"),
        ("report --sync --db records.sqlite --direction x", "direction must be"),
        ("webhooks resend call --to http://localhost --cursor people.csv", "is not a cursor"),
    ],
)
def test_a_wrong_argument_is_refused_at_once(run: Run, account: Sandbox, words: str, text: str) -> None:
    before = len(account.events)
    done = run(*words.split(), tty=True, input="y\n", secret="rg_live_typed")
    assert (done.exit_status, done.stdout) == (2, "") and text in done.stderr
    assert "[y/N]" not in done.stderr
    assert len(account.events) == before
