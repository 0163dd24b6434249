"""How much the memory grows while files of 50 MiB are uploaded, one alone and 20 at concurrency 4.

    make bench-uploads

Each figure is a fresh interpreter that sends to a server in a process of its own. After one small upload, for
which all code is loaded, the peak of the resident memory is reset; the growth is the peak during the uploads
over the memory before. Linux only: the peak comes from /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import store

from vocobase import AsyncVocobase, Vocobase

SIZE = 50 * 1024 * 1024
# Case, number of files, most growth in MiB.
CASES = (("one file", 1, 8), ("20 files, 4 at once", 20, 24))


def memory(member: str) -> float:
    """Return a figure of /proc in MiB: VmRSS is now, VmHWM the peak."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{member}:")) / 1024


def reset_peak() -> None:
    """Let the peak be what is in use now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def upload(url: str, small: Path, large: Path, count: int) -> None:
    """Upload with the synchronous client."""
    with Vocobase("rg_live_bench", base_url=url) as vb:
        vb.documents.upload_many([small])
        begin()
        if count == 1:
            vb.documents.upload(large)
        else:
            vb.documents.upload_many([large] * count)
        end(count * large.stat().st_size)


async def async_upload(url: str, small: Path, large: Path, count: int) -> None:
    """Upload with the asynchronous client."""
    async with AsyncVocobase("rg_live_bench", base_url=url) as vb:
        await vb.documents.upload_many([small])
        begin()
        if count == 1:
            await vb.documents.upload(large)
        else:
            await vb.documents.upload_many([large] * count)
        end(count * large.stat().st_size)


started = [0.0, 0.0]


def begin() -> None:
    """Remember time and memory."""
    reset_peak()
    started[:] = time.monotonic(), memory("VmRSS")


def end(size: int) -> None:
    """Print the growth and the speed of uploading so many bytes."""
    seconds, grown = time.monotonic() - started[0], memory("VmHWM") - started[1]
    print(json.dumps({"growth_mib": round(grown, 1), "mib_per_second": round(size / 2**20 / seconds)}))


def measure(kind: str, count: int, size: int) -> None:
    """Run one case in this process."""
    with tempfile.TemporaryDirectory() as folder, store.running() as url:
        small, large = Path(folder, "small.md"), Path(folder, "large.pdf")
        small.write_bytes(b"x")
        large.touch()
        os.truncate(large, size)
        if kind == "sync":
            upload(url, small, large, count)
        else:
            asyncio.run(async_upload(url, small, large, count))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the memory of uploads.")
    parser.add_argument("--case", nargs=2, metavar=("KIND", "FILES"), help="run one case in this process")
    parser.add_argument("--mib", type=int, default=SIZE // 2**20, help="size of each file of --case")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    if options.case:
        measure(options.case[0], int(options.case[1]), options.mib * 2**20)
        return 0
    rows: list[dict[str, object]] = []
    missed = 0
    for kind in ("sync", "async"):
        for name, count, most in CASES:
            command = [sys.executable, __file__, "--case", kind, str(count)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout)
            verdict = "pass" if found["growth_mib"] <= most else "miss"
            missed += verdict == "miss"
            rows.append({"case": f"{kind}, {name}", **found, "at_most_mib": most, "verdict": verdict})
            print(f"{kind + ', ' + name:<28} {found['growth_mib']:>6.1f} MiB of {most}: {verdict}")
    if options.output:
        machine = {"python": platform.python_version(), "system": platform.platform()}
        report = {"machine": machine, "file_mib": SIZE // 1024 // 1024, "rows": rows}
        options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
