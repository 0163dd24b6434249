"""Arrows point down: every import of the three packages, wherever it stands, leads to the same layer or a lower one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import Graph, cycles, foreign, graph, upward

ROOT = Path(__file__).resolve().parents[1]
# From docs/architecture.md, from the bottom to the top.
LAYERS = {
    "vocobase._version": 0,
    "vocobase._base": 0,
    "vocobase._policy": 1,
    "vocobase._transport": 2,
    "vocobase._core": 3,
    "vocobase._ledger": 3,
    "vocobase.contacts": 3,
    "vocobase.webhooks": 3,
    "vocobase._transfers": 4,
    "vocobase._waiting": 4,
    "vocobase._dialing": 5,
    "vocobase._events": 5,
    "vocobase._folders": 5,
    "vocobase._imports": 5,
    "vocobase.records": 5,
    "vocobase._resources": 6,
    "vocobase._client": 7,
    "vocobase.testing": 8,
    "vocobase.clock": 8,
    "vocobase.diagnostics": 8,
    "vocobase.files": 8,
    "vocobase.otel": 8,
    "vocobase.types": 9,
    "vocobase": 9,
    # The command line is a user of the package: it stands on the public names.
    "vocobase.cli": 10,
}
PUBLIC_MODULES = ("clock.py", "diagnostics.py", "files.py", "otel.py", "types.py")
# Packages that only one folder may import.
ONLY_IN = {
    "click": ("vocobase.cli",),
    "duckdb": ("vocobase.records",),
    "httpx": ("vocobase._transport",),
    "httpcore": ("vocobase._transport",),
    "opentelemetry": ("vocobase.otel",),
    "phonenumbers": ("vocobase.contacts", "vocobase._dialing"),
    "psycopg": ("vocobase._ledger", "vocobase.records"),
    "rich": ("vocobase.cli",),
    "redis": ("vocobase._base", "vocobase.webhooks"),
    "sqlite3": (
        "vocobase._base",
        "vocobase._ledger",
        "vocobase.contacts",
        "vocobase.records",
        "vocobase.webhooks",
    ),
}


@cache  # read by a test, as each worker of pytest imports this file
def client() -> Graph:
    return graph(ROOT / "vocobase")


def scripts() -> Graph:
    return graph(ROOT / "scripts", "")


@pytest.mark.parametrize("read", [client, scripts], ids=["vocobase", "scripts"])
def test_no_module_imports_itself_through_others(read: Callable[[], Graph]) -> None:
    modules = read()
    assert len(modules) > 20
    assert cycles(modules) == []


def test_every_import_of_the_client_points_down() -> None:
    assert upward(client(), LAYERS) == []


def test_a_cycle_and_an_arrow_upward_would_be_found() -> None:
    wrong = {
        "vocobase._base.errors": {"vocobase._core.aio.core"},
        "vocobase._core.aio.core": {"vocobase._base.errors"},
    }
    assert cycles(wrong) == [["vocobase._base.errors", "vocobase._core.aio.core"]]
    assert upward(wrong, LAYERS) == ["vocobase._base.errors (0) imports vocobase._core.aio.core (3)"]


def test_imports_in_functions_and_for_checkers_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from x import b\n"
    )
    (tmp_path / "b.py").write_text("def run():\n    import x.a\n")
    (tmp_path / "__init__.py").write_text("")
    assert cycles(graph(tmp_path, "x")) == [["x.a", "x.b"]]


def test_each_foreign_package_has_its_folder() -> None:
    for module, names in foreign(ROOT / "vocobase").items():
        for name, folders in ONLY_IN.items():
            assert name not in names or module.startswith(folders), f"{module} imports {name}"


def test_the_client_never_imports_the_sandbox_but_for_tests() -> None:
    users = {module for module, names in foreign(ROOT / "vocobase").items() if "vocobase_sandbox" in names}
    assert all(module.startswith("vocobase.testing") for module in users)


def test_the_root_of_the_package_has_no_private_module_but_the_version() -> None:
    files = {path.name for path in (ROOT / "vocobase").iterdir() if path.is_file()}
    assert files == {*PUBLIC_MODULES, "__init__.py", "_version.py", "py.typed"}


# Modules of several folders for one thing: the resource, the wait and the command; a store in each database;
# the pure part of a capability and its I/O; a public module and what it exports.
PARALLEL = ("_resources", "_waiting/aio", "cli", "_base/errors", "handlers")
STORES = {"postgres.py", "redis.py", "sqlite.py"}
PUBLIC = {"clock.py", "files.py"}


def shared_names(root: Path) -> dict[str, list[str]]:
    """Return the names that modules of different folders share, which readers would confuse."""
    found: dict[str, set[str]] = {}
    for path in root.rglob("*.py"):
        folder = path.parent.relative_to(root).as_posix()
        if path.stem.startswith("__") or path.name in STORES | PUBLIC or folder.startswith(PARALLEL):
            continue
        found.setdefault(path.name, set()).add(folder.removesuffix("/aio").removesuffix("/sync"))
    return {name: sorted(folders) for name, folders in found.items() if len(folders) > 1}


@pytest.mark.parametrize("package", ["vocobase", "vocobase_sandbox"])
def test_two_modules_do_not_share_a_name(package: str) -> None:
    assert shared_names(ROOT / package) == {}


def test_modules_that_share_a_name_would_be_found(tmp_path: Path) -> None:
    for name in (
        "_a/plan.py",
        "_a/aio/plan.py",
        "_b/plan.py",
        "_b/_other.py",
        "_a/redis.py",
        "_b/redis.py",
        "cli/plan.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert shared_names(tmp_path) == {"plan.py": ["_a", "_b"]}


def test_the_map_names_files_that_exist() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`([\w/.]+\.py|\w+/)`", text) if "/" in name} - {"aio/", "sync/"}
    places = [ROOT, *(ROOT / package for package in ("vocobase", "vocobase_sandbox", "generated"))]
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []
    assert len(named) > 50


def test_every_folder_with_a_flow_says_how_it_goes_and_nothing_else() -> None:
    for folder in sorted((ROOT / "vocobase").glob("_*")):
        if folder.is_dir() and folder.name != "__pycache__":
            tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
            assert len(ast.get_docstring(tree) or "") > 100, folder.name


def test_every_hand_written_module_has_its_derived_twin() -> None:
    written = {path.relative_to(ROOT) for path in (ROOT / "vocobase").rglob("aio/*.py")}
    derived = {path.relative_to(ROOT) for path in (ROOT / "vocobase").rglob("sync/*.py")}
    assert {Path(str(path).replace("/aio/", "/sync/")) for path in written} == derived
    assert len(written) > 30


def test_the_command_line_stands_on_public_names_alone() -> None:
    used = {
        target
        for module, targets in client().items()
        if module.startswith("vocobase.cli")
        for target in targets
        if any(part.startswith("_") for part in target.split("."))
    }
    assert used <= {"vocobase._version"}
