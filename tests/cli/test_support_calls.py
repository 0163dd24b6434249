"""Call a number, find calls, and see and hear their results."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.cli.conftest import Run
from vocobase import Vocobase
from vocobase._base.runtime import current_runtime
from vocobase.cli.moments import local, moment_of
from vocobase.testing._time import sandbox_time
from vocobase.types import Agent
from vocobase_sandbox import Sandbox

# Numbers reserved for fiction.
NUMBER, UNANSWERED = "+12025550100", "+12025550102"


@pytest.fixture(autouse=True)
def moving_time(account: Sandbox) -> Iterator[None]:
    """Move the clock of the sandbox whenever a command waits."""
    with sandbox_time(account):
        yield


@pytest.fixture
def agent(moving_time: None, account: Sandbox, vb: Vocobase) -> Agent:
    made = vb.agents.create("Front desk", "Greet {{name}}.", voice_id=vb.voices.list()[0].id)
    return vb.agents.update(made.id, variables=["name"], enable_recording=True)


def start(vb: Vocobase, agent: Agent, number: str = NUMBER) -> str:
    return vb.calls.start(agent.id, number, provider="twilio", variables={"name": "Ann"}).call_id


@pytest.fixture
def call_id(agent: Agent, account: Sandbox, vb: Vocobase) -> str:
    """A call that was completed ten minutes ago."""
    made = start(vb, agent)
    account.clock.advance(600)
    return made


CALL = ("call", NUMBER, "--provider", "twilio", "--var", "name=Ann")


def test_a_call_shows_number_agent_and_cost_before_it_asks(run: Run, agent: Agent, vb: Vocobase) -> None:
    refused = run(*CALL, "--agent", "front desk")
    assert refused.exit_status == 2 and "--yes" in refused.stderr and refused.stdout == ""
    asked = run(*CALL, "--agent", agent.id, tty=True, input="n\n")
    assert asked.exit_status == 130 and list(vb.calls.list()) == []
    assert f"Call {NUMBER} with the agent Front desk\n({agent.id}).\nCost per minute: unknown" in asked.stderr
    assert run(*CALL, "--agent", "Front desk", tty=True, input="y\n").exit_status == 0
    [call] = vb.calls.list()
    assert call.to_number == NUMBER
    wanted = vb.calls.wait(call.call_id)
    assert dict(wanted.session.variables)["name"] == "Ann"


def test_the_cost_is_that_of_the_last_calls_of_the_agent(
    run: Run, agent: Agent, call_id: str, vb: Vocobase, account: Sandbox
) -> None:
    call = vb.calls.get(call_id)
    assert call.session and call.duration_seconds
    # Charged in blocks: divided by the seconds, it would be higher than the documented price.
    assert call.duration_seconds % 15 and call.session.credits_used == ceil(call.duration_seconds / 15) * 0.9
    asked = run(*CALL, "--agent", agent.id)
    assert "about 3.60 rupees per minute, charged in blocks of 15 seconds" in asked.stderr
    assert "last call of this agent" in asked.stderr
    start(vb, agent)
    account.clock.advance(600)
    assert "last 2 calls" in run(*CALL, "--agent", agent.id).stderr
    account.faults.add("status", "calls.list", status=500)
    assert "unknown (calls.list" in run(*CALL, "--agent", agent.id).stderr


def test_a_started_call_is_a_row_and_a_hint(run: Run, agent: Agent) -> None:
    done = run(*CALL, "--agent", agent.id, "--yes")
    started = json.loads(done.stdout)["call_id"]
    assert f"Call {NUMBER} with" in done.stderr and f"vocobase calls watch {started}" in done.stderr
    quiet = run(*CALL, "--agent", agent.id, "--yes", "--quiet")
    assert quiet.stderr == "" and quiet.stdout.count("\n") == 1 and "{" not in quiet.stdout


def test_watching_shows_each_status_and_then_the_result(run: Run, agent: Agent) -> None:
    done = run(*CALL, "--agent", agent.id, "--yes", "--watch", tty=True)
    assert done.exit_status == 0, done
    lines = [line.split()[-1] for line in done.stderr.splitlines()]
    assert [line for line in lines if line in ("ringing", "in_progress", "completed")][-1] == "completed"
    assert "Cost" in done.stdout and "rupees" in done.stdout and "\nbot: " in done.stdout
    assert "name: Ann" in done.stdout


def test_a_call_that_nobody_took_is_shown_and_fails(run: Run, agent: Agent) -> None:
    words = ("call", UNANSWERED, "--agent", agent.id, "--provider", "twilio", "--var", "name=Ann")
    done = run(*words, "--yes", "--watch")
    assert json.loads(done.stdout)["status"] == "no_answer"
    assert done.exit_status == 1 and "no_answer" in done.stderr.splitlines()[-1]


def test_watching_for_too_long_says_how_to_go_on(run: Run, agent: Agent, account: Sandbox) -> None:
    made = json.loads(run(*CALL, "--agent", agent.id, "--yes").stdout)["call_id"]
    slow = run("calls", "watch", made, "--timeout", "0.5")
    assert slow.exit_status == 1 and f"To keep watching it: vocobase calls watch {made}" in slow.stderr
    done = run("calls", "watch", made)
    assert done.exit_status == 0 and json.loads(done.stdout)["status"] == "completed"


class Interrupted(httpx.BaseTransport):
    """Ctrl-C at the first request to a path, after it was sent."""

    def __init__(self, sandbox: Sandbox, path: str) -> None:
        self.inner, self.path = sandbox.transport(), path

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        if request.url.path.endswith(self.path):
            raise KeyboardInterrupt
        return response


def test_ctrl_c_while_watching_stops_watching_only(
    run: Run, agent: Agent, account: Sandbox, vb: Vocobase
) -> None:
    made = start(vb, agent)
    done = run("calls", "watch", made, options={"transport": Interrupted(account, f"/calls/{made}")})
    assert (done.exit_status, done.stdout) == (130, "")
    assert done.stderr.splitlines()[-2:] == [
        f"The call continues. To keep watching it: vocobase calls watch {made}",
        "vocobase: interrupted.",
    ]


def test_ctrl_c_while_a_call_is_started_says_how_to_check(run: Run, agent: Agent, account: Sandbox) -> None:
    transport = Interrupted(account, "/calls/start")
    done = run(*CALL, "--agent", agent.id, "--yes", "--quiet", options={"transport": transport})
    assert done.exit_status == 130
    assert (
        f"may have been started; before you dial again, check with: vocobase calls --to {NUMBER}"
        in done.stderr
    )


@pytest.mark.parametrize("output", ["jsonl", "table"])
def test_an_unknown_outcome_is_exit_status_7(
    run: Run, agent: Agent, account: Sandbox, output: str, vb: Vocobase
) -> None:
    account.faults.add("status", "calls.start", status=502, execute=True)
    done = run(*CALL, "--agent", agent.id, "--yes", "--quiet", "--output", output)
    assert done.exit_status == 7 and done.stdout == "" and done.stderr.count("\n") == 1
    assert f"vocobase calls --to {NUMBER} --since 10m" in done.stderr
    found = run("calls", "--to", NUMBER, "--since", "10m", "--quiet").stdout.split()
    assert found == [each.call_id for each in vb.calls.list()] and len(found) == 1


def test_variables_that_differ_are_named_before_the_question(run: Run, agent: Agent) -> None:
    done = run("call", NUMBER, "--agent", agent.id, "--provider", "twilio", "--var", "nmae=Ann")
    first, last = done.stderr.splitlines()
    assert first.startswith("Warning: ") and "name" in first and "nmae" in first and "--yes" in last
    sent = run("call", NUMBER, "--agent", agent.id, "--provider", "twilio", "--yes")
    assert sent.exit_status == 0 and "VariablesWarning" not in sent.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["call", "9876543210", "--agent", "x"], 2, "pass --region, such as --region IN"),
        (["call", "hello", "--agent", "x"], 2, "'hello' cannot be dialled: this is not a number"),
        (["call", "12", "--agent", "x", "--region", "IN"], 2, "cannot be dialled: the number is too short"),
        (["call", "12", "--agent", "x", "--region", "XX"], 2, "XX"),
        (["call", NUMBER, "--agent", "Frnt desk"], 3, "Did you mean 'Front desk'?"),
        (["call", NUMBER, "--agent", "zzzz"], 3, "See vocobase agents list."),
        (["call", NUMBER, "--agent", "x", "--var", "name"], 2, "'name' is not NAME=VALUE"),
        (["call", NUMBER, "--agent", "x", "--var", "a=1", "--var", "a=2"], 2, "'a=2' is passed twice"),
        (["call", NUMBER], 2, "Missing option '--agent'"),
        (["calls", "watch", "none"], 3, "not found"),
        (["calls", "--since", "soon"], 2, "'soon' is not a time"),
        (["calls", "--since", "today", "--tz", "Mars/Base"], 2, "there is no time zone 'Mars/Base'"),
        (["calls", "--status", "lost"], 2, "'lost' is not one of"),
        (["calls", "--to", "1234"], 2, "is not a number"),
        (["transcript", "none"], 3, "not found"),
        (["recording", "none"], 3, "not found"),
    ],
)
def test_bad_input_is_one_line(run: Run, agent: Agent, arguments: list[str], status: int, text: str) -> None:
    done = run(*arguments)
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (status, "", 1), done
    assert text in done.stderr


def test_a_national_number_is_dialled_with_a_region(run: Run, agent: Agent) -> None:
    done = run("call", "(202) 555-0100", "--region", "US", "--agent", agent.id)
    assert f"Call {NUMBER} with" in done.stderr


def test_two_agents_of_one_name_need_an_id(run: Run, agent: Agent, vb: Vocobase) -> None:
    other = vb.agents.create("FRONT DESK", "Hi.", voice_id=vb.voices.list()[0].id)
    assert f"({other.id})" in run(*CALL, "--agent", "FRONT DESK").stderr
    done = run(*CALL, "--agent", "front desk")
    assert done.exit_status == 2 and "2 agents are called 'front desk'" in done.stderr
    assert agent.id in done.stderr and other.id in done.stderr


def test_calls_are_found_by_status_period_agent_and_number(
    run: Run, agent: Agent, vb: Vocobase, account: Sandbox
) -> None:
    def found(*options: str) -> list[str]:
        return run("calls", "--quiet", *options).stdout.split()

    old, account_clock = start(vb, agent), account.clock
    account_clock.advance(3 * 24 * 3600)
    missed, new = start(vb, agent, UNANSWERED), start(vb, agent)
    account_clock.advance(600)
    assert found() == [new, missed, old]
    assert found("--since", "2h") == [new, missed]
    assert found("--until", "2d") == [old]
    assert found("--status", "no_answer") == [missed]
    assert found("--to", UNANSWERED) == [missed]
    assert found("--agent", "Front desk", "--limit", "1") == [new]
    assert found("--limit", "0") == []
    for terminal in (False, True):
        none = run("calls", "--status", "failed", tty=terminal)
        assert (none.exit_status, none.stdout, none.stderr) == (0, "", "No call matches.\n")
    table = re.sub(r"\x1b\[[0-9;]*m", "", run("calls", tty=True).stdout)
    assert all(len(line) <= 80 for line in table.splitlines())
    assert all(each in table for each in (new, missed, "no_answer", UNANSWERED))
    assert f"{vb.calls.get(new).created_at.astimezone():%m-%d %H:%M}" in table


def test_calls_say_when_there_are_more(run: Run, agent: Agent, vb: Vocobase, account: Sandbox) -> None:
    for _ in range(31):
        start(vb, agent)
        account.clock.advance(600)
    usual, everything = run("calls"), run("calls", "--all")
    assert usual.stdout.count("\n") == 30 and "--all shows all of them" in usual.stderr
    assert everything.stdout.count("\n") == 31 and everything.stderr == ""


def test_a_transcript_is_text_on_a_terminal_and_rows_elsewhere(run: Run, call_id: str) -> None:
    shown, piped = run("transcript", call_id, tty=True), run("transcript", call_id)
    rows = [json.loads(line) for line in piped.stdout.splitlines()]
    assert rows and f"{rows[0]['role']}: {rows[0]['content']}" in shown.stdout
    assert "***" in run("transcript", call_id, "--no-pii").stdout
    assert rows[0]["content"] not in run("transcript", call_id, "--no-pii", tty=True).stdout


def test_a_call_without_a_transcript_says_so(run: Run, agent: Agent, vb: Vocobase) -> None:
    made = start(vb, agent)
    done = run("transcript", made)
    assert (done.exit_status, done.stdout) == (0, "") and "has no transcript" in done.stderr
    assert "Transcript" not in run("calls", "show", made, tty=True).stdout


def test_a_recording_is_a_link_a_file_or_played(
    run: Run, call_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = json.loads(run("recording", call_id).stdout)
    assert link["recording_url"].startswith("http")
    assert run("recording", call_id, tty=True).stdout.startswith("http")
    assert "http" not in run("recording", call_id, "--no-pii", tty=True).stdout
    file = tmp_path / "call.wav"
    assert json.loads(run("recording", call_id, "--to", str(file)).stdout)["file"] == str(file)
    content = file.read_bytes()
    assert content
    again = run("recording", call_id, "--to", str(file))
    assert again.exit_status == 2 and "exists and will be replaced" in again.stderr
    assert run("recording", call_id, "--to", str(tmp_path)).exit_status == 0
    assert (tmp_path / f"{call_id}.wav").read_bytes() == content
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    played: list[str] = []

    def launch(path: str) -> int:
        played.append(path)
        return len(played) - 1

    monkeypatch.setattr("click.launch", launch)
    assert run("recording", call_id, "--open").stderr == ""
    assert Path(played[0]).read_bytes() == content
    assert "No program on this machine" in run("recording", call_id, "--open").stderr


def test_a_call_without_a_recording_says_so(run: Run, agent: Agent, vb: Vocobase) -> None:
    done = run("recording", start(vb, agent))
    assert done.exit_status == 3 and "and has no recording" in done.stderr


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("today", "2026-11-28T18:30:00Z"),
        ("Yesterday", "2026-11-27T18:30:00Z"),
        ("90m", "2026-11-28T21:30:00Z"),
        ("2h", "2026-11-28T21:00:00Z"),
        ("3d", "2026-11-25T23:00:00Z"),
        ("1w", "2026-11-21T23:00:00Z"),
        ("2026-11-01", "2026-10-31T18:30:00Z"),
        ("2026-11-01T14:30", "2026-11-01T09:00:00Z"),
        ("2026-11-01T14:30Z", "2026-11-01T14:30:00Z"),
    ],
)
def test_a_moment_is_read_in_its_zone(text: str, moment: str) -> None:
    now = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
    assert moment_of(text, now, ZoneInfo("Asia/Kolkata")) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("text", ["", "2x", "999999w", "99999-01-01", "-2h"])
def test_other_texts_are_not_moments(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        moment_of(text, datetime.now(UTC))


def test_a_day_is_one_of_this_machine() -> None:
    now = current_runtime().clock.now()
    today = moment_of("today", now)
    assert today.astimezone().time() == datetime.min.time()
    assert local(None) == "" and local(today).startswith(f"{today.astimezone():%Y-%m-%d} 00:00:00 ")


@pytest.mark.parametrize(
    "arguments",
    [
        [*CALL, "--agent", "Front desk", "--yes"],
        ["calls", "--since", "today"],
        ["calls", "watch", "c1", "--timeout", "1"],
        ["transcript", "c1"],
        ["recording", "c1"],
        ["kb", "sync", ".", "--agent", "Front desk"],
        ["dictionaries", "apply", "README.md"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_without_a_network_nothing_is_dialled_and_the_error_is_one_line(
    run: Run, arguments: list[str]
) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host")

    done = run(*arguments, options={"transport": httpx.MockTransport(refuse)})
    assert (done.exit_status in (1, 6), done.stdout) == (True, "") and "vocobase: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_call_of_another_account_is_not_found(run: Run, call_id: str, sandbox: Sandbox) -> None:
    with Sandbox(seed=2, clock="manual") as other:
        options = {
            "api_key": other.api_key,
            "base_url": other.base_url,
            "transport": other.transport(),
        }
        for words in (("calls", "show"), ("transcript",), ("recording",), ("calls", "watch")):
            done = run(*words, call_id, options=options)
            assert done.exit_status == 3 and "belongs to this account" in done.stderr
