"""Only the clock reads time and draws random numbers, and only the runtime sleeps."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FILES = sorted(Path("vocobase").rglob("*.py"))
ALLOWED = {
    Path("vocobase/_base/clock.py"): {"time", "random"},
    Path("vocobase/_base/runtime.py"): {"time", "asyncio.sleep"},
    # The testing package draws numbers that depend on the seed of a sandbox.
    Path("vocobase/testing/_sandbox_time.py"): {"random"},
}


def uses(file: Path) -> list[str]:
    """Return where a file gets at a clock, at chance or at sleep; a turn of the event loop does not count."""
    found: list[str] = []
    text = file.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text.replace("asyncio.sleep(0)", "turn()"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name in ("time", "random")]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module or ""] if node.module in ("time", "random") else []
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            found += [name] if name in ("asyncio.sleep", "datetime.now", "datetime.utcnow") else []
    return found


@pytest.mark.parametrize("file", FILES, ids=str)
def test_only_the_clock_reads_time_and_only_the_runtime_sleeps(file: Path) -> None:
    assert set(uses(file)) == ALLOWED.get(file, set())


def test_no_clock_is_a_default_argument() -> None:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                defaults = [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]
                names = [ast.unparse(default) for default in defaults]
                assert not [name for name in names if "time" in name and "timeout" not in name], (
                    file,
                    node.name,
                )
