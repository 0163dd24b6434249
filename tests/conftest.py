"""Fixtures that all tests share."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

from tests import platforms, untraced
from vocobase import Vocobase
from vocobase._base.clock import SYSTEM
from vocobase_sandbox import Sandbox

if "PYTEST_XDIST_WORKER" in os.environ:
    # Coverage is of the workers; programs that tests start are timed, weighed and asked what they have loaded.
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

# Thousands of small databases are made safe against power cuts; in memory that costs nothing.
MEMORY = "/dev/shm"
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**31:
    os.environ["TMPDIR"] = tempfile.tempdir = MEMORY

# Each file of the packages is compiled once, and not by every program that tests start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The user's key, address and proxies stay out of the tests. Once for all of them, as whatever sets one uses `monkeypatch`.
for name in (
    *("VOCOBASE_API_KEY", "VOCOBASE_BASE_URL", "VOCOBASE_ALLOW_HTTP"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"),
):
    os.environ.pop(name, None)
    os.environ.pop(name.lower(), None)

# Of pytest-recording, which asks for them in every test; only those of `tests/cassettes` replay anything.
REPLAYING = {"block_network", "vcr", "vcr_markers", "vcr_cassette_dir", "record_mode", "disable_recording"}

# The same examples in every run, as what CI reaches must not depend on chance; --hypothesis-profile=default
# draws others.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")


def pytest_xdist_auto_num_workers() -> int | None:
    """Run a third more workers than cores: for a quarter of its time a test waits for a process, a server or a disk."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return -(-cores * 4 // 3)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    platforms.mark(items)
    for item in items:
        if isinstance(item, pytest.Function) and "cassettes" not in item.path.parts:
            item.fixturenames = [name for name in item.fixturenames if name not in REPLAYING]


def pytest_collection_finish() -> None:
    """Leave the thousands of tests, which stay, out of each search for garbage: it took half a second."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no test that adds nothing to coverage, as `tests/untraced.py` lists: tracing doubles its time."""
    with untraced.pause(item.nodeid):
        return (yield)


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """Let no test wait for a minute because another one has used the budget of the same key."""
    SYSTEM.shared.clear()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run the tests that are coroutines on asyncio, the only event loop of the SDK."""
    return "asyncio"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What a test enters here ends with the test; for clocks that it installs."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An emulated account whose clock stands still until a test moves it."""
    with Sandbox(seed=1, clock="manual", rate_limits=False) as running:
        yield running


@pytest.fixture
def vb(sandbox: Sandbox) -> Iterator[Vocobase]:
    """A client of the sandbox, without a socket."""
    with Vocobase(sandbox.api_key, base_url=sandbox.base_url, transport=sandbox.transport()) as client:
        yield client
