"""Measure the table of calls: a grouped report over a year, and what a change costs.

python benchmarks/bench_records.py [--rows 365000] [--output benchmarks/records.json]
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from os import cpu_count, getloadavg
from pathlib import Path
from typing import Any

from vocobase.records.facts import Raw
from vocobase.records.merge import Observation
from vocobase.records.places import open_store
from vocobase.records.store import SQLStore

START = datetime(2026, 1, 1, tzinfo=UTC)
DISPOSITIONS = ("completed", "voicemail", "no_answer", "busy")
BATCH = 5000
TARGET_SECONDS = 0.5
# A day in India, as reports have it.
REPORT = """
SELECT (created_at + 19800000) / 86400000, count(*), sum(status = 'completed'), sum(turns > 3),
    sum(disposition = 'voicemail'), sum(cost), sum((duration_seconds + 14) / 15)
FROM {calls} WHERE created_at >= ? AND created_at < ? GROUP BY 1
"""


def observations(rows: int) -> Iterator[Observation]:
    """Yield calls that are spread over a year."""
    step = timedelta(days=365) / rows
    for number in range(rows):
        at = (START + number * step).isoformat()
        raw: Raw = {
            "call_id": f"call-{number:08d}",
            "agent_id": f"agent-{number % 7}",
            "direction": "outbound",
            "from_number": "+12025550181",
            "to_number": f"+120255501{number % 100:02d}",
            "status": "completed",
            "disposition": DISPOSITIONS[number * 7 % 4],
            "created_at": at,
            "ended_at": at,
            "duration_seconds": number % 240,
            "session": {
                "credits_used": number % 240 // 15 * 0.9,
                "transcript": [{"role": "bot", "content": "Hello, this is the front desk.", "timestamp": at}]
                * 6,
                "variables": {"name": "Asha"},
            },
        }
        yield Observation(f"session-{number:08d}", "call", raw)


def fill(store: SQLStore, rows: int) -> float:
    """Fill the table; return the seconds."""
    began, seen = time.perf_counter(), observations(rows)
    while batch := list(islice(seen, BATCH)):
        store.put(batch, START)
    return time.perf_counter() - began


def timed(work: Any, rounds: int) -> float:
    """Return the median of the seconds that some work takes."""
    found: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the table of calls.")
    parser.add_argument("--rows", type=int, default=365_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    before = [round(value, 2) for value in getloadavg()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "calls.sqlite")
        store = open_store(path)
        filled = fill(store, options.rows)
        year = (int(START.timestamp() * 1000), int((START + timedelta(days=366)).timestamp() * 1000))
        report = timed(lambda: store.query(REPORT, year), options.rounds)
        late = list(islice(observations(options.rows), 20))
        change = timed(lambda: [store.put([each], START) for each in late], options.rounds) / len(late)
        size = path.stat().st_size / 2**20
        store.close()
    rows: list[dict[str, Any]] = [
        {
            "case": f"grouped report of a year, {options.rows:,} calls",
            "measured": f"{report:.2f} s",
            "target": f"at most {TARGET_SECONDS} s",
            "verdict": "pass" if report <= TARGET_SECONDS else "miss",
        },
        {"case": "insert a call, in batches", "measured": f"{filled / options.rows * 1e6:.0f} us"},
        {"case": "receive a call that is known", "measured": f"{change * 1e3:.2f} ms"},
        {"case": "size of the file", "measured": f"{size:.0f} MiB"},
    ]
    for row in rows:
        print(json.dumps(row))
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": cpu_count(),
            "load_average_before": before,
            "load_average_after": [round(value, 2) for value in getloadavg()],
        }
        options.output.write_text(
            json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
