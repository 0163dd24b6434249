"""Completion, also in the shells themselves."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.programs import running
from vocobase_sandbox import Sandbox

LINE = "vocobase campaigns st"
WANTED = ["start", "stats", "stop"]
# A description with a comma; in 80 columns only its beginning is seen.
DESCRIPTION = "Start a draft campaign, so that"
SECONDS = 30.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of a shell that finds the program, and none of the settings of the user."""
    program = tmp_path / "vocobase"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m vocobase.cli "$@"\n')
    program.chmod(0o755)
    return {
        **{name: value for name, value in os.environ.items() if name != "LS_COLORS"},
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "ZDOTDIR": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
    }


def require(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed; .ci/run installs it")


def completed(run: Run, monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    words = line.split(" ")
    monkeypatch.setenv("_VOCOBASE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    done = run()
    assert done.exit_status == 0
    return [each.partition(",")[2] for each in done.stdout.split()]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("vocobase cam", ["campaigns"]),
        ("vocobase calls s", ["show", "start"]),
        ("vocobase config telephony set-t", ["set-tata-smartflo", "set-twilio"]),
        ("vocobase calls list --out", ["--output"]),
        ("vocobase calls list --output j", ["json", "jsonl"]),
        ("vocobase calls start a +12025550100 --provider t", ["twilio", "tata_smartflo"]),
        ("vocobase agents update a --extraction-config @f", ["@f"]),
        ("vocobase --profile w", ["work"]),
        ("vocobase calls zzz", []),
    ],
)
def test_a_shell_completes_commands_options_and_values(
    run: Run, account: Sandbox, monkeypatch: pytest.MonkeyPatch, line: str, wanted: list[str]
) -> None:
    run("login", "--profile", "work", tty=True, secret=account.api_key)
    assert [each for each in completed(run, monkeypatch, line) if each != "--help" or "--h" in line] == wanted


@pytest.mark.parametrize(
    ("shell", "text"), [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete ")]
)
def test_every_shell_has_a_script(run: Run, shell: str, text: str) -> None:
    done = run("completion", shell)
    assert done.exit_status == 0 and text in done.stdout and "_VOCOBASE_COMPLETE" in done.stdout


def test_bash_completes(environment: dict[str, str]) -> None:
    script = """
        eval "$(vocobase completion bash)"
        COMP_WORDS=(vocobase campaigns st); COMP_CWORD=2
        _vocobase_completion vocobase; echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=SECONDS, env=environment
    )
    assert done.stdout.split() == WANTED, done.stderr


def test_fish_completes_with_whole_descriptions(environment: dict[str, str]) -> None:
    require("fish")
    script = f"vocobase completion fish | source; complete -C '{LINE}'"
    done = subprocess.run(
        ["fish", "-c", script], capture_output=True, text=True, timeout=SECONDS, env=environment
    )
    found = dict(line.split("\t") for line in done.stdout.splitlines())
    assert sorted(found) == WANTED, done.stderr
    assert found["start"].startswith(DESCRIPTION)


def test_zsh_completes_with_descriptions(environment: dict[str, str], tmp_path: Path) -> None:
    require("zsh")
    (tmp_path / ".zshrc").write_text(
        "PS1='> '; autoload -Uz compinit; compinit -u -D\neval \"$(vocobase completion zsh)\"; print ready\n"
    )
    parent, child = pytest.importorskip("pty").openpty()
    with running(
        ["zsh", "-i"], stdin=child, stdout=child, stderr=child, env=environment, start_new_session=True
    ) as shell:
        os.close(child)
        try:
            seen = read_until(parent, b"ready")
            os.write(parent, f"{LINE}\t".encode())
            seen = read_until(parent, b"cancelled.")
        finally:
            shell.kill()
            os.close(parent)
    text = seen.decode()
    assert [line.split()[0] for line in text.splitlines() if " -- " in line] == WANTED
    assert DESCRIPTION in text


def read_until(terminal: int, end: bytes) -> bytes:
    """Read what a terminal shows until a text is there."""
    seen, deadline = b"", time.monotonic() + SECONDS
    while end not in seen and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096)
    return seen
