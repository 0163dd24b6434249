"""Measure the cost of contacts: reading a list, and importing a CSV file into a campaign.

    make bench-contacts

Each figure comes from its own process. The server runs in another process on loopback. It reads each request
to its end, counts the contacts and responds at once. Memory is the peak of the importing process, which
includes the interpreter, the client and the library for phone numbers. CPU time per chunk is what the
importing process uses for 10,000 contacts once the list is read: the ledger, the request and its response.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = (100_000, 1_000_000)
CHUNK_SIZE = 10_000
TARGET_SECONDS, TARGET_MIB, TARGET_CHUNK_MS = 10, 150, 20
IMPORT, IMPORT_LEDGER, REPEAT_LEDGER = "import", "import with a ledger", "same list again"
PLAIN = "read"
DEVANAGARI = {ord(str(digit)): chr(0x966 + digit) for digit in range(10)}
# How a list that is read writes a number, by case: its region, and its text from nine digits of its own.
FORMS: dict[str, tuple[str, Callable[[str], str]]] = {
    PLAIN: ("IN", lambda own: f"9{own}"),
    "read, trunk prefix": ("IN", lambda own: f"09{own[:4]} {own[4:]}"),
    "read, prefix in parentheses": ("IN", lambda own: f"+91 (0)9{own[:4]} {own[4:]}"),
    "read, en dash": ("IN", lambda own: f"9{own[:4]}\u2013{own[4:]}"),
    "read, Devanagari digits": ("IN", lambda own: f"9{own}".translate(DEVANAGARI)),
    "read, Canada": ("CA", lambda own: f"(416) 5{own[3:5]}-{own[5:]}"),
}
CASES = (*FORMS, IMPORT, IMPORT_LEDGER, REPEAT_LEDGER)
CAMPAIGN = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


class Freely:
    """Keep no budget: the client is measured, not the wait for 60 requests a minute."""

    def try_acquire(self, budget: object, account: str) -> float:
        """Grant every permit at once."""
        return 0.0


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection: the campaign is a draft, and all contacts are accepted."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            data: dict[str, Any] = {"campaign_id": CAMPAIGN, "status": "draft"}
            if head.startswith(b"POST"):
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                contacts = (await reader.readexactly(length)).count(b'"phone":')
                data = {"added": contacts, "duplicates": 0}
            body = json.dumps({"success": True, "data": data}).encode()
            writer.write(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
    except asyncio.IncompleteReadError:
        writer.close()


async def serve() -> None:
    """Print the port and serve until killed."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def running() -> Generator[str]:
    """Run the server and yield its address."""
    command = [sys.executable, __file__, "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def write(path: Path, rows: int, form: Callable[[str], str]) -> None:
    """Write a list of numbers, all different, in no order."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Mobile,Name,tier,city\n")
        for number in range(rows):
            mobile = form(f"{number * 7919 % 10**9:09}")
            file.write(f"{mobile},Person {number},gold,Pune\n")


def peak_mib() -> float:
    """Return the peak memory of this process."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss starts with the peak of the parent
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure(what: str, path: str, address: str, ledger: str) -> None:
    """Run one case in this process and print its cost."""
    read_cpu = [0.0]
    started, cpu = time.perf_counter(), time.process_time()
    if what in FORMS:
        from vocobase.contacts import read

        rows = sum(1 for _ in read(path, region=FORMS[what][0]))
    else:
        from vocobase import Vocobase

        def note(progress: Any) -> None:
            if progress.stage == "reading":
                read_cpu[0] = time.process_time()

        place = None if what == IMPORT else ledger
        with Vocobase("rg_live_bench", base_url=address, pace=Freely()) as vb:
            report = vb.campaigns.import_contacts(
                CAMPAIGN, path, region="IN", ledger=place, on_progress=note, chunk_size=CHUNK_SIZE
            )
        rows = report.added + report.known
    ended = time.process_time()
    found = {
        "rows": rows,
        "seconds": time.perf_counter() - started,
        "cpu_seconds": ended - cpu,
        "chunk_ms": (ended - read_cpu[0]) / (rows / CHUNK_SIZE) * 1000,
        "peak_mib": peak_mib(),
    }
    print(json.dumps(found))


def run(what: str, path: Path, address: str, rows: int) -> dict[str, Any]:
    """Measure one case in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = f"{folder}/ledger.sqlite"
        if what == REPEAT_LEDGER:
            run_here(IMPORT_LEDGER, path, address, ledger)
        found = run_here(what, path, address, ledger)
    assert found["rows"] == rows, found
    return found


def run_here(what: str, path: Path, address: str, ledger: str) -> dict[str, Any]:
    """Measure one case in a fresh process, with a ledger that stays."""
    command = [sys.executable, __file__, "measure", what, str(path), address, ledger]
    found: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


def summary(what: str, size: int, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of the rounds of one case, and whether it meets its target."""

    def median(name: str, digits: int) -> float:
        return float(round(statistics.median(one[name] for one in found), digits))

    row: dict[str, Any] = {
        "case": what,
        "rows": size,
        "seconds": median("seconds", 2),
        "cpu_seconds": median("cpu_seconds", 2),
        "peak_mib": round(max(one["peak_mib"] for one in found), 1),
    }
    if what in FORMS:
        return row
    row["cpu_ms_per_chunk"] = median("chunk_ms", 1)
    if size == SIZES[0] and what != REPEAT_LEDGER:
        met = row["seconds"] <= TARGET_SECONDS and row["peak_mib"] <= TARGET_MIB
        target = f"at most {TARGET_SECONDS} s and {TARGET_MIB} MiB"
        if what == IMPORT:
            met = met and row["cpu_ms_per_chunk"] <= TARGET_CHUNK_MS
            target += f", {TARGET_CHUNK_MS} ms of CPU time per chunk"
        row |= {"target": target, "verdict": "pass" if met else "miss"}
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure reading and importing contacts.")
    parser.add_argument("--rounds", type=int, default=3, help="of the smaller list; the larger one runs once")
    parser.add_argument("--only-small", action="store_true", help="leave out the larger list")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    before = load_average()
    with tempfile.TemporaryDirectory() as folder, running() as address:
        for size in SIZES[:1] if options.only_small else SIZES:
            files = {what: Path(folder, f"{size}, {what}.csv") for what in FORMS}
            for what, path in files.items():
                write(path, size, FORMS[what][1])
            found: dict[str, list[dict[str, Any]]] = {what: [] for what in CASES}
            # Alternating, so that a busy minute of the machine does not fall on one case.
            for _ in range(options.rounds if size == SIZES[0] else 1):
                for what in CASES:
                    found[what].append(run(what, files.get(what, files[PLAIN]), address, size))
            for what in CASES:
                row = summary(what, size, found[what])
                rows.append(row)
                print(json.dumps(row), flush=True)
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "load_average_before": before,
            "load_average_after": load_average(),
        }
        text = json.dumps({"machine": machine, "rounds": options.rounds, "rows": rows}, indent=2)
        options.output.write_text(text + "\n", encoding="utf-8")


def load_average() -> list[float]:
    """Return the load averages of the machine."""
    from os import getloadavg

    return [round(value, 2) for value in getloadavg()]


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    elif sys.argv[1:2] == ["measure"]:
        measure(*sys.argv[2:])
    else:
        main()
