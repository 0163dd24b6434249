"""Exports: one file a day, every call once and as it is now, whatever happened to the runs before."""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest

from tests.records.export_source import NOON, Table, call, days
from tests.records.killing import audited  # noqa: F401
from vocobase import ConfigurationError, ExportError, InvalidArgumentError
from vocobase._base import locks
from vocobase.records.exports import LOCK, ExportFormat, ExportResult, export_to
from vocobase.records.row import COLUMNS

FORMATS: tuple[ExportFormat, ...] = ("jsonl", "csv", "parquet")
STATE = ".vocobase-export.json"


@pytest.fixture
def table() -> Iterator[Table]:
    table = Table()
    yield table
    table.close()


def seen(folder: Path) -> list[tuple[str, str]]:
    """Return the identifier and disposition of every row that a reader finds, by identifier."""
    rows = [
        row
        for kind, function in (("jsonl", "read_json"), ("csv", "read_csv"), ("parquet", "read_parquet"))
        if any(folder.glob(f"*/*.{kind}"))
        for row in duckdb.sql(
            f"SELECT session_id, disposition FROM {function}('{folder}/*/*.{kind}')"
        ).fetchall()
    ]
    return sorted(rows)


def of(table: Table) -> list[tuple[Any, ...]]:
    return sorted(table.query("SELECT session_id, disposition FROM {calls}"))


def names(result: ExportResult) -> list[str]:
    return [f"{path.parent.name}/{path.name}" for path in result.files]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What a run writes.


@pytest.mark.parametrize("form", FORMATS)
def test_each_day_has_a_file_and_a_second_run_writes_nothing(
    form: ExportFormat, table: Table, tmp_path: Path
) -> None:
    table.put(*days(3), call(99, None))
    folder = tmp_path / "new" / "out[1]*'x"
    result = export_to(table, folder, format=form)
    assert result.rows == 10
    assert names(result) == [
        f"day=2026-11-28/part-0.{form}",
        f"day=2026-11-29/part-0.{form}",
        f"day=2026-11-30/part-0.{form}",
        f"day=__HIVE_DEFAULT_PARTITION__/part-0.{form}",
    ]
    before = content(folder)
    assert export_to(table, folder, format=form) == ExportResult(0, ())
    assert content(folder) == before


@pytest.mark.parametrize("form", FORMATS)
def test_a_call_that_changed_is_seen_once_as_it_is_now(
    form: ExportFormat, table: Table, tmp_path: Path
) -> None:
    table.put(*days(3))
    export_to(table, tmp_path, format=form)
    table.put(call(4, NOON + timedelta(days=1), disposition="voicemail"), call(50, NOON + timedelta(days=1)))
    assert names(export_to(table, tmp_path, format=form)) == [f"day=2026-11-29/part-0.{form}"]
    assert seen(tmp_path) == of(table)
    assert ("s4", "voicemail") in seen(tmp_path)


def test_a_call_whose_time_becomes_known_moves_to_its_day(table: Table, tmp_path: Path) -> None:
    table.put(call(1, None), call(2, None))
    export_to(table, tmp_path)
    table.put(call(1))
    result = export_to(table, tmp_path)
    assert names(result) == [
        "day=2026-11-28/part-0.jsonl",
        "day=__HIVE_DEFAULT_PARTITION__/part-0.jsonl",
    ]
    assert seen(tmp_path) == of(table)


def test_a_call_that_was_deleted_is_gone_and_so_is_an_empty_day(table: Table, tmp_path: Path) -> None:
    table.put(*days(2, 2))
    export_to(table, tmp_path)
    table.remove("s0")
    assert names(export_to(table, tmp_path)) == ["day=2026-11-28/part-0.jsonl"]
    table.remove("s1")
    assert export_to(table, tmp_path) == ExportResult(0, ())
    assert seen(tmp_path) == of(table)
    assert not (tmp_path / "day=2026-11-28").exists()


def test_other_files_in_the_folder_of_a_day_stay(table: Table, tmp_path: Path) -> None:
    table.put(call(1))
    export_to(table, tmp_path)
    (tmp_path / "day=2026-11-28" / "notes.txt").write_text("mine")
    table.remove("s1")
    export_to(table, tmp_path)
    assert [path.name for path in (tmp_path / "day=2026-11-28").iterdir()] == ["notes.txt"]


def test_what_a_killed_run_left_is_removed_and_nothing_else(table: Table, tmp_path: Path) -> None:
    table.put(call(1))
    export_to(table, tmp_path)
    ours, mine = tmp_path / "day=2026-11-28" / f".{'0a' * 8}.part", tmp_path / ".mine.part"
    ours.write_text("")
    mine.write_text("")
    export_to(table, tmp_path)
    assert (ours.exists(), mine.exists()) == (False, True)


def test_a_file_that_was_removed_is_written_again(table: Table, tmp_path: Path) -> None:
    table.put(*days(2))
    export_to(table, tmp_path)
    (tmp_path / "day=2026-11-28" / "part-0.jsonl").unlink()
    assert names(export_to(table, tmp_path)) == ["day=2026-11-28/part-0.jsonl"]


def test_days_are_those_of_the_time_zone(table: Table, tmp_path: Path) -> None:
    table.put(
        call(1, datetime(2026, 11, 28, 18, 29, 59, tzinfo=UTC)),
        call(2, datetime(2026, 11, 28, 18, 30, tzinfo=UTC)),
    )
    result = export_to(table, tmp_path, tz="Asia/Kolkata")
    assert names(result) == ["day=2026-11-28/part-0.jsonl", "day=2026-11-29/part-0.jsonl"]
    assert [len(path.read_bytes().splitlines()) for path in result.files] == [1, 1]


@pytest.mark.parametrize(
    "zone", ["America/Sao_Paulo", "Asia/Beirut", "Atlantic/Azores", "Australia/Lord_Howe"]
)
def test_no_call_is_lost_where_clocks_change_at_midnight(zone: str, table: Table, tmp_path: Path) -> None:
    start = datetime(2018, 1, 1, tzinfo=UTC)
    table.put(*(call(hour, start + timedelta(hours=hour, minutes=15 * (hour % 4))) for hour in range(8766)))
    export_to(table, tmp_path, tz=zone)
    assert seen(tmp_path) == of(table)


def test_days_with_many_calls_are_read_in_pages(table: Table, tmp_path: Path) -> None:
    table.put(*(call(number, NOON if number % 2 else None) for number in range(1203)))
    assert export_to(table, tmp_path).rows == 1203
    assert seen(tmp_path) == of(table)


def test_progress_counts_rows(table: Table, tmp_path: Path) -> None:
    table.put(*days(2))
    steps: list[tuple[int, int]] = []
    export_to(table, tmp_path, on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(3, 6), (6, 6)]


def test_files_are_for_their_owner_only(table: Table, tmp_path: Path) -> None:
    table.put(call(1))
    for form in FORMATS:
        export_to(table, tmp_path / form, format=form)
    found = list(tmp_path.rglob("*"))
    assert len(found) == 3 * 5
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in found} == {0}


# What readers see.


def expected() -> dict[str, Any]:
    record = call(1, cost=Decimal("123456789.123457"), latency_ms=812.25)
    return record.to_dict() | {"sequence": 1}


@pytest.fixture
def one(table: Table) -> Table:
    table.put(call(1, cost=Decimal("123456789.123457"), latency_ms=812.25))
    return table


def test_duckdb_reads_parquet_with_its_types(one: Table, tmp_path: Path) -> None:
    export_to(one, tmp_path, format="parquet")
    found = duckdb.sql(f"SELECT * FROM '{tmp_path}/*/*.parquet'")
    row = dict(zip(found.columns, found.fetchall()[0], strict=True))
    assert row.pop("day").isoformat() == "2026-11-28"
    assert list(row) == list(COLUMNS)
    for name in ("variables", "extraction", "transcript", "raw"):
        row[name] = json.loads(row[name])
    assert row == expected() | {"transcript": list(expected()["transcript"])}
    said = duckdb.sql(f"SELECT transcript[0]->>'content' FROM '{tmp_path}/*/*.parquet'").fetchall()
    assert said == [('He said "hi", 50%',)]


def test_polars_reads_parquet_with_its_types(one: Table, tmp_path: Path) -> None:
    export_to(one, tmp_path, format="parquet")
    frame = polars.read_parquet(f"{tmp_path}/*/*.parquet", hive_partitioning=True)
    row = frame.row(0, named=True)
    assert row["cost"] == Decimal("123456789.123457")
    assert row["created_at"] == NOON
    assert row["is_final"] is True
    assert row["attempt"] is None
    assert json.loads(row["transcript"])[1]["content"] == "=1+1"


def test_pandas_reads_every_format(one: Table, tmp_path: Path) -> None:
    frames = {}
    for form in FORMATS:
        (path,) = export_to(one, tmp_path / form, format=form).files
        if form == "parquet":
            # Without pyarrow, pandas takes what DuckDB has read.
            frames[form] = duckdb.sql(f"SELECT * FROM '{path}'").df()
        else:
            frames[form] = pandas.read_csv(path) if form == "csv" else pandas.read_json(path, lines=True)
    for frame in frames.values():
        (row,) = frame.to_dict("records")
        assert pandas.Timestamp(row["created_at"]) == pandas.Timestamp(NOON)
        assert float(row["cost"]) == pytest.approx(123456789.123457)
        assert row["disposition"] == "interested"


def test_the_standard_library_reads_json_lines_and_csv_exactly(one: Table, tmp_path: Path) -> None:
    (lines,) = export_to(one, tmp_path / "a").files
    row = json.loads(lines.read_text("utf-8"), parse_float=Decimal)
    assert row["cost"] == Decimal("123456789.123457")
    assert datetime.fromisoformat(row["created_at"]) == NOON
    assert row["variables"] == {"name": "Aša\n\u2028"}
    (table,) = export_to(one, tmp_path / "b", format="csv").files
    with table.open(encoding="utf-8", newline="") as file:
        (cells,) = csv.DictReader(file)
    assert cells["cost"] == "123456789.123457"
    assert cells["attempt"] == ""
    assert json.loads(cells["transcript"])[1] == {"role": "user", "content": "=1+1"}


def test_text_of_others_is_not_a_formula_in_csv(table: Table, tmp_path: Path) -> None:
    table.put(call(1, agent_name='=HYPERLINK("x")', disposition="@sum", list="-1+2"))
    (path,) = export_to(table, tmp_path, format="csv").files
    with path.open(encoding="utf-8", newline="") as file:
        (cells,) = csv.DictReader(file)
    assert cells["agent_name"] == '\'=HYPERLINK("x")'
    assert (cells["disposition"], cells["list"]) == ("'@sum", "'-1+2")
    assert cells["to_number"] == "+12025550001"


def test_a_call_with_a_huge_transcript_and_odd_characters_is_exported(table: Table, tmp_path: Path) -> None:
    turns = ({"role": "user", "content": "long \u0000 \ud7ff \U0001f600 " * 1_000_000},)
    table.put(call(1, transcript=turns))
    (path,) = export_to(table, tmp_path, format="parquet").files
    ((found,),) = duckdb.sql(f"SELECT transcript FROM '{path}'").fetchall()
    assert json.loads(found) == list(turns)


# Runs that were killed, and others at the same time.


class Killed(BaseException):
    """The process ends here."""


def killed_at(step: int) -> Callable[[str, tuple[Any, ...]], None]:
    """Return an audit hook that ends the run at a step that changes the disk."""
    counted = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal counted
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"):
            counted += 1
            if counted == step:
                raise Killed

    return hook


@pytest.mark.parametrize("form", FORMATS)
def test_killed_at_any_step_a_reader_sees_whole_files_and_the_next_run_completes(
    form: ExportFormat, tmp_path: Path, audit: list[Any], stack: ExitStack
) -> None:
    with_steps = 0
    for step in range(1, 200):
        table, folder = stack.enter_context(closing(Table())), tmp_path / str(step)
        table.put(*days(2))
        export_to(table, folder, format=form)
        before = dict(seen(folder))
        table.put(call(1, disposition="voicemail"), call(70, NOON + timedelta(days=9)))
        table.remove("s4")
        hook = killed_at(step)
        audit.append(hook)
        try:
            export_to(table, folder, format=form)
        except Killed:
            with_steps += 1
        else:
            break
        finally:
            audit.remove(hook)
        halfway = seen(folder)
        assert len(halfway) == len(dict(halfway))
        assert dict(halfway).keys() | {"s4", "s70"} == before.keys() | {"s70"}
        export_to(table, folder, format=form)
        assert seen(folder) == of(table)
        assert not list(folder.rglob("*.part"))
        table.close()
        shutil.rmtree(folder)
    assert with_steps > 10


def test_a_first_run_that_was_killed_is_continued(tmp_path: Path, table: Table) -> None:
    table.put(*days(3))

    def kill(done: int, total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        export_to(table, tmp_path, on_progress=kill)
    assert len(seen(tmp_path)) == 3
    assert names(export_to(table, tmp_path)) == ["day=2026-11-29/part-0.jsonl", "day=2026-11-30/part-0.jsonl"]
    assert seen(tmp_path) == of(table)


def test_a_second_run_at_the_same_time_is_refused_in_one_line(table: Table, tmp_path: Path) -> None:
    table.put(call(1))
    with locks.FileLock(tmp_path / LOCK) as lock:
        assert lock.is_held
        with pytest.raises(
            ExportError, match=r"^records.export: another run is writing the folder '.*'; run it"
        ) as e:
            export_to(table, tmp_path)
    assert "\n" not in str(e.value)
    assert [path.name for path in tmp_path.iterdir()] == [LOCK]
    assert export_to(table, tmp_path).rows == 1


def test_windows_locks_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[tuple[int, int, int]] = []
    module = types.SimpleNamespace(LK_NBLCK=2, locking=lambda *arguments: locked.append(arguments))
    monkeypatch.setitem(sys.modules, "msvcrt", module)  # type: ignore[arg-type]
    locks.lock_of("win32")(5)
    assert locked == [(5, 2, 1)]


# What cannot be used.


def test_a_folder_with_an_export_of_other_records_is_refused_unchanged(tmp_path: Path) -> None:
    one, two = Table("one"), Table("two")
    one.put(call(1))
    two.put(call(2))
    export_to(one, tmp_path)
    before = content(tmp_path)
    with pytest.raises(ExportError, match="it has an export of other records; pass another folder"):
        export_to(two, tmp_path)
    assert content(tmp_path) == before
    one.close()
    two.close()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"format": "csv"}, "its export has format='jsonl', not 'csv'"),
        ({"tz": "Asia/Kolkata"}, "its export has tz='UTC', not 'Asia/Kolkata'"),
    ],
)
def test_a_folder_keeps_its_format_and_time_zone(
    options: dict[str, Any], text: str, table: Table, tmp_path: Path
) -> None:
    table.put(call(1))
    export_to(table, tmp_path)
    with pytest.raises(ExportError, match=text):
        export_to(table, tmp_path, **options)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (b"{", "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b"[]", "is damaged"),
        (b'{"version": 2}', "has version 2, not 1"),
        (b'{"version": 1, "records": "one", "format": "jsonl", "tz": "UTC"}', "is damaged"),
        (b'{"version": 1, "records": "one", "format": "jsonl", "tz": "UTC", "days": {"x": 1}}', "is damaged"),
    ],
)
def test_a_damaged_state_is_refused(state: bytes, text: str, table: Table, tmp_path: Path) -> None:
    (tmp_path / STATE).write_bytes(state)
    with pytest.raises(ExportError, match=text):
        export_to(table, tmp_path)


def test_days_without_a_state_are_those_of_another_program(table: Table, tmp_path: Path) -> None:
    (tmp_path / "day=2026-01-01").mkdir()
    with pytest.raises(ExportError, match=r"it has days, but no .vocobase-export.json"):
        export_to(table, tmp_path)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"format": "xlsx"}, "format must be one of jsonl, csv, parquet"),
        ({"format": []}, "format must be one of"),
        ({"tz": "Mars/Base"}, "tz must be the name of a time zone"),
        ({"tz": "../etc"}, "tz must be the name of a time zone"),
        ({"tz": None}, "tz must be the name of a time zone"),
        ({"on_progress": 1}, "on_progress"),
        ({"folder": 1}, "folder"),
    ],
)
def test_arguments_that_cannot_be_used(
    options: dict[str, Any], text: str, table: Table, tmp_path: Path
) -> None:
    with pytest.raises(InvalidArgumentError, match=text):
        export_to(table, **{"folder": tmp_path / "x", **options})
    assert not (tmp_path / "x").exists()


def test_a_file_in_the_place_of_the_folder_is_one_line(table: Table, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(ExportError, match=r"cannot be written \(File exists\)"):
        export_to(table, tmp_path / "x")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full disk")
@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_leaves_what_was_there(
    form: ExportFormat, table: Table, tmp_path: Path, audit: list[Any]
) -> None:
    table.put(call(1))
    export_to(table, tmp_path, format=form)
    before = content(tmp_path)
    table.put(call(1, disposition="voicemail"))

    def full(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and str(arguments[0]).endswith(".part"):
            raise OSError(28, "No space left on device")

    audit.append(full)
    with pytest.raises(ExportError, match=r"cannot be written \(No space left on device\)"):
        export_to(table, tmp_path, format=form)
    audit.clear()
    assert content(tmp_path) == before
    export_to(table, tmp_path, format=form)
    assert seen(tmp_path) == [("s1", "voicemail")]


def test_what_duckdb_cannot_write_is_one_line(table: Table, tmp_path: Path) -> None:
    table.put(call(1))
    table._database.execute("UPDATE calls SET duration_seconds = 'x'")
    with pytest.raises(ExportError, match="cannot be written") as caught:
        export_to(table, tmp_path, format="parquet")
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.rglob("part*"))


def test_parquet_without_its_package_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, table: Table, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'duckdb>=1.4'"):
        export_to(table, tmp_path / "x", format="parquet")
    assert not (tmp_path / "x").exists()
