"""Measure the cost of imports and of a client: time over a bare interpreter, and memory.

    make bench-import

Each figure is the median of fresh interpreters, run in turn so that all see the same machine.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path

from vocobase import Vocobase

CLIENT = "from vocobase import Vocobase; vb = Vocobase('rg_live_bench')"
CALLS = CLIENT + "; vb.calls"
LAZY = [name for name, value in vars(Vocobase).items() if isinstance(value, cached_property)]
RSS = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"

# Name, program, and the program that it is compared with.
TIMES = (
    ("import vocobase", "import vocobase", "pass"),
    ("import vocobase.types", "import vocobase.types", "pass"),
    ("import vocobase.webhooks", "import vocobase.webhooks", "pass"),
    ("import httpx + httpx.Client()", "import httpx; httpx.Client()", "pass"),
    ("Vocobase(...) ready", CLIENT, "pass"),
    ("Vocobase(...).calls ready", CALLS, "pass"),
)
MEMORY = (
    ("httpx + attrs", "import httpx, attrs; httpx.Client()"),
    ("every resource touched", CLIENT + "".join(f"; vb.{name}" for name in LAZY)),
)


def milliseconds(program: str) -> float:
    """Run a program in a fresh interpreter."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure imports and the creation of a client.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    programs = {program for _, *pair in TIMES for program in pair}
    figures: dict[str, list[float]] = {program: [] for program in sorted(programs)}
    for number in range(options.rounds + 1):
        for program, found in figures.items():
            elapsed = milliseconds(program)
            if number:
                found.append(elapsed)
    rows: list[dict[str, object]] = []
    for name, program, base in TIMES:
        over = statistics.median(a - b for a, b in zip(figures[program], figures[base], strict=True))
        rows.append({"case": name, "over_bare_interpreter_ms": round(over, 1)})
        print(f"{name:<32} {over:>8.1f} ms over a bare interpreter")
    for name, program in MEMORY:
        done = subprocess.run(
            [sys.executable, "-c", program + RSS], capture_output=True, text=True, check=True
        )
        mebibytes = int(done.stdout) / 1024
        rows.append({"case": name, "rss_mib": round(mebibytes, 1)})
        print(f"{name:<32} {mebibytes:>8.1f} MiB")
    if options.output:
        machine = {"python": platform.python_version(), "system": platform.platform()}
        text = json.dumps({"machine": machine, "rounds": options.rounds, "rows": rows}, indent=2)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
