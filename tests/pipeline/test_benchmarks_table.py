"""docs/benchmarks.md shows what was measured, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import benchmarks_table
import pytest

MACHINE = {"python": "3.11.1", "system": "Linux", "cores": 2}
LOAD = {"load_average_before": [0.5, 0, 0], "load_average_after": [1.25, 0, 0]}
READY = {"name": "ready", "value": 123.4, "unit": "ms", "cpu": 99.5, "target": 250, "at_least": False}
SPEED = {"name": "GET", "value": 6000.5, "unit": "requests/s", "cpu": None, "target": None, "at_least": True}
SANDBOX = {
    "machine": {**MACHINE, **LOAD},
    "rows": [{**READY, "verdict": "pass"}, {**SPEED, "verdict": ""}],
    "event_logs": {"identical": True, "lines": 1103},
}
CALL = {
    "machine": MACHINE,
    "rows": [{"case": "sync, 1 item", "vocobase_us": 400.5, "httpx_us": 470, "difference_us": -69.5}],
}
IMPORT = {
    "machine": MACHINE,
    "rows": [{"case": "import", "over_bare_interpreter_ms": 9.5}, {"case": "resources", "rss_mib": 30}],
}

FUNCTION = {"machine": MACHINE, "rows": [{"case": "first call", "ms": 1234.5, "fastest_ms": 300}]}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "benchmarks").mkdir()
    page = f"before\n{benchmarks_table.BEGIN}\nold\n{benchmarks_table.END}\nafter\n"
    (tmp_path / "docs" / "benchmarks.md").write_text(page)
    return tmp_path


def written(root: Path, **reports: Any) -> str:
    for name, report in reports.items():
        (root / "benchmarks" / f"{name}.json").write_text(json.dumps(report))
    benchmarks_table.write(root / "out.md", root)
    return (root / "out.md").read_text()


def test_every_report_becomes_a_table_and_the_rest_of_the_page_stays(root: Path) -> None:
    page = written(root, sandbox=SANDBOX, call=CALL, **{"import": IMPORT, "lambda": FUNCTION})
    assert page.startswith("before\n") and page.endswith("\nafter\n") and "\nold\n" not in page
    assert "| ready | 123.4 ms | 99.5 | at most 250 | pass |" in page
    assert "| GET | 6,000.5 requests/s |  |  |  |" in page
    assert "identical, 1,103 lines" in page
    assert "2 cores, load average 0.5 before and 1.25 after." in page
    assert "| sync, 1 item | 400.5 | 470 | -69.5 |" in page
    assert "| first call | 1,234.5 ms | 300 ms |" in page
    assert "| import | 9.5 ms |" in page and "| resources | 30 MiB |" in page


def test_a_report_that_was_not_measured_is_left_out(root: Path) -> None:
    assert "| --- |" not in written(root)
    assert written(root, call=CALL).count("Measured with") == 1


def test_a_missed_target_is_shown_as_missed(root: Path) -> None:
    different = {**SANDBOX, "event_logs": {"identical": False, "lines": 7}}
    assert "different, 7 lines |  | identical | miss |" in written(root, sandbox=different)


@pytest.mark.parametrize("content", ["{", "[]", "{}", json.dumps({"rows": [{}], "machine": MACHINE})])
def test_a_damaged_report_is_named(root: Path, content: str) -> None:
    (root / "benchmarks" / "sandbox.json").write_text(content)
    with pytest.raises(benchmarks_table.ReportError, match=r"sandbox\.json is not a report"):
        benchmarks_table.write(root / "out.md", root)


def test_a_page_without_markers_is_refused(root: Path) -> None:
    (root / "docs" / "benchmarks.md").write_text("nothing")
    with pytest.raises(benchmarks_table.ReportError, match="missing"):
        benchmarks_table.write(root / "out.md", root)
    (root / "docs" / "benchmarks.md").unlink()
    with pytest.raises(benchmarks_table.ReportError, match=r"benchmarks\.md"):
        benchmarks_table.write(root / "out.md", root)


def test_the_exit_code_says_whether_the_page_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert benchmarks_table.main([str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text() == benchmarks_table.PAGE.read_text()

    def refuse(target: Path) -> None:
        raise benchmarks_table.ReportError("no")

    monkeypatch.setattr(benchmarks_table, "write", refuse)
    assert benchmarks_table.main([]) == 2
    assert capsys.readouterr().err == "benchmarks_table: no\n"
