"""The blocks of docs/records.md that need no account run one after the other; tests/docs runs the others."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from tests.records.test_table import event
from vocobase.records import Records

PAGE = Path(__file__).parents[2] / "docs" / "records.md"


def test_the_blocks_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Records.open("calls.sqlite") as records:
        records.receive(event(1))
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    own = [code for code in blocks if "Vocobase()" not in code]
    for code in own:
        exec(compile(code, str(PAGE), "exec"), {"__name__": "__main__"})
    assert len(own) == 3
    assert "call-1 1.8" in capsys.readouterr().out
    with sqlite3.connect("calls.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
