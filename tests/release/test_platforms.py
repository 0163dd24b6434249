"""What cannot run on a system is skipped with its reason, and nothing reaches for a system when it is imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import platforms
from tests.release.conftest import ROOT

ROWS = [row for rows in platforms.WINDOWS.values() for row in rows]
# Modules of the standard library that Windows does not have.
POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}


def imported(path: Path) -> set[str]:
    """Return the modules that are imported when a file is loaded, at any depth that is not a function."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_bytes())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("row", ROWS)
def test_each_row_names_a_test(row: str) -> None:
    path, _, name = row.partition("::")
    assert f"def {name}" in (ROOT / "tests" / path).read_text(encoding="utf-8")


def test_a_test_is_skipped_on_windows_only() -> None:
    test = "tests/base/test_forks.py::test_anything[1]"
    assert platforms.reason_to_skip(test, "win32") == "Windows has no fork"
    assert platforms.reason_to_skip(test.replace("/", "\\"), "win32") == "Windows has no fork"
    assert platforms.reason_to_skip(test, "darwin") == platforms.reason_to_skip(test, "linux") == ""
    assert platforms.reason_to_skip("tests/base/test_values.py::test_x", "win32") == ""


@pytest.mark.parametrize(
    "folder", ["vocobase", "vocobase_sandbox", "generated", "scripts", "examples", "tests"]
)
def test_no_module_needs_posix_when_it_is_imported(folder: str) -> None:
    """A test that needs it asks for it inside the test, so that the others of its file still run."""
    needing = {
        path.relative_to(ROOT).as_posix(): sorted(imported(path) & POSIX)
        for path in (ROOT / folder).rglob("*.py")
        if imported(path) & POSIX
    }
    assert needing == {}
