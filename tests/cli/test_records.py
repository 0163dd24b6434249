"""vocobase records: the local table of calls from the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vocobase import Vocobase
from vocobase.cli.stores import shown
from vocobase.records import Records
from vocobase_sandbox import Sandbox

ASHA, RAVI = "+12025550100", "+12025550103"


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def calls(vb: Vocobase, account: Sandbox) -> list[str]:
    agent = vb.agents.create("Front desk", "Say hello.", voice_id=vb.voices.list()[0].id)
    found = [vb.calls.start(agent.id, number, provider="twilio").call_id for number in (ASHA, ASHA, RAVI)]
    account.clock.advance(3600)
    return found


@pytest.fixture
def filled(run: Run, calls: list[str]) -> None:
    assert run("records", "sync").exit_status == 0


def count(run: Run, *options: str) -> int:
    found: int = json.loads(run("records", "count", *options).stdout)["calls"]
    return found


def test_a_sync_fills_the_table_of_the_profile_and_says_what_is_pending(
    run: Run, vb: Vocobase, account: Sandbox, calls: list[str], state: Path, filled: None
) -> None:
    assert count(run) == 3 and count(run, "--person", ASHA) == 2
    assert count(run, "--disposition", "voicemail", "--for", "2026") == 1
    assert count(run, "--for", "2020..2021") == 0
    [file] = state.rglob("*.sqlite")
    assert file.stat().st_mode & 0o077 == 0
    vb.calls.start(vb.agents.list()[0].id, "+12025550110", provider="twilio")
    again = run("records", "sync", "--since", "2h")
    pending = json.loads(again.stdout)["pending"]
    assert pending >= 1 and f"read again by the next run: {pending}" in again.stderr
    assert count(run) == 4


def test_a_terminal_shows_how_far_a_sync_is(run: Run, calls: list[str], tmp_path: Path) -> None:
    shown = run("records", "sync", "--db", str(tmp_path / "calls.sqlite"), tty=True)
    assert shown.exit_status == 0 and "read" in shown.stdout and "Reading" in shown.stderr


def test_an_export_writes_only_what_has_changed(run: Run, filled: None, tmp_path: Path) -> None:
    folder = str(tmp_path / "export")
    written = run("records", "export", folder, "--format", "csv")
    files = [json.loads(line)["file"] for line in written.stdout.splitlines()]
    assert [Path(each).suffix for each in files] == [
        ".csv"
    ] and "Rows: 3, in files that have changed: 1" in written.stderr
    assert run("records", "export", folder, "--format", "csv").stdout == ""
    other = run("records", "export", folder)
    assert other.exit_status == 1 and other.stderr.count("\n") == 1 and "vocobase: " in other.stderr


@pytest.mark.parametrize(
    ("command", "text", "found"),
    [
        (("forget", ASHA), f"Calls of {ASHA} to remove permanently from ", 2),
        (("purge", "--older-than", "2999-01-01"), "Calls created before 2999-01-01", 3),
    ],
)
def test_removing_shows_how_many_and_asks_first(
    run: Run, filled: None, command: tuple[str, ...], text: str, found: int
) -> None:
    dry = run("records", *command, "--dry-run")
    assert (
        dry.exit_status == 0
        and text in dry.stderr
        and f"records.sqlite: {found}. Nothing was done." in dry.stderr
    )
    refused = run("records", *command)
    assert refused.exit_status == 2 and text in refused.stderr and "--yes" in refused.stderr
    declined = run("records", *command, tty=True, input="n\n")
    assert (
        declined.exit_status == 130 and text.strip() in " ".join(declined.stderr.split()) and count(run) == 3
    )
    done = run("records", *command, "--yes")
    removed = json.loads(done.stdout)["removed"]
    assert removed == found and count(run) == 3 - removed


def test_a_wrong_number_or_age_removes_nothing(run: Run, filled: None) -> None:
    for command, text in [
        (("forget", "2025550100"), "must be in E.164 form"),
        (("forget", "(202) 555-0100"), "must be in E.164 form"),
        (("count", "--person", "202 555 0100"), "person must be in E.164 form"),
        (("count", "--direction", "x"), "direction must be outbound, inbound or web"),
        (("purge", "--older-than", "long ago"), "is not a time"),
        (("purge",), "Missing option '--older-than'"),
    ]:
        done = run("records", *command, "--yes")
        assert done.exit_status == 2 and text in done.stderr and done.stderr.count("\n") == 1
    assert count(run) == 3


def test_a_table_that_does_not_exist_is_made_by_sync_only(run: Run, account: Sandbox, tmp_path: Path) -> None:
    for words in (
        ("count",),
        ("export", "folder"),
        ("forget", ASHA, "--yes"),
        ("purge", "--older-than", "1d"),
    ):
        done = run("records", *words)
        assert done.exit_status == 3 and "run vocobase records sync" in done.stderr
    assert run("report").exit_status == 3
    missing = run("records", "sync", "--db", str(tmp_path / "no" / "folder" / "calls.sqlite"))
    assert missing.exit_status == 1 and missing.stderr.count("\n") == 1
    assert not (tmp_path / "no").exists()
    empty = run("records", "sync")
    assert json.loads(empty.stdout) == {"read": 0, "changed": 0, "pending": 0} and empty.stderr == ""


def test_a_file_of_something_else_stays_as_it_is(run: Run, account: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    text = tmp_path / "notes.txt"
    text.write_text("my notes\n" * 100)
    for path in (file, text):
        before = path.read_bytes()
        for words in (("sync",), ("count",), ("forget", ASHA, "--yes")):
            done = run("records", *words, "--db", str(path))
            assert done.exit_status == 1 and done.stderr.count("\n") == 1 and done.stdout == "", done
        assert path.read_bytes() == before


def test_a_password_is_not_an_argument(run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in (
        "postgresql://me:hunter2@localhost/calls",
        "postgresql://localhost/calls?password=hunter2",
    ):
        done = run("records", "count", "--db", address)
        assert done.exit_status == 2 and "set VOCOBASE_RECORDS instead" in done.stderr
        assert "hunter2" not in done.stderr
    monkeypatch.setenv("VOCOBASE_RECORDS", "postgresql://me:hunter2@127.0.0.1:9/calls")
    away = run("records", "forget", ASHA, "--dry-run")
    assert away.exit_status == 1 and "hunter2" not in away.stderr and away.stderr.count("\n") == 1


def test_the_address_of_a_database_is_not_shown() -> None:
    assert shown("postgresql://me:hunter2@localhost/calls") == "the database"
    assert shown("calls.sqlite") == "calls.sqlite"


def test_a_purge_takes_an_age(run: Run, calls: list[str], tmp_path: Path, vb: Vocobase) -> None:
    with Records.open(tmp_path / "calls.sqlite") as records:
        records.sync(vb)
    done = run("records", "purge", "--older-than", "0m", "--db", str(tmp_path / "calls.sqlite"), "--yes")
    assert json.loads(done.stdout) == {"removed": 3}
