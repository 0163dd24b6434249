"""Commands in processes of their own: signals, closed pipes, and the width of a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.programs import running
from vocobase import Vocobase
from vocobase_sandbox import Sandbox

NUMBER = "+12025550100"
PROGRAM = (sys.executable, "-m", "vocobase.cli")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a command that reaches a sandbox whose clock runs as fast as that of the machine."""
    with Sandbox(seed=1, rate_limits=False) as sandbox, sandbox.serve() as server:
        with Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
            vb.agents.create("Front desk", "Say hello.", voice_id=vb.voices.list()[0].id)
        yield {
            **os.environ,
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_BASE_URL": server.base_url,
            "XDG_CONFIG_HOME": str(tmp_path),
        }


def test_ctrl_c_stops_watching_and_the_call_goes_on(environment: dict[str, str]) -> None:
    words = ("call", NUMBER, "--agent", "Front desk", "--provider", "twilio", "--yes", "--watch")
    with running(
        [*PROGRAM, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        seen = [process.stderr.readline()]
        while not seen[-1].rstrip().endswith(("pending", "ringing", "in_progress")):
            seen.append(process.stderr.readline())
        process.send_signal(signal.SIGINT)
        output, rest = process.communicate(timeout=30)
    assert (process.returncode, output) == (130, "") and "Traceback" not in rest
    go_on, last = rest.splitlines()[-2:]
    assert last == "vocobase: interrupted."
    *_, verb, call_id = go_on.split()
    shown = subprocess.run(
        [*PROGRAM, "calls", "show", call_id], env=environment, capture_output=True, check=True, timeout=30
    )
    assert verb == "watch" and json.loads(shown.stdout)["status"] not in ("failed", "canceled")


def test_a_closed_pipe_ends_a_list_without_a_traceback(environment: dict[str, str]) -> None:
    with running(
        [*PROGRAM, "doctor"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        rest = process.stderr.read()
        process.wait(timeout=30)
    assert process.returncode == 141 and rest == ""


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_card_fits_the_width_of_its_terminal(
    run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    done = run("doctor", "--output", "table")
    assert done.exit_status == 0, done.stderr
    lines = done.stdout.splitlines()
    # An address that is longer than the room stays whole, so that it can be copied.
    assert all(len(line) <= width or "://" in line.split()[-1] for line in lines)
    assert "\x1b" not in done.stdout
    assert any(line.startswith("account") and "ok: Sandbox" in line for line in lines)


def test_a_terminal_that_has_only_latin_1_shows_every_row(environment: dict[str, str]) -> None:
    with Vocobase(environment["VOCOBASE_API_KEY"], base_url=environment["VOCOBASE_BASE_URL"]) as vb:
        vb.agents.create("मदद", "Say hello.", voice_id=vb.voices.list()[0].id)
    done = subprocess.run(
        [*PROGRAM, "call", NUMBER, "--agent", "मदद"],
        env={**environment, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 2 and b"--yes" in done.stderr and b"Traceback" not in done.stderr
