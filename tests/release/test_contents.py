"""One table says what wheel and sdist contain, and what they must not; a build can be reproduced byte for byte."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.release.conftest import ROOT, build, copy

INFO = "vocobase-*.dist-info"
STATIC = "vocobase_sandbox/control/static"
# Every file that is not a module: "wheel", "sdist" or both. A file that no row names fails the test.
CONTENTS = {
    "vocobase/py.typed": "both",
    "vocobase_sandbox/py.typed": "both",
    "vocobase_sandbox/control/control.openapi.json": "both",
    f"{STATIC}/index.html": "both",
    f"{STATIC}/style.css": "both",
    f"{STATIC}/icon.svg": "both",
    f"{STATIC}/*.js": "both",
    "vocobase_raw/py.typed": "wheel",
    "vocobase_sandbox/openapi.json": "wheel",
    f"{INFO}/METADATA": "wheel",
    f"{INFO}/WHEEL": "wheel",
    f"{INFO}/RECORD": "wheel",
    f"{INFO}/entry_points.txt": "wheel",
    f"{INFO}/licenses/LICENSE": "wheel",
    f"{INFO}/sboms/vocobase.cdx.json": "wheel",
    "generated/vocobase_raw/py.typed": "sdist",
    "openapi.json": "sdist",
    "LICENSE": "sdist",
    "README.md": "sdist",
    "CHANGELOG.md": "sdist",
    "pyproject.toml": "sdist",
    "PKG-INFO": "sdist",
    ".gitignore": "sdist",
}
# Where modules may lie.
MODULES = {
    "wheel": r"(vocobase|vocobase_raw|vocobase_sandbox)/.*\.py",
    "sdist": r"((vocobase|vocobase_sandbox|generated/vocobase_raw)/.*|hatch_build)\.py",
}


def members(path: Path) -> set[str]:
    """Return the files of a wheel or an sdist, without the folder at the top of an sdist."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as packed:
            return set(packed.namelist())
    with tarfile.open(path) as packed:
        return {member.name.partition("/")[2] for member in packed.getmembers() if member.isfile()}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_contains_the_rows_of_the_table_and_modules(kind: str, request: pytest.FixtureRequest) -> None:
    found = members(request.getfixturevalue(kind))
    expected = [pattern for pattern, kinds in CONTENTS.items() if kinds in (kind, "both")]
    other = {name for name in found if not re.fullmatch(MODULES[kind], name)}
    assert [pattern for pattern in expected if not fnmatch.filter(found, pattern)] == []
    assert [name for name in sorted(other) if not any(fnmatch.fnmatch(name, each) for each in expected)] == []


def test_every_module_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    folders = {ROOT / "vocobase", ROOT / "vocobase_sandbox", ROOT / "generated" / "vocobase_raw"}
    ours = {
        path.relative_to(folder.parent).as_posix()
        for folder in folders
        for path in folder.rglob("*.py")
        if "__pycache__" not in path.parts
    }
    assert ours <= members(wheel)


def test_two_checkouts_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """Neither times, permissions nor the folder of the checkout reach the files."""
    other = copy(tmp_path / "elsewhere" / "b", 0o077, 1_500_000_000)
    again = build(other, tmp_path / "dist")
    assert again == {path.name: path.read_bytes() for path in built.iterdir()}


def test_a_wheel_of_the_checkout_is_that_of_the_sdist(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o", str(tmp_path), str(checkout)],
        env={"SOURCE_DATE_EPOCH": "1767225600", "PATH": "", "SYSTEMROOT": "C:\\Windows"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_no_file_names_a_folder_of_the_machine(
    kind: str, checkout: Path, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(kind)
    opened = zipfile.ZipFile(path) if kind == "wheel" else tarfile.open(path)  # noqa: SIM115
    with opened as packed:
        if isinstance(packed, zipfile.ZipFile):
            texts = {name: packed.read(name) for name in packed.namelist()}
        else:
            files = [member for member in packed.getmembers() if member.isfile()]
            texts = {each.name: data.read() for each in files if (data := packed.extractfile(each))}
    places = [str(folder).encode() for folder in (ROOT, checkout, Path.home()) if len(str(folder)) > 5]
    assert [name for name, text in texts.items() if any(place in text for place in places)] == []
