"""Build the documentation site of a copy of the sources, without a network where the system allows it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.shared import folder_of_this_run
from vocobase._base.locks import FileLock

ROOT = Path(__file__).parents[2]
# What the build reads.
READ = ("zensical.toml", "docs", "vocobase", "generated")


def without_network() -> list[str]:
    """Return a prefix that runs a command without a network, empty where the system has none."""
    prefix = ["unshare", "--map-root-user", "--net"]
    possible = shutil.which(prefix[0]) and subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if possible and possible.returncode == 0 else []


def shared(factory: pytest.TempPathFactory) -> Path:
    """Return the site that the first caller in this run of the tests builds; the others wait for it."""
    place = folder_of_this_run(factory) / "shared-site"
    while True:
        with FileLock(place.with_suffix(".lock")) as lock:
            if lock.is_held:
                return place / "site" if place.exists() else built(place)
        time.sleep(0.1)


def built(place: Path) -> Path:
    """Build the site of a copy of the sources."""
    place.mkdir()
    for name in READ:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    command = [*without_network(), sys.executable, str(ROOT / "scripts" / "site_build.py"), str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "site"
