"""The contract of every command: output, errors, questions, shared options."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.cli.conftest import Run
from vocobase import Vocobase, cli
from vocobase_sandbox import Sandbox

NUMBER = "+919876543210"


@pytest.fixture
def call_id(vb: Vocobase, account: Sandbox) -> str:
    agent = vb.agents.create("Front desk", "Say hello.", voice_id=vb.voices.list()[0].id)
    call = vb.calls.start(agent.id, NUMBER, provider="twilio")
    account.clock.advance(600)
    return call.call_id


def test_a_pipe_gets_json_lines_and_a_terminal_a_card(run: Run, call_id: str) -> None:
    piped, shown = run("calls", "show", call_id), run("calls", "show", call_id, tty=True)
    assert json.loads(piped.stdout)["to_number"] == NUMBER and piped.stdout.count("\n") == 1
    assert "\x1b" not in piped.stdout and piped.stderr == ""
    assert NUMBER in shown.stdout and "\nbot: Hello" in shown.stdout


def test_shared_options_stand_before_and_after_the_command(run: Run, call_id: str) -> None:
    wanted = run("calls", "show", call_id, "--fields", "call_id,session.status", "--output", "json").stdout
    assert json.loads(wanted) == {"call_id": call_id, "session.status": "completed"}
    assert run("--output=json", "calls", "--fields=call_id,session.status", "show", call_id).stdout == wanted
    last = run("--output", "csv", "calls", "show", call_id, "--output", "jsonl", "--fields", "call_id")
    assert json.loads(last.stdout) == {"call_id": call_id}


def test_every_format_writes_the_object(run: Run, call_id: str) -> None:
    def shown(*options: str) -> str:
        return run("calls", "show", call_id, *options).stdout

    [row] = csv.DictReader(io.StringIO(shown("--output", "csv")))
    assert row["session.status"] == "completed" and json.loads(row["session.transcript"])
    assert shown("--quiet") == f"{call_id}\n"
    assert f"Call {call_id}" in shown("--output", "table") and "\x1b" not in shown("--output", "table")


def test_personal_data_is_masked_in_every_format(run: Run, call_id: str) -> None:
    for format in ("table", "json", "jsonl", "csv"):
        shown = run("calls", "show", call_id, "--no-pii", "--output", format).stdout
        assert call_id in shown and NUMBER not in shown and "Hello" not in shown
        assert "+91********10" in shown


def test_an_unknown_field_names_the_nearest(run: Run, call_id: str) -> None:
    near = run("calls", "show", call_id, "--fields", "to_numbr")
    assert (near.exit_status, near.stdout) == (2, "") and "Did you mean to_number?" in near.stderr
    far = run("calls", "show", call_id, "--fields", "zzzz")
    assert far.exit_status == 2 and "There are: agent_id, answered_by" in far.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["calls", "show", "no-such-call"], 3, "call not found"),
        (["calls", "shwo"], 2, "Did you mean show?"),
        (["calls", "zzzz"], 2, "See vocobase calls --help."),
        (["cals", "show"], 2, "Did you mean calls?"),
        (["calls", "show"], 2, "Missing argument 'CALL_ID'"),
        (["calls", "show", "x", "--outptu", "json"], 2, "--output"),
        (["calls", "show", "x", "--output", "xml"], 2, "'xml' is not one of"),
        (["calls", "show", "caf\udce9"], 2, "Argument 3 is not UTF-8"),
        (["--profile", "work", "calls", "show", "x"], 2, "There is no profile 'work'"),
    ],
)
def test_an_error_is_one_line_and_an_exit_status(
    run: Run, account: Sandbox, arguments: list[str], status: int, text: str
) -> None:
    done = run(*arguments)
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (status, "", 1)
    assert done.stderr.startswith("vocobase: ") and text in done.stderr


def test_an_error_is_json_where_json_is_asked_for(run: Run, account: Sandbox) -> None:
    expected: dict[str, Any] = {"code": "not-found", "exit_status": 3, "retryable": False}
    error = json.loads(run("calls", "show", "none", "--output", "json").stderr)
    assert expected.items() <= error.items() and error["hint"] and "\n" not in error["error"]
    early = json.loads(run("calls", "shwo", "--output=json").stderr)
    assert (early["code"], early["exit_status"]) == ("usage", 2)


def test_without_a_key_the_error_says_how_to_log_in(run: Run) -> None:
    done = run("calls", "show", "x")
    assert done.exit_status == 2 and "run vocobase login" in done.stderr


def test_help_lists_commands_and_shared_options_once(run: Run) -> None:
    root, group, command = (run(*words, "--help") for words in ((), ("calls",), ("calls", "show")))
    assert [each.exit_status for each in (root, group, command)] == [0, 0, 0]
    assert "--no-pii  " in root.stdout and "Operations of the API:" in root.stdout
    for each in (group, command):
        assert "--no-pii  " not in each.stdout and "--no-pii" in each.stdout
    assert all(len(line) <= 80 for line in root.stdout.splitlines())


def test_no_command_shows_the_help_as_wrong_usage(run: Run) -> None:
    done = run()
    assert done.exit_status == 2 and done.stdout == "" and "Commands:" in done.stderr


@pytest.mark.parametrize("place", ["import_module", "report"])
def test_an_interruption_while_the_program_loads_or_reports_an_error_is_one_line(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "vocobase.cli." + ("" if place == "import_module" else "failures.") + place, interrupt
    )
    monkeypatch.setattr("sys.argv", ["vocobase", "unknown"])
    assert cli.main() == 130
    assert capsys.readouterr().err == "vocobase: interrupted.\n"
