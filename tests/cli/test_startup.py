"""Help and version load nothing that a command needs; the extra is optional."""

from __future__ import annotations

import subprocess
import sys

import pytest

import vocobase.cli

SLOW = (
    "rich",
    "keyring",
    "httpx",
    "phonenumbers",
    "duckdb",
    "attrs",
    "vocobase_raw",
    "vocobase._client",
    "json",
)
REPORT = """
import sys
from vocobase.cli import main
sys.argv = ["vocobase", *sys.argv[1:]]
main()
sys.stderr.write(" ".join(sys.modules))
"""


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_load_nothing_slow(argument: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", REPORT, argument], capture_output=True, text=True, check=True
    )
    loaded = done.stderr.split()
    assert "click" in loaded and done.stdout
    assert [name for name in SLOW if name in loaded] == []


def test_without_the_extra_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "click", None)
    assert vocobase.cli.main() == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "pip install 'click>=" in error


def test_the_program_runs_with_the_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["vocobase", "--version"])
    assert vocobase.cli.main() == 0
    assert capsys.readouterr().out == f"vocobase {vocobase.__version__}\n"
