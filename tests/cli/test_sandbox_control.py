"""vocobase sandbox: control a sandbox that is running."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vocobase_sandbox import Sandbox

NUMBER = "+12025550150"


def test_the_clock_moves_without_the_key_of_the_account(run: Run, sandbox: Sandbox) -> None:
    before = sandbox.clock.now
    done = run("sandbox", "advance", "90")
    assert "now" in json.loads(done.stdout) and (sandbox.clock.now - before).total_seconds() == 90


def test_faults_are_listed_added_and_removed(run: Run, sandbox: Sandbox) -> None:
    words = ("sandbox", "faults", "add", "status", "calls.get", "--status", "503", "--count", "2", "--quiet")
    first = run(*words).stdout.strip()
    run("sandbox", "faults", "add", "latency", "--seconds", "5", "--probability", "0.5")
    rows = [json.loads(line) for line in run("sandbox", "faults").stdout.splitlines()]
    assert [(row["kind"], row["route"]) for row in rows] == [("status", "calls.get"), ("latency", "*")]
    assert "calls.get" in run("sandbox", "faults", tty=True).stdout
    left = run("sandbox", "faults", "remove", first)
    assert json.loads(left.stdout)["kind"] == "latency"
    assert run("sandbox", "faults", "clear").stdout == "" and not sandbox.faults.list()


def test_scripts_are_listed_set_and_removed(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    file.write_text(json.dumps({"turns": [{"role": "bot", "content": "Hello"}]}))
    made = run("sandbox", "script", NUMBER, "busy", f"@{file}", '{"disposition": "voicemail"}')
    assert len(json.loads(made.stdout)["outcomes"]) == 3
    assert run("sandbox", "script", "--quiet").stdout == f"{NUMBER}\n"
    assert run("sandbox", "script", NUMBER).stdout == "" and sandbox.scripts == []


def test_seed_data_and_made_up_events_are_sent(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/hook"
        file.write_text(json.dumps({"webhooks": [{"label": "main", "url": url}]}))
        assert json.loads(run("sandbox", "seed", str(file)).stdout) == {"webhooks": 1}
        event = json.loads(run("sandbox", "trigger", "--data", '{"duration_seconds": 95}').stdout)
    assert event["data"]["duration_seconds"] == 95 and len(sandbox.deliveries) == 1
    assert run("sandbox", "seed", str(file)).exit_status == 1


@pytest.mark.parametrize(
    ("words", "status", "text"),
    [
        (("advance", "soon"), 2, "'soon' is not a valid float"),
        (("advance", "--", "-5"), 1, "seconds"),
        (("faults", "add", "nonsense"), 1, "kind must be one of"),
        (("faults", "add", "status", "cals.get"), 1, "did you mean 'calls.get'?"),
        (("script", NUMBER, "@missing.json"), 2, "missing.json: no such file"),
        (("script", NUMBER, "sleepy", "{"), 2, "not JSON"),
        (("trigger",), 1, "endpoint"),
        (("advance", "1", "--url", "http://sandbox:8484"), 2, "VOCOBASE_ALLOW_HTTP"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Run, sandbox: Sandbox, words: tuple[str, ...], status: int, text: str
) -> None:
    done = run("sandbox", *words)
    assert (done.exit_status, done.stdout, done.stderr.count("\n")) == (status, "", 1), done
    assert text in done.stderr


def test_a_sandbox_that_does_not_run_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setenv("VOCOBASE_SANDBOX_URL", url)
        done = run("sandbox", "advance", "1", options={})
    line = f"vocobase: No sandbox runs at {url}; start one with vocobase sandbox serve, or pass --url.\n"
    assert (done.exit_status, done.stderr) == (6, line)
