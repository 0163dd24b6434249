"""The examples in docs/testing.md work as they are printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from vocobase_sandbox import Sandbox

EXAMPLES = re.findall(r"```python\n(.*?)```", Path("docs/testing.md").read_text(encoding="utf-8"), re.DOTALL)
ROOT = Path.cwd()


def run(folder: Path, *options: str, **environment: str) -> str:
    """Run pytest in a folder as a stranger would, and return what it printed."""
    found = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "pytest_recording.plugin",
        *options,
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": found, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def test_the_example_with_the_fixtures_passes(folder: Path) -> None:
    (folder / "test_example.py").write_text(EXAMPLES[0] + EXAMPLES[1])
    assert "2 passed" in run(folder, "-p", "vocobase.testing.plugin")


@pytest.mark.parametrize(("number", "passed"), [(2, 2), (3, 1)])
def test_the_examples_that_ask_the_sandbox_pass(folder: Path, number: int, passed: int) -> None:
    (folder / "test_example.py").write_text(EXAMPLES[number])
    assert f"{passed} passed" in run(folder, "-p", "vocobase.testing.plugin")


def test_the_asynchronous_example_passes(folder: Path) -> None:
    (folder / "test_example.py").write_text(EXAMPLES[4])
    assert "1 passed" in run(folder, "-p", "vocobase.testing.plugin", "-p", "anyio")


def test_the_examples_with_the_sandbox_pass(folder: Path) -> None:
    (folder / "test_example.py").write_text(EXAMPLES[5])
    assert "3 passed" in run(folder)


def test_the_example_with_recordings_records_without_the_key_and_replays_without_a_network(
    folder: Path,
) -> None:
    (folder / "test_example.py").write_text(EXAMPLES[6])
    with Sandbox(seed=1, clock="manual") as sandbox, sandbox.serve() as server:
        address = {"VOCOBASE_BASE_URL": server.base_url}
        run(folder, "--record-mode=once", VOCOBASE_API_KEY=sandbox.api_key, **address)
        key = sandbox.api_key
    (recording,) = folder.rglob("*.yaml")
    assert key not in recording.read_text()
    assert "1 passed" in run(folder, "--record-mode=none", "--block-network", **address)


def test_every_example_is_tested() -> None:
    assert len(EXAMPLES) == 7
