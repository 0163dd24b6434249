"""Run scripts/generate.sh into any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from spec_tools.config import ROOT
from spec_tools.document import SpecError

SECONDS = 120


def generate(spec: Path, target: Path, root: Path = ROOT) -> str:
    """Generate the raw client of ``spec`` into ``target``; nothing of it is executed.

    Returns:
        The warnings, one a line.

    Raises:
        SpecError: the generation failed or did not end.
    """
    command = ["bash", str(root / "scripts" / "generate.sh"), str(spec), str(target)]
    # Only the variables that the generator needs: an untrusted document must not get near a secret.
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHON": sys.executable, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise SpecError(f"the generation did not end within {SECONDS} s") from error
    messages = done.stderr.decode(errors="replace").strip()
    if done.returncode != 0:
        raise SpecError(*(messages.splitlines() or [f"generate.sh ended with {done.returncode}"]))
    return messages
