"""Both packages run from a zip file, and a bundler finds what they load by name."""

from __future__ import annotations

import ast
import os
import re
import runpy
import subprocess
import sys
import zipapp
import zipfile
from pathlib import Path

import pytest

from tests.architecture import imports
from vocobase_sandbox import Sandbox
from vocobase_sandbox.bundle import hook_folders
from vocobase_sandbox.control import dashboard

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "vocobase": ROOT / "vocobase",
    "vocobase_sandbox": ROOT / "vocobase_sandbox",
    "vocobase_raw": ROOT / "generated" / "vocobase_raw",
}
PROGRAM = """
import importlib, pkgutil, sys
import vocobase, vocobase.contacts, vocobase.types, vocobase.webhooks, vocobase_raw, vocobase_sandbox

archive = sys.argv[1]
for package in (vocobase, vocobase_raw, vocobase_sandbox):
    assert package.__file__.startswith(archive), package.__file__
# Adapters need their frameworks.
for found in pkgutil.walk_packages(vocobase_sandbox.__path__, "vocobase_sandbox."):
    importlib.import_module(found.name)
for module in (vocobase, vocobase.contacts, vocobase.types, vocobase.webhooks):
    assert all(getattr(module, name) is not None for name in module.__all__)

import asyncio, httpx
from vocobase_sandbox import Sandbox
from vocobase_sandbox.bundle import hook_folders

with Sandbox(clock="manual", strict=True) as sandbox:
    options = {"api_key": sandbox.api_key, "base_url": sandbox.base_url}
    with vocobase.Vocobase(**options, transport=sandbox.transport()) as vb:
        voice = vb.voices.find()
        agent = vb.agents.create("Desk", "Be kind.", voice_id=voice.id)
        assert vb.documents.upload(b"# Hours", name="hours.md").name == "hours.md"
        assert vb.calls.start(agent.id, "+12025550100").call_id

    async def main():
        async with vocobase.AsyncVocobase(**options, transport=sandbox.async_transport()) as vb:
            return (await vb.agents.get(agent.id)).agent_name

    assert asyncio.run(main()) == "Desk"
    with sandbox.serve() as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        page = client.get("/_sandbox/dashboard")
        assert page.status_code == 200 and "<script" in page.text
        for name in ("style.css", "app.js", "views.js", "icon.svg"):
            assert client.get(f"/_sandbox/dashboard/{name}").status_code == 200, name
        assert client.get("/_sandbox/openapi.json").json()["openapi"]
print("all of it")
"""


def pack(archive: Path, document: str) -> None:
    """Write the packages into a zip file, with openapi.json where a wheel or a checkout has it."""
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(ROOT / "openapi.json", document)
        for name, folder in PACKAGES.items():
            for path in folder.rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts and path.name != "openapi.json":
                    packed.write(path, f"{name}/{path.relative_to(folder).as_posix()}")


def run(folder: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("document", ["vocobase_sandbox/openapi.json", "openapi.json"])
def test_both_packages_work_from_a_zip_file(document: str, tmp_path: Path) -> None:
    archive = tmp_path / "packages.zip"
    pack(archive, document)
    done = run(tmp_path, "-c", PROGRAM, str(archive), path=str(archive))
    assert done.stdout == "all of it\n", done.stderr


def test_the_sandbox_is_a_zip_application(tmp_path: Path) -> None:
    archive, application = tmp_path / "packages.zip", tmp_path / "sandbox.pyz"
    pack(archive, "vocobase_sandbox/openapi.json")
    source = tmp_path / "source"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(source)
    zipapp.create_archive(source, application, main="vocobase_sandbox.__main__:main")
    code = "import os; print(os.environ['VOCOBASE_BASE_URL'])"
    done = run(tmp_path, str(application), "exec", "--", sys.executable, "-c", code)
    assert done.stdout.startswith("http://127.0.0.1:"), done.stderr


def test_every_file_of_the_dashboard_is_served() -> None:
    """The loader of a zip file cannot list a folder, so the files are named."""
    served = {path.name for path in (ROOT / "vocobase_sandbox/control/static").iterdir()}
    assert served == set(dashboard._FILES)
    with Sandbox(clock="manual"):
        assert dashboard._files().keys() == served


def test_the_hook_for_pyinstaller_names_every_data_file() -> None:
    (folder,) = hook_folders()
    found = runpy.run_path(f"{folder}/hook-vocobase_sandbox.py")["datas"]
    assert all(Path(source).exists() for source, _ in found)
    package = PACKAGES["vocobase_sandbox"]
    data = {
        path for path in package.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".typed")
    }
    named = [Path(source) for source, _ in found]
    assert {path for path in data if not any(path.is_relative_to(each) for each in named)} == set()
    assert ("openapi.json", "vocobase_sandbox") in [(Path(source).name, target) for source, target in found]
    assert hook_folders.__module__ + ":hook_folders" in Path("pyproject.toml").read_text(encoding="utf-8")


def loaded_by_name(folder: Path, path: Path) -> set[str]:
    """Return the modules of a package that a file names in strings."""
    package = ".".join([folder.name, *path.relative_to(folder).parts[:-1]])
    strings = {
        node.value
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = {package + text if text.startswith(".") else text for text in strings}
    inside = {name for name in names if re.fullmatch(rf"{folder.name}(\.\w+)+", name)}
    places = {name: folder.parent.joinpath(*name.split(".")) for name in inside}
    return {name for name, place in places.items() if place.is_dir() or place.with_suffix(".py").is_file()}


@pytest.mark.parametrize(
    ("package", "least"), [("vocobase", 20), ("vocobase_raw", 100), ("vocobase_sandbox", 0)]
)
def test_what_is_loaded_by_name_is_also_imported_where_a_bundler_reads_it(package: str, least: int) -> None:
    """PyInstaller and others follow import statements, also those for type checkers, but no strings."""
    folder, found = PACKAGES[package], 0
    for path in folder.rglob("*.py"):
        if b"import_module(" in path.read_bytes():
            module = ".".join([package, *path.relative_to(folder).parts]).removesuffix(".py")
            known = {name.rpartition(".")[0] for name in imports(path, module.removesuffix(".__init__"))}
            names = loaded_by_name(folder, path)
            assert names <= known, path
            found += len(names)
    assert found >= least
