"""Real servers on loopback, for the tests of ledgers."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from random import SystemRandom

import psycopg
import pytest

POSTGRES_PASSWORD = "canary-5e2c"


def free_port() -> int:
    """Return a port for a server that is started next.

    It is below the ports that systems choose: of those, any program, such as another worker, may get the same one meanwhile.
    """
    while True:
        port = SystemRandom().randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@contextmanager
def redis_server(port: int | None = None, *options: str) -> Generator[str]:
    """Run a Redis server that writes every command to disk, and give its address."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed; .ci/run installs it")
    port = port or free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--port", str(port), "--dir", folder, "--save", ""]
        command += ["--appendonly", "yes", "--appendfsync", "always", *options]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def wait_for_postgres(address: str) -> None:
    """Wait until the server lets someone in; its port is open before."""
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def postgres_programs() -> Path | None:
    """Find initdb and postgres: Debian keeps them outside PATH."""
    found = [Path(program).parent for program in filter(None, [shutil.which("initdb")])]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


def postgres_user() -> Mapping[str, str | int]:
    """Return as whom to run PostgreSQL, which refuses root: arguments of `subprocess`."""
    try:
        return {"user": import_module("pwd").getpwnam("postgres").pw_uid} if os.getuid() == 0 else {}
    except KeyError:
        pytest.skip("root may not run PostgreSQL and there is no user postgres; .ci/run installs both")


@cache
def postgres_data(programs: Path) -> str:
    """Create the data of an empty server, which every server of this process begins with."""
    account = postgres_user()
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if account:
        os.chown(folder, int(account["user"]), -1)
    secret = Path(folder, "secret")
    secret.write_text(POSTGRES_PASSWORD)
    secret.chmod(0o644)
    data = str(Path(folder, "data"))
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}"]
    subprocess.run(
        [*initdb, "--no-sync", "-E", "UTF8", "--locale=C"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **account,
    )
    return data


@contextmanager
def postgres_server() -> Generator[str]:
    """Run a PostgreSQL server, as its own user when the tests run as root, and give its address."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; .ci/run installs it")
    account = postgres_user()
    port = free_port()
    folder = tempfile.mkdtemp()
    try:
        if account:
            os.chown(folder, int(account["user"]), -1)
        data = str(Path(folder, "data"))
        # With its owner and modes, which the server checks.
        subprocess.run(["cp", "-a", postgres_data(programs), data], check=True)
        settings = [
            f"port={port}",
            "fsync=off",
            f"unix_socket_directories={folder}",
            "listen_addresses=127.0.0.1",
        ]
        command = [str(programs / "postgres"), "-D", data]
        for setting in settings:
            command += ["-c", setting]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder, **account)
        try:
            wait_for_port(port)
            address = f"postgresql://postgres:{POSTGRES_PASSWORD}@127.0.0.1:{port}/postgres"
            wait_for_postgres(address)
            yield address
        finally:
            # At once: on SIGTERM it would wait for connections that a failed test has left.
            process.send_signal(signal.SIGINT)
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
