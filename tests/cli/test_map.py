"""The map of all commands, and the completion of shells."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from vocobase._policy.operations import OPERATIONS
from vocobase.cli.app import COMMANDS
from vocobase.cli.effects import ASKS, EFFECTS
from vocobase.cli.operations import words_of
from vocobase_sandbox import Sandbox


def flat(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from flat(node.get("commands", []))


def test_the_map_has_every_command_with_its_effect(run: Run) -> None:
    done = run("--map=json")
    content = json.loads(done.stdout)
    found = {node["command"]: node for node in flat(content["commands"])}
    assert {" ".join(words_of(key)) for key in OPERATIONS} | set(COMMANDS) <= set(found)
    runnable = [node for node in found.values() if "effect" in node]
    assert all(node["effect"] in EFFECTS and node["asks"] is (node["effect"] in ASKS) for node in runnable)
    assert found["calls start"]["effect"] == "rings" and found["agents list"]["effect"] == "reads"
    assert (
        found["login"]["effect"] == "overwrites"
        and found["profiles"]["commands"][0]["command"] == "profiles use"
    )
    assert "--no-pii" in [option["name"] for option in content["options"]]


def test_the_map_has_types_and_known_values(run: Run) -> None:
    nodes = flat(json.loads(run("--map", "json").stdout)["commands"])
    start = next(node for node in nodes if node["command"] == "calls start")
    assert [each["name"] for each in start["arguments"]] == ["agent_id", "to_number"]
    options = {each["name"]: each for each in start["options"]}
    assert options["--variables"]["type"] == "JSON" and "twilio" in options["--provider"]["values"]
    assert not options["--provider"]["required"] and not options["--provider"]["several"]


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


def test_a_real_bash_completes(tmp_path: Path) -> None:
    program = tmp_path / "vocobase"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m vocobase.cli "$@"\n')
    program.chmod(0o755)
    script = """
        PATH="$1:$PATH"; eval "$(vocobase completion bash)"
        COMP_WORDS=(vocobase campaigns st); COMP_CWORD=2
        _vocobase_completion vocobase; echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script, "bash", str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert done.stdout.split() == ["start", "stats", "stop"], done.stderr
