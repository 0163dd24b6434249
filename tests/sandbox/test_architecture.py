"""The sandbox shares no code with the client, its imports point down, and it starts without heavy imports."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import vocobase_sandbox
from tests.architecture import Graph, cycles, foreign, graph, upward

PACKAGE = Path(vocobase_sandbox.__file__).parent
LAYERS = {
    "vocobase_sandbox.kernel": 0,
    "vocobase_sandbox.rules": 1,
    "vocobase_sandbox.handlers": 2,
    "vocobase_sandbox.front": 3,
    "vocobase_sandbox.httpx_transport": 3,
    "vocobase_sandbox.control": 4,
    "vocobase_sandbox.sandbox": 5,
    "vocobase_sandbox.asgi": 6,
    "vocobase_sandbox.__main__": 6,
    "vocobase_sandbox": 7,
}
HEAVY = ("asyncio", "httpx", "jsonschema", "sqlite3", "http.client", "subprocess", "argparse")


@cache  # read by a test, as each worker of pytest imports this file
def modules() -> Graph:
    return graph(PACKAGE)


def test_no_module_imports_itself_through_others() -> None:
    assert len(modules()) > 50 and not cycles(modules())


def test_every_import_points_down() -> None:
    assert not upward(modules(), LAYERS)


def test_it_imports_nothing_of_the_client_and_only_the_standard_library() -> None:
    allowed = {"vocobase_sandbox.httpx_transport": {"httpx"}, "vocobase_sandbox.rules.seed_file": {"yaml"}}
    for module, names in foreign(PACKAGE).items():
        others = names - set(sys.stdlib_module_names) - allowed.get(module, set())
        assert not others, f"{module} imports {others}"


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


def test_every_kind_of_import_is_found(tmp_path: Path) -> None:
    """An import in a function, under TYPE_CHECKING, relative, or of a name in `__init__` is an import."""
    files = {
        "__init__.py": "name = 1",
        "first.py": "def f():\n    from house.rooms import second",
        "rooms/__init__.py": "",
        "rooms/second.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .. import third",
        "third.py": "import house.first\nfrom house import name\nimport json.decoder",
    }
    for name, text in files.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    found = graph(tmp_path / "house")
    assert found == {
        "house": set(),
        "house.first": {"house.rooms.second"},
        "house.rooms": set(),
        "house.rooms.second": {"house.third"},
        "house.third": {"house.first", "house"},
    }
    assert cycles(found) == [["house.first", "house.rooms.second", "house.third"]]
    assert upward(found, {"house": 0, "house.rooms": 1}) == ["house.first (0) imports house.rooms.second (1)"]
    assert foreign(tmp_path / "house")["house.third"] == {"json"}
    with pytest.raises(KeyError, match="no layer"):
        upward(found, {"house.rooms": 0})


def test_a_folder_that_is_itself_on_the_path_has_no_name() -> None:
    assert "spec_tools.fetch" in graph(PACKAGE.parent / "scripts", "")["drift"]
