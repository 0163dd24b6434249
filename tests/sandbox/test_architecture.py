"""The emulator shares no code with the client, and starts without heavy imports."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import vocobase_sandbox

PACKAGE = Path(vocobase_sandbox.__file__).parent
HEAVY = ("asyncio", "httpx", "jsonschema", "sqlite3", "http.client", "subprocess", "argparse")


def imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_it_imports_nothing_of_the_client_and_only_the_standard_library() -> None:
    for module in PACKAGE.rglob("*.py"):
        foreign = imported(module) - set(sys.stdlib_module_names) - {"vocobase_sandbox", "__future__"}
        allowed = {"httpx_transport.py": {"httpx"}, "seed_file.py": {"yaml"}}.get(module.name, set())
        assert foreign <= allowed, f"{module.name} imports {foreign}"


def test_importing_it_imports_nothing_heavy() -> None:
    script = f"import sys, vocobase_sandbox; print([name for name in {HEAVY} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == "[]"


def test_modules_stay_small_and_the_root_holds_the_public_ones_only() -> None:
    public = {"__init__.py", "__main__.py", "asgi.py", "httpx_transport.py", "sandbox.py"}
    assert {module.name for module in PACKAGE.glob("*.py")} == public
    for module in PACKAGE.rglob("*.py"):
        assert len(module.read_text().splitlines()) <= 300, module.name
