"""The table of commands: each has a row, and does what the row says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.table import NOTHING, ONE, TABLE, TEXT, Row
from vocobase import CallJob, DialList, DoNotCall, Vocobase
from vocobase.cli.app import COMMANDS
from vocobase.records import Records
from vocobase_sandbox import Sandbox


@pytest.fixture
def identifiers(vb: Vocobase, account: Sandbox, tmp_path: Path) -> dict[str, str]:
    agent = vb.agents.create(
        "Front desk", "Say hello.", voice_id=vb.voices.list()[0].id, enable_recording=True
    )
    call = vb.calls.start(agent.id, "+919876543210", provider="twilio")
    document = vb.documents.add_web_link("Site", "https://example.com/")
    account.clock.advance(600)
    with Records.open(tmp_path / "records.sqlite") as records:
        records.sync(vb)
    people = tmp_path / "people.csv"
    people.write_text("phone,name\n+12025550100,Asha\n+1202555,Ravi\n+12025550100,Asha\n")
    ledger = str(tmp_path / "ledger.sqlite")
    with DialList(ledger, "due") as jobs, DoNotCall(ledger) as listed:
        jobs.add(CallJob(agent.id, number) for number in ("+12025550100", "+12025550103"))
        listed.add("+12025550198")
    places = {"people": str(people), "ledger": ledger}
    places |= {"records": str(tmp_path / "records.sqlite"), "folder": str(tmp_path / "export")}
    return places | {"agent": agent.id, "call": call.call_id, "document": document.id}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.arguments)
def test_a_command_does_what_its_row_says(run: Run, identifiers: dict[str, str], row: Row) -> None:
    done = run(*row.arguments.format(**identifiers).split())
    assert done.exit_status == row.exit_status, done
    assert "\x1b" not in done.stdout + done.stderr
    if row.shape == NOTHING:
        assert done.stdout == ""
    elif row.shape != TEXT:
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(rows) == 1 or row.shape != ONE
        assert all(set(row.members) <= set(each) for each in rows)
    if row.exit_status:
        assert done.stderr.startswith("vocobase: ") and done.stderr.count("\n") == 1


def test_rows_of_people_are_masked(run: Run, identifiers: dict[str, str]) -> None:
    done = run("contacts", "check", identifiers["people"], "--no-pii")
    assert {json.loads(line)["row"] for line in done.stdout.splitlines()} == {"***"}
    assert "Ravi" not in done.stdout + done.stderr


def test_every_written_command_is_shown_with_its_output() -> None:
    page = Path("docs/cli.md").read_text(encoding="utf-8")
    shown = {f"{line} " for line in page.splitlines() if line.startswith("$ vocobase ")}

    def has_an_example(command: str) -> bool:
        return any(line.startswith(f"$ vocobase {command} ") for line in shown)

    assert [name for name, entry in COMMANDS.items() if entry.target and not has_an_example(name)] == []


def test_every_written_command_has_a_row() -> None:
    def covered(command: str) -> bool:
        return any(f"{row.arguments} ".startswith(f"{command} ") for row in TABLE)

    assert [command for command in COMMANDS if not covered(command)] == []
