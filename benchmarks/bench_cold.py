"""Measure a cold start: from the start of an interpreter to its first response, over loopback.

    make bench-cold

Raw httpx, the bare generated client and the SDK run in turn in fresh interpreters, so that all see the same
machine. The figures are medians; a ratio is the median of the ratios of neighbours. Modules are compiled
before the first run that counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx
from loopback import running

GENERATED = "bare generated client"
AT_MOST = 1.0
PROGRAMS = {
    "raw httpx": """
import sys, httpx
with httpx.Client(headers={"Authorization": "Bearer rg_live_bench"}) as client:
    assert client.get(sys.argv[1] + "/calls").json()["data"]["calls"]
""",
    GENERATED: """
import sys
from vocobase_raw.api.calls import list_
from vocobase_raw.client import Client
with Client(base_url=sys.argv[1], token="rg_live_bench") as client:
    assert list_.sync(client=client).calls
""",
    "vocobase": """
import sys
from vocobase import Vocobase
with Vocobase("rg_live_bench", base_url=sys.argv[1]) as vb:
    assert vb.calls.list().items
""",
}


def milliseconds(program: str, address: str) -> float:
    """Run a program in a fresh interpreter."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, address], check=True)
    return (time.perf_counter() - started) * 1000


def measure(address: str, rounds: int) -> dict[str, list[float]]:
    """Run all programs in turn, in changing order."""
    figures: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    names = list(PROGRAMS)
    for number in range(rounds + 1):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            elapsed = milliseconds(PROGRAMS[name], address)
            if number:
                figures[name].append(elapsed)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the time from a cold start to the first response.")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    before = os.getloadavg()
    with running() as address:
        figures = measure(f"{address}/1", options.rounds)
    rows: list[dict[str, object]] = []
    for name, found in figures.items():
        ratio = statistics.median(a / b for a, b in zip(found, figures[GENERATED], strict=True))
        verdict = "" if name != "vocobase" else "pass" if ratio <= AT_MOST else "miss"
        rows.append(
            {
                "case": name,
                "ms": round(statistics.median(found), 1),
                "fastest_ms": round(min(found), 1),
                "ratio": round(ratio, 2),
                "verdict": verdict,
            }
        )
        print(
            "{case:<24} {ms:>7} ms  fastest {fastest_ms:>7} ms  ratio {ratio:>5} {verdict}".format(**rows[-1])
        )
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "httpx": httpx.__version__,
            "load_average_before": before,
            "load_average_after": os.getloadavg(),
        }
        text = json.dumps({"machine": machine, "rounds": options.rounds, "rows": rows}, indent=2)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
