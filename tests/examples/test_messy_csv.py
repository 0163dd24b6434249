"""examples/messy_csv as a process of its own: a real server, and waits that move its clock."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from vocobase_sandbox import Sandbox

FOLDER = Path(__file__).parents[2] / "examples" / "messy_csv"
# Serves an account that outlives the process, runs the example, and ends as the example does.
PROCESS = """
import os, runpy, sys
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox
options = {"clock": "manual", "state": "account.sqlite", "carriers": ("twilio",)}
with Sandbox(**options) as sandbox, sandbox_time(sandbox), sandbox.serve() as server:
    for route in os.environ.get("REFUSED", "").split():
        sandbox.faults.add("status", route, status=403)
    os.environ.update(VOCOBASE_BASE_URL=server.base_url, VOCOBASE_API_KEY=sandbox.api_key)
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(place: Path, refused: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROCESS, str(FOLDER / "campaign.py"), str(FOLDER / "customers.csv")]
    environment = {**os.environ, "REFUSED": refused, "PYTHONUTF8": "1"}
    return subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, encoding="utf-8"
    )


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def dialled(place: Path) -> Counter[str]:
    with Sandbox(clock="manual", state=place / "account.sqlite", carriers=("twilio",)) as sandbox:
        return Counter(call["to_number"] for call in sandbox.calls)


EVERYBODY = [f"+120255501{number}" for number in ("00", "01", "03", "06")]


def test_good_rows_are_called_and_the_others_are_rejected_with_a_reason(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "rows=8, added=4" in done.stdout
    reasons = {row["rejected_line"]: row["rejected_reason"] for row in rows(tmp_path / "rejects.csv")}
    assert reasons["5"] == "the number came before, in line 2"
    assert list(reasons) == ["5", "6", "7", "8"]
    results = {row["phone"]: row for row in rows(tmp_path / "results.csv")}
    assert sorted(results) == EVERYBODY
    assert results["+12025550103"]["name"] == "Iyer, Meera"
    assert [results[phone]["disposition"] for phone in EVERYBODY] == [
        "completed",
        "busy",
        "voicemail",
        "completed",
    ]
    assert dialled(tmp_path) == dict.fromkeys(EVERYBODY, 1)


def test_a_run_that_failed_is_continued_and_a_finished_one_calls_no_one_again(tmp_path: Path) -> None:
    assert "PermissionDeniedError" in run(tmp_path, refused="campaigns.start").stderr
    assert not (tmp_path / "results.csv").exists()
    assert "added=0, skipped=0, known=4" in run(tmp_path).stdout
    first = rows(tmp_path / "results.csv")
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "results.csv") == first
    assert dialled(tmp_path) == dict.fromkeys(EVERYBODY, 1)
