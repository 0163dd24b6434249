"""vocobase sandbox serve and exec run the program of the sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.programs import running

ROOT = Path(__file__).parents[2]
VOCOBASE = [sys.executable, "-m", "vocobase.cli"]
REPORT = (
    "import os, sys; print(os.environ['VOCOBASE_API_KEY'], os.environ['VOCOBASE_SANDBOX_URL']); sys.exit(7)"
)


def test_a_command_runs_against_an_account_of_its_own(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--key", "rg_live_mine", "--", sys.executable, "-c", REPORT)
    assert run("sandbox", "exec", *words).exit_status == 7
    key, url = capfd.readouterr().out.split()
    assert key == "rg_live_mine" and url.startswith("http://127.0.0.1:")
    killed = run("sandbox", "exec", "--", sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    assert killed.exit_status == 137
    # The command ends the test's own process, which passes that on.
    script = "import os, sys, time; os.kill(int(sys.argv[1]), 15); time.sleep(60)"
    ended = run("sandbox", "exec", "--", sys.executable, "-c", script, str(os.getpid()))
    assert ended.exit_status == 143


@pytest.mark.parametrize(
    ("name", "text"), [("exec", "exec [options] -- CMD ..."), ("serve", "serve [options]")]
)
def test_help_is_that_of_the_sandbox_under_the_name_that_was_typed(
    run: Run, capfd: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    assert run("sandbox", name, "--help").exit_status == 0
    out = capfd.readouterr().out
    assert out.startswith(f"usage: vocobase sandbox {text}\n")
    assert "vocobase_sandbox" not in out
    assert run("sandbox", name, "--nothing").exit_status == 2
    assert "vocobase sandbox: error: " in capfd.readouterr().err
    assert name in run("sandbox", "--help").stdout


def test_commands_steer_the_sandbox_of_exec() -> None:
    inner = [*VOCOBASE, "sandbox", "advance", "60"]
    done = subprocess.run(
        [*VOCOBASE, "sandbox", "exec", "--speed", "manual", "--", *inner],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0 and '"now"' in done.stdout, done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_sandbox_too(number: signal.Signals) -> None:
    with running(
        [*VOCOBASE, "sandbox", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(7)]
        assert "export VOCOBASE_API_KEY=" in lines[-1]
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        assert process.wait(20) == 0
