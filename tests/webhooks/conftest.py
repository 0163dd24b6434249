"""A real Redis server on a socket file, where one is installed, and every store of handled events."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from vocobase.webhooks import Dedupe, MemoryDedupe, RedisDedupe, SQLiteDedupe

from .support import FakeClock, FakeRedis


@pytest.fixture(scope="session")
def redis_socket() -> Generator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    folder = tempfile.mkdtemp()  # pytest's own folders can be too long for the name of a socket
    path = f"{folder}/s"
    command = [
        program,
        "--port",
        "0",
        "--unixsocket",
        path,
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        folder,
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    for line in server.stdout:
        if "eady to accept connections" in line:
            break
    yield path
    server.terminate()
    server.stdout.close()
    server.wait(10)
    shutil.rmtree(folder)


@pytest.fixture
def redis_client(redis_socket: str) -> Generator[Any]:
    redis = pytest.importorskip("redis")
    with redis.Redis(unix_socket_path=redis_socket, socket_timeout=5) as client:
        yield client


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", "sqlite", "fake redis"])
def timed(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Dedupe:
    """A store on a clock that can be moved; it remembers for 100 s."""
    if request.param == "memory":
        return MemoryDedupe(ttl=100, clock=clock)
    if request.param == "sqlite":
        return SQLiteDedupe(tmp_path / "events.sqlite", ttl=100, clock=clock)
    return RedisDedupe(FakeRedis(clock), ttl=100)


@pytest.fixture(params=["memory", "sqlite", "redis"])
def dedupe(request: pytest.FixtureRequest, tmp_path: Path) -> Dedupe:
    """A store as users have it."""
    if request.param == "memory":
        return MemoryDedupe()
    if request.param == "sqlite":
        return SQLiteDedupe(tmp_path / "events.sqlite")
    client = request.getfixturevalue("redis_client")
    return RedisDedupe(client, prefix=f"{uuid4()}:")
