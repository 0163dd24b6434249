"""docs/reports.md shows what the code does: its blocks run, and its definitions are those of the page."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.records.table import call, missed, table
from vocobase.records.figures import DEFINITIONS

PAGE = Path("docs/reports.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_block_runs(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    project = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    records = [call(project_id=project, extraction={"booked": True}), missed(project_id=None)]
    with closing(table("calls.sqlite", *records)):
        exec(compile(BLOCKS[number], f"block {number}", "exec"), {})
    printed = capsys.readouterr().out
    expected = ["2026-03-01 2 1 3.6", "2\n", "", "6.50 2.90\n"]
    assert expected[number] in printed
    files = sorted(path.name for path in tmp_path.iterdir() if path.suffix in (".html", ".csv"))
    assert files == {2: ["report.html"], 3: ["invoice.csv"]}.get(number, [])


def test_the_definitions_are_those_of_the_code() -> None:
    assert dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE)) == DEFINITIONS
