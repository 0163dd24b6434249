"""Uploads take little memory, however large the files are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of the memory comes from /proc, which is Linux")
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("files", "most"), [(1, 8), (20, 24)])
def test_the_growth_is_bounded(kind: str, files: int, most: int) -> None:
    # The files that are open at the same time are larger than the bound together.
    command = [sys.executable, "benchmarks/bench_uploads.py", "--case", kind, str(files), "--mib", "16"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["growth_mib"] <= most


def test_the_page_has_the_same_bounds() -> None:
    report = json.loads(Path("benchmarks/uploads.json").read_text(encoding="utf-8"))
    assert [(row["at_most_mib"], row["verdict"]) for row in report["rows"]] == [(8, "pass"), (24, "pass")] * 2
