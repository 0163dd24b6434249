"""The blocks of docs/records.md that need no account run one after the other; tests/docs runs the others."""

from __future__ import annotations

import re
import sqlite3
import textwrap
from pathlib import Path

import pytest

from tests.records.support import make_agent
from tests.records.test_table import event
from vocobase import Vocobase, records
from vocobase.records import Records
from vocobase_sandbox import Sandbox

PAGE = Path(__file__).parents[2] / "docs" / "records.md"


def test_the_blocks_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Records.open("calls.sqlite") as table:
        table.receive(event(1))
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    own = [code for code in blocks if "Vocobase()" not in code]
    for code in own:
        exec(compile(code, str(PAGE), "exec"), {"__name__": "__main__"})
    assert len(own) == 3
    assert "call-1 1.8" in capsys.readouterr().out
    with sqlite3.connect("calls.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_the_example_of_the_package_prints_the_voicemails(
    account: Sandbox,
    client: Vocobase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    account.receive_call("+12025550103", agent_id=make_agent(client))
    account.clock.advance(3600)
    monkeypatch.chdir(tmp_path)
    code = textwrap.dedent(
        (records.__doc__ or "").split("\n\n")[1] + "\n\n" + (records.__doc__ or "").split("\n\n")[2]
    )
    with account.serve() as server:
        monkeypatch.setenv("VOCOBASE_API_KEY", account.api_key)
        monkeypatch.setenv("VOCOBASE_BASE_URL", server.url + "/api/v2")
        exec(compile(code, "example", "exec"), {})
    assert "+12025550103 0." in capsys.readouterr().out
