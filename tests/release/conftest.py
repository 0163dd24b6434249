"""Wheel and sdist, built from copies of the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Everything that a build may read, and litter that it must leave out.
SOURCES = (
    "vocobase",
    "vocobase_sandbox",
    "generated",
    "docs",
    "tests/release",
    "openapi.json",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    ".gitignore",
)
LITTER = (
    "vocobase/.env",
    "vocobase/core.log",
    "generated/notes.txt",
    "vocobase/__pycache__/old.cpython-311.pyc",
)


def copy(target: Path, umask: int, time: int) -> Path:
    """Copy the sources with other permissions and times, and some litter."""
    for name in SOURCES:
        source, place = ROOT / name, target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, place)
    for name in LITTER:
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_text("litter")
    for path in target.rglob("*"):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)
        os.utime(path, (time, time))
    return target


def build(source: Path, target: Path) -> dict[str, bytes]:
    """Build a wheel by way of an sdist; return both by name."""
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(source)],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.name: path.read_bytes() for path in target.iterdir()}


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(tmp_path_factory.mktemp("checkout") / "a", 0o022, 1_700_000_000)


@pytest.fixture(scope="session")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    build(checkout, target)
    return target


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    (path,) = built.glob("*.tar.gz")
    return path
