"""The whole public interface has known types."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def test_every_public_symbol_has_a_known_type(tmp_path: Path) -> None:
    # pyright judges an installed package, so a copy stands in for site-packages.
    site = tmp_path / "lib"
    for package in ("vocobase", "generated/vocobase_raw", "vocobase_sandbox"):
        # The command line is a program, not an interface for other code.
        without = shutil.ignore_patterns("__pycache__", "cli")
        shutil.copytree(package, site / Path(package).name, ignore=without)
    for name in ("python", "python3"):
        python = tmp_path / name
        python.write_text(f'#!/bin/sh\nPYTHONPATH="{site}" exec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "pyright", "--ignoreexternal", "--verifytypes", "vocobase"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert "Type completeness score: 100%" in done.stdout, done.stdout[-3000:]
