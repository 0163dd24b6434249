"""docs/dialing.md and examples/nightly.py say what is so."""

from __future__ import annotations

import csv
import re
import runpy
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vocobase import Vocobase
from vocobase.testing import sandbox_time
from vocobase_sandbox import Conversation, Sandbox

TEXT = (Path(__file__).parents[2] / "docs" / "dialing.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
NIGHTLY = Path(__file__).parents[2] / "examples" / "nightly.py"
START = datetime(2026, 1, 5, 15, tzinfo=UTC)


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that the environment names, whose waits take no time."""
    sandbox = Sandbox(clock="manual", seed=1, start=START, carriers=("twilio",))
    with sandbox, sandbox_time(sandbox), sandbox.serve() as server:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("VOCOBASE_BASE_URL", server.base_url)
        monkeypatch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
        yield sandbox


def test_the_blocks_run_one_after_the_other_and_the_second_time_dials_no_one(
    account: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    program, calls = "\n".join(block for block in BLOCKS if "celery" not in block), []
    report = re.search(r"# (DialReport\(.*)\.\.\.", TEXT)
    assert report is not None
    for _ in range(2):
        exec(compile(program, "docs/dialing.md", "exec"), {"__name__": "__main__"})
        printed = capsys.readouterr().out
        assert printed.count(report[1]) == 2
        assert "finished 1 completed" in printed and "finished 3 busy None" in printed
        calls.append(len(account.calls))
    assert calls == [5, 5]
    assert account.clock.now - START < timedelta(hours=1), "a reader would wait as long"
    assert len(BLOCKS) == 6


def test_the_nightly_job_dials_as_it_says_under_the_clock_of_the_sandbox(
    account: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(NIGHTLY.read_text(encoding="utf-8").splitlines()) <= 25
    with Vocobase() as vb:
        voice = vb.voices.list()[0].id
        agent = vb.agents.create("Reminder", "Remind {{name}}.", voice_id=voice, agent_type="outbound")
        vb.agents.update(agent.id, variables=["name"])
    account.script("+12025550110", "busy", "no_answer", Conversation(turns=[("user", "Thanks.")]))
    people = [f"+120255501{number}" for number in (10, 11, 12, 13)]
    account.script(people[1], "busy")
    # As a spreadsheet saves them: a byte order mark, national numbers, a row that cannot be used.
    rows = [*(f"({each[2:5]}) 555-{each[8:]},Asha\n" for each in people), "none,Ravi\n"]
    (tmp_path / "people.csv").write_text("\ufeffMobile,Name\n" + "".join(rows), encoding="utf-8")
    (tmp_path / "do-not-call.csv").write_text(f"\ufeffphone\n{people[2]}\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["nightly.py", "people.csv"])
    for _ in range(2):
        runpy.run_path(str(NIGHTLY), run_name="__main__")
        assert capsys.readouterr().out.startswith("3 finished, 1 refused, ")
    dialled = [call["to_number"] for call in account.calls]
    assert [dialled.count(each) for each in people] == [3, 3, 0, 1]
    with (tmp_path / "results.csv").open(newline="") as file:
        rows = {row["to_number"]: row for row in csv.DictReader(file)}
    assert [rows[each]["outcome"] for each in people[:2]] == ["completed", "busy"]
    assert rows[people[2]]["code"] == "do_not_call"
    assert "none,Ravi" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")


def test_the_nightly_job_dials_no_one_if_a_number_of_the_do_not_call_list_cannot_be_read(
    account: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Vocobase() as vb:
        vb.agents.create("Reminder", "Remind.", voice_id=vb.voices.list()[0].id)
    (tmp_path / "people.csv").write_text("phone,name\n+12025550100,Asha\n")
    (tmp_path / "do-not-call.csv").write_text("phone\n+12025550100 or\n")
    monkeypatch.setattr(sys, "argv", ["nightly.py", "people.csv"])
    with pytest.raises(SystemExit, match=r"do-not-call\.csv, line 2: "):
        runpy.run_path(str(NIGHTLY), run_name="__main__")
    assert list(account.calls) == []
