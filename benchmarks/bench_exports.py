"""Measure an export of the table of calls: 100,000 rows over 30 days, from an SQLite file.

    python benchmarks/bench_exports.py

Each figure comes from its own process. Each row has a transcript of 8 turns and what the API sent. Memory is
the peak of the exporting process, which includes the interpreter, the SDK and DuckDB.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from vocobase.records import CallRecord, Records
from vocobase.records.exports import ExportFormat
from vocobase.records.row import COLUMNS, stored

ROWS, DAYS = 100_000, 30
TARGET_SECONDS, TARGET_MIB = 5, 300
FORMATS: tuple[ExportFormat, ...] = ("parquet", "jsonl", "csv")
START = datetime(2026, 11, 1, tzinfo=UTC)


def rows() -> Iterator[list[Any]]:
    """Yield stored rows."""
    turns = tuple({"role": "agent", "content": f"Turn {number}: the text of a turn."} for number in range(8))
    for number in range(ROWS):
        record = CallRecord(
            f"session-{number}",
            call_id=f"call-{number}",
            to_number="+12025550100",
            status="completed",
            disposition="interested",
            created_at=START + timedelta(days=DAYS) * number / ROWS,
            duration_seconds=61.5,
            cost=Decimal("4.35"),
            turns=len(turns),
            variables={"name": "Asha"},
            transcript=turns,
            raw={"webhook": {"transcript": turns}},
            is_final=True,
            sequence=number + 1,
        )
        yield [stored(name, getattr(record, name)) for name in COLUMNS]


def fill(path: Path) -> None:
    """Write the table."""
    with Records.open(path):
        pass
    statement = f"INSERT INTO calls ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(statement, rows())


def measure(path: str, folder: str, form: str) -> None:
    """Export in this process, and print the figures."""
    with Records.open(path) as records:
        start, cpu = time.perf_counter(), time.process_time()
        result = records.export(folder, format=cast("ExportFormat", form))
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"rows": result.rows, "seconds": seconds, "cpu_seconds": cpu, "peak_mib": mib}
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


def main() -> None:
    """Measure each format, and write exports.json."""
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.sqlite"
        fill(path)
        for form in FORMATS:
            command = [sys.executable, __file__, str(path), str(Path(folder) / form), form]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            figures = json.loads(done.stdout)
            passed = figures["seconds"] <= TARGET_SECONDS and figures["peak_mib"] <= TARGET_MIB
            found.append({"case": form, **figures, "verdict": "pass" if passed else "fail"})
            print(found[-1])
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "load_average": os.getloadavg(),
    }
    target = f"at most {TARGET_SECONDS} s and {TARGET_MIB} MiB"
    text = json.dumps({"machine": machine, "target": target, "rows": found}, indent=2) + "\n"
    Path(__file__).with_name("exports.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(*sys.argv[1:])
    else:
        main()
