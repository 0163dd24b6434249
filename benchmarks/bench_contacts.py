"""What importing contacts costs: reading, and the whole way from a CSV file to a campaign.

    make bench-contacts

Every figure comes from a process of its own. The server, in another process on loopback, reads every request
to its end, counts the contacts in it and answers at once. Memory is the peak of the importing process, with
the interpreter, the client and the library for phone numbers in it.
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
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = (100_000, 1_000_000)
TARGET_SECONDS, TARGET_MIB = 10, 150
CAMPAIGN = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


class Freely:
    """Keep no budget: what is measured is the client, not the 60 requests a minute."""

    def reserve(self, budget: object, account: str) -> float:
        """Always give a place."""
        return 0.0


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection: a draft campaign, and all contacts taken."""
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


def write(path: Path, rows: int) -> None:
    """Write a list of Indian numbers in national form, each another one, in no order."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Mobile,Name,tier,city\n")
        for number in range(rows):
            file.write(f"9{number * 7919 % 10**9:09},Person {number},gold,Pune\n")


def peak_mib() -> float:
    """Return the most memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # as ru_maxrss begins with that of the parent
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure(what: str, path: str, address: str, ledger: str) -> None:
    """Do it in this process and print what it took."""
    started = time.perf_counter()
    if what == "read":
        from vocobase.contacts import read

        rows = sum(1 for _ in read(path, region="IN"))
    else:
        from vocobase import Vocobase

        place = ledger if what == "import with a ledger" else None
        with Vocobase("rg_live_bench", base_url=address, pace=Freely()) as vb:
            report = vb.campaigns.import_contacts(CAMPAIGN, path, region="IN", ledger=place)
        rows = report.added
    seconds = time.perf_counter() - started
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mib": peak_mib()}))


def run(what: str, path: Path, address: str, rows: int) -> dict[str, Any]:
    """Measure in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "measure", what, str(path), address, f"{folder}/ledger.sqlite"]
        found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert found["rows"] == rows, found
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure reading and importing contacts.")
    parser.add_argument("--rounds", type=int, default=3, help="of the smaller list; the larger one runs once")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    before = load_average()
    with tempfile.TemporaryDirectory() as folder, running() as address:
        for size in SIZES:
            path = Path(folder, f"{size}.csv")
            write(path, size)
            for what in ("read", "import", "import with a ledger"):
                rounds = options.rounds if size == SIZES[0] else 1
                found = [run(what, path, address, size) for _ in range(rounds)]
                row: dict[str, Any] = {
                    "case": what,
                    "rows": size,
                    "seconds": round(statistics.median(one["seconds"] for one in found), 2),
                    "peak_mib": round(max(one["peak_mib"] for one in found), 1),
                }
                if size == SIZES[0] and what != "read":
                    met = row["seconds"] <= TARGET_SECONDS and row["peak_mib"] <= TARGET_MIB
                    row |= {
                        "target": f"at most {TARGET_SECONDS} s and {TARGET_MIB} MiB",
                        "verdict": "pass" if met else "miss",
                    }
                rows.append(row)
                print("{case:<22} {rows:>9,} rows {seconds:>7} s {peak_mib:>7} MiB".format(**row), flush=True)
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
