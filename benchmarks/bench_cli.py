"""Measure the start of the command line, next to that of a program that only imports click.

    make bench-cli

Each figure is the median of fresh interpreters, run in turn so that all see the same machine.
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

BASE = "import click"
PROGRAMS = {
    BASE: ["-c", BASE],
    "vocobase --version": ["-m", "vocobase.cli", "--version"],
    "vocobase --help": ["-m", "vocobase.cli", "--help"],
}
AT_MOST = 1.5


def milliseconds(arguments: list[str]) -> float:
    """Run a program in a fresh interpreter."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the start of the command line.")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    figures: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for number in range(options.rounds + 1):
        for name, arguments in PROGRAMS.items():
            elapsed = milliseconds(arguments)
            if number:
                figures[name].append(elapsed)
    medians = {name: statistics.median(found) for name, found in figures.items()}
    rows: list[dict[str, object]] = []
    for name, median in medians.items():
        ratio = median / medians[BASE]
        verdict = "" if name == BASE else "pass" if ratio <= AT_MOST else "miss"
        rows.append({"case": name, "ms": round(median, 1), "ratio": round(ratio, 2), "verdict": verdict})
        print(f"{name:<24} {median:>7.1f} ms {ratio:>6.2f}x {verdict}")
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
        }
        text = json.dumps({"machine": machine, "rounds": options.rounds, "rows": rows}, indent=2)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
