"""Progress: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest
from rich.text import Text

from tests.cli.conftest import Stream
from vocobase._base.clock import Clock
from vocobase._base.runtime import AsyncRuntime, Runtime, installed
from vocobase.cli.output import View, write_rows
from vocobase.cli.progress import Progress, line_of
from vocobase.cli.session import Session


class Hand(Clock):
    """A clock that a test moves."""

    now_seconds = 0.0

    def monotonic(self) -> float:
        return self.now_seconds


@pytest.fixture
def clock() -> Iterator[Hand]:
    hand = Hand()
    with installed(Runtime(hand), AsyncRuntime(hand)):
        yield hand


def test_a_pipe_gets_a_line_every_few_seconds(clock: Hand, capsys: pytest.CaptureFixture[str]) -> None:
    with Session().progress("Importing", 100) as progress:
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
        (0, None, "rows", 9, "Work: 0 rows"),
        (5, None, "rows", 1, "Work: 5 rows"),
        (5, None, "rows", 2, "Work: 5 rows, 2.5 rows/s"),
        (500, 2_000, "bytes", 2, "Work: 500 B of 2.0 kB (25 %), 250 B/s, 0:06 left"),
        (2, 8_000, "calls", 2, "Work: 2 of 8,000 calls (0 %), 1.0 calls/s, 2:13:18 left"),
        (1, 3, "people", 15, "Work: 1 of 3 people (33 %), 4.0 people/min, 0:30 left"),
        (1, 2, "people", 600, "Work: 1 of 2 people (50 %), 6.0 people/h, 10:00 left"),
        (3, 3, "files", 2, "Work: 3 of 3 files (100 %), 1.5 files/s"),
    ],
)
def test_a_line_says_how_much_how_fast_and_how_long_yet(
    clock: Hand, done: int, total: int | None, unit: str, seconds: float, line: str
) -> None:
    progress = Progress("Work", total, unit, lambda each: None)
    clock.now_seconds = seconds
    progress.update(done)
    assert line_of(progress) == line


def test_the_rate_is_that_of_the_last_seconds(clock: Hand) -> None:
    progress = Progress("Uploading", 200_000_000, "bytes", lambda each: None)
    clock.now_seconds = 0.1
    progress.update(50_000_000)  # into the buffers of the system
    assert line_of(progress) == "Uploading: 50.0 MB of 200.0 MB (25 %)"
    for _ in range(200):
        clock.now_seconds += 0.1
        progress.advance(100_000)
    assert "1.0 MB/s, 2:10 left" in line_of(progress)
    progress.update(1_000)
    assert "/s" not in line_of(progress)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (20, "Uploading 6.0 MB\u2026"),
        (46, "Uploading 6.0 MB of 9.0 MB  2.0 MB/s  0:02\u2026"),
        (60, "Uploading = 6.0 MB of 9.0 MB  2.0 MB/s  0:02 left"),
        (200, "Uploading = 6.0 MB of 9.0 MB  2.0 MB/s  0:02 left"),
    ],
)
def test_a_bar_keeps_the_cursor_and_leaves_room_for_the_interrupt(
    clock: Hand, monkeypatch: pytest.MonkeyPatch, width: int, line: str
) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Stream(tty=True))
    monkeypatch.setenv("COLUMNS", str(width))
    with (
        pytest.raises(KeyboardInterrupt),
        Session().progress("Uploading", 9_000_000, "bytes") as progress,
    ):
        clock.now_seconds = 3
        progress.advance(6_000_000)
        raise KeyboardInterrupt
    text = stream.text()
    assert "\x1b[?25l" not in text  # a process that is killed could not show the cursor again
    lines = [Text.from_ansi(each).plain for each in text.replace("\r", "\n").splitlines()]
    drawn = [each for each in lines if "Upload" in each]
    assert re.sub("[━╸╺]+", "=", drawn[-1]) == line and max(map(len, drawn)) <= width - 3
    assert text.endswith("\x1b[2K")  # nothing is left of it


def test_a_bar_has_the_colours_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Stream(tty=True))
    with Session().progress("Uploading", 3, "files") as progress:
        progress.advance()
    styles = set(re.findall(r"\x1b\[([\d;]*)m", stream.text()))
    assert styles <= {"0", "39", "90"}


def test_data_in_a_pipe_does_not_pass_through_the_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Stream(tty=True))
    with Session().progress("Reading") as progress:
        progress.advance()
        print('{"id": 1}')
    assert capsys.readouterr().out == '{"id": 1}\n' and "id" not in stream.text()


def test_live_rows_are_written_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def rows() -> object:
        for number in range(2):
            seen.append(capsys.readouterr().out)
            yield {"id": number}

    assert write_rows(View("jsonl", fields=("id",)), rows(), live=True) == 2  # type: ignore[arg-type]
    assert seen == ["", '{"id": 0}\n']
