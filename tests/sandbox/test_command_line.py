"""python -m vocobase_sandbox."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.programs import running
from vocobase_sandbox.__main__ import _build, _parser, _typed, main

COMMAND = [sys.executable, "-m", "vocobase_sandbox"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=ENVIRONMENT, timeout=20)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_announces_itself_serves_and_ends_cleanly(number: signal.Signals) -> None:
    command = [*COMMAND, "--port", "0", "--speed", "x100", "--key", "rg_live_mine"]
    with running(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().rstrip() for _ in range(7)]
        base = lines[1].split()[-1]
        assert lines[3] == "dashboard  " + base.removesuffix("/api/v2") + "/_sandbox/dashboard"
        assert lines[5] == f"export VOCOBASE_BASE_URL={base}"
        assert lines[6] == "export VOCOBASE_API_KEY=rg_live_mine"
        answer = httpx.get(f"{base}/agent/voices", headers={"authorization": "Bearer rg_live_mine"})
        assert answer.status_code == 200
        process.send_signal(number)
        assert process.wait(10) == 0


def test_a_port_in_use_is_one_clear_line(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    error = capfd.readouterr().err
    assert error.count("\n") == 1 and str(port) in error and "in use" in error


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--speed", "fast", "clock must be"),
        ("--start", "2026-01-05T09:00:00", "start needs a time zone"),
        ("--port", "99999", "cannot listen"),
        ("--data", "missing.json", "missing"),
        ("--host", "", "the address is empty"),
        ("--key", "", "the API key must be a string"),
        ("--key", "a b", "the API key must be a string"),
        ("--balance", "inf", "balance must be a number of rupees"),
        ("--balance", "nan", "balance must be a number of rupees"),
        ("--concurrency", "-1", "concurrency must be a whole number, at least 0, or None"),
        ("--pace", "0", "pace must be a number above 0"),
        ("--pace", "nan", "pace must be a number above 0"),
    ],
)
def test_unusable_options_are_one_clear_line(
    capfd: pytest.CaptureFixture[str], option: str, value: str, reason: str
) -> None:
    assert main(["--port", "0", option, value]) == 2
    error = capfd.readouterr().err
    assert error.count("\n") == 1 and reason in error


def test_a_foreign_state_file_is_one_clear_line(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Asha")
    assert main(["--port", "0", "--state", str(path)]) == 2
    assert capfd.readouterr().err.count("\n") == 1
    assert path.read_text() == "Dear Asha"


def test_a_command_runs_with_the_environment_set() -> None:
    script = (
        "import os, sys; print(os.environ['VOCOBASE_BASE_URL'], os.environ['VOCOBASE_API_KEY']); sys.exit(7)"
    )
    done = run("--seed", "1", "exec", "--", sys.executable, "-c", script)
    assert done.returncode == 7
    base, key = done.stdout.split()
    assert base.startswith("http://127.0.0.1:") and key.startswith("rg_live_sandbox_")


def test_a_command_that_does_not_exist_is_reported() -> None:
    done = run("exec", "--", "no-such-command-here")
    assert done.returncode == 127 and "no-such-command-here" in done.stderr
    assert run("exec").returncode == 2
    assert run("dance").returncode == 2


def test_commands_and_signals_are_handled_in_this_process(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers: dict[int, Any] = {}

    def install(number: int, handler: Any) -> None:
        if number == signal.SIGTERM and number not in handlers:
            handler(number, None)
        handlers[number] = handler

    monkeypatch.setattr(signal, "signal", install)
    assert main(["--port", "0"]) == 0
    assert "export VOCOBASE_BASE_URL=http://127.0.0.1:" in capfd.readouterr().out
    assert main(["exec", "--", sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]) == 137
    assert main(["exec", "no-such-command-here"]) == 127
    with pytest.raises(SystemExit, match="2"):
        main(["exec"])


REPORT = "import os; print(os.environ['VOCOBASE_API_KEY'])"


def test_every_start_has_other_identifiers_unless_a_seed_is_given() -> None:
    """A ledger or a store of handled events that outlives the sandbox must not match the next one."""
    first, second = (run("exec", "--", sys.executable, "-c", REPORT) for _ in range(2))
    assert first.stdout != second.stdout
    seed = first.stderr.split("--seed ")[1].rstrip(")\n")
    assert run("--seed", seed, "exec", "--", sys.executable, "-c", REPORT).stdout == first.stdout
    assert first.stderr.count("\n") == 1


def test_a_state_file_keeps_its_seed(tmp_path: Path) -> None:
    state = str(tmp_path / "state.sqlite")
    first, second = (run("--state", state, "exec", "--", sys.executable, "-c", REPORT) for _ in range(2))
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)


def test_the_seed_is_announced(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda number, handler: handler(number, None))
    assert main(["--port", "0", "--seed", "my seed"]) == 0
    assert "\nseed       my seed (the same identifiers again: --seed 'my seed')\n" in capfd.readouterr().out


def test_hosts_are_named_by_options_or_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    def settings(*arguments: str) -> list[frozenset[str]]:
        with _build(_parser().parse_args(arguments)) as sandbox:
            return [sandbox.settings.allowed_hosts, sandbox.settings.webhook_hosts]

    assert settings() == [set(), set()]
    monkeypatch.setenv("VOCOBASE_SANDBOX_ALLOW_HOSTS", "sandbox, Other,")
    monkeypatch.setenv("VOCOBASE_SANDBOX_WEBHOOK_HOSTS", "app")
    assert settings() == [{"sandbox", "other"}, {"app"}]
    assert settings("--allow-host", "A", "--allow-host", "b", "--webhook-host", "c") == [{"a", "b"}, {"c"}]


def test_compose_works_with_three_names(tmp_path: Path) -> None:
    """The client in one container, the sandbox in another one, and a webhook back to the first."""
    script = """
import socket
from vocobase import Vocobase
own = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: own("127.0.0.1" if host == "sandbox" else host, *rest, **more)
import os
url = os.environ["VOCOBASE_BASE_URL"].replace("127.0.0.1", "sandbox")
with Vocobase(base_url=url) as vb:
    print(vb.documents.upload(b"# Hours", name="hours.md").name)
    print(vb.config.webhooks.create("main", "http://app:9000/hook").url)
"""
    environment = {"VOCOBASE_ALLOW_HTTP": "sandbox", "PYTHONPATH": os.pathsep.join([".", "generated"])}
    done = subprocess.run(
        [
            *COMMAND,
            "--allow-host",
            "sandbox",
            "--webhook-host",
            "app",
            "exec",
            "--",
            sys.executable,
            "-c",
            script,
        ],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
    )
    assert done.stdout.split() == ["hours.md", "http://app:9000/hook"], done.stderr


def test_options_stand_before_and_after_the_command(capfd: pytest.CaptureFixture[str]) -> None:
    report = "import os; print(os.environ['VOCOBASE_API_KEY'], os.environ['VOCOBASE_SANDBOX_URL'])"
    assert main(["--seed", "1", "exec", "--key", "rg_live_mine", "--", sys.executable, "-c", report]) == 0
    key, url = capfd.readouterr().out.split()
    assert key == "rg_live_mine" and url.startswith("http://127.0.0.1:")
    assert main(["exec", "--key", "rg_live_two", sys.executable, "-c", report]) == 0
    assert capfd.readouterr().out.startswith("rg_live_two ")
    assert main(["serve", "--port", "0", "--data", "missing.json"]) == 2
    # A program that calls it can still be interrupted.
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--help"], "advance"),
        (["serve", "--help"], "serve [options]"),
        (["exec", "--help"], "exec [options] -- CMD ..."),
        (["exec", "--port", "0", "-h"], "VOCOBASE_API_KEY set"),
        (["advance", "--help"], "--url"),
        (["script", "-h"], "outcomes"),
    ],
)
def test_every_command_has_help(words: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(words)
    assert text in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["exec"], ["exec", "--"], ["serve", "now"], ["dance"], ["advance"], ["trigger", "a", "b"]]
)
def test_a_wrong_command_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        ("/src/vocobase_sandbox/__main__.py", "python -m vocobase_sandbox"),
        ("/venv/bin/vocobase-sandbox", "vocobase-sandbox"),
        ("vocobase-sandbox.exe", "vocobase-sandbox"),
        ("dist/vocobase-sandbox.pyz", "vocobase-sandbox.pyz"),
    ],
)
def test_usage_shows_the_name_that_was_typed(first: str, shown: str) -> None:
    assert _typed(first) == shown
    assert _parser(program=shown).format_usage().startswith(f"usage: {shown} [options]")


def test_usage_of_the_module_shows_the_module() -> None:
    assert run("--help").stdout.startswith("usage: python -m vocobase_sandbox [options]")
    assert run("advance", "--help").stdout.startswith("usage: python -m vocobase_sandbox advance")
