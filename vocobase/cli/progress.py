"""The progress of longer work: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager

from vocobase import clock

LINE_SECONDS = 5.0
# The rate is that of the last seconds: the first steps often go into a buffer, faster than all others.
RATE_SECONDS = 15.0
# Slow work, such as calls, is measured over at least this many changes.
MIN_SAMPLES = 10
SAMPLE_SECONDS = 0.25
# No rate is shown earlier: it would be that of the buffer.
SETTLE_SECONDS = 2.0
# Columns that a bar leaves free at the right, so that the ^C of Ctrl-C does not move it to another line.
FREE_COLUMNS = 3
BAR_COLUMNS = 24
# A bar that would be narrower is left out: the figures say more.
MIN_BAR_COLUMNS = 6


class Progress:
    """The progress of one piece of work.

    Args:
        title: The work.
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
        self._started = clock.monotonic()
        self._measured = deque([(self._started, 0)])

    def advance(self, steps: int = 1) -> None:
        """Count steps that were done."""
        self.update(self.done + steps)

    def update(self, done: int, total: int | None = None) -> None:
        """Set how many steps are done, and how many there are if that has become known."""
        self.done = done
        self.total = self.total if total is None else total
        now = clock.monotonic()
        if now - self._measured[-1][0] >= SAMPLE_SECONDS:
            self._measured.append((now, done))
        while len(self._measured) > MIN_SAMPLES and now - self._measured[1][0] >= RATE_SECONDS:
            self._measured.popleft()
        self._show(self)

    def rate(self) -> float:
        """Return the steps per second, measured over the last seconds; 0 if that is not known yet."""
        now = clock.monotonic()
        since, done = self._measured[0]
        if now - self._started < SETTLE_SECONDS:
            return 0.0
        return max(0.0, (self.done - done) / (now - since))

    def figures(self) -> tuple[str, str, str]:
        """Return the amount done, the rate and the remaining time; those that are not known are empty."""
        rate, total = self.rate(), self.total
        done = f"{_count(self.done, self.unit)} of {amount(total, self.unit)}" if total else ""
        left = clock_time((total - self.done) / rate) if total and rate and total > self.done else ""
        return done or amount(self.done, self.unit), speed(rate, self.unit), f"{left} left" if left else ""


@contextmanager
def progress(title: str, total: int | None, unit: str, *, quiet: bool = False) -> Generator[Progress]:
    """Show the progress of a block; see ``Session.progress``."""
    terminal = sys.stderr.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")
    if quiet:
        yield Progress(title, total, unit, lambda each: None)
    elif terminal:
        with _bar() as show:
            each = Progress(title, total, unit, show)
            show(each)
            yield each
    else:
        lines = _Lines()
        each = Progress(title, total, unit, lines.show)
        yield each
        lines.end(each)


class _Lines:
    """Write a line every few seconds, for logs and pipes."""

    def __init__(self) -> None:
        self._last = clock.monotonic()
        self._written = False

    def show(self, progress: Progress) -> None:
        now = clock.monotonic()
        if now - self._last >= LINE_SECONDS:
            self._last = now
            self._write(progress)

    def end(self, progress: Progress) -> None:
        """Write the last line, if the work took long enough for others to be written."""
        if self._written:
            self._write(progress)

    def _write(self, progress: Progress) -> None:
        self._written = True
        sys.stderr.write(f"{line_of(progress)}\n")
        sys.stderr.flush()


def line_of(progress: Progress) -> str:
    """Return the progress as one line: amount, rate and remaining time."""
    done, fast, left = progress.figures()
    share = f" ({100 * progress.done // progress.total} %)" if progress.total else ""
    return ", ".join(filter(None, (f"{progress.title}: {done}{share}", fast, left)))


def speed(rate: float, unit: str) -> str:
    """Return a rate with its unit; rates below one per second are shown per minute or hour."""
    if not rate:
        return ""
    if unit == "bytes":
        return f"{amount(rate, unit)}/s"
    for seconds, name in ((1, "s"), (60, "min")):
        if rate * seconds >= 1:
            return f"{amount(round(rate * seconds, 1), unit)}/{name}"
    return f"{amount(round(rate * 3600, 1), unit)}/h"


def amount(number: float, unit: str) -> str:
    """Return a number with its unit, bytes as kB or MB."""
    return _count(number, unit) if unit == "bytes" else f"{_count(number, unit)} {unit}"


def _count(number: float, unit: str) -> str:
    if unit != "bytes":
        return f"{number:,}"
    for size, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        # What would be rounded to 1000.0 of the smaller unit is 1.0 of this one.
        if number >= size * 0.99995:
            return f"{number / size:.1f} {name}"
    return f"{number:.0f} B"


def clock_time(seconds: float) -> str:
    """Return seconds as minutes and seconds, and hours if there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _bar() -> Generator[Callable[[Progress], None]]:
    # Lazy, as only a terminal shows a bar.
    from rich.console import Console, RenderableType
    from rich.constrain import Constrain
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    class SteadyConsole(Console):
        def show_cursor(self, show: bool = True) -> bool:
            # A process that is killed could not show it again.
            return False

    def drawn(progress: Progress) -> RenderableType:
        figures = "  ".join(filter(None, progress.figures()))
        room = console.width - FREE_COLUMNS - len(f"{progress.title}  {figures}")
        if not progress.total or room < MIN_BAR_COLUMNS:
            line = Text(f"{progress.title} {figures}", no_wrap=True, overflow="ellipsis")
            return Constrain(line, max(1, console.width - FREE_COLUMNS))
        # The colours of the terminal: you can read them on every background.
        bar = ProgressBar(
            progress.total,
            progress.done,
            width=min(BAR_COLUMNS, room),
            style="bright_black",
            complete_style="default",
            finished_style="default",
        )
        grid = Table.grid(padding=(0, 1))
        grid.add_row(progress.title, bar, figures)
        return grid

    console = SteadyConsole(file=sys.stderr, highlight=False, markup=False, emoji=False)
    shown: list[Progress] = []
    with Live(
        console=console,
        transient=True,
        # Data in a pipe must not pass through the bar, which is on standard error.
        redirect_stdout=sys.stdout.isatty(),
        get_renderable=lambda: drawn(shown[0]) if shown else "",
    ):

        def show(progress: Progress) -> None:
            shown[:] = [progress]

        yield show
