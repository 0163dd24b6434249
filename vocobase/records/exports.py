"""Export the table of calls into a folder: one file for each day, rewritten when a call of that day changes.

A reader of all files sees every call once, in its current state. A run writes only the days whose rows differ
from those in the folder, so it is incremental and continues after a run that was killed: each file replaces
the previous one in one step, and the state file is written after it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, cast
from zoneinfo import ZoneInfo

from vocobase._base.arguments import as_path, check_callback
from vocobase._base.errors import ExportError, InvalidArgumentError
from vocobase._base.files import OWNER_ONLY, NewFile
from vocobase.records.days import QUARTER_MS, UNKNOWN, State, bounds, states, zone_of
from vocobase.records.export_state import NAME, Export, load_days
from vocobase.records.folders import OWNER_FOLDER, disk, exclusive, shown
from vocobase.records.formats import Row, Write, csv_lines, json_lines
from vocobase.records.parquet import parquet
from vocobase.records.row import COLUMNS

ExportFormat = Literal["jsonl", "csv", "parquet"]
OnCount = Callable[[int, int], None]
WHAT = "records.export"
LOCK = ".vocobase-export.lock"
WRITERS: Mapping[str, Callable[[], AbstractContextManager[Write]]] = {
    "jsonl": json_lines,
    "csv": csv_lines,
    "parquet": parquet,
}
PAGE_ROWS = 500
_NAMES = list(COLUMNS)
_CREATED_AT, _SEQUENCE = _NAMES.index("created_at"), _NAMES.index("sequence")
# Only names of columns and constants become part of a statement.
_QUARTERS = f"SELECT created_at / {QUARTER_MS}, COUNT(*), MAX(sequence) FROM {{calls}} GROUP BY 1"  # noqa: S608
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM {{calls}} WHERE"  # noqa: S608
_OF_DAY = (
    f"{_SELECT} created_at < ? AND (created_at, session_id) > (?, ?)"
    f" ORDER BY created_at, session_id LIMIT {PAGE_ROWS}"
)
_OF_NO_DAY = f"{_SELECT} created_at IS NULL AND session_id > ? ORDER BY session_id LIMIT {PAGE_ROWS}"


class Source(Protocol):
    """The part of a store that an export needs."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT over the tables ``{calls}`` and ``{meta}``."""
        ...


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result of an export.

    Attributes:
        rows: Number of rows in the files that were written.
        files: The files that were written, oldest day first; empty if nothing has changed.
    """

    rows: int
    files: tuple[Path, ...]


def export_to(
    store: Source,
    folder: str | os.PathLike[str],
    *,
    format: ExportFormat = "jsonl",
    tz: str = "UTC",
    on_progress: OnCount | None = None,
) -> ExportResult:
    """Write the days that have changed since the last export into a folder; see ``records.export``.

    Args:
        store: The table of calls.
        folder: The folder, created if it does not exist; one for each export.
        format: ``jsonl``, ``csv`` or ``parquet``.
        tz: Time zone of the days.
        on_progress: Called after each file with the rows written and the rows to write.

    Raises:
        InvalidArgumentError: an argument cannot be used; nothing was written.
        ConfigurationError: the format needs a package that is not installed.
        ExportError: the folder cannot be written, another run is writing it, or it has another export.
    """
    place = as_path(folder, f"{WHAT}: folder")
    if not isinstance(cast(object, format), str) or format not in WRITERS:
        raise InvalidArgumentError(f"{WHAT}: format must be one of {', '.join(WRITERS)}.")
    zone = zone_of(tz, WHAT)
    check_callback(on_progress, f"{WHAT}: on_progress")
    with WRITERS[format]() as write, exclusive(place, LOCK, WHAT):
        run = _Run(store, place, Export(identity_of(store), format, tz), zone, write)
        return run.write_changes(on_progress)


def identity_of(store: Source) -> str:
    """Return what identifies the records of a store, wherever their file is moved."""
    return str(store.query("SELECT value FROM {meta} WHERE key = 'identity'")[0][0])


class _Run:
    """One run over a folder that it holds."""

    def __init__(self, store: Source, place: Path, export: Export, zone: ZoneInfo, write: Write) -> None:
        self._store, self._place, self._export = store, place, export
        self._zone, self._write = zone, write
        with disk(place, WHAT):
            self._open()

    def _open(self) -> None:
        """Continue the export of the folder, or start one."""
        try:
            days = load_days(self._place, self._export)
            if days is None and any(self._place.glob("day=*")):
                raise ValueError(f"it has days, but no {NAME}")
        except ValueError as error:
            raise ExportError(
                f"{WHAT}: the folder {shown(self._place)} cannot be used: {error}; pass another folder."
            ) from error
        if days is None:
            # Before the first day: a run that is killed would leave the day without it.
            self._export.save(self._place)
        self._export.days = days or {}

    def write_changes(self, on_progress: OnCount | None) -> ExportResult:
        """Write the days that differ, and remove those that no longer have a call."""
        present = states(((row[0], row[1], row[2]) for row in self._store.query(_QUARTERS)), self._zone)
        changed = {day: state for day, state in present.items() if self._differs(day, state)}
        files: list[Path] = []
        done, left = 0, sum(state.rows for state in changed.values())
        for day, state in changed.items():
            written = self._replace(day)
            done, left = done + written.rows, left - state.rows
            files += [self._file(day)] if written.rows else []
            if on_progress is not None:
                on_progress(done, done + left)
        for day in self._export.days.keys() - present.keys():
            self._replace(day)
        return ExportResult(done, tuple(files))

    def _differs(self, day: str, state: State) -> bool:
        return self._export.days.get(day) != state or not self._file(day).exists()

    def _file(self, day: str) -> Path:
        return self._place / f"day={day}" / f"part-0.{self._export.format}"

    def _replace(self, day: str) -> State:
        """Write the file of a day, or remove it if no call is left, and record this."""
        path = self._file(day)
        rows = _Counted(self._pages(day))
        with disk(self._place, WHAT):
            path.parent.mkdir(OWNER_FOLDER, exist_ok=True)
            with NewFile(path, OWNER_ONLY) as part:
                self._write(rows, part)
                part.sync()
                if rows.state.rows:
                    part.commit()
            self._export.days[day] = rows.state
            if not rows.state.rows:
                del self._export.days[day]
                path.unlink(missing_ok=True)
                with suppress(OSError):  # other files of yours may be there
                    path.parent.rmdir()
            self._export.save(self._place)
        return rows.state

    def _pages(self, day: str) -> Iterator[list[Row]]:
        """Yield the rows of a day, some at a time."""
        query = self._store.query
        if day == UNKNOWN:
            rows = query(_OF_NO_DAY, ("",))
            while rows:
                yield list(rows)
                rows = query(_OF_NO_DAY, (rows[-1][0],))
            return
        start, end = bounds(day, self._zone)
        rows = query(_OF_DAY, (end, start, ""))
        while rows:
            yield list(rows)
            rows = query(_OF_DAY, (end, rows[-1][_CREATED_AT], rows[-1][0]))


class _Counted:
    """Pages of rows, with the state of those that were read."""

    def __init__(self, pages: Iterable[list[Row]]) -> None:
        self._pages = pages
        self.state = State()

    def __iter__(self) -> Iterator[list[Row]]:
        for page in self._pages:
            sequence = max(row[_SEQUENCE] for row in page)
            self.state = State(self.state.rows + len(page), max(self.state.sequence, sequence))
            yield page
