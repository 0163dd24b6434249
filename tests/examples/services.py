"""Run the services of examples/ as processes of their own, against a sandbox on loopback."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ledger.servers import free_port
from vocobase import Vocobase
from vocobase.webhooks import sign
from vocobase_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
ANSWERS, BUSY, VOICEMAIL = "+12025550100", "+12025550101", "+12025550103"
BODY = b'{"event":"session.completed","data":{"session_id":"s-1","duration_seconds":3}}'

# What a reader has after `pip install`: the programs of this environment, and the command `vocobase`.
SHELL = """
curl() { command curl --silent --show-error "$@"; echo; }
vocobase() { python -m vocobase.cli "$@"; }
listening() { until (: < /dev/tcp/127.0.0.1/$1) 2> /dev/null; do sleep 0.05; done; }
trap 'kill $(jobs -p)' EXIT
set -eu
"""


@dataclass(frozen=True)
class Service:
    """A service that runs.

    Attributes:
        http: Sends requests to it.
        sandbox: The account behind it.
        secret: The secret of its webhook.
        folder: Where it runs.
        environment: The variables that it was started with.
    """

    http: httpx.Client
    sandbox: Sandbox
    secret: str
    folder: Path
    environment: dict[str, str]

    def deliver(self, secret: str | None = None, body: bytes = BODY) -> int:
        """Send an event to its webhook, and return the status of the response."""
        headers = sign(body, secret or self.secret)
        return self.http.post("/vocobase", content=body, headers=headers).status_code

    def change_account(self, **values: object) -> None:
        """Change the account of the sandbox, such as its ``balance``."""
        address = self.environment["VOCOBASE_BASE_URL"].replace("/api/v2", "/_sandbox/account")
        assert httpx.put(address, json=values, trust_env=False).status_code == 200

    def run(self, *command: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a program of its folder, which must end with this status."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done


def copy(example: str, folder: Path) -> Path:
    """Copy an example, so that its files are written elsewhere than in the checkout."""
    ignored = shutil.ignore_patterns("__pycache__", "*.sqlite*")
    return Path(shutil.copytree(EXAMPLES / example, folder / example, ignore=ignored))


def environment() -> dict[str, str]:
    """Return the variables of a program that finds this checkout and the programs of this environment."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}",
        "PYTHONUNBUFFERED": "1",
    }


def wait_for(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Return the first true result of a condition."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@contextmanager
def serving(
    example: str, command: list[str], folder: Path, *, before: list[str] | None = None
) -> Generator[Service]:
    """Run a copy of an example; ``{port}`` in its command is the port to listen on.

    Args:
        example: Its folder.
        command: Arguments for python that start the service.
        folder: Where the copy goes.
        before: Arguments for a program that runs before.
    """
    place, port = copy(example, folder), free_port()
    # Without mcube, the default of the API, an example must name its carrier; `run_readme` has the usual account.
    with (
        Sandbox(seed=1, clock="x20", rate_limits=False, carriers=("twilio",)) as sandbox,
        sandbox.serve() as server,
    ):
        with Vocobase(sandbox.api_key, base_url=server.base_url) as vb:
            hook = vb.config.webhooks.create("orders", f"http://127.0.0.1:{port}/vocobase")
        variables = {
            "VOCOBASE_BASE_URL": server.base_url,
            "VOCOBASE_API_KEY": sandbox.api_key,
            "VOCOBASE_WEBHOOK_SECRET": hook.secret,
        }
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as http:
            service = Service(http, sandbox, hook.secret, place, environment() | variables)
            if before:
                service.run(*before)
            with (place / "log").open("wb") as log:
                process = subprocess.Popen(
                    [sys.executable, *(word.format(port=port) for word in command)],
                    cwd=place,
                    env=service.environment,
                    stdout=log,
                    stderr=log,
                )
            try:
                wait_for(lambda: process.poll() is not None or is_listening(port))
                assert process.poll() is None, (place / "log").read_text(encoding="utf-8")
                yield service
            finally:
                process.terminate()
                process.wait(20)


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def run_readme(example: str, folder: Path) -> list[str]:
    """Run the commands of a README as a reader does, on free ports, and return the lines that they print.

    The packages are installed already. A command in the background is ready when its port is open.
    """
    text = (EXAMPLES / example / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    copy(example, folder / "examples")
    prepared, _, script = block.partition("\n")
    assert prepared == "make setup && . .venv/bin/activate"
    return run_commands(script, folder)


def run_commands(script: str, folder: Path) -> list[str]:
    """Run commands of a page in a folder, with the ports 8484 and 8000 replaced, and return the lines that they print.

    The output of the commands in the background is in the file ``log`` of the folder.
    """
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed; .ci/run installs it")
    log = folder / "log"
    assert all(port in script for port in ("8484", "8000"))
    sandbox, service = str(free_port()), str(free_port())
    script = script.replace("8484", sandbox).replace("8000", service)
    script = re.sub(
        r"^(.*(?:--port |127\.0\.0\.1:)(\d+).*)&$",
        rf"\1 >> '{log}' 2>&1 &\nlistening \2",
        script,
        flags=re.MULTILINE,
    )
    # A reader waits for an outcome; here, it is there when the next command prints it.
    script = re.sub(
        r"^sleep \d+\n(curl .*)$",
        r"until \1 | grep disposition; do sleep 0.1; done",
        script,
        flags=re.MULTILINE,
    )
    done = subprocess.run(
        ["bash", "-c", SHELL + script],
        cwd=folder,
        env=environment() | {"VOCOBASE_SANDBOX_URL": f"http://127.0.0.1:{sandbox}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + log.read_text(encoding="utf-8")
    return [line for line in done.stdout.splitlines() if line]
