"""docs/exports.md and the example say what happens."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.waiting.support import Clock
from vocobase import Vocobase
from vocobase.records import Records
from vocobase_sandbox import Sandbox

EXAMPLE = Path("examples/outcomes.py").resolve()
PAGE = Path("docs/exports.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
NOW = datetime.now(UTC)
LAST_MONTH = NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=10)


@pytest.fixture
def sandbox(stack: ExitStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    """Return an account with two calls of last month, in a folder of its own."""
    with (
        Sandbox(seed=1, clock="manual", start=LAST_MONTH, rate_limits=False) as sandbox,
        sandbox.serve() as server,
    ):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("VOCOBASE_API_KEY", sandbox.api_key)
        monkeypatch.setenv("VOCOBASE_BASE_URL", server.base_url)
        Clock(stack, sandbox)
        with Vocobase() as vb:
            agent = vb.agents.create(
                "Desk", "You are the desk.", voice_id=vb.voices.find().id, enable_recording=True
            )
            for number in ("+12025550100", "+12025550101"):
                vb.calls.start(agent.id, number, provider="twilio")
        sandbox.clock.advance(3600)
        yield sandbox


def run(block: str, capsys: pytest.CaptureFixture[str]) -> str:
    exec(compile(block, "docs/exports.md", "exec"), {"__name__": "example"})
    return capsys.readouterr().out


def test_the_export_has_every_call_once(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(BLOCKS[0], capsys) == "2 rows in 1 files\n"
    assert run(BLOCKS[0], capsys) == "0 rows in 0 files\n"


def test_the_example_charts_the_outcomes_of_last_month(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_path(str(EXAMPLE))
    told = capsys.readouterr().out
    assert told.count("#") == 2
    assert all(line.startswith(LAST_MONTH.date().isoformat()) for line in told.splitlines())
    source = EXAMPLE.read_text(encoding="utf-8")
    code = source.split('"""\n\n', 1)[1]
    assert BLOCKS[1] == code
    assert len([line for line in code.splitlines() if line]) <= 15


def test_the_archive_has_every_recording_and_transcript_once(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run(BLOCKS[2], capsys)
    found = sorted(path.name for path in Path("archive").glob("*/*.*") if not path.name.startswith("."))
    recordings = [name for name in found if name.endswith(".wav")]
    assert told == f"{len(recordings)} recordings, {len(found) - len(recordings)} transcripts\n"
    assert recordings
    assert run(BLOCKS[2], capsys) == "0 recordings, 0 transcripts\n"
    sink = run(BLOCKS[3], capsys)
    assert sink.count("store ") == len(found)
    assert [path.name for path in Path("manifest").iterdir() if path.suffix == ".jsonl"] == [
        ".vocobase-archive.jsonl"
    ]


def test_what_was_forgotten_leaves_the_export(sandbox: Sandbox, tmp_path: Path) -> None:
    with Vocobase() as vb, Records.open("calls.sqlite") as records:
        records.sync(vb)
        assert records.export("csv", format="csv").rows == 2
        records.forget("+12025550100")
        assert records.export("csv", format="csv").rows == 1
        content = b"".join(path.read_bytes() for path in Path("csv").rglob("*.csv"))
        assert b"+12025550100" not in content
        assert b"+12025550101" in content
