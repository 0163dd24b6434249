"""CPU seconds of a plan of 100,000 jobs, against the sandbox: without and with a ledger, a gate and redial.

python benchmarks/bench_plan.py [jobs]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from vocobase import CallJob, Consent, DialList, PersonCap, Redial, Vocobase
from vocobase.testing import sandbox_time
from vocobase_sandbox import Sandbox

JOBS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def numbers() -> Iterator[str]:
    return (f"+9198{number:08d}" for number in range(JOBS))


def main() -> None:
    found: dict[str, float] = {"jobs": JOBS, "cpus": os.cpu_count() or 1}
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(clock="manual", start=START, rate_limits=False, concurrency=20) as sandbox,
        sandbox_time(sandbox),
        Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as vb,
    ):
        agent = vb.agents.create("A", "Call {{name}}.", voice_id=vb.voices.find().id).id
        place = Path(folder) / "list.sqlite"

        def jobs() -> Iterator[CallJob]:
            return (CallJob(agent, number, variables={"name": "Asha"}) for number in numbers())

        began = time.process_time()
        plan = vb.calls.plan_many(jobs(), ledger=place)
        found["new list"] = round(time.process_time() - began, 1)
        assert plan.to_dial == JOBS
        consents = {number: Consent("form", date(2025, 1, 1)) for number in numbers()}
        with DialList(place) as kept:
            kept.add(jobs())
        began = time.process_time()
        plan = vb.calls.plan_many(
            jobs(), ledger=place, redial=Redial(3), person_cap=PersonCap(3), consent=consents
        )
        found["waiting list with rules"] = round(time.process_time() - began, 1)
        assert plan.to_dial == JOBS
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
