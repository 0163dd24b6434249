"""docs/dialing.md says what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs" / "dialing.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def test_the_examples_run_one_after_the_other(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    # Twice, as the page asks for; names of agents are unique.
    again = BLOCKS[0].replace('"Reminder"', '"Reminder again"').replace("agent.id, number,", "first, number,")
    text = "\n".join([BLOCKS[0], "first = agent.id", again, *BLOCKS[1:]])
    program.write_text(text, encoding="utf-8")
    sandbox = [sys.executable, "-m", "vocobase_sandbox", "--speed", "x20", "exec", "--"]
    command = [*sandbox, sys.executable, str(program)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    report = re.search(r"# (DialReport\(.*)\.\.\.", BLOCKS[0])
    assert report is not None
    lines = done.stdout.splitlines()
    assert sum(line.startswith(report[1]) for line in lines) == 3
    assert sum(line.startswith("JobUpdate(") for line in lines) == 2


def test_there_are_no_examples_that_are_not_run() -> None:
    assert len(BLOCKS) == 2
