"""Measure reports over a table of calls of one year.

    make bench-reports

The table has 365,000 calls, 1,000 a day, each with a transcript, an extraction and what the API sent, in a
SQLite file. A report is measured from the call of the function to its rows, five times in one process.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from os import getloadavg
from pathlib import Path
from typing import Any
from uuid import UUID

from vocobase.records.places import open_store
from vocobase.records.report_query import report_of
from vocobase.records.row import COLUMNS
from vocobase.records.sqlite import SQLiteDatabase
from vocobase.records.store import SQLStore

CALLS = 365_000
DAY_MS, FIRST_MS = 86_400_000, 1_767_225_600_000
TARGET_SECONDS = 0.5
PROJECTS, AGENTS = 7, 5
OUTCOMES = ("completed", "no_answer", "busy", "failed", "voicemail", "declined")


def identifier(number: int) -> str:
    """Return an identifier in the form of those of the API."""
    return str(UUID(int=random.Random(number).getrandbits(128)))


PRICES = {identifier(number): "6.50" for number in range(PROJECTS)}
CASES: dict[str, dict[str, Any]] = {
    "by day": {},
    "by day, New York": {"tz": "America/New_York"},
    "by hour": {"by": "hour"},
    "by day with prices": {"prices": PRICES},
    "by day with a goal": {"goal": "interested"},
    "by agent": {"by": "agent"},
}


def rows(count: int, text: int) -> Iterator[list[Any]]:
    """Yield stored rows of calls, spread evenly over a year."""
    chance = random.Random(1)
    for number in range(count):
        connected = chance.random() < 0.6
        seconds = chance.randint(1, 300) if connected else 0
        interested = "true" if chance.random() < 0.2 else "false"
        row: dict[str, Any] = {
            "session_id": f"session-{number:028}",
            "call_id": f"call-{number:031}",
            "direction": "outbound",
            "from_number": "+12025550100",
            "to_number": "+12025550101",
            "person": "+12025550101",
            "agent_id": identifier(number % AGENTS),
            "agent_name": f"Agent {number % AGENTS}",
            "project_id": identifier(number % PROJECTS),
            "list": f"list {number % 4}",
            "attempt": 1 + number % 3,
            "status": "completed" if connected else "no_answer",
            "disposition": chance.choice(OUTCOMES),
            "created_at": FIRST_MS + number * 365 * DAY_MS // count,
            "duration_seconds": float(seconds),
            "cost": -(-seconds // 15) * 900_000,
            "turns": chance.randint(1, 12) if connected else 0,
            "latency_ms": float(chance.randint(400, 2500)) if connected else None,
            "transferred": int(chance.random() < 0.05),
            "extraction": f'{{"interested":{interested},"name":"Person {number}"}}',
            "transcript": json.dumps([{"role": "user", "content": "x" * text}]),
            "raw": json.dumps({"webhook": "x" * text}),
            "is_final": 1,
            "sources": "webhook",
            "updated_at": FIRST_MS,
            "sequence": number,
        }
        yield [row.get(name) for name in COLUMNS]


def fill(path: Path, count: int, text: int) -> SQLStore:
    """Return a table of calls."""
    statement = f"INSERT INTO {{calls}} ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    database = SQLiteDatabase(path)
    with database.write() as connection:
        for row in rows(count, text):
            connection.execute(statement, row)
    database.close()
    return open_store(path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure reports.")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--text", type=int, default=400, help="characters of each transcript")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    before = [round(value, 2) for value in getloadavg()]
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        store = fill(Path(folder, "calls.sqlite"), options.calls, options.text)
        for case, arguments in CASES.items():
            seconds: list[float] = []
            cpu: list[float] = []
            for _ in range(options.rounds):
                started, used = time.perf_counter(), time.process_time()
                report = report_of(store, **arguments)
                seconds.append(time.perf_counter() - started)
                cpu.append(time.process_time() - used)
                assert report.total.attempted == options.calls
            row: dict[str, Any] = {
                "case": case,
                "calls": options.calls,
                "seconds": round(statistics.median(seconds), 3),
                "fastest_seconds": round(min(seconds), 3),
                "cpu_seconds": round(statistics.median(cpu), 3),
            }
            if case == "by day" and options.calls == CALLS:
                met = row["seconds"] <= TARGET_SECONDS
                row |= {"target": f"at most {TARGET_SECONDS} s", "verdict": "pass" if met else "miss"}
            found.append(row)
            print(json.dumps(row), flush=True)
        store.close()
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "load_average_before": before,
            "load_average_after": [round(value, 2) for value in getloadavg()],
        }
        text = json.dumps({"machine": machine, "rounds": options.rounds, "rows": found}, indent=2)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
