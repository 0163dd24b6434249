"""How far a longer piece of work is: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from vocobase import clock

LINE_SECONDS = 5.0


class Progress:
    """The progress of one piece of work.

    Args:
        title: What is being done.
        total: The number of steps, None if it is not known.
        unit: What is counted.
        show: Called after each change.

    Attributes:
        done: Steps that are done.
    """

    def __init__(self, title: str, total: int | None, unit: str, show: Callable[[Progress], None]) -> None:
        self.title = title
        self.total = total
        self.unit = unit
        self.done = 0
        self._show = show

    def advance(self, steps: int = 1) -> None:
        """Count steps that were done."""
        self.update(self.done + steps)

    def update(self, done: int, total: int | None = None) -> None:
        """Set how many steps are done, and how many there are if that has become known."""
        self.done = done
        self.total = self.total if total is None else total
        self._show(self)


@contextmanager
def progress(title: str, total: int | None, unit: str, *, quiet: bool = False) -> Generator[Progress]:
    """Show the progress of a block; see ``Session.progress``."""
    terminal = sys.stderr.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")
    if quiet:
        yield Progress(title, total, unit, lambda each: None)
    elif terminal:
        with _bar(title, total, unit) as show:
            yield Progress(title, total, unit, show)
    else:
        lines = _Lines()
        each = Progress(title, total, unit, lines.show)
        yield each
        lines.end(each)


class _Lines:
    """Write a line every few seconds, for logs and pipes."""

    def __init__(self) -> None:
        self._started = self._last = clock.monotonic()
        self._written = False

    def show(self, progress: Progress) -> None:
        now = clock.monotonic()
        if now - self._last >= LINE_SECONDS:
            self._last = now
            self._write(progress)

    def end(self, progress: Progress) -> None:
        """Write the last line, if work took so long that others were written."""
        if self._written:
            self._write(progress)

    def _write(self, progress: Progress) -> None:
        self._written = True
        line = line_of(progress, clock.monotonic() - self._started)
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def line_of(progress: Progress, seconds: float) -> str:
    """Return the progress as one line: how much, how fast, how long yet."""
    rate = progress.done / seconds if seconds > 0 else 0.0
    done, unit = progress.done, progress.unit
    text = f"{progress.title}: {amount(done, unit)}"
    if progress.total:
        text = f"{progress.title}: {_count(done, unit)} of {amount(progress.total, unit)}"
        text += f" ({100 * done // progress.total} %)"
    text += f", {amount(round(rate, 1), unit)}/s"
    left = progress.total - done if progress.total else 0
    return f"{text}, {clock_time(left / rate)} left" if left > 0 and rate > 0 else text


def amount(number: float, unit: str) -> str:
    """Return a number with its unit, bytes as kB or MB."""
    return _count(number, unit) if unit == "bytes" else f"{_count(number, unit)} {unit}"


def _count(number: float, unit: str) -> str:
    if unit != "bytes":
        return f"{number:,}"
    for size, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if number >= size:
            return f"{number / size:.1f} {name}"
    return f"{number:.0f} B"


def clock_time(seconds: float) -> str:
    """Return seconds as minutes and seconds, and hours if there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _bar(title: str, total: int | None, unit: str) -> Generator[Callable[[Progress], None]]:
    # Lazy, as only a terminal shows a bar.
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{amount(round(task.speed or 0, 1), unit)}/s")

    class Amount(ProgressColumn):
        def render(self, task: Task) -> Text:
            of = f"/{_count(int(task.total), unit)}" if task.total else ""
            return Text(_count(int(task.completed), unit) + of)

    columns = (TextColumn("{task.description}"), BarColumn(), Amount(), Rate(), TimeRemainingColumn())
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda progress: bar.update(task, completed=progress.done, total=progress.total)
