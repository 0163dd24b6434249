"""Measure the plan of a long list: a new one, and one that waits in a ledger and has rules.

    make bench-plan

The list has 100,000 jobs. A plan is measured from the call of `calls.plan_many` to its counts, against the
sandbox in the same process, so its share is in the figures.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from os import getloadavg
from pathlib import Path
from typing import Any

from vocobase import CallJob, Consent, DialList, DialPlan, PersonCap, Redial, Vocobase
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox

JOBS = 100_000
TARGET_SECONDS = 10
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def measure(case: str, plan: Callable[[], DialPlan], jobs: int) -> dict[str, Any]:
    """Return the figures of one plan, in which every job is to be dialled."""
    began, used = time.perf_counter(), time.process_time()
    found = plan()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    assert found.to_dial == jobs
    row: dict[str, Any] = {
        "case": f"{case}, {jobs:,} jobs",
        "measured": f"{seconds:.1f} s, {cpu:.1f} s of CPU time",
    }
    if jobs == JOBS:
        row |= {
            "target": f"at most {TARGET_SECONDS} s",
            "verdict": "pass" if seconds <= TARGET_SECONDS else "miss",
        }
    print(json.dumps(row), flush=True)
    return row


def plans(count: int, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the figures of all cases."""
    with (
        Sandbox(clock="manual", start=START, rate_limits=False, concurrency=20) as sandbox,
        sandbox_time(sandbox),
        Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb,
    ):
        agent = vb.agents.create("A", "Call {{name}}.", voice_id=vb.voices.find().id).id
        place = folder / "list.sqlite"
        numbers = [f"+9198{number:08d}" for number in range(count)]

        def jobs() -> Iterator[CallJob]:
            return (CallJob(agent, number, variables={"name": "Asha"}) for number in numbers)

        yield measure("a new list", lambda: vb.calls.plan_many(jobs(), ledger=place), count)
        with DialList(place) as kept:
            kept.add(jobs())
        rules: dict[str, Any] = {
            "redial": Redial(3),
            "person_cap": PersonCap(3),
            "consent": dict.fromkeys(numbers, Consent("form", date(2025, 1, 1))),
        }
        yield measure(
            "a list that waits, with redial, a cap and consents",
            lambda: vb.calls.plan_many(jobs(), ledger=place, **rules),
            count,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure plans.")
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    before = [round(value, 2) for value in getloadavg()]
    with tempfile.TemporaryDirectory() as folder:
        rows = list(plans(options.jobs, Path(folder)))
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "load_average_before": before,
            "load_average_after": [round(value, 2) for value in getloadavg()],
        }
        options.output.write_text(json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
