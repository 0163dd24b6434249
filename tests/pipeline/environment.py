"""Copies of this repository, and an environment for them that need not be installed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.pipeline.variants import ROOT

GENERATOR = "openapi-python-client"
ONCE = Path(__file__).with_name("generate_once.py")


def files_of_this_tree() -> Iterator[str]:
    """Yield the files of the working tree that git knows or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    yield from (name for name in filter(None, listed.decode().split("\0")) if (ROOT / name).is_file())


def interpreter_like_this(venv: Path, kept: Path) -> Path:
    """Make an environment with this interpreter and its packages, and return its interpreter.

    Args:
        kept: Where the generator keeps what it wrote, so that it runs once for each input.
    """
    (venv / "bin").mkdir(parents=True)
    entries = [entry for entry in Path(sys.prefix).iterdir() if entry.name not in (".ready", "bin")]
    for entry in [*entries, *(Path(sys.prefix) / "bin").iterdir()]:
        (venv / entry.relative_to(sys.prefix)).symlink_to(entry)
    generator = venv / "bin" / GENERATOR
    real = generator.readlink()
    generator.unlink()
    command = shlex.join([sys.executable, "-ISB", str(ONCE), str(kept), str(real)])
    generator.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    generator.chmod(0o755)
    return venv / "bin" / Path(sys.executable).name


def environment_like_this(place: Path, kept: Path) -> None:
    """Give a copy an environment, so that `make` need not install it."""
    interpreter_like_this(place / ".venv", kept)
    (place / ".venv" / ".ready").touch()
    for name in ("requirements/dev.txt", "pyproject.toml"):
        os.utime(place / name, (0, 0))


def copy_of_this_tree(place: Path) -> None:
    """Copy the files of the working tree with their times, and what the interpreter has compiled of them."""
    folders: set[str] = set()
    for name in files_of_this_tree():
        folder = os.path.dirname(name)
        (place / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place / name)
        folders.add(folder)
    for folder in folders:
        compiled = ROOT / folder / "__pycache__"
        if compiled.is_dir():
            shutil.copytree(compiled, place / folder / "__pycache__")
