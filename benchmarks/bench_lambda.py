"""Measure the cold start of examples/lambda_function: from the spawn of the interpreter to the first call.

    make bench-lambda

Each figure is the median of fresh interpreters, run in turn so that all see the same machine. The API is the
sandbox; each call has an empty ledger, in a file or in a Redis server that this program starts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from vocobase import Vocobase
from vocobase_sandbox import Sandbox

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "lambda_function"
LOADED = "from function import handler"
FIRST_CALL = f"""{LOADED}
class Context:
    def get_remaining_time_in_millis(self):
        return 30_000
handler({{"id": "order-17", "phone": "+12025550100"}}, Context())
"""
# Name, program, and the ledger of its calls.
CASES = (
    ("bare interpreter", "pass", "sqlite"),
    ("import httpx + httpx.Client()", "import httpx; httpx.Client()", "sqlite"),
    ("function loaded, client created", LOADED, "sqlite"),
    ("first call started, ledger in SQLite", FIRST_CALL, "sqlite"),
    ("first call started, ledger in Redis", FIRST_CALL, "redis"),
)


@contextmanager
def redis_server(databases: int) -> Generator[str]:
    """Run a Redis server with so many empty databases, and yield its address."""
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("bench_lambda: redis-server is not installed.")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--port", str(port), "--dir", folder, "--databases", str(databases)]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for_port(port)
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for_port(port: int) -> None:
    """Return once a server listens there."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def milliseconds(program: str, environment: dict[str, str]) -> float:
    """Run a program in a fresh interpreter until it prints a line."""
    started = time.perf_counter()
    command = [sys.executable, "-c", program.rstrip() + "\nprint(flush=True)"]
    with subprocess.Popen(command, cwd=FOLDER, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        elapsed = (time.perf_counter() - started) * 1000
    if not line or process.returncode:
        raise SystemExit(f"bench_lambda: the program failed:\n{program}")
    return elapsed


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of every case, without those of the first round."""
    figures: dict[str, list[float]] = {name: [] for name, _, _ in CASES}
    with (
        redis_server(rounds + 1) as redis,
        Sandbox(rate_limits=False, concurrency=0, balance=1_000_000) as sandbox,
        sandbox.serve() as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        with Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
            agent = vb.agents.ensure("Orders", "Confirm the order.", voice_id=vb.voices.find().id)
        account = {"VOCOBASE_API_KEY": sandbox.api_key, "VOCOBASE_BASE_URL": server.base_url}
        for number in range(rounds + 1):
            ledgers = {"sqlite": str(Path(folder, f"{number}.sqlite")), "redis": f"{redis}/{number}"}
            for name, program, ledger in CASES:
                environment = {**os.environ, **account, "AGENT_ID": agent.id, "LEDGER": ledgers[ledger]}
                elapsed = milliseconds(program, environment)
                if number:
                    figures[name].append(elapsed)
    return figures


def load_average() -> list[float]:
    return [round(load, 2) for load in os.getloadavg()]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the cold start of a function in the cloud.")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    before = load_average()
    rows: list[dict[str, object]] = []
    for name, found in measure(options.rounds).items():
        median, fastest = statistics.median(found), min(found)
        rows.append({"case": name, "ms": round(median, 1), "fastest_ms": round(fastest, 1)})
        print(f"{name:<40} {median:>7.1f} ms, fastest {fastest:>7.1f} ms")
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "load_average_before": before,
            "load_average_after": load_average(),
        }
        text = json.dumps({"machine": machine, "rounds": options.rounds, "rows": rows}, indent=2)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
