"""The code of the README and of docstrings runs, against the sandbox."""

from __future__ import annotations

import io
import re
import runpy
import subprocess
import sys
import textwrap
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import vocobase
import vocobase.testing
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox

README = Path("README.md").read_text(encoding="utf-8")
SANDBOX = [sys.executable, "-m", "vocobase_sandbox", "--speed", "x20", "exec", "--"]


def run(code: str, folder: Path) -> str:
    """Run a program with the environment that the sandbox sets."""
    program = folder / "program.py"
    program.write_text(code, encoding="utf-8")
    done = subprocess.run(
        [*SANDBOX, sys.executable, str(program)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_here(code: str, folder: Path) -> str:
    """Run a program in this process, against a sandbox whose clock a wait moves, and return what it prints."""
    program, printed = folder / "program.py", io.StringIO()
    program.write_text(code, encoding="utf-8")
    with (
        Sandbox(clock="manual", rate_limits=False) as sandbox,
        sandbox_time(sandbox),
        sandbox.serve() as server,
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(printed),
    ):
        patch.setenv("VOCOBASE_BASE_URL", server.base_url)
        patch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
        runpy.run_path(str(program), run_name="__main__")
    return printed.getvalue()


@pytest.mark.parametrize("number", range(len(re.findall(r"```python\n", README))))
def test_python_in_the_readme_runs(number: int, tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[number]
    assert "bot: " in run(code, tmp_path)


def first_block(text: str) -> str:
    """Return the first indented block of a docstring that is code."""
    blocks = re.findall(r"(?:^    .*\n|^\n)+", text, re.MULTILINE)
    return next(textwrap.dedent(block) for block in blocks if re.search(r"\b(import|def) ", block))


def test_the_example_of_the_package_docstring_runs(tmp_path: Path) -> None:
    code = first_block(vocobase.__doc__ or "")
    assert "with Vocobase() as vb" in code
    run_here(code, tmp_path)


def test_the_example_of_the_testing_docstring_is_a_test_that_passes(tmp_path: Path) -> None:
    code = first_block((vocobase.testing.__doc__ or "").rpartition("client of that account\n\n")[2])
    (tmp_path / "test_example.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:schemathesis", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "1 passed" in done.stdout, done.stdout


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE)) <= targets


def test_every_page_that_the_readme_links_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not Path(link).exists()] == []


def test_help_lists_every_target() -> None:
    text = Path("Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
