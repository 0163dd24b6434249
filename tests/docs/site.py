"""Build the documentation site of a copy of the sources, without a network where the system allows it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What the build reads.
READ = ("zensical.toml", "docs", "vocobase", "generated")


def without_network() -> list[str]:
    """Return a prefix that runs a command without a network, empty where the system has none."""
    prefix = ["unshare", "--map-root-user", "--net"]
    possible = shutil.which(prefix[0]) and subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if possible and possible.returncode == 0 else []


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
