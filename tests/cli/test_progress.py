"""Progress: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys

import pytest

from tests.cli.conftest import Stream
from vocobase._base.runtime import AsyncRuntime, Clock, Runtime, installed
from vocobase.cli.output import View, write_rows
from vocobase.cli.progress import Progress, line_of
from vocobase.cli.session import Session


class Hand(Clock):
    """A clock that a test moves."""

    now_seconds = 0.0

    def monotonic(self) -> float:
        return self.now_seconds


def test_a_pipe_gets_a_line_every_few_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Hand()
    with installed(Runtime(clock), AsyncRuntime(clock)), Session().progress("Importing", 100) as progress:
        for _ in range(10):
            clock.now_seconds += 2
            progress.advance(10)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Importing: 30 of 100 rows (30 %), 5.0 rows/s, 0:14 left"
    assert len(lines) == 4 and lines[-1] == "Importing: 100 of 100 rows (100 %), 5.0 rows/s"


def test_short_and_quiet_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session()
    with session.progress("Reading") as progress:
        progress.advance()
    session.quiet = True
    with session.progress("Reading") as progress:
        progress.update(3, total=3)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("total", [None, 3_000_000])
def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, total: int | None) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Stream(tty=True))
    with Session().progress("Uploading", total, "bytes") as progress:
        progress.advance(1_500_000)
    assert "Uploading" in stream.text() and "1.5 MB" in stream.text()


@pytest.mark.parametrize(
    ("done", "total", "unit", "seconds", "line"),
    [
        (5, None, "rows", 0, "Work: 5 rows, 0.0 rows/s"),
        (500, 2_000, "bytes", 1, "Work: 500 B of 2.0 kB (25 %), 500 B/s, 0:03 left"),
        (1, 8_000, "calls", 1, "Work: 1 of 8,000 calls (0 %), 1.0 calls/s, 2:13:19 left"),
    ],
)
def test_a_line_says_how_much_how_fast_and_how_long_yet(
    done: int, total: int | None, unit: str, seconds: float, line: str
) -> None:
    progress = Progress("Work", total, unit, lambda each: None)
    progress.done = done
    assert line_of(progress, seconds) == line


def test_live_rows_are_written_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def rows() -> object:
        for number in range(2):
            seen.append(capsys.readouterr().out)
            yield {"id": number}

    assert write_rows(View("jsonl", fields=("id",)), rows(), live=True) == 2  # type: ignore[arg-type]
    assert seen == ["", '{"id": 0}\n']
