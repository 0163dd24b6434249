"""How fast the sandbox starts and answers, and how much memory it takes.

    make bench-sandbox

The server runs as `python -m vocobase_sandbox` in a process of its own. Wall-clock times suffer when the
machine is busy; CPU time, given next to them, much less. Modules are compiled beforehand, as an installation
does it, whatever the environment says.
"""

from __future__ import annotations

import argparse
import atexit
import hashlib
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
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEY = "rg_live_bench"
CONNECTIONS = 8
HEAD = f"host: 127.0.0.1\r\nauthorization: Bearer {KEY}\r\n"
AGENT = {
    "agent_name": "Bench",
    "prompt": "Answer questions.",
    "voice_id": "5b0c0de0-0000-4000-8000-000000000001",
    "agent_type": "outbound",
}
IN_PROCESS = """
import json, sys, time
if sys.argv[1]:
    import httpx
marks = [(time.perf_counter(), time.process_time())]

def mark():
    marks.append((time.perf_counter(), time.process_time()))

import vocobase_sandbox
mark()
sandbox = vocobase_sandbox.Sandbox()
mark()
if sys.argv[1]:
    client = httpx.Client(transport=sandbox.transport(), base_url=sandbox.base_url)
    client.get("/agent/voices", headers={"authorization": "Bearer " + sandbox.api_key})
    mark()
print(json.dumps([(b[0] - a[0], b[1] - a[1]) for a, b in zip(marks, marks[1:])]))
"""
SCRIPT = """
import sys
from datetime import datetime, timezone
from vocobase_sandbox import Sandbox
from vocobase_sandbox.kernel.messages import Request
import json, random

rng = random.Random(1)
start = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
with Sandbox(
    seed=1, clock="manual", start=start, rate_limits=False, balance=1e6, concurrency=0
) as sandbox:
    headers = {"authorization": "Bearer " + sandbox.api_key, "content-type": "application/json"}

    def ask(method, path, body=None):
        content = b"" if body is None else json.dumps(body).encode()
        answer = sandbox.handle(Request(method, "/api/v2" + path, "", headers, content, sandbox.base_url))
        return json.loads(answer.body)["data"]

    agent = ask("POST", "/agent", json.loads(sys.argv[1]))["id"]
    for number in range(200):
        digits = rng.randrange(10)
        ask("POST", "/calls/start", {"agent_id": agent, "to_number": f"+120255501{digits:02}"})
        sandbox.clock.advance(rng.choice([1, 60, 600]))
    sys.stdout.write(sandbox.event_log())
"""


@dataclass(frozen=True)
class Figure:
    """One measured value and the target that it has to meet, if there is one."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    """Whether the target is a lower bound."""
    cpu: float | None = None
    """The same in CPU time of the sandbox alone."""

    @property
    def verdict(self) -> str:
        """Say whether the target is met."""
        if self.target is None:
            return ""
        met = self.value >= self.target if self.at_least else self.value <= self.target
        return "pass" if met else "miss"

    def as_row(self) -> dict[str, object]:
        """Return the members for the report."""
        rounded = {"value": round(self.value, 1), "cpu": None if self.cpu is None else round(self.cpu, 1)}
        return {**asdict(self), **rounded, "verdict": self.verdict}


@dataclass(frozen=True)
class Server:
    """A running sandbox."""

    process: subprocess.Popen[str]
    port: int

    def connect(self) -> socket.socket:
        """Open a connection."""
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its threads until now."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    def memory_mib(self) -> float:
        """Return its resident memory."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) / 1024


def request(method: str, path: str, body: dict[str, object] | None = None) -> bytes:
    """Write a request of the API."""
    text = f"{method} /api/v2{path} HTTP/1.1\r\n{HEAD}"
    if body is None:
        return f"{text}\r\n".encode()
    content = json.dumps(body)
    return f"{text}content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n{content}".encode()


def receive(connection: socket.socket) -> bytes:
    """Read one answer and return its body."""
    data = connection.recv(65536)
    head, separator, body = data.partition(b"\r\n\r\n")
    while not separator:
        data += connection.recv(65536)
        head, separator, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 20"):
        raise RuntimeError(data.decode(errors="replace"))
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return body


@contextmanager
def serving() -> Generator[Server]:
    """Run a sandbox, ready to answer."""
    command = [sys.executable, "-m", "vocobase_sandbox", "--port", "0", "--key", KEY, "--no-rate-limits"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if line.startswith("base URL"))
            yield Server(process, int(line.split(":")[2].partition("/")[0]))
        finally:
            process.kill()


def start(runs: int) -> list[Figure]:
    """Measure from the spawn to the first answer, and the memory then."""
    times: list[float] = []
    cpu: list[float] = []
    memory: list[float] = []
    with serving():
        pass  # compiles the modules
    for _ in range(runs):
        began = time.perf_counter()
        with serving() as server, server.connect() as connection:
            connection.sendall(request("GET", "/agent/voices"))
            receive(connection)
            times.append((time.perf_counter() - began) * 1e3)
            cpu.append(server.cpu_seconds() * 1e3)
            memory.append(server.memory_mib())
    return [
        Figure("ready", statistics.median(times), "ms", 250, cpu=statistics.median(cpu)),
        Figure("ready, fastest run", min(times), "ms", cpu=min(cpu)),
        Figure("memory after the start", statistics.median(memory), "MiB", 40),
    ]


def in_process(runs: int) -> list[Figure]:
    """Measure import, construction and a first answer in fresh interpreters."""
    cold = steps("", runs)
    warm = steps("next to httpx", runs)
    totals = [add(run) for run in warm]
    return [
        average("in process: import", [run[0] for run in cold]),
        average("in process: construct", [run[1] for run in cold]),
        average("in process, next to httpx: import", [run[0] for run in warm]),
        average("in process, next to httpx: construct and first answer", [add(run[1:]) for run in warm]),
        average("in process, next to httpx: all of it", totals, 50),
    ]


def steps(beside: str, runs: int) -> list[list[list[float]]]:
    """Return wall-clock and CPU time in ms of every step of every run."""
    command = [sys.executable, "-c", IN_PROCESS, beside]
    return [
        [[seconds * 1e3 for seconds in step] for step in json.loads(output_of(command))] for _ in range(runs)
    ]


def add(parts: list[list[float]]) -> list[float]:
    """Add times step by step."""
    return [sum(column) for column in zip(*parts, strict=True)]


def average(name: str, times: list[list[float]], target: float | None = None) -> Figure:
    """Take the medians of wall-clock and CPU time."""
    wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
    return Figure(name, wall, "ms", target, cpu=cpu)


def output_of(command: list[str]) -> bytes:
    """Run a command and return what it prints."""
    return subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment()).stdout


@cache
def environment() -> dict[str, str]:
    """Compile the modules once, into a folder that is removed in the end."""
    folder = tempfile.mkdtemp(prefix="bench_sandbox.")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": folder}


def throughput(server: Server, name: str, message: bytes, slices: int) -> list[Figure]:
    """Keep some connections busy, one request at a time on each; every slice is a second long."""
    connections = [server.connect() for _ in range(CONNECTIONS)]
    rates = [rate(server, connections, message) for _ in range(slices)]
    for connection in connections:
        connection.close()
    wall, cpu = (statistics.median(column) for column in zip(*rates, strict=True))
    return [
        Figure(name, wall, "requests/s", 5000, at_least=True, cpu=cpu),
        Figure(f"{name}, fastest second", max(rates)[0], "requests/s", cpu=max(rates)[1]),
    ]


def rate(server: Server, connections: list[socket.socket], message: bytes) -> tuple[float, float]:
    """Return requests per second, and per second of CPU time of the server, over one second."""
    count, began, cpu = 0, time.perf_counter(), server.cpu_seconds()
    while time.perf_counter() - began < 1:
        for connection in connections:
            connection.sendall(message)
        for connection in connections:
            receive(connection)
        count += len(connections)
    return count / (time.perf_counter() - began), count / (server.cpu_seconds() - cpu)


def load(slices: int) -> list[Figure]:
    """Measure requests per second on one core, and the memory afterwards."""
    with serving() as server:
        cores = sorted(os.sched_getaffinity(0))
        for task in Path(f"/proc/{server.process.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {cores[0]})
        os.sched_setaffinity(0, set(cores[1:]) or set(cores))
        try:
            with server.connect() as connection:
                connection.sendall(request("POST", "/agent", dict(AGENT)))
                agent = json.loads(receive(connection))["data"]["id"]
            reads = throughput(server, "GET /agent/{id}", request("GET", f"/agent/{agent}"), slices)
            idle = server.memory_mib()
            link: dict[str, object] = {"name": "Page", "url": "https://example.com/"}
            writes = throughput(
                server, "POST /documents/web-link", request("POST", "/documents/web-link", link), slices
            )
            with server.connect() as connection:
                connection.sendall(request("GET", "/documents?limit=1"))
                kept = json.loads(receive(connection))["data"]["total"]
        finally:
            os.sched_setaffinity(0, cores)
        return [
            *reads,
            *writes,
            Figure("memory after the reads", idle, "MiB", 40),
            Figure(f"memory with the {kept:,} documents written", server.memory_mib(), "MiB"),
        ]


def event_logs() -> tuple[bool, int, str]:
    """Run one script twice in fresh interpreters; compare the logs to the byte."""
    command = [sys.executable, "-c", SCRIPT, json.dumps(AGENT)]
    first, second = output_of(command), output_of(command)
    return first == second, first.count(b"\n"), hashlib.sha256(first).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the sandbox.")
    parser.add_argument("--runs", type=int, default=15, help="starts to measure")
    parser.add_argument("--seconds", type=int, default=5, help="length of each load")
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    before = os.getloadavg()
    figures = [*start(options.runs), *in_process(options.runs), *load(options.seconds)]
    identical, lines, digest = event_logs()
    for figure in figures:
        bound = f"{'>=' if figure.at_least else '<='} {figure.target:g}" if figure.target else ""
        cpu = f"CPU {figure.cpu:,.0f}" if figure.cpu is not None else ""
        print(
            f"{figure.name:<54} {figure.value:>9,.1f} {figure.unit:<11} {cpu:<12} {bound:<9} {figure.verdict}"
        )
    print(f"{'two seeded event logs':<54} {'identical' if identical else 'different'} ({lines} lines)")
    if options.output:
        machine = {
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "load_average_before": [round(value, 2) for value in before],
            "load_average_after": [round(value, 2) for value in os.getloadavg()],
        }
        report = {
            "machine": machine,
            "runs": options.runs,
            "connections": CONNECTIONS,
            "rows": [figure.as_row() for figure in figures],
            "event_logs": {"identical": identical, "lines": lines, "sha256": digest},
        }
        options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if not identical:
        sys.exit("the event logs of two equal runs differ")


if __name__ == "__main__":
    main()
